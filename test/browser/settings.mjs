/* Keys by other keys, worked by keyboard alone: chosen, printed on the buttons, pressed in a shift; what is refused keeps
 * what was typed; back to the keys as they came. And SI units wherever a value stands. */
import { Client, Server, browser, ok, run } from "./lib.mjs";
import { handOver, reflect, untilHeld } from "./scene.mjs";
import { go, press, settle, tabTo, use } from "./keys.mjs";

await run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const id = await client.create("couriers-box", 5);
  await untilHeld(client, id, 2);
  const { page, context } = await browser();
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  use(page);
  const fill = async (does, key) => {
    const field = await page.evaluate((words) => [...document.querySelectorAll("label")].find((e) => e.textContent.startsWith(words)).htmlFor, does);
    await tabTo(`#${field}`);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(key);
  };
  const kbd = (selector) => page.evaluate((s) => (document.querySelector(`${s} kbd`) || {}).textContent, selector);

  await page.goto(`${server.url}/shift/${id}/verification`);
  await press("?");
  await settle();
  await go('a[href^="/settings?back="]');
  ok(page.url().includes("/settings"), "the list of keys leads to the page where they are chosen");

  await fill("Rerun", "y");
  await fill("Verify", "y");
  await press("Enter");
  await settle();
  ok(/chosen for/.test(await page.locator("#main .notice.crit").innerText()), "one key for two verbs is refused with a sentence");
  ok(await page.evaluate(() => [...document.querySelectorAll(".onekey")].filter((e) => e.value === "y").length) === 2, "and what was typed stays");

  await fill("Rerun", "r");
  await fill("Next", "v");
  await fill("To the search", "s");
  await press("Enter");
  await settle();
  ok(/Kept/.test(await page.locator("#main .notice.ok").innerText()), "keys that do not contradict are kept");
  const values = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll("tbody tr")].map((r) => [r.children[1].textContent, r.querySelector("input").value])));
  ok(values.v === "y" && values.n === "v" && values["/"] === "s" && values.r === "r", "each verb has its key", JSON.stringify(values));
  await go("[data-back]");
  ok(page.url().endsWith(`/shift/${id}/verification`), "and back to where one was");

  await press("s");
  ok(await page.evaluate(() => document.activeElement.id) === "scan", "the new key goes to the scan box");
  await press("Escape");
  await press("j");
  await press("Enter");
  await settle();
  ok(await kbd('button[value="verify"]') === "y" && await kbd('button[value="rerun"]') === "r", "the new keys are printed on the buttons");
  await press("?");
  const listed = await page.evaluate(() => document.querySelector("#keys dl").textContent.replace(/\s+/g, " "));
  ok(/y ?Verify/.test(listed), "and in the list of keys", listed);
  await press("Escape");
  const first = page.url();
  await press("v");
  await settle();
  ok(page.url() !== first && /verification\/\d/.test(page.url()), "the key of another verb does what it stands for now");
  await press("y");
  await settle();
  ok(/choose|tick/i.test(await page.locator("#offline").innerText()), "the new key presses the button", await page.locator("#offline").innerText());

  await page.goto(`${server.url}/settings`);
  await go('button[name="reset"]');
  ok(await page.evaluate(() => [...document.querySelectorAll("tbody tr")].every((r) => r.children[1].textContent === r.querySelector("input").value)), "all as they came, by one button");
  /* SI units: beside every value of a page, the unit printed with it. */
  const si = async (path, pattern, name) => {
    await page.goto(server.url + path);
    const text = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll("area")].map((e) => e.alt).join(" "));
    ok(pattern.test(text), `${name} has SI units`, text.slice(0, 1200));
  };
  const critical = await client.create("morning-run", 7);
  await untilHeld(client, critical, 4);
  await page.goto(`${server.url}/shift/${critical}/phone`);
  ok(!/µmol\/L|nmol\/L/.test(await page.evaluate(() => document.body.innerText)), "without the switch the telephone page has US units alone");
  await page.goto(`${server.url}/settings`);
  await go('button[value="si"]');
  await si(`/shift/${critical}/phone`, /\d µmol\/L/, "the list of what is to be called");
  await client.act(critical, "call", Object.fromEntries([...(await client.get(`/shift/${critical}/phone`)).text.matchAll(/name="(specimen|result)" value="(\d+)"/g)].slice(0, 2).map((m) => [m[1], m[2]])));
  await si(`/shift/${critical}/phone`, /Creatinine [\d.]+ mg\/dL \(\d+ µmol\/L\)/, "the call log");
  await si(`/shift/${critical}/qc/1/creatinine`, /unit µmol\/L/, "a control chart");
  await page.goto(`${server.url}/`); /* off the shift: its end would lead the page on */
  await handOver(client, critical);
  await reflect(client, critical);
  await si(`/shift/${critical}/debrief?all=1&at=50`, /mg\/dL\s*µmol\/L/, "the debrief");
  ok(!page.problems.length, "no script failed", page.problems.join("\n"));
});
