/* A whole adaptive mock by keyboard: begun, answered item by item, the server killed twice in the middle, reviewed,
 * ended, its report read. Then what the room must not tell, one device at a time, a tutor's rationale, the same without
 * scripts. */
import { Client, Server, browser, forms, ok, remark, run, sleep } from "./lib.mjs";
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";

const ITEMS = 100, KILLS = [23, 71];
let page;
const text = () => page.locator("main").innerText();
const place = async () => (await page.locator("h1").first().innerText()).trim();

async function adaptive(server) {
  await page.goto(server.url + "/exams");
  await go("#form-mlt-adaptive summary");
  await choose("#factor-mlt-adaptive", "A quarter");
  await go("#form-mlt-adaptive button");
  const id = /\/sitting\/([^?]+)/.exec(page.url())[1];
  ok(await place() === `Item 1 of ${ITEMS}`, "the first item stands there", await place());
  ok(/^3:07:\d\d|^3:06:\d\d/.test(await page.locator("#left").innerText()), "with a quarter more time", await page.locator("#left").innerText());
  const told = [];
  let struck = false;
  for (let n = 0; n < ITEMS; n++) {
    if (KILLS.includes(n)) { /* chosen, then the power goes */
      await press("2");
      await server.kill();
      await press("n");
      await page.waitForFunction(() => !document.getElementById("offline").hidden);
      ok(/^Not saved/.test(await page.locator("#offline").innerText()), `item ${n + 1}: the page says that it is not saved`);
      ok(await page.locator('input[name="choice"]:checked').count() === 1, "and the choice stays");
      await server.start();
    } else {
      await press(String(1 + (n % 3)));
    }
    if (n === 5) {
      await press("x");
      await press("4");
      await settle();
      struck = await page.locator(".option.struck").count() === 1;
      await press(String(1 + (n % 3)));
    }
    if (n === 6) {
      await press("f");
      await settle();
      ok(/Flagged/.test(await page.locator('button[data-key="f"]').innerText()), "a flag is kept");
      await press("2");
    }
    told.push(await page.content());
    await press("n");
    await settle();
    if (n + 1 < ITEMS && await place() !== `Item ${n + 2} of ${ITEMS}`) { ok(false, `after item ${n + 1} comes ${n + 2}`, `${await place()} ${await text()}`); break; }
  }
  ok(struck, "x and a number strike an option out");
  ok(/100 answered, 0 not answered, 1 flagged/.test(await text()), "every acknowledged answer is there", (await text()).slice(0, 200));
  ok(!/right|correct|score|measure/i.test((await text()).replace(/read|counts as wrong/gi, "")), "and nothing of how it went");
  await go('.grid li:nth-child(7) a');
  ok(await place() === `Item 7 of ${ITEMS}`, "at the end items are reviewed");
  await press("1");
  await press("n");
  await settle();
  await press("l");
  await settle();
  await go("#end");
  ok(/End now\? Nothing can be changed/.test(await text()), "the end is asked for twice");
  await go('button[value="end"]');
  ok(/\/report$/.test(page.url()), "the report opens", page.url());
  const report = await text();
  ok(/Measure\s+\d+, between \d+ and \d+ with 95 %/.test(report.replace(/\n/g, " ")), "a measure with its interval", report.slice(0, 200));
  ok(/not yet calibrated/.test(report) && /not the scale of any examination/.test(report), "which promises nothing");
  ok(/What would help most/.test(report) && /Every item/.test(report), "what would help, and every item");
  const areas = Object.fromEntries([...(await page.locator("table").first().locator("tbody tr").allInnerTexts())].map((row) => { const [area, right] = row.split("\t"); return [area.split("\n")[0].trim(), Number(/of (\d+)/.exec(right)[1])]; }));
  const outline = { "Blood Banking": [15, 20], "Urinalysis and Other Body Fluids": [5, 10], Chemistry: [20, 25], Hematology: [20, 25], Immunology: [5, 10], Microbiology: [15, 20], "Laboratory Operations": [5, 10] };
  for (const [area, [low, high]] of Object.entries(outline)) ok(areas[area] >= low && areas[area] <= high, `${area}: ${low} to ${high} of 100`, `${areas[area]}`);
  return { id, told };
}

/* No rationale of any option, no key, no measure on a page before the end. */
async function silence(server, { id, told }) {
  const client = new Client(server), leaks = [];
  let whys = 0;
  for (let n = 1; n <= ITEMS; n += 9) {
    const after = (await client.get(`/sitting/${id}/item/${n}`)).text;
    for (const [, why] of after.matchAll(/<p class="small">([^<]{12,})<\/p>\s*<\/li>/g)) {
      whys += 1;
      if (told.some((html) => html.includes(why))) leaks.push(why);
    }
  }
  ok(whys > 30 && leaks.length === 0, `none of ${whys} rationales stood on a page of the room`, leaks.join("\n"));
  ok(!told.some((html) => /class="key"|data-right/.test(html)), "nor a mark of the key");
}

