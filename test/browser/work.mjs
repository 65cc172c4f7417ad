/* Work and Keep current: by keyboard an obligation and an activity are entered, counted, corrected, verified and struck
 * out; an application is followed; a chart is judged before anything is told of it; a résumé is written and comes out as
 * page, PDF and JSON Resume. Files, and what plain requests are refused. */
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Server, browser, ok, remark, run, sleep } from "./lib.mjs";
import { fillRecord, pdf } from "./record_scene.mjs";

let page;
const text = () => page.locator("main").innerText();
const type = async (selector, words) => {
  await tabTo(selector);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(words, { delay: 2 });
};

async function ledger(server) {
  await page.goto(`${server.url}/ledger`);
  await go('main a[href="/ledger/held"]');
  ok(/California: laboratory/.test(await choose("#rule", "California: lab")), "a rule is chosen by typing");
  await type("#deadline", "soon");
  await go("main button.first");
  ok(/soon/.test(await page.locator(".notice:not([hidden])").innerText()) && await page.inputValue("#deadline") === "soon", "what is no day is refused with a sentence, and what was typed stays");
  ok(/ca-laboratory/.test(await page.inputValue("#rule")), "the choice stays too");
  await type("#deadline", "2030-05-31");
  await go("main button.first");
  ok(/24/.test(await text()) && /24 hours will do/.test(await text()), "the shortest way is told", await text());
  await go('main a[href="/ledger/activity"]');
  await type("#date", new Date(Date.now() - 86400000).toISOString().slice(0, 10));
  await type("#title", "Malaria smears");
  await type("#hours", "1.5");
  await type("#proof", "certificate 12");
  await go("main button.first");
  /* the period begins two years before 2030-05-31: an activity of today lies before it */
  ok(/does not count/.test(await page.locator("details table").first().innerHTML()), "before the period it does not count, and says why");
  await go('main a.btn[href^="/ledger/held/"]');
  await type("#start", "2020-01-01");
  await go("main button.first");
  ok(/22.5/.test(await text()) && /23 hours will do/.test(await text()), "in the period it counts", await text());
  ok(/declared/.test(await page.locator("#activities ~ .card").innerText()), "and is declared");
  await go('main a[href^="/ledger/activity/"]');
  await type("#by", "J. Ruiz");
  await press("Enter");
  await settle();
  ok(/verified by J. Ruiz/.test(await text()), "verified by a person with a name");
  await go('main a[href^="/ledger/activity/"]');
  await type("#hours", "2");
  await go("main button.first");
  ok(/corrected 1 time/.test(await text()) && !/verified by J. Ruiz/.test(await text()), "a correction is counted and makes it declared again");
}

async function files(server, client) {
  const pdf = await client.get("/ledger.pdf");
  ok(pdf.bytes.subarray(0, 5).toString() === "%PDF-" && pdf.bytes.length > 5000, "the audit pack is a PDF");
  const ics = await client.get("/ledger.ics");
  ok(/text\/calendar/.test(ics.headers["content-type"]) && /BEGIN:VEVENT[\s\S]*DTSTART;VALUE=DATE:20300531/.test(ics.text) && ics.text.split("\r\n").every((l) => Buffer.byteLength(l) <= 75), "the calendar has the deadline, its lines are folded", ics.text.slice(0, 400));
  const json = JSON.parse((await client.get("/ledger.json")).text);
  ok(json.held.length === 1 && json.activities.length === 1 && json.activities[0].hours === "2", "the ledger as JSON", JSON.stringify(json));
  const id = json.activities[0].id;
  ok((await client.post(`/ledger/activity/${id}/strike`, { why: "" })).status === 400, "nothing is struck out without a reason");
  ok((await client.post(`/ledger/activity/${id}/strike`, { why: "entered twice" })).status === 303, "with one it is");
  ok(JSON.parse((await client.get("/ledger.json")).text).activities.length === 0, "and counts no longer");
  for (const path of ["/ledger/needs.svg", "/outlook/states.svg?job=technician&state=TN", "/outlook/others.svg", "/interview/chart.svg?seed=3"])
    ok(/<svg/.test((await client.get(path)).text), `${path} is a picture`);
  const csv = await client.get("/outlook?format=csv");
  ok(csv.text.trim().split("\r\n").length === 52, "pay by state as CSV: 51 rows and a head", csv.text.slice(0, 200));
}

/* Ticks the box whose label has these words, by keyboard. */
async function tick(words) {
  const value = await page.locator("label.choice", { hasText: words }).locator("input").getAttribute("value");
  await tabTo(`input[value="${value}"]`);
  await press("Space");
}

