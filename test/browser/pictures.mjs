/* Items with pictures and bench screens in the exam room: by keyboard alone a place is chosen, cells are counted, the next
 * step at a bench is taken; a picture is enlarged; the mouse chooses a place by clicking it, with and without scripts; the
 * report and the bank show the same; what a screen reader gets; two widths. Screenshots go to SHOTS when it is set. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Client, Server, browser, ok, remark, run } from "./lib.mjs";
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";

const ITEMS = 60, shots = process.env.SHOTS;
let page;
const text = () => page.locator("main").innerText();
const place = async () => (await page.locator("h1").first().innerText()).trim();

/* "hotspot", "count", "next", "picture": what stands there. */
async function kindOf(p) {
  if (await p.locator(".spots").count()) return "hotspot";
  if (await p.locator(".exhibit.screen").count()) return "next";
  return await p.locator("#number").count() ? "count" : "picture";
}

async function begin(server) {
  await page.goto(server.url + "/exams");
  ok(/picture/.test(await choose("#quiz-from", "With a picture")), "a quiz of pictures and bench screens can be chosen");
  await choose("#quiz-manners", "Exam");
  await tabTo("#quiz-items");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(String(ITEMS));
  await press("Enter");
  await settle();
  ok(await place() === `Item 1 of ${ITEMS}`, "and begins", page.url());
}

async function look(kind) {
  const image = page.locator(".exhibit img");
  if (kind !== "next") {
    ok(await image.evaluate((i) => i.complete && i.naturalWidth > 0), `${kind}: the picture is there`);
    ok((await image.getAttribute("alt")).length > 20, `${kind}: it is said in words`, await image.getAttribute("alt"));
    ok(/^\/sitting\/[a-z0-9]+\/picture\/\d+\?v=[0-9a-f]{16}$/.test(await image.getAttribute("src")), `${kind}: its address tells nothing`, await image.getAttribute("src"));
    const small = (await image.boundingBox()).width;
    await press("z");
    await settle();
    const large = (await page.locator(".exhibit img").boundingBox()).width;
    ok(large > small * 1.2, `${kind}: z enlarges it`, `${small} to ${large}`);
    await press("z");
    await settle();
    ok(Math.abs((await page.locator(".exhibit img").boundingBox()).width - small) < 2, `${kind}: and makes it small again`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  ok(!wide, `${kind}: nothing hangs out of the page`);
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(shots, `room-${kind}-${width}.png`), fullPage: true });
  }
}

async function answer(kind) {
  if (kind === "count") {
    await tabTo("#number");
    await page.keyboard.type("12");
    await press("Enter");
  } else {
    await press("2");
    ok(await page.locator("#choice-1").isChecked(), `${kind}: a key chooses`);
    if (kind === "hotspot") ok(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector(".spot-1 rect")).strokeWidth) > 3 && getComputedStyle(document.querySelector(".spot-1 rect")).strokeDasharray === "none"), "hotspot: the chosen place has another line, not another color alone");
    await press("n");
  }
  await settle();
}

async function byKeyboard(server) {
  const met = new Map(), told = [];
  await begin(server);
  for (let n = 1; n <= ITEMS; n++) {
    const kind = await kindOf(page), first = !met.has(kind);
    if (first) {
      met.set(kind, n);
      await look(kind);
      if (kind === "hotspot") {
        const letters = await page.locator(".spots text").allTextContents(), options = await page.locator(".option label strong").allInnerTexts();
        ok(letters.length >= 4 && letters.join() === options.join(), "hotspot: each place has the letter of its option", `${letters} ${options}`);
      }
    }
    told.push(await page.content());
    if (first) await answer(kind); else { await press("m"); await settle(); }
    if (n < ITEMS && await place() !== `Item ${n + 1} of ${ITEMS}`) { ok(false, `after item ${n} comes ${n + 1}`, `${await place()} ${(await text()).slice(0, 200)}`); break; }
  }
  ok(["hotspot", "next", "count", "picture"].every((k) => met.has(k)), "every kind was met", [...met.keys()].join());
  await page.setViewportSize({ width: 1280, height: 900 });
  const id = /\/sitting\/([^?]+)/.exec(page.url())[1];
  await page.goto(`${server.url}/sitting/${id}?list=1&end=1`);
  await go('button[value="end"]');
  ok(/\/report$/.test(page.url()), "the report opens", page.url());
  for (const [kind, n] of met) {
    await page.goto(`${server.url}/sitting/${id}/item/${n}`);
    ok(await page.locator(kind === "next" ? ".exhibit.screen" : ".exhibit img").count() === 1, `${kind}: the report shows it again`);
    if (kind !== "count") ok(await page.locator(".whys li").count() >= 3, `${kind}: with a reason for each option`);
    if (kind === "hotspot") ok(/^[A-D]: /.test(await page.locator(".whys li strong").first().innerText()), "hotspot: under the same letters");
    if (kind === "count") ok(/Right: [\d.]+/.test(await text()), "count: with the number", (await text()).slice(0, 300));
    if (shots) await page.screenshot({ path: join(shots, `report-${kind}.png`), fullPage: true });
  }
  return { id, told, met };
}

