/* Reception beyond the tray by keyboard alone: a spin with its program, minutes and balance, a label that was not read, a
 * test added to a stored tube, an aliquot; then plain forms at 390 px; and the stream replays to the same state. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { choose, go, main, press, seen, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, emptyFolder, ok, run, titer } from "./lib.mjs";
import { byHand, receiveAll, ticks } from "./scene.mjs";

const open = async (page, server, id, path) => { await page.goto(`${server.url}/shift/${id}/${path}`); await settle(); await page.mouse.move(0, 0); };

async function tick(index) {
  await tabTo(`input[name="list"][value="${index}"]`);
  await press(" ");
}

/* Received tubes, and the clock far enough for them to have clotted. */
async function toSpin(client) {
  const id = await client.create("first-hour-bench", 6);
  await client.clock(id, 0);
  for (let i = 0; i < 30 && ticks((await client.get(`/shift/${id}/bench`)).text, "Tubes to spin").length < 4; i++) { await receiveAll(client, id); await client.skip(id); await client.clock(id, 0); }
  return { id, tubes: ticks((await client.get(`/shift/${id}/bench`)).text, "Tubes to spin") };
}

async function spins(page, server, { id, tubes }) {
  await open(page, server, id, "bench");
  ok((await page.locator(".rotors img").first().getAttribute("alt")) === "Rotor of 24 places: 0 tubes; the display says stands, lid open.", "a centrifuge that stands says so", await page.locator(".rotors img").first().getAttribute("alt"));
  for (const field of ['select[name="spin-code"]', 'select[name="run"]', 'input[name="number"]'])
    ok((await page.locator(field).inputValue()) === "", `nothing is chosen for ${field}`);
  for (const t of tubes.slice(0, 3)) await tick(t[0]);
  const program = await choose('select[name="spin-code"]', "Serum");
  await tabTo('input[name="number"]');
  await page.keyboard.type("10");
  const balance = await choose('select[name="run"]', "As they are");
  await go('button[value="spin"]');
  ok(/Serum and plasma, 1300 g/.test(program) && /As they are/.test(balance) && /10 min left/.test(await main()), "an odd load starts", (await main()).slice(0, 400));
  const rows = await page.locator('[aria-label="In Centrifuge 1"] tbody tr').count();
  ok(rows === 3 && /3 tubes; the display says 10 min/.test(await page.locator(".rotors img").first().getAttribute("alt")), "its tubes stand in the table and in the picture", rows);
  const drawn = await page.evaluate(async () => { const i = document.querySelector(".rotors img"); await i.decode(); return i.naturalWidth; });
  ok(drawn > 200, "and it is drawn", drawn);
}

async function stopsAndSpins(page, server, client, { id, tubes }) {
  for (let i = 0; i < 8 && ticks((await client.get(`/shift/${id}/bench`)).text, "Tubes to spin").length < tubes.length; i++) { await client.skip(id); await client.clock(id, 0); }
  await open(page, server, id, "bench");
  ok(await page.locator(`input[name="list"][value="${tubes[0][0]}"]`).count() === 1, "out of balance it has stopped: nothing is spun");
  for (const t of tubes.slice(0, 3)) await tick(t[0]);
  await choose('select[name="spin-code"]', "Serum");
  await tabTo('input[name="number"]');
  await page.keyboard.type("10");
  await choose('select[name="run"]', "Opposite");
  await go('button[value="spin"]');
  ok(/balance tube/.test(await page.locator('[aria-label="In Centrifuge 1"]').innerText()), "with a balance tube it runs");
}

async function labels(page, server, { id, unread }) {
  await open(page, server, id, `reception/${unread}`);
  ok(/Its barcode was not read/.test(await main()), "the tube tells why it came back", (await main()).slice(0, 300));
  await go('button[value="inspect"]');
  ok(/label crooked/.test(await page.locator("img.tube").getAttribute("alt")), "the eye sees the label", await page.locator("img.tube").getAttribute("alt"));
  ok(await page.locator(".beside table tbody tr").count() >= 3, "label and order stand side by side");
  await go('button[value="label"]');
  ok(/label straight/.test(await page.locator("img.tube").getAttribute("alt")) && !/not read/.test(await main()), "a fresh label is on it");
  await open(page, server, id, "bench");
  await tick(await page.locator('[aria-label="Tubes that are ready"] input').first().getAttribute("value"));
  await choose('select[name="line"]', "AN-2");
  await go('button[value="load"]');
  ok(!/Barcode not read/.test(await main()), "and it is loaded again");
}

