/* A guest walks the fit check by keyboard in one run: interests, three timed samples, the self-check, the result, the two
 * pages. Until then the data folder has no event; with consent it has one stream, and after deleting none again. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Client, Server, browser, ok, run } from "./lib.mjs";

const press = async (page, key, times = 1) => { for (let i = 0; i < times; i++) await page.keyboard.press(key); };
const at = (page) => page.evaluate(() => { const e = document.activeElement; return { id: e.id, name: e.name, value: e.value, type: e.type, text: e.textContent.trim().slice(0, 80) }; });

/* Tab until the focus is where it should be: nothing is reached in another way. */
async function tabUntil(page, wanted, what, most = 60) {
  for (let i = 0; i < most; i++) {
    const here = await at(page);
    if (wanted(here)) return true;
    await page.keyboard.press("Tab");
  }
  ok(false, `by keyboard: ${what}`, JSON.stringify(await at(page)));
  return false;
}
async function enter(page, id, what, most) {
  await tabUntil(page, (h) => h.id === id, what, most);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}
/* A radio button of a group by arrows: space takes the first, arrows the others. */
async function choose(page, name, index) {
  await tabUntil(page, (h) => h.name === name, name, 40);
  await page.keyboard.press("Space");
  await press(page, "ArrowDown", index);
}
const bytes = (folder) => readdirSync(folder).filter((f) => f.startsWith("titer.db")).map((f) => readFileSync(join(folder, f), "latin1")).join("");

