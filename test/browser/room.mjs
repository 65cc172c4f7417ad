/* The exam room as a candidate uses it: what is chosen outlives every other verb, with and without scripts; the clock hides
 * and warns; each key; highlighting without a pointer; to and fro; nothing wider than the page at 200 % zoom; forced colors;
 * what a screen reader gets; the rules that are told before the beginning. */
import { Client, Server, browser, ok, run, sleep } from "./lib.mjs";
import { press, settle, tabTo, use } from "./keys.mjs";

let page;
const text = () => page.locator("main").innerText();
const place = async () => (await page.locator("h1").first().innerText()).trim();
const chosen = () => page.locator('input[name="choice"]:checked').count();

async function begin(server, form, p = page) {
  await p.goto(server.url + "/exams");
  await p.locator(`#form-${form} summary`).click();
  await p.locator(`#form-${form} button`).click();
  await p.waitForURL(/\/sitting\//);
}

/* Goes on until an item has options of which one is chosen. */
async function toSingle() {
  for (let i = 0; i < 40 && await page.locator('input[type="radio"][name="choice"]').count() < 4; i++) { await press("n"); await settle(); }
}

async function choices(server) {
  await begin(server, "mlt-fixed");
  await toSingle();
  await press("b");
  ok(await page.locator("#choice-1").isChecked(), "b chooses the second option");
  await press("f");
  await settle();
  ok(await chosen() === 1 && /Flagged/.test(await page.locator('button[data-key="f"]').innerText()), "flagging keeps what is chosen");
  await press("x");
  await press("c");
  await settle();
  ok(await page.locator(".option.struck").count() === 1 && await page.locator(".option").nth(2).evaluate((e) => e.classList.contains("struck")), "x c strikes the third out");
  ok(await chosen() === 1, "striking out keeps what is chosen");
  await press("c");
  ok(await page.locator("#calculator").evaluate((d) => d.open), "c opens the calculator");
  await page.fill("#calc", "(140 - 24) / 4");
  await page.keyboard.press("Enter");
  await settle();
  ok(/= 29/.test(await page.locator("output").innerText()) && await chosen() === 1, "Enter calculates and keeps what is chosen", await page.locator("output").innerText());
  await press("Escape");
  await press("l");
  await settle();
  await press("l");
  await settle();
  ok(await chosen() === 1, "so does a look at the list");
  await page.reload();
  ok(await chosen() === 1, "and loading the page again");
  await press("Escape");
  await page.locator("#pad summary").click();
  await page.fill("#note", "ask about\nlot 7");
  await page.locator("h1").click();
  const at = await place();
  await press("n");
  await settle();
  ok(await place() !== at && await page.locator("#note").inputValue() === "ask about\nlot 7", "the note pad goes along", await page.locator("#note").inputValue());
  ok(await page.evaluate(() => document.activeElement.id === "place" && scrollY === 0), "the focus is on the heading of the new item, at the top");
  await press("p");
  await settle();
  ok(await place() === at && await chosen() === 1, "p goes back: it was kept");
  const before = (await page.locator("#saved").innerText());
  await press("n");
  await settle();
  ok(/1 of 210/i.test(await page.locator('a[data-key="l"]').innerText()), "one answer is kept", `${before} ${await page.locator('a[data-key="l"]').innerText()}`);
  await press("n");
  await settle();
  ok(/1 of 210/i.test(await page.locator('a[data-key="l"]').innerText()), "going on without an answer keeps none");
}

async function clock(server) {
  ok(/Time left\s+3:5\d:\d\d/i.test(await text()), "the clock is there", (await text()).slice(0, 80));
  await tabTo("#clock-switch");
  await press("Enter");
  await settle();
  ok(await page.locator("#left").evaluate((e) => e.closest(".hidden") !== null), "it can be hidden");
  await press("n");
  await settle();
  await page.reload();
  ok(await page.locator("#left").evaluate((e) => e.closest(".hidden") !== null), "and stays hidden");
  /* Warnings: the browser's clock is moved to a second before each of them. */
  await page.clock.install();
  await page.reload();
  for (const [s, words] of [[900, "15 minutes left."], [300, "5 minutes left."], [60, "1 minute left."]]) {
    await page.evaluate((left) => { document.getElementById("left").dataset.left = left; }, s + 2);
    await page.clock.runFor(4500);
    ok(await page.locator("#soon").innerText() === words && await page.locator("#soon").isVisible(), `${words} on the page, with the clock hidden`, await page.locator("#soon").innerText());
    ok(await page.locator("#say").textContent() === words, "and said to a screen reader");
  }
  await page.clock.resume();
  const client = new Client(server);
  const short = (await client.post("/exams", { area: "chemistry", items: "5", minutes: "4", manners: "exam", factor: "1", breaks: "0" })).headers.location;
  const html = (await client.get(short)).text;
  ok(/data-soon="60"/.test(html) && /id="soon" hidden/.test(html), "a quiz of four minutes warns of the last one alone");
  const long = (await client.post("/exams", { area: "chemistry", items: "5", minutes: "16", manners: "exam", factor: "1", breaks: "1" })).headers.location;
  ok(/data-soon="900 300 60"/.test((await client.get(long)).text), "a longer one of all");
  await client.post(`${long}/act`, { do: "break-on" });
  const rest = (await client.get(long)).text;
  ok(/on a break/.test(rest) && !/id="left"/.test(rest) && !/class="stem"/.test(rest), "in a break no clock ticks and no question is shown");
}

async function highlights() {
  await page.goto(page.url().replace(/\?.*/, "?n=1"));
  await press("h");
  ok(await page.locator("#highlighter").evaluate((d) => d.open), "h opens the phrases of the question");
  await tabTo("#phrase-0");
  await press("Enter");
  await settle();
  const first = await page.locator("#phrase-0").innerText();
  ok(await page.locator("#stem mark").innerText() === first, "one is highlighted by keyboard", first);
  ok(await page.evaluate(() => document.activeElement.id === "phrase-0") && await page.locator("#phrase-0").getAttribute("aria-pressed") === "true", "the focus stays, and the button says so");
  await press("Enter");
  await settle();
  ok(await page.locator("#stem mark").count() === 0, "and once more takes it away");
  await press("Escape");
  await page.evaluate(() => { const range = document.createRange(), words = document.getElementById("stem").firstChild; range.setStart(words, 0); range.setEnd(words, 5); getSelection().removeAllRanges(); getSelection().addRange(range); });
  await press("h");
  await settle();
  ok((await page.locator("#stem mark").innerText()).length > 2, "selected words too");
}

/* 200 % zoom of a page 1280 wide, a phone, colors of the system's own, dark. */
async function sights(server) {
  const base = page.url().replace(/\?.*/, ""), wide = [];
  for (const [width, height] of [[640, 450], [390, 800], [320, 640]]) {
    await page.setViewportSize({ width, height });
    for (const path of [`${base}?n=1`, `${base}?n=12`, `${base}?list=1`, `${base}?list=1&end=1`, `${server.url}/exams`, `${server.url}/outcomes`]) {
      await page.goto(path);
      await page.evaluate(() => { for (const d of document.querySelectorAll("main details")) d.open = true; });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wide.push(`${path} at ${width}: ${over}`);
    }
  }
  ok(wide.length === 0, "nothing is wider than the page at 640 (200 %), 390 and 320", wide.join("\n"));
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await page.goto(`${base}?n=1`);
  await toSingle();
  await press("1");
  const rings = await page.locator(".option label").evaluateAll((all) => all.map((e) => getComputedStyle(e).outlineStyle));
  ok(rings.filter((r) => r === "solid").length === 1 && rings[0] === "solid", "in forced colors the chosen option has a line of its own", rings.join());
  ok(await page.evaluate(() => [...document.querySelectorAll("*")].every((e) => ["0s", ""].includes(getComputedStyle(e).animationDuration) || getComputedStyle(e).animationName === "none")), "with less motion nothing moves");
  await page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference" });
}

async function heard() {
  await toSingle();
  const tree = await page.locator("main").ariaSnapshot();
  ok(/heading "Item \d+ of 210" \[level=1\]/.test(tree), "a screen reader gets item n of N as the heading", tree);
  ok(/radio "1 [^"]{3,}/.test(tree) && /button "Strike out option 1"/.test(tree) && /group "Options"/.test(tree), "options and strikes with names");
  ok(/button "Next n"/.test(tree) && /button "(⚑ )?Flagg?e?d? ?f"/.test(tree) && /link "List \d+ of 210 l"/.test(tree) && !/Go on/.test(tree), "and the verbs", tree);
  ok(await page.locator("h1").evaluate((e) => document.getElementById(e.getAttribute("aria-describedby")).textContent.length > 20), "the heading is described by the question, which is read with it");
}