async function stores(page, server, { id }) {
  await open(page, server, id, "store");
  const cards = page.locator("section.stack article");
  const magnesium = cards.filter({ hasText: "Magnesium" }), accession = await magnesium.locator("h3 .mono").innerText();
  ok(/2 to 8 °C, rack 1, place \d/.test(await magnesium.innerText()) && /the day before/.test(await magnesium.innerText()), "an order tells where the tube is and when it was drawn", await magnesium.innerText());
  const number = await magnesium.locator('input[name="list"]').getAttribute("value");
  await go(`form:has(input[name="specimen"][value="${number}"]) button[value="add-on"]`);
  ok(/Take it out first/.test(await page.locator("body").innerText()), "a tube in the store is taken out first");
  await go(`form.verbs:has(input[name="list"][value="${number}"]) button[value="take-out"]`);
  ok(/is on the bench/.test(await magnesium.innerText()), "it is out", await magnesium.innerText());
  await go(`form:has(input[name="specimen"][value="${number}"]) button[value="add-on"]`);
  ok(/done/.test(await magnesium.innerText()), "and the test is added", await magnesium.innerText());
  const troponin = cards.filter({ hasText: "Troponin" });
  await go(`form:has(input[name="test"][value="hs_tni"]) button[value="decline"]`);
  ok(/refused/.test(await troponin.innerText()), "another is refused, and drawn anew");
  await open(page, server, id, `store?q=${accession}`);
  ok(/0 of \d/.test(await main()), "who searches the store does not find what is out", (await main()).slice(-400));
  const done = ticks(await page.content(), "Tubes whose results are out");
  await tick(done[0][0]);
  await choose('select[name="store-code"]', "2 to 8");
  await go('button[value="store"]');
  await open(page, server, id, `store?q=${done[0][1]}`);
  ok(new RegExp(`${done[0][1]}[\\s\\S]*rack 1`).test(await page.locator('[aria-label="Stored tubes"]').innerText()), "and finds what was put in");
}

async function pours(server, client, { id }) {
  const { page, context } = await browser({ javaScriptEnabled: false });
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await page.setViewportSize({ width: 390, height: 844 });
  for (let i = 0; i < 40 && !/An aliquot at/.test((await client.get(`/shift/${id}/store`)).text); i++) { await client.skip(id); await client.clock(id, 0); }
  await page.goto(`${server.url}/shift/${id}/store`);
  const card = page.locator("section.stack article").filter({ hasText: "An aliquot at" });
  const parent = await card.locator("h3 .mono").innerText();
  await card.locator('button[value="take-out"]').click();
  await page.goto(`${server.url}/shift/${id}/reception/${parent}`);
  await page.click('button[value="aliquot"]');
  await page.goto(`${server.url}/shift/${id}/worklist?show=all`);
  const cup = await page.locator("tbody tr").filter({ hasText: "aliquot" }).locator("a.mono").innerText();
  await page.goto(`${server.url}/shift/${id}/reception/${cup}`);
  ok((await page.locator("main").innerText()).includes(`Poured off ${parent}`), "an aliquot names its first tube");
  await page.click('button[value="label"]');
  await page.goto(`${server.url}/shift/${id}/store`);
  const index = ticks(await page.content(), "Tubes whose results are out").find((t) => t[1] === cup)[0];
  await page.check(`input[name="list"][value="${index}"]`);
  await page.selectOption('select[name="store-code"]', { label: "-20 °C" });
  await page.click('button[value="store"]');
  ok(/done/.test(await page.locator("section.stack article").filter({ hasText: "An aliquot at" }).innerText()), "frozen, the order is done");
  for (const path of ["bench", "store", `reception/${cup}`]) {
    await page.goto(`${server.url}/shift/${id}/${path}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= 390, `at 390 px nothing runs off the side of ${path.split("/")[0]}`, wide);
  }
  return cup;
}

await run(async () => {
  const server = await new Server().start();
  const client = new Client(server);
  const spin = await toSpin(client);
  ok(spin.tubes.length >= 4, "tubes wait for the centrifuge", spin.tubes.length);
  const { page, context } = await browser();
  use(page);
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await spins(page, server, spin);
  await stopsAndSpins(page, server, client, spin);
  const hands = await byHand(client);
  ok(hands.unread, "a tube came back unread");
  await labels(page, server, hands);
  await stores(page, server, hands);
  const cup = await pours(server, client, hands);

  const stream = server.exported(hands.id), file = join(emptyFolder("stream"), "shift.jsonl");
  ok(["label", "take-out", "add-on", "decline", "store", "aliquot"].every((word) => stream.includes(`"do":"${word}"`)) && /"do":"spin","run":1,"code":0,"n":10/.test(stream), "the stream carries every verb", stream.split("\n").find((l) => l.includes("spin")));
  writeFileSync(file, stream);
  const replayed = spawnSync(titer, ["shift", "replay", file], { encoding: "utf8" });
  ok(replayed.status === 0, "and it is replayed by the command line", replayed.stderr + replayed.stdout);
  await server.kill();
  await server.start();
  await open(page, server, hands.id, `store?q=${cup}`);
  ok(/-20 °C, rack 1, place 1/.test(await page.locator('[aria-label="Stored tubes"]').innerText()), "after a crash the aliquot stands where it stood");
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
