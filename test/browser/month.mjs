/* The month of controls by keyboard alone: from the board to a test, its numbers, a refusal, new limits signed, the step on
 * the chart, the print. No mouse, no address typed. Then by plain forms without scripts, and on a phone. */
import { go, main, next, pause, press, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, forms, ok, remark, run } from "./lib.mjs";

let page;
const FORM = 'form:has(input[value="review-qc"])';
const PAGES = ["month/1", "month/1?show=due", "month/1/potassium", "month/1/calcium", "qc", "qc/1/potassium"];

async function type(selector, text) {
  await tabTo(selector);
  await press("Control+a");
  await page.keyboard.type(text, { delay: 2 });
}

/* The numbers of a level, by the heads of the table. */
const numbers = (level) => page.evaluate((l) => {
  const table = document.querySelector('[aria-label="Numbers of the month"] table');
  const heads = [...table.querySelectorAll("th[scope=col]")].map((h) => h.textContent), cells = [...table.querySelectorAll("tbody tr")[l - 1].children].map((c) => c.textContent.trim());
  return Object.fromEntries(heads.map((h, i) => [h, cells[i]]));
}, level);

async function withKeyboard(server) {
  await page.mouse.move(0, 0);
  await page.goto(server.url);
  await go("#scenario-last-of-the-month summary");
  await tabTo("#seed-last-of-the-month");
  await page.keyboard.type("7");
  await press("Enter");
  await settle();
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await go("#start");
  await pause();
  await go('#tabs a[href$="/qc"]');
  ok(/6 to sign/.test(await main()), "the board says how many months wait");
  await go('main a[href$="/month"]');
  await go('main a[href$="show=due"]');
  ok((await page.locator("tbody tr").count()) === 12, "six tests of two levels", `${await page.locator("tbody tr").count()}`);
  ok(!/drift|imprecise|stable|too wide/i.test(await main()), "numbers, and no word of what is behind them");
  await go('tbody a[href$="/month/1/potassium"]');
  const v = await numbers(2);
  ok(Number(v["Difference, SD"]) > 0.75, "the mean of level 2 stands off", JSON.stringify(v));

  await type(`${FORM} [name="initials"]`, "KB");
  await press("Enter");
  await settle();
  ok(/Choose a decision/.test(await page.locator("body").innerText()), "Enter in a field signs nothing: a decision is asked for");
  ok((await page.locator(`${FORM} [name="initials"]`).inputValue()) === "KB", "what was typed stays");
  await tabTo(`${FORM} [name="decision"]`);
  await press("Space");
  await press("ArrowDown");
  await type(`${FORM} [name="mean_2"]`, v.Mean);
  await type(`${FORM} [name="sd_2"]`, v.SD);
  await type(`${FORM} [name="remark"]`, "limits of the accepted runs");
  await go(`${FORM} button.first`);
  const stream = server.exported(id);
  ok(/"do":"review-qc"[^}]*"code":1,"n":2,"mean":\[0\.0+,[\d.]+,0\.0+\],"sd":\[[^\]]*\],"text":"KB: limits/.test(stream), "it is signed by keyboard", (/.*review-qc.*/.exec(stream) || [])[0]);
  ok(/set new mean and SD/.test(await main()) && /level 2: mean .* → /.test(await main()), "the page shows what was signed, before and after");
  ok((await numbers(2))["Assigned mean"] === v.Mean, "the new mean is assigned");
  const again = await numbers(1);
  ok(again["Assigned mean"] !== v.Mean, "the other level has its own", JSON.stringify(again));

  await go('#tabs a[href$="/qc"]');
  await go('tbody a[href$="/qc/1/potassium"]');
  await go('button[value="run-qc"]');
  for (let i = 0; i < 20 && !/new limits/.test(await page.locator("#points-table").textContent()); i++) await next();
  ok(/new limits/.test(await page.locator("#points-table").textContent()), "the first run afterward is marked in the table");
  ok(/N new limits/.test(await page.locator('img[usemap="#points"]').getAttribute("alt")), "and on the chart");
  await go('main a[href$="/month/1/potassium"]');
  const links = await page.evaluate(() => [...document.querySelectorAll('a[href*="month-print"]')].map((a) => a.getAttribute("href")));
  ok(links.length === 2, "Letter and A4 can be printed");
  ok(page.problems.length === 0, "no script failed", page.problems.join("\n"));
  return { id, links };
}