/* The same by plain forms. */
async function plain(server) {
  const { page: other } = await browser({ javaScriptEnabled: false });
  await begin(server, "mlt-fixed", other);
  for (let i = 0; i < 40 && await other.locator('input[type="radio"][name="choice"]').count() < 4; i++) await other.locator('button[value="next"][data-key]').click();
  const at = await other.locator("h1").innerText();
  await other.locator("#choice-2").check();
  await other.locator('button[value="flag"]').click();
  ok(await other.locator("#choice-2").isChecked() && await other.locator("h1").innerText() === at, "without scripts: flagging keeps what is chosen");
  await other.locator("#strike-0").click();
  ok(await other.locator("#choice-2").isChecked() && await other.locator(".option.struck").count() === 1, "without scripts: so does striking out");
  await other.locator("#calculator summary").click();
  await other.fill("#calc", "7*8");
  await other.press("#calc", "Enter");
  ok(await other.locator("#choice-2").isChecked() && /= 56/.test(await other.locator("output").innerText()), "without scripts: so does the calculator");
  await other.locator("#clock-switch").click();
  ok(await other.locator("#choice-2").isChecked() && await other.locator("#left").evaluate((e) => e.closest(".hidden") !== null), "without scripts: so does hiding the clock");
  await other.locator("#highlighter summary").click();
  await other.locator("#phrase-0").click();
  ok(await other.locator("#stem mark").count() === 1 && await other.locator("#choice-2").isChecked(), "without scripts: a phrase is highlighted");
  await other.locator("#pad summary").click();
  await other.fill("#note", "later");
  await other.locator('button[value="next"][data-key]').click();
  await other.locator('button[value="previous"]').click();
  ok(await other.locator("#choice-2").isChecked() && await other.locator("#note").inputValue() === "later", "without scripts: answer and note are kept by going on");
}