/* Files of a ZIP by name, as another program reads them. */
function unzip(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "titer-zip-"));
  try {
    writeFileSync(join(folder, "pack.zip"), bytes);
    const read = "import base64, json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps([[n, base64.b64encode(z.read(n)).decode()] for n in z.namelist()]))";
    return new Map(JSON.parse(execFileSync("python3", ["-c", read, join(folder, "pack.zip")])).map(([n, b]) => [n, Buffer.from(b, "base64")]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/* The certificate comes with the activity, also when a field is wrong the first time. */
async function oneForm(server, client) {
  const folder = mkdtempSync(join(tmpdir(), "titer-paper-")), photo = join(folder, "IMG_0042.HEIC"), page_ = join(folder, "page.pdf");
  writeFileSync(photo, Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(500, 7)]));
  writeFileSync(page_, "<html>");
  await page.goto(`${server.url}/ledger/activity`);
  await type("#title", "Malaria smears");
  await type("#hours", "2");
  await type("#date", "2026-13-01");
  await page.locator("#file").setInputFiles(page_);
  await go("main button.first");
  ok(/neither a PDF nor a picture/.test(await text()) && await page.inputValue("#title") === "Malaria smears", "a file that is no document is refused, and nothing typed is lost");
  await page.locator("#file").setInputFiles(photo);
  await go("main button.first");
  ok(/not a day/.test(await text()) && /IMG_0042\.HEIC" is kept/.test(await text()), "a wrong field keeps the file", await text());
  await type("#date", "2026-05-03");
  await go("main button.first");
  ok(/IMG_0042\.HEIC/.test(await page.locator("tr:has(a[data-row])", { hasText: "Malaria smears" }).innerText()), "activity and certificate stand together");
  ok((await client.get("/ledger.zip")).bytes.includes("proofs/02-1-IMG_0042.HEIC"), "the pack numbers them by date");
  const id = JSON.parse((await client.get("/ledger.json")).text).activities[1].id;
  await client.get(`/ledger/activity/${id}`);
  ok((await client.post(`/ledger/activity/${id}/strike`, { why: "only tried" })).status === 303, "struck out again");
  rmSync(folder, { recursive: true });
}

/* A document of the record is chosen as proof by keyboard, and comes out in the pack as it went in. */
async function proofs(server, client) {
  await fillRecord(client);
  await page.goto(`${server.url}/ledger/activity`);
  await type("#title", "Safety, yearly");
  await type("#hours", "1");
  await type("#date", "2026-03");
  await tick("transcript");
  await go("main button.first");
  ok(/transcript of 2021, both sides\.pdf/.test(await text()), "the ledger names the document that proves it", await text());
  const files = unzip((await client.get("/ledger.zip")).bytes);
  ok([...files.keys()].join() === "audit-pack.pdf,proofs/01-1-transcript-of-2021--both-sides.pdf,SHA256SUMS", "the pack holds the cover and the proof, named by its number", [...files.keys()].join());
  ok(files.get("audit-pack.pdf").subarray(0, 5).toString() === "%PDF-" && [...files.values()][1].equals(pdf("TRANSCRIPT")), "byte for byte");
  const held = JSON.parse((await client.get("/ledger.json")).text).held[0].id;
  ok(unzip((await client.get(`/ledger.zip?held=${held}`)).bytes).size === 3, "the pack of one obligation has what counts for it");
  ok((await client.get("/ledger.zip?held=none")).status === 404, "of an obligation that is not there there is none");
  const entry = JSON.parse((await client.get("/ledger.json")).text).activities[0];
  await oneForm(server, client);
  await client.get("/record");
  ok((await client.post(`/record/document/${entry.documents[0]}/remove`, { entry: "x" })).status === 303, "the document is removed from the record");
  ok(/a document that was removed/.test((await client.get("/ledger")).text) && unzip((await client.get("/ledger.zip")).bytes).size === 1, "then the ledger says so, and the pack is without it");
}

/* What the record has comes into the résumé by itself; one entry is left out by keyboard. */
async function recordInResume(server, client) {
  await page.goto(`${server.url}/resume`);
  const offered = await page.locator('input[name="shown"]').count();
  ok(offered === 4, "degree, program, job and certificate of the record are offered", `${offered}`);
  ok(await page.locator('input[name="shown"]:checked').count() === offered, "and shown unless they are left out");
  await tick("Medical laboratory technician program");
  await go("main button.first");
  const shown = await text();
  ok(/Technician, St\. Example Hospital/.test(shown) && /2021-08-02 to present/.test(shown) && !/technician program/i.test(shown), "the page shows what is ticked, not what is not", shown);
  ok(!/Nights every third week/.test(shown), "a note stays at home");
  const json = JSON.parse((await client.get("/resume.json")).text);
  ok(json.work[0].name === "St. Example Hospital" && json.work[0].startDate === "2021-08-02" && !("endDate" in json.work[0]) && json.education.length === 2 && json.education[0].institution === "Example College", "JSON Resume has it in the order of the record, before what was typed", JSON.stringify(json));
  await page.goto(`${server.url}/resume`);
  ok(await page.locator('input[name="shown"]:checked').count() === offered - 1, "what was left out stays so");
}

async function ladder(server) {
  await page.goto(`${server.url}/ladder`);
  ok(/You hold ASCP-MLT/.test(await text()) && /The next step/.test(await text()), "the ladder says what is held and what is next", await text());
  const rung = await page.locator("main ol > li").evaluateAll((all) => 1 + all.findIndex((li) => /The next step/.test(li.innerText)));
  await tabTo(`main ol > li:nth-child(${rung}) summary`);
  await press("Enter");
  await go(`main ol > li:nth-child(${rung}) a[href^="/road/route/"]`);
  ok(/Checklist/.test(await page.title()), "from a rung to the checklist of its route", await page.title());
  await page.goto(`${server.url}/ladder`);
  const goals = await page.locator('main a[href^="/road/find"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  ok(goals.length >= 9, "each certificate of a rung can be planned for", goals.join());
  await page.goto(`${server.url}${goals.find((g) => /ASCP-MLS/.test(g))}`);
  ok(!/Choose a goal of the list/.test(await text()) && await page.locator("main table").count() > 0, "and Plan finds a way to it", await text());
}

async function applications() {
  await page.goto(page.url().replace(/ledger.*/, "applications"));
  await go('main a[href="/applications/new"]');
  await type("#employer", "Lakeside Hospital");
  await go("main button.first");
  ok(/title of the position/.test(await page.locator(".notice:not([hidden])").innerText()) && await page.inputValue("#employer") === "Lakeside Hospital", "without a position it is refused, what was typed stays");
  await type("#title", "MLT, evenings");
  ok(await choose("#state", "Sent") === "Sent", "how far it has come");
  await type("#next_day", "2030-01-15");
  await go("main button.first");
  await go('main a[href^="/applications/"][data-row]');
  await choose("#state", "Interview");
  await go("main button.first");
  ok(/Sent .*→ Interview/.test(await text()), "its history is told", await text());
}

async function interview(client) {
  await page.goto(page.url().replace(/applications.*/, "interview"));
  const count = await page.locator("main .list li").count();
  ok(count >= 40, "at least forty questions", `${count}`);
  const before = (await client.get("/interview/explain-chart?seed=6")).text;
  ok(!/What was behind it|What happened|Nothing was wrong/.test(before) && !/A good answer shows/.test(before), "before the answer nothing is told");
  await page.goto(page.url() + "/explain-chart?seed=6");
  await go("main button.first");
  ok(/your own answer first/.test(await page.locator(".notice:not([hidden])").innerText()), "an empty answer tells nothing");
  ok(!/What was behind it/.test(await text()), "indeed nothing");
  await type("#said", "Level 2 moves");
  await go("main button.first");
  ok(/What was behind it/.test(await text()) && /Level 2 moves/.test(await text()), "after it the fault, the rules and what a good answer shows");
  const pictures = await Promise.all([6, 7, 6].map(async (seed) => (await client.get(`/interview/chart.svg?seed=${seed}`)).text));
  ok(pictures[0] === pictures[2] && pictures[0] !== pictures[1], "a seed is a chart: another seed another, the same the same");
}

async function resume(client) {
  await page.goto(page.url().replace(/interview.*/, "resume"));
  await type("#name", "Ines Okafor");
  await type("#education-0-title", "A.A.S., MLT");
  await type("#education-0-from", "last year");
  await go("main button.first");
  ok(/last year/.test(await page.locator(".notice:not([hidden])").innerText()) && await page.inputValue("#name") === "Ines Okafor", "a beginning that is no date is refused, what was typed stays");
  await type("#education-0-from", "2024-08");
  await go("main button.first");
  ok(/Ines Okafor/.test(await text()) && /A\.A\.S\., MLT/.test(await text()), "the page to print");
  const json = JSON.parse((await client.get("/resume.json")).text);
  ok(json.basics.name === "Ines Okafor" && json.education[0].area === "A.A.S., MLT" && json.meta.version === "v1.0.0", "JSON Resume", JSON.stringify(json));
  ok((await client.get("/resume.pdf?size=a4")).bytes.subarray(0, 5).toString() === "%PDF-", "PDF");
}

async function narrow(server) {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["ledger", "ledger/held", "ledger/activity", "outlook?state=TN", "applications", "interview", "interview/does-not-fit?seed=3", "resume", "skills", "ladder", "work"]) {
    await page.goto(`${server.url.replace(/\/$/, "")}/${path}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= 390, `/${path} fits 390 px`, `${wide}`);
  }
}

await run(async () => {
  const server = await new Server().start();
  const client = new Client(server);
  ({ page } = await browser());
  use(page);
  await ledger(server);
  await files(server, client);
  await applications();
  await interview(client);
  await resume(client);
  await proofs(server, client);
  await recordInResume(server, client);
  await ladder(server);
  await narrow(server);
  await sleep(50);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  remark(`${seen.presses} presses of a key`);
});
