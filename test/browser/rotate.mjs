/* A rotation: the day's log by keyboard and on a phone, without a network, sent twice, from two windows; signing by link
 * and by PIN; what the preceptor's page must not tell; outcomes with the list behind a figure. */
import { Client, Server, browser, ok, remark, run, sleep } from "./lib.mjs";
import { mkdirSync } from "node:fs";

const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const shot = async (page, name) => { if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }); };
const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
const COHORT = "id,cohort,final_half,graduated,exam,passed,placement\n" +
  "A-1,2022,2022-01-10,2022-05-20,2022-06-10,2022-06-10,placed\n" +
  [2023, 2024].flatMap((y) => [...Array(10).keys()].map((i) => `B-${y}-${i},${y},${y}-01-10,${y}-05-20,${y}-06-10,${i < 5 ? `${y}-06-10` : ""},${["placed", "studying", "no-reply", "not-placed", "related"][i % 5]}`)).join("\n") + "\n";

const entries = async (client) => (await client.get("/rotate/entries?format=csv")).text.trim().split("\n").length - 1;

async function fillDay(page, back, department = "chemistry") {
  await page.fill("#day", day(back));
  await page.fill("#in", "07:00");
  await page.fill("#out", "15:30");
  await page.fill("#breaks", "30");
  await page.fill("#site", "Synthetic General");
  await page.selectOption("#department", department);
}