/* An answer that is refused stays in its field; one of many digits stays as it was typed. */
async function numbers(server) {
  const client = new Client(server), path = (await client.post("/exams", { form: "mlt-fixed", factor: "1", breaks: "0" })).headers.location;
  let n = 1;
  while (n < 210 && !/id="number"/.test((await client.get(`${path}?n=${n}`)).text)) n++;
  const bad = await client.post(`${path}/act`, { do: "next", n: String(n - 1), number: "abc" });
  ok(/value="abc"/.test((await client.get(bad.headers.location)).text), "what is no number stays in its field, with a sentence", bad.headers.location);
  await client.post(`${path}/act`, { do: "next", n: String(n - 1), number: "12.34567" });
  ok(/value="12.34567"/.test((await client.get(`${path}?n=${n}`)).text), "a number is shown as it was typed");
}

async function rules(server) {
  const html = (await new Client(server).get("/exams")).text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  for (const [what, words] of [["closed lid", /lid is closed/], ["stop of the program", /program was stopped/], ["clock set back", /set back/], ["second device", /another device/], ["durable answers", /on the disk/], ["spoiled items", /spoiled/]])
    ok(words.test(html), `the rule of a ${what} is told before the beginning`);
  ok(/MLS outline, adaptive mock at technician level/.test(html) && /All items are at technician \(MLT\) level/.test(html), "the MLS form says that its items are at technician level");
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  await choices(server);
  await clock(server);
  await highlights();
  await sights(server);
  await heard();
  await plain(server);
  await numbers(server);
  await rules(server);
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  await sleep(20);
});
