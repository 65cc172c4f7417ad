/* The care of the analyzers by keyboard alone: a daily checklist read and signed, a temperature written, an
 * alarm with its downtime, repair and return. No mouse, no address typed. Then without scripts, and on a phone. */
import { go, main, next, pause, press, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, ok, remark, run } from "./lib.mjs";

let page;

async function type(selector, text) {
  await tabTo(selector);
  await page.keyboard.type(text, { delay: 2 });
}

const view = (name) => go(`nav[aria-label="Care of the analyzers"] a[href$="/${name}"]`);

/* A daily list: every value as the readings page shows it, the good choice, the hand work ticked. */
async function signDaily(id, line) {
  const form = `form.sheet:has(input[name="line"][value="${line}"]):has(input[name="number"][value="0"])`;
  await go(`form:has(input[name="line"][value="${line}"]) button[value="look-panel"]`);
  const readings = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll("table caption")].filter((c) => /Readings page/.test(c.textContent)).flatMap((c) => [...c.parentElement.querySelectorAll("tbody tr")].map((r) => [r.querySelector("th").textContent, r.querySelector("td").textContent]))));
  ok(Object.keys(readings).length >= 5, "the readings page opens", JSON.stringify(readings));
  const fields = await page.evaluate((f) => [...document.querySelectorAll(`${f} label`)].map((l) => { const e = l.querySelector("input,select"); return { name: e.name, kind: e.type, label: l.textContent.trim() }; }), form);
  for (const { name, kind, label } of fields) {
    const at = `${form} [name="${name}"]`;
    if (kind === "checkbox") { await tabTo(at); await press("Space"); continue; }
    if (kind.startsWith("select")) { await tabTo(at); await press("ArrowDown"); continue; }
    const key = Object.keys(readings).find((k) => label.startsWith(k) || (k.startsWith("ISE slope") && label.startsWith("ISE slope")));
    await type(at, readings[key]);
  }
  await go(`${form} button[name="code"][value="1"]`);
}

async function withKeyboard(server) {
  await page.mouse.move(0, 0);
  await page.goto(server.url);
  await go("#scenario-before-the-round summary");
  await tabTo("#seed-before-the-round");
  await page.keyboard.type("7");
  await press("Enter");
  await settle();
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await go("#start");
  await pause();
  await go('#tabs a[href$="/care"]');
  ok(/Checklists/.test(await main()) && /due, not signed/.test(await main()), "a checklist is due");
  await signDaily(id, 0);
  const stream = server.exported(id);
  ok(/"do":"look-panel"/.test(stream) && /"do":"sign-list"[^}]*"text":"0=/.test(stream), "it is read and signed by keyboard");
  ok(/daily: signed .* as acceptable/.test(await main()), "and the page says so", (await main()).slice(0, 300));

  await view("care/logs");
  await go('form:has(input[name="code"][value="0"]) button[value="look-unit"]');
  const now = /(-?\d+\.\d) °C; since the last entry: lowest (-?\d+\.\d), highest (-?\d+\.\d)/.exec(await main());
  ok(now !== null, "the display of the refrigerator is read");
  const log = 'form:has(input[value="log-unit"]):has(input[name="code"][value="0"])';
  await type(`${log} input[name="value"]`, now[1]);
  await type(`${log} input[name="second"]`, now[3]);
  await type(`${log} input[name="text"]`, "KB");
  await go(`${log} button`);
  ok(/"do":"log-unit"/.test(server.exported(id)), "and written with initials");

  for (let i = 0; i < 60 && !/ALARM/.test(await page.locator("#alerts").innerText()); i++) await next();
  ok(/ALARM 1/.test(await page.locator("#alerts").innerText()), "an alarm shows in the header");
  await go('#alerts a[href$="/care/alarms"]');
  ok(/E-214/.test(await main()) && !/bent|replace the probe; the flush/i.test((await main()).replace(/a bent probe that touches/, "")), "message and manual, not the cause", (await main()).slice(0, 600));
  await go('button[value="service"]');

  await view("care/downtime");
  await go('form:has(input[name="line"][value="0"]) button[value="downtime"]');
  const tell = 'form:has(input[value="tell"]):has(input[name="line"][value="0"])';
  await tabTo(`${tell} select`);
  await page.keyboard.type("all");
  await type(`${tell} input[name="text"]`, "STAT only");
  await go(`${tell} button`);
  ok(/log begun/i.test(await main()) && /Told: Emergency Department/.test(await main()), "the downtime log is begun, the wards are told", (await main()).slice(0, 500));
  ok(/"do":"downtime"/.test(server.exported(id)) && /"do":"tell"[^}]*"code":5/.test(server.exported(id)), "both are on record");

  await view("care/alarms");
  for (let i = 0; i < 40 && !/Service: /.test(await main()); i++) await next();
  ok(/Service: /.test(await main()), "service calls back with advice");
  await go('form:has(input[value="alarm-step"]) button[name="code"][value="2"]');
  for (let i = 0; i < 60 && !(await page.locator('button[value="return-line"]').count()); i++) await next();
  ok(await page.locator('button[value="return-line"]').count() === 1, "the step of the advice helps");
  await go('form:has(input[value="check-line"]) button[name="code"][value="0"]');
  for (let i = 0; i < 40 && !/Function check \(asked by the procedure\): done/.test(await main()); i++) await next();
  await go('button[value="return-line"]');
  ok(/"do":"return-line"/.test(server.exported(id)) && /closed/.test(await main()), "the line is returned, whatever was left undone");
  ok(page.problems.length === 0, "no script failed", page.problems.join("\n"));
  return id;
}

