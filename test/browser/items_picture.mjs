/* An instructor writes items with pictures: one with places, by form, preview and pointer; one to count in, without
 * scripts; a bench screen; then the table with them goes out and comes in again. */
import { browser, Client, forms, ok, run, Server } from "./lib.mjs";

const box = (name) => `[id="f-${name}"]`;
const rows = (page) => page.evaluate(() => [...document.querySelectorAll("[data-row]")].map((r) => `${r.querySelector("select").value}: ${r.querySelector("input").value}`).filter((t) => t !== ": "));

async function line(page, i, key, value) {
  await page.selectOption(`[name="d${i}.key"]`, key);
  await page.fill(`[name="d${i}.value"]`, value);
}

const picture = (page) => page.getAttribute("#preview .plate img", "src").catch(() => "");

async function changed(page, before) {
  await page.waitForFunction((b) => (document.querySelector("#preview .plate img")?.getAttribute("src") || "") !== b, before);
}

async function head(page) {
  await page.selectOption(box("area"), "hematology/cell-counts");
  await page.selectOption(box("objective"), "L40.1");
  await page.selectOption(box("level"), "interpret");
  await page.fill(box("difficulty"), "0.2");
  await page.fill(box("as_of"), "2026-11");
  await page.fill(box("source"), "A textbook of hematology");
  await page.check('input[name="programs"][value="MLT"]');
}

async function drag(page, name, from, to) {
  const before = await picture(page);
  await page.selectOption("#place-of", name);
  await page.locator("#preview .plate").scrollIntoViewIfNeeded();
  const img = await page.locator("#preview .plate img").boundingBox(), y = img.y + img.height / 2;
  await page.mouse.move(img.x + from * img.width, y);
  await page.mouse.down();
  await page.mouse.move(img.x + to * img.width, y + 10);
  await page.mouse.up();
  await changed(page, before);
}

async function hotspot(page, server) {
  await page.goto(`${server.url}/items/new`);
  await page.selectOption(box("lesson"), "L40");
  await page.selectOption(box("type"), "hotspot");
  await page.fill(box("author"), "Ann Author");
  await page.click("#save");
  const id = /items\/(L40-\d\d)\/edit/.exec(page.url())[1];
  await page.fill(box("stem"), "Choose the place where the small red cells of this iron-deficient patient are counted.");
  await head(page);
  for (const [i, [text, why]] of [["low peak", "Small cells have the small volumes."], ["high peak", "These are the transfused cells."]].entries()) {
    await page.fill(box(`p${i}.text`), text);
    await page.fill(box(`p${i}.why`), why);
  }
  await page.check(box("p0.key"));
  await page.selectOption(box("draw"), "histogram");
  await page.waitForSelector('[name="d0.key"] option[value="peak"]', { state: "attached" });
  ok(await page.locator('[name="d0.key"] option').count() === 9, "the lines offer the keys of the kind that was chosen");
  let before = await picture(page);
  await page.fill(box("seed"), "7");
  for (const [i, [k, v]] of [["range", "0 | 250"], ["peak", "60 | 10 | 0.4"], ["peak", "110 | 12 | 0.6"], ["title", "Red cells"]].entries()) await line(page, i, k, v);
  await changed(page, before);
  const size = await page.locator("#preview .plate img").evaluate(async (img) => { await img.decode(); return img.naturalWidth; });
  ok(size > 300, "the picture is drawn by the server while it is written", size);
  await drag(page, "low peak", 0.2, 0.3);
  await drag(page, "high peak", 0.4, 0.55);
  const said = await rows(page);
  const low = /^region: low peak \| (\d+) \| (\d+)$/.exec(said[4]), high = /^region: high peak \| (\d+) \| (\d+)$/.exec(said[5]);
  ok(low && high && Number(low[1]) < 60 && Number(low[2]) > 60 && Number(high[1]) < 110 && Number(high[2]) > 110, "what is pointed at becomes the numbers of its place", said.join("; "));
  ok(await page.locator("#preview .spots .spot").count() === 2, "the places stand over the picture");
  await page.click("#save");
  const mend = await page.innerText("#mistakes");
  ok(/alt: write in a sentence/.test(mend) && /1 to mend/.test(mend), "words for those who cannot see it are asked for", mend);
  ok((await rows(page)).length === 6 && await page.locator("#preview .spots .spot").count() === 2, "nothing is lost meanwhile");
  await page.fill(box("alt"), "The low peak holds the small cells of a histogram.");
  await page.click("#save");
  ok(/say the key "low peak"/.test(await page.innerText("#mistakes")), "words that say the key are refused", page.url());
  await page.fill(box("alt"), "A histogram of red cell volumes with two humps.");
  before = await picture(page);
  await line(page, 5, "region", "high peak | 98 | nowhere");
  await page.waitForSelector("#preview .notice");
  ok(/field 3 of region is a number/.test(await page.innerText("#preview")), "wrong numbers are said while they are typed", await page.innerText("#preview"));
  await line(page, 5, "region", "high peak | 96 | 130");
  await page.waitForSelector("#preview .spots");
  await page.click("#save");
  ok(page.url().endsWith(`/items/${id}?saved=1`), "mended, it is a version", `${page.url()} ${await page.innerText("main").then((t) => t.slice(0, 600))}`);
  const alt = await page.getAttribute(".exhibit img", "alt");
  ok(alt.startsWith("A histogram of red cell volumes with two humps. ") && await page.locator(".spots .spot").count() === 2, "shown as a candidate sees it, with its words", alt);
  return id;
}