run(async () => {
  const server = await new Server().start();
  const { page } = await browser();
  const likes = (item) => { const scale = "RRIIAASSEECC"[item % 12]; return { R: 3, I: 4, A: 0, S: 1, E: 0, C: 3 }[scale]; };
  await page.goto(`${server.url}/fit`);
  await enter(page, "begin", "begin");

  /* One page left open first: it comes back with what was said and tells what is open. */
  await choose(page, "q1", likes(0));
  await enter(page, "on", "next twelve", 80);
  ok((await page.textContent(".notice")).startsWith("11 of these twelve are open"), "open questions are told");
  ok(await page.isChecked('input[name=q1][value="3"]'), "the answer that was given is still there");
  await page.focus("#main");
  for (let block = 0; block < 5; block++) {
    for (let i = 12 * block; i < 12 * block + 12; i++) if (i > 0) await choose(page, `q${i + 1}`, likes(i));
    await enter(page, "on", "next twelve");
    if (block === 1) { /* reload and back keep everything */
      await page.reload();
      await page.goBack();
      ok(await page.isChecked(`input[name=q13][value="${likes(12)}"]`), "the page before still has its answers");
      await page.goForward();
    }
  }
  ok(page.url().includes("/fit/labels?") && /a=[0-4]{60}&/.test(page.url()), "sixty answers lead to the samples", page.url());

  /* Label pairs: the first twenty answered by comparing the lines; the clock is there. */
  await enter(page, "on", "start the clock");
  ok(/^\d:\d\d:\d\d|from the start/.test(await page.textContent("#left")), "the time that is left is shown");
  for (let i = 1; i <= 20; i++) {
    const differs = await page.evaluate((n) => { const lines = [...document.querySelector(`input[name=c${n}]`).closest("fieldset").querySelectorAll(".fit-line")].map((l) => [...l.querySelectorAll("span:not(.label)")].map((s) => s.textContent).join("|")); return lines[0] !== lines[1]; }, i);
    await choose(page, `c${i}`, differs ? 1 : 0);
  }
  await enter(page, "on", "done", 120);

  /* Columns: the value farthest from the middle one, or none. */
  await enter(page, "on", "start the clock");
  for (let i = 1; i <= 16; i++) {
    const row = await page.evaluate((n) => { const v = [...document.querySelectorAll(`input[name=c${n}]`)].filter((e) => e.value !== "n").map((e) => Number(e.closest("label").textContent)), m = [...v].sort((a, b) => a - b)[5]; const far = v.map((x) => Math.abs(x / m - 1)), most = Math.max(...far); return most > 0.18 ? far.indexOf(most) : 10; }, i);
    await choose(page, `c${i}`, row);
  }
  await enter(page, "on", "done", 40);

  /* Ten steps: two entries, one of them wrong on purpose. */
  await enter(page, "on", "start the clock");
  const rows = await page.$$eval("tbody tr", (all) => all.map((r) => [...r.children].map((c) => c.textContent)));
  const stat = rows.find((r) => r[5] === "STAT");
  await tabUntil(page, (h) => h.id === "c1", "first entry");
  await page.keyboard.type(stat[1].replace("-", ""));
  await page.keyboard.press("Tab");
  await page.keyboard.type("99");
  await enter(page, "on", "done", 40);

  /* The self-check sends nothing. */
  let sent = 0;
  page.on("request", () => sent++);
  await tabUntil(page, (h) => h.type === "checkbox", "a box of the self-check");
  await page.keyboard.press("Space");
  ok(sent === 0 && !(await page.$("main form")), "the self-check has no form and sends nothing");
  await enter(page, "on", "to the first ten minutes", 40);
  await enter(page, "on", "to the result", 40);

  /* The result. */
  const text = await page.textContent("main");
  ok(/Realistic30/.test(text.replace(/\s+/g, "")) && /Investigative40/.test(text.replace(/\s+/g, "")), "scores are the sums of the answers");
  ok(/says little about who does well/.test(text) && /O\*NET®/.test(text), "what a match is not; the credit");
  ok(/20 \(20 right, 0 wrong\)/.test(text), "the pairs are scored", (/Right minus wrong[^]{0,80}/.exec(text) || [])[0]);
  ok(/16 \(16 right, 0 wrong\)/.test(text), "the columns are scored");
  ok(/1 of 10/.test(text) && /Step 2: you wrote 99/.test(text), "the steps are scored, a wrong one is shown");
  ok(await page.$eval("img.chart", (e) => e.complete && e.naturalWidth > 0 && /Realistic 30/.test(e.alt)), "six bars with their words");
  const client = new Client(server), here = new URL(page.url());
  const pdf = await client.get(`/fit/summary.pdf${here.search}`);
  ok(pdf.status === 200 && (pdf.text.match(/\/Type\s*\/Page\b/g) || []).length === 2, "the summary has two pages", `${pdf.status} ${(pdf.text.match(/\/Type\s*\/Page\b/g) || []).length}`);

  /* Nothing is kept without consent; with it one stream; deleted, none. */
  ok(!bytes(server.data).includes("fit/me") && !bytes(server.data).includes(here.searchParams.get("a")), "the data folder has nothing of it");
  await enter(page, "keep-go", "keep", 80);
  ok(/Nothing was kept/.test(await page.textContent(".notice")) && !bytes(server.data).includes("fit/me"), "without the box nothing is kept");
  await tabUntil(page, (h) => h.id === "consent", "the box", 80);
  await page.keyboard.press("Space");
  await enter(page, "keep-go", "keep");
  ok(/Kept/.test(await page.textContent(".notice")) && bytes(server.data).includes("fit/me"), "with consent it is kept");
  ok(/30 40 0 10 0 30/.test(await page.textContent("main")), "and stands in the list");
  await enter(page, "forget", "delete", 80);
  ok(/Deleted for good/.test(await page.textContent(".notice")) && !bytes(server.data).includes("fit/me"), "deleted, the data folder has nothing of it again");

  /* Late and with extra time are marked; a spoiled address is told. */
  const late = await client.get(`/fit/odd?x=150&s=5&t=${Date.now() - 200000}&done=1&c1=n`);
  const marked = await client.get(late.headers.location.replace("/fit/procedure", "/fit/result"));
  ok(/>late</.test(marked.text) && /extra time</.test(marked.text), "late and extra time are marked");
  ok((await client.get("/fit/result?a=9")).status === 400, "a spoiled address is refused with a sentence");
  ok(/time is over/.test((await client.get(`/fit/odd?s=5&t=${Date.now() - 500000}`)).text), "a form whose time is over says so");

  /* At 390 px nothing is wider than the page. */
  await page.setViewportSize({ width: 390, height: 800 });
  for (const path of ["/fit", "/fit/interests", "/fit/labels", `/fit/labels?s=5&t=${Date.now()}`, `/fit/odd?s=5&t=${Date.now()}`, `/fit/procedure?s=5&t=${Date.now()}`, "/fit/demands", "/fit/bench", `/fit/result${here.search}`]) {
    await page.goto(server.url + path);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `fits 390 px: ${path.split("?")[0]}`);
  }
  ok(page.problems.length === 0, "no error in the console", page.problems.join("; "));
});