/* The same forms without scripts: each post leads back to its page; refusals are sentences. */
async function withoutScripts(server) {
  const client = new Client(server), id = await client.create("monday-first", 3);
  await client.clock(id, 0);
  ok(await client.act(id, "look-unit", { code: 0 }), "without scripts: a unit is looked at");
  const page = await client.get(`/shift/${id}/care/logs`);
  ok(/highest 1[0-9]\.\d/.test(page.text), "the memory of the display shows the weekend");
  ok(!await client.act(id, "log-unit", { code: 0, value: "warm", second: "5", text: "KB" }) && /number/.test(client.refused), "words are refused with a sentence", client.refused);
  ok(!await client.act(id, "sign-list", { line: 0, number: 0, code: 1, step_0: "a;b" }) && /semicolon/.test(client.refused), "so is a semicolon", client.refused);
  ok(await client.act(id, "unit-do", { code: 0, number: 2 }), "stock is marked");
  ok(!await client.act(id, "return-line", { line: 0 }), "a line in use cannot be returned", client.refused);
  for (const path of ["care", "care/logs", "care/stores", "care/alarms", "care/downtime"]) {
    const answer = await client.get(`/shift/${id}/${path}`);
    ok(answer.status === 200 && /<h1>/.test(answer.text), `without scripts: /${path} answers`);
  }
}

async function narrow(id) {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["care", "care/logs", "care/stores", "care/alarms", "care/downtime"]) {
    await page.goto(page.url().replace(/\/shift\/.*/, `/shift/${id}/${path}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const who = wide > 0 ? await page.evaluate(() => [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".scroll, .tabs")).slice(0, 4).map((e) => e.outerHTML.slice(0, 140)).join("\n")) : "";
    ok(wide <= 0, `/${path} fits a phone`, `${wide} px too wide\n${who}`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${path.replace("/", "-")}-390.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const path of process.env.SHOTS ? ["care", "care/logs", "care/stores", "care/alarms", "care/downtime"] : []) {
    await page.goto(page.url().replace(/\/shift\/.*/, `/shift/${id}/${path}`));
    await page.screenshot({ path: `${process.env.SHOTS}/${path.replace("/", "-")}-1280.png`, fullPage: true });
  }
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  const id = await withKeyboard(server);
  await narrow(id);
  await withoutScripts(server);
  remark(`shift ${id}`);
});