async function log(server, page, client) {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/rotate`);
  await page.fill("#name", "S-0042");
  await page.selectOption("#requirement", "rose-state-mlt");
  await page.focus("#requirement");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("h1").textContent.includes("S-0042"));
  ok(true, "the program and its hours are chosen by keyboard");

  const began = Date.now();
  await page.goto(`${server.url}/rotate/log`);
  await page.focus("#in");
  await fillDay(page, 6);
  await page.click("summary:has-text('Chemistry')");
  await page.fill("#n-chemistry-qc", "3");
  await page.fill("#reflection", "Two levels, one repeat; asked when to hold.");
  await shot(page, "log-390");
  await page.focus("form.rotate-log button.first");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/rotate\/item\//);
  remark(`a day by script in ${Date.now() - began} ms; 8 fields, most known from the day before`);
  ok(await entries(client) === 1, "a day is logged on a phone's width");
  await shot(page, "item-390");

  await page.goto(`${server.url}/rotate/log`);
  ok(await page.inputValue("#site") === "Synthetic General" && await page.inputValue("#in") === "07:00", "site and times of the last day are there already");
  await fillDay(page, 5);
  await page.fill("#reflection", "MRN 0042117 had a short draw");
  await page.click("form.rotate-log button.first");
  await page.waitForSelector("#queued p");
  ok(/looks like a record/.test(await page.textContent("#queued")), "what looks like a patient's number is not taken");
  ok(await page.inputValue("#reflection") === "MRN 0042117 had a short draw", "and the form keeps its text");
  await page.fill("#reflection", "One short draw.");
  await page.click("form.rotate-log button.first");
  await page.waitForURL(/\/rotate\/item\//);
  ok(await entries(client) === 2, "mended, it is taken, once");
}

/* Two windows, the network cut, the server killed; then everything comes back. */
async function offline(server, context, page, client) {
  await page.goto(`${server.url}/rotate/log`);
  await page.waitForFunction(async () => { const s = await caches.open("titer-rotate"); return (await s.keys()).length > 3; });
  const second = await context.newPage();
  await second.goto(`${server.url}/rotate/log`);
  const before = await entries(client);
  await context.setOffline(true);
  await fillDay(page, 4);
  await page.click("form.rotate-log button.first");
  await page.waitForSelector("#queued p:has-text('kept on this device')");
  await fillDay(page, 3, "hematology");
  await page.click("form.rotate-log button.first");
  await page.waitForFunction(() => document.querySelectorAll("#queued p").length === 2);
  ok(true, "without a network two days are kept in the browser");
  await shot(page, "log-offline-390");
  await fillDay(second, 2, "coagulation");
  await second.click("form.rotate-log button.first");
  await second.waitForFunction(() => document.querySelectorAll("#queued p").length === 3);
  await server.kill(); /* not only the network: the program itself is gone, before the days can be sent */
  await context.setOffline(false);

  await second.reload();
  ok(/Log a day/.test(await second.textContent("h1")), "the log page opens while the server is gone");
  ok(await second.evaluate(() => document.querySelectorAll("#queued p").length) === 3, "and shows what waits");
  await fillDay(second, 1, "urinalysis");
  await second.click("form.rotate-log button.first");
  await second.waitForFunction(() => document.querySelectorAll("#queued p").length === 4);
  await server.start();
  await Promise.all([page, second].map((p) => p.evaluate(() => dispatchEvent(new Event("online")))));
  await page.waitForFunction(() => !Object.keys(localStorage).some((k) => k.startsWith("titer.log.")), null, { timeout: 30000 });
  ok(await entries(client) === before + 4, "everything arrives once, though two windows sent it", `${await entries(client)} of ${before + 4}`);
  await second.close();

  /* The answer is lost after the server took it: sent again, it is there once. */
  await page.goto(`${server.url}/rotate/log`);
  await fillDay(page, 8, "bloodbank");
  let lost = 0;
  await page.route("**/rotate/log", async (route) => {
    if (route.request().method() === "POST" && lost < 2) { lost += 1; await route.fetch({ maxRedirects: 0 }).catch(() => {}); await route.abort("connectionreset"); } else await route.continue();
  });
  await page.click("form.rotate-log button.first");
  await page.waitForSelector("#queued p:has-text('kept on this device')");
  ok(await entries(client) === before + 5, "the server took it although the answer was lost");
  await page.click("#queued button:has-text('Send now')");
  await sleep(500);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForFunction(() => !Object.keys(localStorage).some((k) => k.startsWith("titer.log.")), null, { timeout: 30000 });
  await page.unroute("**/rotate/log");
  ok(lost === 2 && await entries(client) === before + 5, "sent three times, it is there once");
}

async function byLink(server, page, client) {
  await page.goto(`${server.url}/rotate/entries?sort=day`);
  await page.click("tbody a >> nth=-1");
  await page.click("button:has-text('One-time link')");
  const link = await page.inputValue("#link");
  ok(/\/sign\/[0-9a-z]{26}$/.test(link), "a link with a token of 128 bits");
  ok(await page.locator("svg.qr").count() === 1 && /listens on this computer only/.test(await page.textContent("main")), "with a QR code, and told truthfully where it works");
  await shot(page, "link-390");
  const events = await client.get("/rotate");
  ok(!events.text.includes(link.slice(-26)), "no other page knows the token");

  const preceptor = await browser({ viewport: { width: 390, height: 844 } }); /* another browser, no cookie */
  const began = Date.now();
  await preceptor.page.goto(link);
  const seen = await preceptor.page.content();
  ok(await preceptor.page.locator("a[href]").count() === 0, "the preceptor's page leads nowhere else");
  ok(!/hematology|2 of|Rose State/i.test(await preceptor.page.textContent("main")) && seen.includes("S-0042"), "and shows this record alone");
  await preceptor.page.keyboard.press("Tab");
  await preceptor.page.fill("#by", "P. Receptor");
  await preceptor.page.fill("#role", "MLS");
  await shot(preceptor.page, "sign-390");
  await preceptor.page.keyboard.press("Enter");
  await preceptor.page.waitForSelector("text=Signed. Thank you.");
  remark(`signed by script in ${Date.now() - began} ms: two fields and a button`);
  ok(/[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}/.test(await preceptor.page.textContent("main")), "signed, with a receipt");
  await shot(preceptor.page, "signed-390");
  const again = await new Client(server).get(new URL(link).pathname);
  ok(again.status === 404 && !again.text.includes("S-0042"), "a second time the link opens nothing");
  const guesser = new Client(server);
  let last = 0;
  for (let i = 0; i < 7; i++) last = (await guesser.get(`/sign/${"0".repeat(25)}${i}`)).status;
  ok(last === 429, "guessing is stopped", last);
}

async function bySkill(server, page) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${server.url}/rotate/skills/mlt-qc`);
  ok(await page.locator("input[name=self]:checked").count() === 0, "the self-rating starts empty");
  await page.check("#s4");
  await page.fill("#comment", "Judged three runs.");
  await page.click("button:has-text('Keep')");
  await page.waitForURL(/\/rotate\/item\//);
  const item = page.url();
  await page.click("a:has-text('set one first')");
  await page.fill("#name", "Q. Receptor");
  await page.fill("#role", "MLS");
  await page.fill("#pin", "274951");
  await page.fill("#again", "274951");
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=Q. Receptor, MLS");
  await shot(page, "pins-1280");
  await page.goto(`${item}/pin`);
  const text = await page.textContent("main");
  ok(await page.locator("input[name=rating]:checked").count() === 0, "the preceptor's rating starts empty");
  ok(!/Judged three runs/.test(text) && !/own rating/i.test(await page.textContent("dl")), "the own rating is hidden until it is signed");
  await page.focus("#r3");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight"); /* 5: could teach */
  await page.selectOption("#pin-of", { label: "Q. Receptor, MLS" });
  await page.fill("#pin", "274951");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".notice.crit");
  ok(/needs a comment/.test(await page.textContent(".notice.crit")) && await page.isChecked("#r5"), "the highest rating needs a comment; what was chosen stays");
  await page.fill("#comment", "Explained it to a second student.");
  await page.fill("#pin", "274950");
  await page.click("button[value=sign]");
  await page.waitForSelector("text=This PIN is not right.");
  await page.fill("#pin", "274951");
  await shot(page, "pin-1280");
  await page.click("button[value=sign]");
  await page.waitForSelector("text=Signed. Thank you.");
  const done = await page.textContent("main");
  ok(/5 could teach/.test(done) && /4 independent/.test(done), "after signing both ratings stand side by side");
  await page.goto(`${server.url}/rotate/skills`);
  ok(/complete/.test(await page.textContent("tr:has-text('Runs and watches quality control')")), "the competency is complete");
  await shot(page, "skills-1280");
}

