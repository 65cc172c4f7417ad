/* A whole shift by keyboard alone: home, briefing, worklist, controls, the contaminated tube, the telephone,
 * hand-over, and the debrief read. No mouse, no address typed; the focus can always be seen. */
import { choose, go, main, next, pause, press, scan, seen, settle, tab, tabTo, use, value } from "./keys.mjs";
import { Server, browser, ok, remark, run } from "./lib.mjs";

let page;


/* Answers what rings: asks who is meant, looks it up, then does what can be done. */
async function answerPhone() {
  await tab("phone");
  if (await page.locator('button[value="answer"]').count() === 0) return false;
  await press("a");
  await settle();
  for (const code of ["0", "2", "1", "4", "5"]) {
    if (await page.locator(`form:has(input[value="reply"]) button[name="code"][value="${code}"]`).count() === 0) break;
    await go(`form:has(input[value="reply"]) button[name="code"][value="${code}"]`);
  }
  return true;
}

async function judgeControls() {
  await tab("qc");
  let runs = 0;
  while (runs < 6 && await page.locator('li:not(:has-text("nothing open")) button[value="accept-qc-run"]').count()) {
    const before = await page.locator("main").innerText();
    await go('button[value="accept-qc-run"]');
    runs += 1;
    if (await page.locator("main").innerText() === before) break;
  }
  return runs;
}

const heldList = () => page.evaluate(() => [...document.querySelectorAll('.list a[href*="/verification/"]')].map((a) => a.querySelector(".mono").textContent));

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  await page.mouse.move(0, 0);
  await page.goto(server.url);

  await tabTo("#first");
  ok(seen.presses <= 4, "home: the first shift is a few presses away", `${seen.presses}`);
  await go("#scenario-morning-run summary");
  await tabTo("#seed-morning-run"); /* a known seed: the test is the same every time */
  await page.keyboard.type("7");
  await press("Enter");
  await settle();
  ok(/\/briefing$/.test(page.url()), "the briefing opens", page.url());
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await go("#start");
  ok(/\/worklist/.test(page.url()), "briefing: the shift starts", page.url());
  ok(/Worklist/.test(await main()), "the worklist is there");
  await pause();
  await press("?");
  ok(await page.locator("#keys").evaluate((e) => e.open), "? shows the keys");
  await press("Escape");

  /* Work until the contaminated tube is among the held ones; meanwhile accept controls and answer. */
  let tube = null, judged = 0, answered = 0, verified = 0, notEdta = new Set();
  for (let i = 0; i < 260 && !tube; i++) {
    await next();
    if (/\/debrief/.test(page.url())) break;
    if (i % 4 !== 3) continue;
    if (/QC to review/.test(await page.locator("#alerts").innerText())) judged += await judgeControls();
    if (/ringing/.test(await page.locator("#alerts").innerText())) answered += await answerPhone();
    await tab("verification");
    for (const accession of await heldList()) {
      if (notEdta.has(accession)) continue;
      await scan(accession);
      const k = await value("Potassium"), ca = await value("Calcium"), alp = await value("Alkaline");
      if (k > 5.5 && ca < 8 && !(alp > 60)) { tube = accession; remark(`${accession}: potassium ${k}, calcium ${ca}, alkaline phosphatase ${alp}`); break; }
      notEdta.add(accession);
      /* An ordinary one: tick the first and verify it by its key. */
      if (verified === 0 && await page.locator('form:has(button[value="verify"]) input[name="list"]').count()) {
        await go('form:has(button[value="verify"]) input[name="list"]', "Space");
        await press("v");
        await settle();
        verified += (await server.exported(id)).includes('"do":"verify"') ? 1 : 0;
      }
      await tab("verification");
    }
  }
  ok(judged > 0 && server.exported(id).includes('"do":"accept-qc-run"'), "controls are judged on the board", `${judged}`);
  ok(verified > 0, "a held result is verified with v");
  ok(tube !== null, "the tube that does not fit is found: high potassium, low calcium and alkaline phosphatase");
  ok(new RegExp(`/verification/${tube}`).test(page.url()), "scanning an accession opens it where it waits", page.url());

  /* Cancel what waits, with the reason, and send for a new tube. */
  const list = 'form:has(button[value="cancel"]) input[name="list"]';
  const boxes = await page.locator(list).count();
  for (let i = 0; i < boxes; i++) {
    await tabTo(`${list}:not(:checked)`); /* between two boxes stands the link to a curve */
    await press("Space");
  }
  ok(await page.locator(`${list}:checked`).count() === boxes && boxes > 0, `${boxes} results are ticked with the space bar`);
  ok(/tube additive/.test(await choose('select[name="cancel-code"]', "Not reported: specimen contaminated with a")), "a reason is chosen by typing");
  await go('button[value="cancel"]');
  ok(server.exported(id).includes('"do":"cancel"'), "the results are canceled with a reason");
  if (await page.locator('form:has(button[value="reject"]) select').count() === 0) { await scan(tube); }
  if (await page.locator("details.card > summary").count() && !await page.locator("details.card").evaluate((d) => d.open)) await go("details.card > summary");
  if (await page.locator('form:has(button[value="reject"]) select').count()) {
    await choose('form:has(button[value="reject"]) select[name="code"]', "Contaminated with a");
    await go('button[value="reject"]');
  }
  ok(server.exported(id).includes('"do":"reject"'), "the specimen is rejected and a new one asked for", `${page.url()}\n${(await main()).slice(0, 300)}`);

  /* The telephone: a critical result, or whoever rings. */
  let called = false;
  for (let i = 0; i < 90 && !called; i++) {
    await tab("phone");
    if (await page.locator('button[value="answer"]').count()) answered += await answerPhone();
    else if (await page.locator('form:has(input[value="call"]) button').count()) {
      await go('form:has(input[value="call"]) button');
      for (let k = 0; k < 3 && await page.locator('form:has(input[value="read-back"])').count(); k++) await go('form:has(input[value="read-back"]) button[value="0"]');
      called = true;
    }
    if (answered && i > 20) break;
    if (!called) { await next(); await next(); }
  }
  ok(called || answered > 0, "the telephone is used", `called ${called}, answered ${answered}`);
  ok(/"do":"(call|answer)"/.test(server.exported(id)), "and the call is on record");

  await tab("sops");
  await press("j");
  await press("Enter");
  await settle();
  ok(/\/sops\/./.test(page.url()), "a procedure is opened with j and Enter", page.url());

  await tab("handover");
  await tabTo("textarea");
  await page.keyboard.type("Two lines in control. One tube with additive, new one asked for.");
  await go('button[value="hand-over"]');
  ok(/\/debrief/.test(page.url()), "the hand-over ends the shift", page.url());
  ok(await page.locator("#reaction").count() === 1, "before the score it asks how it was");
  await tabTo("#reaction");
  await page.keyboard.type("One tube did not fit.");
  await press("Tab");
  await page.keyboard.type("60");
  await go("main form button.first");
  const text = await main();
  ok(/\/debrief$/.test(page.url()) && /score|of 100/i.test(text), "the debrief opens with a score", text.slice(0, 300));
  ok(/EDTA/i.test(text), "it says what was planted: EDTA contamination", text.slice(0, 600));
  ok(text.includes(tube), `and where: ${tube}`);
  ok(/caught/i.test(text), "and what became of it", text.slice(0, 600));
  const score = await page.evaluate(() => [...document.body.textContent.matchAll(/\b(\d{1,3})\s*(?:of|\/)\s*100\b/g)].map((m) => Number(m[1]))[0]);
  remark(`score ${score}, ${seen.presses} presses of a key`);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
