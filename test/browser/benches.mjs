/* The hematology and coagulation benches by keyboard alone: blood that clumps in the cold is warmed and counted
 * again, and a long aPTT goes through a mixing study. The scenario is written as an instructor would, and imported. */
import { choose, go, main, next, pause, press, scan, seen, tab, tabTo, use, value } from "./keys.mjs";
import { Client, Server, browser, ok, remark, run } from "./lib.mjs";
import { accessions } from "./scene.mjs";

const scenario = `id: two-odd-tubes
order: 900
title: "Two odd tubes"
summary: "One count and one clotting time that do not fit."
level: core
mode: practice
role: "Technician"
staffing: "An assistant receives the tubes."
start: "06:00"
minutes: 240
prevalence: drill
benches: [hematology, coagulation]
briefing:
  - "Harbor Street Hospital."
objectives:
  - "See what does not fit"
  - "Find out why before reporting"
reception: assistant
handling: track
specimens: 12
pending: 0
background: 0
settings: {inpatient: 1}
qc_at: ["0:02"]
planted:
  - kind: patient
    cells: CAD
    expects: [warm]
    at: "0:20"
    panel: cbc
    setting: inpatient
  - kind: patient
    clotting: LA
    expects: [mix]
    at: "0:30"
    panel: coag_screen
    setting: inpatient
`;

let page;
const bench = () => page.locator("#bench").innerText();

/* A button of the bench by what it says. */
async function bid(text) {
  const code = await page.locator('#bench button[name="code"]', { hasText: text }).first().getAttribute("value");
  await go(`#bench button[value="${code}"]`);
}

async function untilBench(says, steps = 40) {
  for (let i = 0; i < steps; i++) {
    if (says(await bench())) return true;
    await next();
  }
  return false;
}

const pictures = () => page.evaluate(async () => {
  const all = [...document.querySelectorAll("#bench img")];
  for (const i of all) { i.loading = "eager"; await i.decode().catch(() => {}); }
  return all.map((i) => ({ wide: i.naturalWidth, alt: i.alt }));
});

await run(async () => {
  const server = await new Server().start();
  const client = new Client(server);
  const taken = await client.post("/author/import", { text: scenario });
  const form = (taken.headers.location || "").split("?")[0];
  ok(taken.status === 303 && form !== "", "the scenario is imported", `${taken.status} ${(/id="text-wrong"[^>]*>([^<]*)/.exec(taken.text) || [])[1]}`);
  const id = await client.create(form.split("/").pop(), 5);

  ({ page } = await browser());
  use(page);
  await page.mouse.move(0, 0);
  await page.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await page.goto(`${server.url}/shift/${id}/briefing`);
  await go("#start");
  await pause();

  let cold = null, long = null;
  const warm = async () => {
    await scan(cold);
    const before = await value("Mean cell hemoglobin conc");
    const shown = await pictures();
    ok(shown.length >= 3 && shown.every((p) => p.wide > 0 && p.alt.length > 20), "histograms and scattergram are shown, with words", JSON.stringify(shown).slice(0, 300));
    ok(/agglut|Flags of the counter/i.test(await bench()), "the counter flags it", (await bench()).slice(0, 300));
    await bid(/warm/i);
    ok(server.exported(id).includes('"do":"treat"'), "the tube goes into the warm bath");
    let after = NaN;
    for (let i = 0; i < 40 && !(after < 37); i++) { await next(); await scan(cold); after = await value("Mean cell hemoglobin conc"); }
    ok(before > 37 && after < 37 && after > 28, "warm, the indices are those of blood", `${before} became ${after}`);
  };
  const mix = async () => {
    await scan(long);
    let shown = await pictures();
    ok(shown.length >= 1 && shown.every((p) => p.wide > 0), "the clot curve is shown", JSON.stringify(shown).slice(0, 300));
    await choose('#bench select[name="test"]', "aPTT");
    await bid(/mix/i);
    ok(await untilBench((text) => /Studies: evidence/i.test(text) && /\d+(\.\d)? s/.test(text)), "the mixing study gives its times", (await bench()).slice(0, 500));
    shown = await pictures();
    ok(shown.length >= 2 && shown.every((p) => p.wide > 0), "and its picture", JSON.stringify(shown).slice(0, 300));
  };
  const looked = new Set();
  for (let i = 0; i < 160 && !(cold && long); i++) {
    await next();
    if (/\/debrief/.test(page.url())) break;
    if (i % 4 !== 3) continue;
    if (/QC to review/.test(await page.locator("#alerts").innerText())) {
      await tab("qc");
      for (let k = 0; k < 6 && await page.locator('li:not(:has-text("nothing open")) button[value="accept-qc-run"]').count(); k++) await go('button[value="accept-qc-run"]');
    }
    await tab("worklist");
    const all = accessions(await page.content());
    for (const accession of all) {
      if (looked.has(accession)) continue;
      await scan(accession);
      if (await page.locator("#bench").count() === 0) continue;
      const mchc = await value("Mean cell hemoglobin conc"), aptt = await value("Activated partial");
      if (mchc === mchc || aptt === aptt) looked.add(accession);
      if (mchc > 37 && !cold) { cold = accession; remark(`${accession}: MCHC ${mchc}`); await warm(); }
      if (aptt > 45 && !long) { long = accession; remark(`${accession}: aPTT ${aptt}`); await mix(); }
    }
  }
  ok(cold !== null, "a count whose MCHC cannot be is found");
  ok(long !== null, "a long aPTT is found");

  await tab("handover");
  await tabTo("textarea");
  await page.keyboard.type("Cold agglutinin warmed; long aPTT mixed.");
  await go('button[value="hand-over"]');
  await tabTo("#reaction");
  await page.keyboard.type("Two that did not fit.");
  await press("Tab");
  await page.keyboard.type("50");
  await go("main form button.first");
  const text = await main();
  ok(text.includes(cold) && text.includes(long), "the debrief tells of both tubes", text.slice(0, 400));
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
