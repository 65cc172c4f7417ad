/* The deck of an analyzer: tubes are loaded by keyboard into a named place and into the STAT port, refused where there
 * is no room, taken out and moved; then the same by plain forms; at 390 px; and the stream replays to the same state. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { choose, go, main, press, seen, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, emptyFolder, ok, run, titer } from "./lib.mjs";
import { tubesToLoad } from "./scene.mjs";

/* Where the chemistry page says that each tube of a line is: accession -> "rack 3-4, waiting". */
async function deckOf(page, line) {
  return page.evaluate((n) => Object.fromEntries([...document.querySelectorAll(`#deck-table-${n} tbody tr`)]
    .map((row) => [row.querySelector("th").textContent, `${row.cells[1].textContent}, ${row.cells[6].textContent}`])), line);
}

const load = (line) => `form.load:has(input[name="line"][value="${line}"])`;
const table = (line) => `#deck-table-${line}`;

async function tick(where, index) {
  await tabTo(`${where} input[name="list"][value="${index}"]`);
  await press(" ");
}

async function byKeyboard(page, server, { id, tubes }) {
  const [a, b, c, d] = tubes;
  await page.goto(`${server.url}/shift/${id}/chemistry`);
  await page.mouse.move(0, 0);
  await tick(load(0), a[0]);
  await tick(load(0), b[0]);
  const rack = await choose(`${load(0)} select[name="rack"]`, "rack 7");
  const place = await choose(`${load(0)} select[name="position"]`, "2");
  await go(`${load(0)} button[value="0"]`);
  let deck = await deckOf(page, 0);
  ok(/^rack 7/.test(rack) && place === "2" && /^rack 7-2/.test(deck[a[1]]) && /^rack 7-3, waiting/.test(deck[b[1]]), "two tubes stand in the named rack from the named place on", JSON.stringify(deck));
  const alt = await page.locator(".deck img").first().getAttribute("alt");
  ok(alt.includes(`Rack 7, at the needle: place 2 ${a[1]}`) && / cap, /.test(alt), "the picture says it in words", alt);
  const drawn = await page.evaluate(async () => { const i = document.querySelector(".deck img"); await i.decode(); return i.naturalWidth; });
  ok(drawn > 300, "and it is drawn", drawn);

  await tick(load(0), c[0]);
  await go(`${load(0)} button[value="1"]`);
  deck = await deckOf(page, 0);
  ok(/^STAT 1, /.test(deck[c[1]]), "a tube goes into the STAT port", JSON.stringify(deck));

  await tick(load(0), d[0]);
  await choose(`${load(0)} select[name="position"]`, "4");
  await go(`${load(0)} button[value="0"]`);
  ok(/Say in which rack/.test(await page.locator("body").innerText()), "a place without a rack is refused with a sentence");
  ok(await page.locator(`${load(0)} input[value="${d[0]}"]`).isChecked(), "and what was ticked stays");
  await choose(`${load(0)} select[name="rack"]`, "rack 7");
  await go(`${load(0)} button[value="0"]`);
  ok(/^rack 7-4, waiting/.test((await deckOf(page, 0))[d[1]]), "with the rack it is loaded", JSON.stringify(await deckOf(page, 0)));

  await go(`${table(0)} summary`);
  await tick(table(0), d[0]);
  await go(`${table(0)} button[value="unload"]`);
  deck = await deckOf(page, 0);
  ok(!(d[1] in deck) && await page.locator(`${load(0)} input[value="${d[0]}"]`).count() === 1, "taken out, it is in the hand again", JSON.stringify(deck));
  ok(await page.locator(`${table(0)}[open]`).count() === 1, "the table stays open");
  const waits = tubes.slice(4, 7);
  for (const t of waits) await tick(load(0), t[0]);
  await go(`${load(0)} button[value="0"]`);
  const last = waits[waits.length - 1];
  await tick(table(0), last[0]);
  await go(`${table(0)} button[value="load"]`);
  ok(/^STAT \d, /.test((await deckOf(page, 0))[last[1]]), "what waits in a rack is put into the STAT port", JSON.stringify(await deckOf(page, 0)));
  await tick(table(0), waits[1][0]);
  await go(`${table(0)} button[value="move-line"]`);
  ok(/^rack 1-1, /.test((await deckOf(page, 1))[waits[1][1]]), "and to the other line", JSON.stringify(await deckOf(page, 1)));

  await page.goto(`${server.url}/shift/${id}/specimen/${waits[1][1]}`);
  ok(/on AN-2, rack 1-1/.test(await main()), "the specimen's timeline tells its place", (await main()).slice(0, 600));
  await page.goto(`${server.url}/shift/${id}/worklist`);
  ok(/AN-2, rack 1-1/.test(await main()), "the worklist tells it");
}

async function byPlainForms(server, client, { id, tubes }) {
  const { page, context } = await browser({ javaScriptEnabled: false });
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/shift/${id}/chemistry`);
  const t = tubes[8];
  await page.check(`${load(1)} input[value="${t[0]}"]`);
  await page.selectOption(`${load(1)} select[name="rack"]`, "12");
  await page.selectOption(`${load(1)} select[name="position"]`, "5");
  await page.click(`${load(1)} button[value="1"]`);
  ok(/Choose the STAT port or a rack, not both/.test(await page.locator("main").innerText()), "without scripts a refusal is told");
  await page.check(`${load(1)} input[value="${t[0]}"]`);
  await page.selectOption(`${load(1)} select[name="rack"]`, "12");
  await page.selectOption(`${load(1)} select[name="position"]`, "5");
  await page.click(`${load(1)} button[value="0"]`);
  await page.click(`${table(1)} summary`);
  ok(/rack 12-5/.test(await page.locator(table(1)).innerText()), "and a tube goes into its place", await page.locator(table(1)).innerText());
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  const shown = await page.locator(".deck img").first().boundingBox();
  ok(wide <= 390 && shown.width <= 350, "at 390 px nothing runs off the side, and the picture is the narrow one", `${wide} ${shown.width}`);
}

await run(async () => {
  const server = await new Server().start();
  const client = new Client(server);
  const scene = await tubesToLoad(client);
  ok(scene.tubes.length >= 9, "tubes are received, spun and wait to be loaded", scene.tubes.length);
  const { page, context } = await browser();
  use(page);
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await byKeyboard(page, server, scene);
  await byPlainForms(server, client, scene);

  const stream = server.exported(scene.id), file = join(emptyFolder("stream"), "shift.jsonl");
  ok(/"do":"load"[^}]*"rack":7,"pos":2/.test(stream) && /"do":"unload"/.test(stream), "the stream carries rack, place and what was taken out");
  writeFileSync(file, stream);
  const replayed = spawnSync(titer, ["shift", "replay", file], { encoding: "utf8" });
  ok(replayed.status === 0, "and it is replayed by the command line", replayed.stderr + replayed.stdout);
  await server.kill();
  await server.start();
  await page.goto(`${server.url}/shift/${scene.id}/chemistry`);
  await settle();
  ok(/^rack 12-5/.test((await deckOf(page, 1))[scene.tubes[8][1]]), "after a crash every tube stands where it stood", JSON.stringify(await deckOf(page, 1)));
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