async function director(server, page, client) {
  await page.goto(`${server.url}/rotate/outcomes`);
  await page.fill("#csv", COHORT);
  await page.click("button:has-text('Take it in')");
  await page.waitForSelector("text=52.4 %");
  const card = await page.textContent("section[aria-label^='Certification']");
  ok(/11\/21/.test(card) && !/66\.7|67/.test(card), "three years are pooled: 11/21 = 52.4 %");
  await shot(page, "outcomes-1280");
  await page.click("section[aria-label^='Certification'] a.score");
  ok(await page.locator("tbody tr").count() === 21, "the figure opens the list of its 21 persons");
  ok((await client.get("/rotate/outcomes.csv")).text.includes("naacls,certification,pooled,11,21,52.38,no"), "and comes as CSV");
  for (const file of ["outcomes.pdf", "record.pdf"]) ok((await client.get(`/rotate/${file}`)).bytes.subarray(0, 5).toString() === "%PDF-", `${file} is a PDF`);
  await page.goto(`${server.url}/rotate/sites`);
  await page.fill("#name", "Synthetic General");
  await page.keyboard.press("Enter");
  await page.click("summary:has-text('New place')");
  await page.fill("#first", day(-1));
  await page.fill("#last", day(-30));
  await page.fill("#capacity", "1");
  await page.click("button:has-text('Add the place')");
  await page.fill("input[name=student]", "S-0042");
  await page.click("button[value=place]");
  await page.fill("input[name=student]", "S-0043");
  await page.click("button[value=place]");
  ok(/full/.test(await page.textContent(".notice.crit")), "a place takes no more than its capacity");
  await page.click("summary:has-text('Evaluate a site')");
  for (let q = 0; q < 5; q++) await page.check(`#q${q}-4`);
  await page.fill("#view-comment", "Told us everything.");
  await page.click("button:has-text('Send it')");
  ok(/Too few to show/.test(await page.textContent("main")) && !/Told us everything/.test(await page.textContent("main")), "one answer about a site is not shown");
  await shot(page, "sites-1280");
  await page.goto(`${server.url}/rotate/evaluations`);
  await shot(page, "evaluations-1280");
  await page.goto(`${server.url}/rotate`);
  await shot(page, "overview-1280");
  await page.setViewportSize({ width: 390, height: 844 });
  await shot(page, "overview-390");
  await page.goto(`${server.url}/rotate/outcomes`);
  await shot(page, "outcomes-390");
}