async function refusals(server) {
  const client = new Client(server), other = new Client(server);
  const begun = await client.post("/exams", { form: "mlt-fixed", factor: "1", breaks: "1" });
  const path = begun.headers.location;
  ok(/^\/sitting\//.test(path), "a fixed form begins", path);
  ok(/goes on in another browser/.test((await other.get(path)).text), "another browser is told that it goes on elsewhere");
  const act = (who, fields) => who.post(`${path}/act`, fields);
  ok(/said=/.test((await act(client, { do: "answer", n: "0" })).headers.location || ""), "no answer chosen: a sentence, nothing kept");
  ok(/another/.test((await act(other, { do: "flag", n: "0" })).headers.location || ""), "a change from there is refused");
  await act(other, { do: "take" });
  ok(!/goes on in another/.test((await other.get(path)).text), "until it takes over");
  ok(/goes on in another/.test((await client.get(path)).text), "and then the first one is told");
  for (const [fields, name] of [[{ do: "answer", n: "9999", choice: "0" }, "an item that is not there"], [{ do: "mark", n: "0", from: "5", to: "2" }, "a highlight of nothing"], [{ do: "fly" }, "an unknown act"]])
    ok(/said=/.test((await act(other, fields)).headers.location || ""), `${name}: a sentence`);
  ok((await client.get(`${path}/report`)).status === 303, "no report before the end");
  ok((await client.get(`${path}/item/1`)).status === 409, "no rationale before the end");
  ok((await client.get("/sitting/nosuchsitting")).status === 404, "no sitting, 404");
  ok(/Choose one of the list/.test((await client.post("/exams", { form: "no-such" })).text), "no such form: a sentence");
  const calc = (await other.get(`${path}?calc=${encodeURIComponent("(140-24)/4 + 2^3")}`)).text;
  ok(/= 37/.test(calc), "the calculator calculates");
  ok(/divided by 0/.test((await other.get(`${path}?calc=${encodeURIComponent("1/0")}`)).text), "and says what has no value");
}

async function tutor(server) {
  const { page: plain } = await browser({ javaScriptEnabled: false });
  await plain.goto(server.url + "/exams");
  await plain.locator("#form-pbt-practice summary").click();
  await plain.locator("#form-pbt-practice button").click();
  for (let i = 0; i < 20 && await plain.locator('input[type="radio"][name="choice"]').count() === 0; i++) {
    const selects = await plain.locator(".option select").all();
    for (const [k, s] of selects.entries()) await s.selectOption({ index: k + 1 });
    if (await plain.locator("#number").count()) await plain.locator("#number").fill("3");
    if (await plain.locator('input[type="checkbox"][name="choice"]').count()) await plain.locator('input[name="choice"]').first().check();
    await plain.locator('button[name="do"][value="answer"], button[name="do"][value="next"]').click();
    await plain.locator('a[data-also="m"]').click();
  }
  await plain.locator('input[name="choice"]').first().check();
  await plain.locator('button[name="do"][value="answer"], button[name="do"][value="next"]').click();
  ok(await plain.locator('a[data-key="w"]').count() === 1, "without scripts: with a tutor the rationale is offered after the answer");
  await plain.locator('a[data-key="w"]').click();
  ok(await plain.locator(".whys li").count() >= 3, "and stands for every option", await plain.locator("main").innerText());
  await plain.locator("a[data-back]").click();
  ok(/Item \d+ of 20/.test(await plain.locator("h1").innerText()), "and back to the room");
}

async function outcomes(server) {
  const client = new Client(server);
  const form = { exam: "ASCP MLT", date: "2026-11-20", passed: "1", score: "" };
  ok(/consent/.test((await client.post("/outcomes", form)).text), "an outcome is not kept without consent");
  await client.post("/outcomes", { ...form, consent: "1" });
  const kept = (await client.get("/outcomes")).text;
  ok(/ASCP MLT, 2026-11-20: passed/.test(kept), "with it, it is");
  await client.post(forms(kept).find((f) => /withdraw$/.test(f.action)).action, {});
  ok(!/2026-11-20: passed/.test((await client.get("/outcomes")).text), "and is taken back");
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  const sitting = await adaptive(server);
  await silence(server, sitting);
  await refusals(server);
  await tutor(server);
  await outcomes(server);
  await sleep(50);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  remark(`${seen.presses} presses of a key`);
});
