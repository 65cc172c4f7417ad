/* Work and Keep current: by keyboard an obligation and an activity are entered, counted, corrected, verified and struck
 * out; an application is followed; a chart is judged before anything is told of it; a résumé is written and comes out as
 * page, PDF and JSON Resume. Files, and what plain requests are refused. */
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, ok, remark, run, sleep } from "./lib.mjs";

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
  await narrow(server);
  await sleep(50);
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  remark(`${seen.presses} presses of a key`);
});