/* A click on a place chooses it; the label does so without scripts as well. */
async function byMouse(server, javaScriptEnabled) {
  const { page: other } = await browser({ javaScriptEnabled });
  await other.goto(server.url + "/exams");
  await other.selectOption("#quiz-from", "pictures");
  await other.selectOption("#quiz-manners", "exam");
  await other.fill("#quiz-items", String(ITEMS));
  await other.locator('form:has(#quiz-from) button').click();
  const address = other.url().split("?")[0];
  for (let n = 1; n <= ITEMS; n++) {
    await other.goto(`${address}?n=${n}`);
    if (await kindOf(other) !== "hotspot") continue;
    const how = javaScriptEnabled ? "with scripts" : "without scripts";
    for (const k of [2, 0]) {
      const box = await other.locator(`.spot-${k} foreignObject`).first().boundingBox();
      await other.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      ok(await other.locator(`#choice-${k}`).isChecked(), `${how}: a click on place ${k + 1} chooses it`);
    }
    await other.locator("#resize").click();
    await other.waitForSelector(".exhibit.large", { timeout: 10000 }).catch(() => {});
    ok(await other.locator(".exhibit.large").count() === 1, `${how}: the picture is enlarged by a link`);
    await other.locator("#choice-0").check();
    await other.locator('button[name="do"][value="answer"], button[name="do"][value="next"]').click();
    await other.goto(`${address}?n=${n}`);
    ok(await other.locator("#choice-0").isChecked(), `${how}: the place is kept`);
    return;
  }
  ok(false, "a place to choose was met");
}

async function addresses(server, { id }) {
  const client = new Client(server);
  const get = (path) => client.get(path);
  ok((await get(`/sitting/${id}/picture/0`)).status === 404 && (await get(`/sitting/${id}/picture/999`)).status === 404 && (await get(`/sitting/${id}/picture/x`)).status === 404, "no such picture: 404");
  ok((await get("/sitting/nosuch/picture/1")).status === 404, "no such sitting: 404");
  const item = await get("/items/L25-15"), src = /img src="([^"]+)"/.exec(item.text)[1].replaceAll("&amp;", "&");
  const kept = await get(src), fresh = await get(src.replace(/v=\w+/, "v=0000000000000000"));
  ok(item.status === 200 && /href="\/items\/L25-15\/edit"/.test(item.text), "the bank shows an item with its picture, and it can be edited");
  ok(kept.headers["content-type"] === "image/svg+xml" && /immutable/.test(kept.headers["cache-control"]), "its picture is kept under its tag", JSON.stringify(kept.headers));
  ok(!/immutable/.test(fresh.headers["cache-control"]) && fresh.text === kept.text, "and not under another");
  ok((await get("/items/picture?draw=smear&seed=1&data=x")).status >= 400 && (await get("/items/picture")).status === 404, "what is no picture is not drawn");
  ok((await get(`${src}&scheme=dark`)).text !== kept.text, "in the dark scheme it is dark");
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  const sitting = await byKeyboard(server);
  await byMouse(server, true);
  await byMouse(server, false);
  await addresses(server, sitting);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  remark(`${seen.presses} presses of a key`);
});
