/* The hematology and the coagulation bench by keyboard alone: a count that cannot be true is warmed and released, a
 * prolonged clotting time is mixed with normal plasma and its index worked out; the same warming by plain forms; the
 * tabs of a shift are those of its benches; pictures may be kept until the next run. */
import { Server, Client, browser, ok, remark, run } from "./lib.mjs";
import { go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { printed, countsAndClots, untilAtBench } from "./scene.mjs";

const MCHC = "Mean cell hemoglobin concentration", APTT = "Activated partial thromboplastin time";
let page;

const tab = (name) => go(`#tabs a[href$="/${name}"]`);
const main = () => page.locator("main").innerText();
const open = (bench, accession) => go(`.list a[href$="/${bench}/${accession}"]`);

/* Jumps until a treatment of the open specimen is over. */
async function untilDone(most = 40) {
  for (let i = 0; i < most && /done with the tube until/.test(await main()); i++) {
    await press(".");
    await settle();
  }
}

async function coldAgglutinin(server, id, cold, before) {
  await tab("hematology");
  ok(/HM-1/.test(await main()) && /Patient averages/.test(await main()), "the bench shows its analyzer and the patient averages");
  await open("hematology", cold);
  const text = await main();
  ok(/Red cells[\s\S]*Platelets[\s\S]*Differential/.test(text), "the count stands in groups");
  ok(/Red cell agglutination\?/.test(text) && /Review rules that it broke/.test(text), "flags and review rules are in words");
  ok(await page.locator(".pictures img").count() === 4, "three histograms and the scattergram");
  ok((await page.locator(".pictures img").evaluateAll((list) => list.every((i) => i.alt.length > 40))), "each told in words");

  await go("#checks summary");
  await go("#do-rule3_2");
  const expected = 3 * Number(before.Hemoglobin), said = await page.locator("form:has(#do-rule3_2) output").innerText();
  ok(Math.abs(Number(/[\d.]+/.exec(said)) - expected) < 0.06 && expected > Number(before.Hematocrit) + 3, "three times hemoglobin is not the hematocrit", `${said}, counted ${before.Hematocrit}`);

  await go('button[name="code"][value="0"]'); /* warm */
  ok(server.exported(id).includes('"do":"treat"'), "the tube is warmed");
  ok(/done with the tube until \d\d:\d\d/.test(await main()), "and the page says until when");
  await untilDone();
  const rows = await printed(new Client(server), id, "hematology", cold);
  remark(`MCHC ${before[MCHC]}, after warming ${rows[MCHC]}; RBC ${before["Red blood cells"]}, ${rows["Red blood cells"]}`);
  ok(Number(rows[MCHC]) < 38 && Number(rows["Red blood cells"]) > Number(before["Red blood cells"]), "the warmed count is possible");
  ok(/warmed to 37/i.test(await main()), "the page says how it was run");
  await press("a");
  await settle();
  const boxes = await page.locator('input[name="list"]:checked').count();
  ok(boxes > 0, `one key ticks all that wait (${boxes})`);
  await press("v");
  await settle();
  ok(await page.locator('form:has(button[value="verify"]) input[name="list"]').count() === 0 && server.exported(id).includes('"do":"verify"'), "and one releases them", await main());
}

async function mixing(server, id, long, before) {
  await tab("coagulation");
  ok(/ISI/.test(await main()) && /CG-1/.test(await main()), "the bench shows its analyzer, ISI and normal plasma");
  await open("coagulation", long);
  ok(await page.locator('.pictures img[src*="/clot/"]').count() >= 2, "a clot curve for each clotting test");
  ok(/hematocrit/.test(await page.locator("aside").innerText()), "fill and hematocrit stand beside it");
  await tabTo('form:has(button[name="code"][value="16"]) select[name="test"]');
  await go('button[name="code"][value="16"]'); /* mix, at once */
  await untilDone();
  ok(await page.locator('.pictures img[src*="/mixing/"]').count() === 1, "the mixing study is plotted", await main());
  const mix = Number(/1:1 with normal plasma\s+([\d.]+) s/.exec(await main())?.[1]);
  await go("#checks summary");
  await go("#do-rosner_index");
  const said = await page.locator("form:has(#do-rosner_index) output").innerText(), patient = Number(before[APTT]);
  const pool = Number(await page.locator('form:has(#do-rosner_index) input[name="npp"]').inputValue());
  ok(Math.abs(Number(/-?[\d.]+/.exec(said)) - 100 * (mix - pool) / patient) < 0.11, "the Rosner index is worked out from patient, mix and pool", `${said} of ${mix}, ${pool}, ${patient}`);
  await tabTo('form:has(#do-percent_correction) input[name="mix"]');
  await page.keyboard.press("Control+A");
  await page.keyboard.type("abc");
  await press("Enter");
  await settle();
  ok(/abc/.test(await page.locator("form:has(#do-percent_correction) output").innerText()) && await page.locator('form:has(#do-percent_correction) input[name="mix"]').inputValue() === "abc", "what is no number is answered with a sentence and kept");
}

async function pictures(client, id, cold) {
  const text = (await client.get(`/shift/${id}/hematology/${cold}`)).text, src = /<img src="([^"]*scatter[^"]*)"/.exec(text)[1];
  const kept = await client.get(src), old = await client.get(src.replace(/v=\d+/, "v=1")), none = await client.get(src.replace(/v=\d+/, "v=9"));
  ok(/immutable/.test(kept.headers["cache-control"]) && /private/.test(kept.headers["cache-control"]), "a picture of the last run may be kept", kept.headers["cache-control"]);
  ok(old.headers["cache-control"] === "no-store" && none.headers["cache-control"] === "no-store", "under another run's number it may not");
  ok((await client.get(`/shift/${id}/count/${cold}/nothing?v=1`)).status === 404, "a picture that is not there is answered with 404");
}

await run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const id = await client.create(await countsAndClots(client), 5);
  const cold = await untilAtBench(client, id, "hematology", (v) => Number(v[MCHC]) > 38);
  const long = await untilAtBench(client, id, "coagulation", (v) => Number(v[APTT]) > 45);
  ok(cold && long, "a count with an impossible MCHC and a long aPTT are at their benches", `${cold} ${long}`);
  const count = await printed(client, id, "hematology", cold), clot = await printed(client, id, "coagulation", long);
  const first = (await client.get(`/shift/${id}/worklist`)).text;
  ok(/href="[^"]*\/hematology"/.test(first) && /href="[^"]*\/coagulation"/.test(first) && !/href="[^"]*\/chemistry"/.test(first), "the tabs are those of the benches of the shift");
  ok((await client.get(`/shift/${id}/hematology/${long}`)).status === 404, "a citrate tube is not at the counter");
  const board = (await client.get(`/shift/${id}/qc`)).text;
  ok(/<td>hematology<\/td>/.test(board) && /<td>coagulation<\/td>/.test(board), "the board names the bench of each test");
  const chart = await client.get(`/shift/${id}/qc/3/HGB`);
  ok(chart.status === 200 && /Level 3/.test(chart.text), "a test of the counter has three levels");

  ({ page } = await browser());
  use(page);
  await page.mouse.move(0, 0);
  await page.goto(`${server.url}/shift/${id}/worklist`);
  await coldAgglutinin(server, id, cold, count);
  await mixing(server, id, long, clot);
  await pictures(client, id, cold);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  remark(`${seen.presses} presses of a key`);

  const chemistry = await client.create("morning-run", 3);
  const tabs = (await client.get(`/shift/${chemistry}/worklist`)).text;
  ok(/href="[^"]*\/chemistry"/.test(tabs) && !/href="[^"]*\/hematology"/.test(tabs), "a shift of chemistry alone has no tab of the others");
  ok((await client.get(`/shift/${chemistry}/hematology`)).status === 404, "nor their pages");
});