/* All of it by plain forms: sheet and its code. */
async function noScripts(server) {
  const client = new Client(server);
  await client.get("/rotate/log");
  const fields = { day: day(20), in: "08:00", out: "12:00", breaks: "0", site: "Synthetic General", department: "phlebotomy", "n-venipuncture": "7", reflection: "" };
  const made = await client.post("/rotate/log", fields);
  ok(made.status === 303 && /^\/rotate\/item\//.test(made.headers.location), "without scripts the log is a plain form");
  const sheet = await client.post(`${made.headers.location}/sheet`, {});
  ok(sheet.bytes.subarray(0, 5).toString() === "%PDF-" && /sign-sheet/.test(sheet.headers["content-disposition"]), "the paper sheet is a PDF");
  const wrong = await client.post("/sign", { code: "aaaa-bbbb-cccc" });
  ok(wrong.headers.location === "/sign/aaaabbbbcccc" && (await client.get(wrong.headers.location)).status === 404, "a wrong code opens nothing");
  const link = await client.post(`${made.headers.location}/link`, {});
  const token = /\/sign\/([0-9a-z]{26})/.exec(link.text)[1];
  const signed = await client.post(`/sign/${token}`, { name: "R. Receptor", role: "MLS", comment: "", do: "return" });
  ok(signed.status === 422 && /what should be corrected/.test(signed.text), "giving back needs a comment");
  const back = await client.post(`/sign/${token}`, { name: "R. Receptor", role: "MLS", comment: "It was four draws.", do: "return" });
  ok(/Given back/.test(back.text) && /It was four draws/.test((await client.get(made.headers.location)).text), "given back with a note");
}

/* What JSON Resume 1.0.0 asks of the parts that are written: types, and dates of a year, a month or a day. */
function wrongShape(json) {
  const date = /^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})$/, wrong = [];
  const text = (at, o, keys) => { for (const k of keys) if (k in o && typeof o[k] !== "string") wrong.push(`${at}.${k} is no text`); };
  const dates = (at, o, keys) => { for (const k of keys) if (k in o && !date.test(o[k])) wrong.push(`${at}.${k} is ${o[k]}`); };
  const list = (o, k) => { if (k in o && !(Array.isArray(o[k]) && o[k].every((x) => typeof x === "string"))) wrong.push(`${k} is no list of texts`); };
  for (const k of Object.keys(json)) if (!["$schema", "basics", "work", "education", "certificates", "skills", "interests", "meta"].includes(k)) wrong.push(`${k} is not of the schema`);
  text("basics", json.basics, ["name", "label", "email", "phone", "summary"]);
  text("location", json.basics.location, ["city", "region"]);
  for (const w of json.work) { text("work", w, ["name", "position", "summary"]); dates("work", w, ["startDate", "endDate"]); }
  for (const e of json.education) { text("education", e, ["institution", "area"]); dates("education", e, ["startDate", "endDate"]); list(e, "courses"); }
  for (const c of json.certificates) { text("certificates", c, ["name", "issuer"]); dates("certificates", c, ["date"]); }
  for (const s of json.skills) { text("skills", s, ["name", "level"]); list(s, "keywords"); }
  return wrong;
}

/* What was signed comes into the résumé with its hours; what was not is called so. */
async function inResume(client) {
  const shown = (await client.get("/resume/show")).text, json = JSON.parse((await client.get("/resume.json")).text);
  ok(/Clinical rotations/.test(shown) && /Synthetic General/.test(shown) && /h signed by preceptors/.test(shown) && /h not signed yet/.test(shown), "rotations are in the résumé: signed hours, and those not signed yet");
  ok(json.work.some((w) => w.name === "Synthetic General" && w.position === "Chemistry"), "and in JSON Resume", JSON.stringify(json.work));
  ok(wrongShape(json).length === 0, "which has the shapes that the schema asks for", wrongShape(json).join("\n"));
  ok((await client.get("/resume.pdf")).bytes.subarray(0, 5).toString() === "%PDF-", "and in PDF");
}

run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const { context, page } = await browser();
  page.problems.length = 0;
  await log(server, page, client);
  await offline(server, context, page, client);
  await byLink(server, page, client);
  await bySkill(server, page);
  await director(server, page, client);
  await noScripts(server);
  await inResume(client);
  const problems = page.problems.filter((p) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|403|429/.test(p));
  ok(problems.length === 0, "no script failed", problems.join("\n"));
});