/* Fields of the form in a page without a browser, as [name, value], with those of selects and areas. */
function fieldsOf(html) {
  const form = forms(html).find((f) => f.action.startsWith("/items/L")), fields = new Map(form.fields.filter(([n]) => n !== "csrf" && n !== "request"));
  for (const [, name, inside] of form.html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) fields.set(name, (/<option value="([^"]*)" selected/.exec(inside) || ["", ""])[1]);
  for (const [, name, text] of form.html.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g)) fields.set(name, text);
  return fields;
}

async function countWithoutScripts(server) {
  const client = new Client(server);
  const made = await client.post("/items", { lesson: "L40", type: "count", author: "Ann Author" });
  const edit = made.headers.location, at = edit.replace(/\/edit$/, "");
  const fields = fieldsOf((await client.get(edit)).text);
  const set = (values) => { for (const [name, value] of Object.entries(values)) fields.set(name, value); };
  set({ stem: "How many percent of the white cells of this field are bands?", area: "hematology/differential", objective: "L40.1", level: "solve", difficulty: "0.1", as_of: "2026-11",
    source: "A textbook of hematology", programs: "MLT", author: "Ann Author", draw: "film", seed: "5", alt: "A field of a stained film with white cells.", do: "show" });
  let html = (await client.post(at, [...fields])).text;
  ok(/option value="cell"/.test(html) && /Nothing is saved/.test(html), "without scripts a button shows the form for the kind");
  set({ "d0.key": "cell", "d0.value": "band | 6", "d1.key": "cell", "d1.value": "neutrophil | 14" });
  html = (await client.post(at, [...fields])).text;
  const src = (/<img src="([^"]+)"/.exec(html) || [])[1];
  ok(src && (await client.get(src.replaceAll("&amp;", "&"))).text.includes("<svg"), "and the picture", html.slice(0, 200));
  ok((await client.get(edit)).text.includes('name="stem"') && !/film with white cells/.test((await client.get(edit)).text), "nothing was saved by that");
  set({ counts: "band", times: "5", value: "25", tolerance: "0", unit: "%", decimals: "0", why: "6 of 20 cells are bands: 6 x 5 = 30 %.", do: "save" });
  let saved = await client.post(at, [...fields]);
  html = (await client.get(saved.headers.location)).text;
  ok(/check=1/.test(saved.headers.location) && /the picture shows 6 \(band\), so the value is 30; found 25/.test(html), "the count is checked in the finished picture", (/id="mistakes"[\s\S]*?<\/section>/.exec(html) || [""])[0].replace(/<[^>]*>/g, " "));
  set({ seq: fieldsOf(html).get("seq"), value: "30" });
  saved = await client.post(at, [...fields]);
  ok(/saved=1/.test(saved.headers.location || ""), "then it is a version", saved.headers.location);
  return at.split("/").pop();
}

async function outAndIn(server, ids) {
  const client = new Client(server), other = new Client(await new Server().start());
  const list = `${ids.join(",")},L25-26,L30-17`;
  const file = await client.get(`/items/export/file?format=csv&ids=${list}`);
  ok(file.status === 200 && ids.every((id) => file.text.includes(id)) && /histogram/.test(file.text) && /region: low peak/.test(file.text), "the table holds the pictures", file.text.slice(0, 300));
  const gift = await client.get(`/items/export?format=gift&ids=${list}`);
  ok(gift.status === 200, "GIFT says what it leaves out");
  await other.get("/items/import");
  const taken = await other.post("/items/import", { text: file.text, format: "csv", author: "Ann Author", known: "version", do: "keep" });
  ok(taken.status < 400, "the table comes in elsewhere", taken.text.replace(/<[^>]*>/g, " ").slice(0, 600));
  for (const id of ids) {
    const here = (await client.get(`/items/${id}/edit`)).text, there = (await other.get(`/items/${id}/edit`)).text;
    const skip = new Set(["seq"]), a = fieldsOf(here), b = fieldsOf(there), off = [...a].filter(([n, v]) => !skip.has(n) && b.get(n) !== v);
    ok(off.length === 0, `${id} is the same there`, JSON.stringify(off));
  }
}

await run(async () => {
  const server = await new Server().start();
  const { page } = await browser();
  const place = await hotspot(page, server);
  const count = await countWithoutScripts(server);
  await outAndIn(server, [place, count]);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${server.url}/items/${place}/edit`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `the form is not wider than ${width} px`);
  }
  ok(page.problems.length === 0, "no error in the browser", page.problems.join("\n"));
});