async function withoutScripts(server, links) {
  const client = new Client(server), id = await client.create("last-of-the-month", 3);
  await client.clock(id, 0);
  const fields = { line: 0, test: "sodium", initials: "AB" };
  const refusals = [["without a decision", {}, /Choose a decision/], ["without initials", { decision: 0, initials: "" }, /initials/],
    ["with an SD of 0", { decision: 1, mean_1: "140", sd_1: "0" }, /more than 0/], ["with a mean beyond any sense", { decision: 1, mean_1: "14", sd_1: "1" }, /decimal point and level/],
    ["with half of the limits", { decision: 1, mean_1: "140" }, /both are needed/], ["with words", { decision: 1, mean_1: "high", sd_1: "1" }, /numbers/],
    ["with limits that are not to be set", { decision: 0, mean_1: "140", sd_1: "1" }, /not to set them/], ["to set none", { decision: 1 }, /at least one/]];
  for (const [name, more, says] of refusals)
    ok(!await client.act(id, "review-qc", { ...fields, ...more }) && says.test(client.refused), `refused ${name}, with a sentence`, client.refused);
  const path = `/shift/${id}/month/1/sodium`;
  const refused = await client.post(`/shift/${id}/act`, { kind: "review-qc", back: path, ...fields, decision: "1", mean_1: "140.2", sd_1: "0", remark: "so" });
  const kept = forms((await client.get(refused.headers.location)).text).find((f) => f.fields.some(([n]) => n === "initials"));
  const has = (n, v) => kept.fields.some(([name, value]) => name === n && value === v);
  ok(has("mean_1", "140.2") && has("initials", "AB") && has("remark", "so") && has("decision", "1"), "a refusal keeps what was typed", JSON.stringify(kept.fields));
  ok(await client.act(id, "review-qc", { ...fields, decision: 0, remark: "in order" }), "kept and signed", client.refused);
  ok(await client.act(id, "review-qc", { ...fields, decision: 2, remark: "on second thought" }), "a later review stands beside it", client.refused);
  const signed = (await client.get(path)).text;
  ok(/in order/.test(signed) && /on second thought/.test(signed), "both are shown");
  ok(/5 to sign/.test((await client.get(`/shift/${id}/qc`)).text), "the board counts what is left");
  const csv = await client.get(`/shift/${id}/month/1?format=csv`);
  ok(/Test,Level,Review/.test(csv.text) && /sodium/i.test(csv.text), "the list as CSV", csv.text.slice(0, 200));
  for (const link of links) {
    const pdf = await client.get(link.replace(/\/shift\/[^/]+/, `/shift/${id}`));
    ok(pdf.status === 200 && pdf.bytes.subarray(0, 5).toString() === "%PDF-", `a print: ${link.replace(/.*month-print/, "")}`);
  }
  ok((await client.get(`/shift/${id}/month/1/none`)).status === 404 && (await client.get(`/shift/${id}/month/9`)).status === 404, "what is not there is said");
}

async function widths(id) {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of PAGES) {
      await page.goto(page.url().replace(/\/shift\/.*/, `/shift/${id}/${path}`));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      ok(wide <= 0, `/${path} fits ${width} px`, `${wide} px too wide`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${path.replace(/\W/g, "-")}-${width}.png`, fullPage: true });
    }
  }
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  const { id, links } = await withKeyboard(server);
  await widths(id);
  await withoutScripts(server, links);
  remark(`shift ${id}`);
});
