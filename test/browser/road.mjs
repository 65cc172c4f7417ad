/* The road without scripts: what if recalculates by the address alone, four are compared, the checklist has a calendar, licenses filter; plans
 * with their files, also by keyboard and on a phone. */
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { Server, Client, browser, ok, run } from "./lib.mjs";

/* The path finder without scripts: plans and their files from the address alone; what is wrong is said and stays. */
async function plans(client) {
  const get = async (path) => (await client.get(path)).text;
  const bare = await get("/road/find");
  ok(/<optgroup label="Work in a state">/.test(bare) && !/Taken for granted/.test(bare), "nothing asked, nothing answered");
  const mlt = await get("/road/find?goal=ASCP-MLT");
  ok(/MLT\(ASCP\)/.test(mlt) && /The quickest/.test(mlt) && /Taken for granted/.test(mlt) && /The board decides/.test(mlt), "a plan, what is taken for granted, and who decides");
  ok(/as of 20|As of 20/.test(mlt) && /Needed for: MLT\(ASCP\)/.test(mlt), "source with its day, and what a step is for");
  ok(/href="\/road\/route\/ASCP-MLT-\d"/.test(mlt), "the route has its page");
  const sections = (mlt.match(/<section class="card way"/g) || []).length, names = (mlt.match(/the quickest|the cheapest|the easiest to combine/gi) || []);
  ok(sections >= 1 && sections <= 3 && ["quickest", "cheapest", "easiest"].every((w) => names.some((n) => n.includes(w))), "three plans, the same ones once", `${sections}`);
  const late = await get("/road/find?goal=ASCP-MLT&start=2028-02-01");
  ok(/Beginning on 2028-02-01/.test(late) && /value="2028-02-01"/.test(late), "another day to begin");
  const query = (/href="(\/road\/find\/plan\.ics\?[^"]*)"/.exec(late) || [])[1].replaceAll("&amp;", "&");
  const calendar = await client.get(query);
  ok(/^BEGIN:VCALENDAR\r\n/.test(calendar.text) && /DTSTART;VALUE=DATE:20280201/.test(calendar.text) && /SUMMARY:Goal: /.test(calendar.text), "its calendar begins that day");
  ok(calendar.text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "no line of it is longer than 75 bytes");
  const paper = await client.get(query.replace("plan.ics", "plan.pdf"));
  ok(paper.bytes.subarray(0, 5).toString() === "%PDF-" && paper.bytes.length > 5000, "its paper");
  ok(/<svg/.test(await get(query.replace("plan.ics", "course.svg"))), "its picture");
  for (const [address, sentence, kept] of [
    ["goal=technician", "Choose the state", /value="technician" selected/],
    ["goal=technician&state=FL&hours=many", "whole number from 1 to 100", /value="many"/],
    ["goal=technician&hours=0", "Choose the state in which you want to work. Hours of study", /value="0"/],
    ["goal=ASCP-MLT&budget=much&years=99", "Money is whole US dollars", /value="much"/],
    ["goal=ASCP-MLT&answer_low=9&answer_high=2", "Months to an answer", /value="9"/],
    ["goal=ASCP-MLT&start=someday", "such as 2027-01-15", /value="someday"/],
    ["goal=NONE", "Choose a goal", /<h1>Plan your way/]]) {
    const refused = await client.get(`/road/find?${address}`);
    ok(refused.status === 422 && refused.text.includes(sentence) && kept.test(refused.text), `${address}: a sentence, and what was typed stays`, `${refused.status}`);
  }
  ok((await client.get("/road/find/plan.pdf?goal=NONE")).status === 400, "no paper of no plan");
  ok(/not read/.test(await get("/road/find?goal=technician&state=GU")), "what was not read is said");
  const working = await get("/road/find?goal=ASCP-MLT&working=1&answer_low=4&answer_high=6");
  ok(/That figure is ours; give your own/.test(working) && /takes 4 to 6 months[^<]*you said so/.test(working), "what is assumed is called ours, what was asked is called theirs");
  ok(/1 to 3 months[^<]*our assumption/.test(mlt), "the months to an answer are an assumption of this program, and said to be");
  ok(/time that you gave/.test(await get("/road/find?goal=ASCP-MLT&years=1")), "no way within a year, and that is said");
  const again = await client.get("/road/find?goal=ASCP-MB"), kept = await client.get("/road/find?goal=ASCP-MB");
  ok(kept.text.replace(/value="[^"]*"/g, "") === again.text.replace(/value="[^"]*"/g, "") && kept.ms < 200, "the same question again is answered from what was found", `${again.ms} and ${kept.ms} ms`);
  ok(/No way was found/.test(await get("/road/find?goal=ASCP-MLS&hours=1")), "no way within one hour a week, and that is said");
  ok(/goal=technician&amp;state=FL/.test(await get("/licenses/FL")), "from a state's page to work there");
}

/* The same by keyboard, and on a phone. */
async function byKeyboard(server) {
  const { page } = await browser();
  use(page);
  await page.goto(`${server.url}/road`);
  await go('main a[href="/road/find"]');
  ok(/technician/.test(await choose("#goal", "work as a technician")), "a goal is chosen by typing");
  ok(/Florida/.test(await choose("#state", "Flor")), "and a state");
  await tabTo("#hours");
  await page.keyboard.type("30");
  await press("Enter");
  await settle();
  ok(/goal=technician&state=FL&hours=30/.test(page.url()), "all of it is in the address", page.url());
  ok(/Work as a technician in Florida/.test(await page.locator("main").innerText()), "the answer names it");
  await page.locator(".way .chart").first().scrollIntoViewIfNeeded();
  await page.waitForFunction(() => [...document.querySelectorAll(".way .chart")].every((i) => i.complete && i.naturalWidth > 0));
  ok(await page.locator(".way .chart").count() >= 1, "with a picture");
  await go(".way details summary");
  ok(/As of/.test(await page.locator(".way details[open]").first().innerText()), "sources unfold by key");
  await page.reload();
  ok(await page.inputValue("#hours") === "30" && await page.locator(".way").count() >= 1, "a reload says the same");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["", "?goal=technician&state=FL", "?goal=ASCP-MLS", "?goal=technician&state=GU", "?goal=technician"]) {
    await page.goto(`${server.url}/road/find${path}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= 390, `/road/find${path} fits 390 px`, `${wide}`);
  }
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.filter((p) => !/422/.test(p)).length === 0, "no error of a script", page.problems.join("\n"));
}

await run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const get = async (path) => (await client.get(path)).text;
  const outcome = (html, id) => (new RegExp(`value="${id}"[\\s\\S]*?<span class="chip [a-z]+"><span aria-hidden="true">[^<]*</span> ([^<]*)</span>`).exec(html) || [])[1];

  const plain = await get("/road?goal=ASCP-MLT");
  ok(outcome(plain, "ASCP-MLT-1") === "cannot tell", "an empty record cannot be told", outcome(plain, "ASCP-MLT-1"));
  ok(outcome(plain, "ASCP-MLT-2") === "closed", "a closed route says so");
  ok(/The board decides/.test(plain) && !/eligible/i.test(plain), "the board decides, and nobody is told otherwise");
  ok(/As of 2023-2026; confidence high; to be read again by 2027-11-22/.test(plain), "source, date and confidence stand beside the rule");

  const what = "degree=associate&program=MLT&accreditor=NAACLS";
  const asked = await get(`/road?goal=ASCP-MLT&${what}`);
  ok(outcome(asked, "ASCP-MLT-1") === "appears to meet", "a degree and a program", outcome(asked, "ASCP-MLT-1"));
  ok(/was: cannot tell/.test(asked), "what changed is named");
  ok(outcome(await get("/road?goal=ASCP-MLT"), "ASCP-MLT-1") === "cannot tell", "nothing was stored");
  const short = await get("/road?goal=ASCP-MLT&subject0=any&hours0=59");
  ok(/59 of 60 semester hours/.test(short), "how far is said");
  ok(outcome(await get("/road?goal=ASCP-MLT&subject0=any&hours0=oops&apply=never"), "ASCP-MLT-1") === "cannot tell", "nonsense in the address changes nothing");
  const late = await get(`/road?goal=ASCP-MLT&${what}&apply=2030-05-31`);
  ok(/counted back from 2030-05-31/.test(late), "another day of application");

  const four = await get("/road/compare?route=ASCP-MLT-1&route=ASCP-MLT-4&route=AMT-MLT-DEGREE&route=AAB-MLT-ANY&route=ASCP-MLS-1");
  ok((four.match(/<th scope="col">/g) || []).length === 5, "at most four are compared");
  ok(/235 US dollars/.test(four) && /CAT, 100 items/.test(four), "fee and exam");
  for (const row of ["Months", "Cost in all", "Hours a week", "Quickest steps"]) ok(four.includes(`<th scope="row">${row}</th>`), `compared by: ${row}`);
  ok(/study: at most 20/.test(await get("/road/compare?route=ASCP-MLT-1&study=20")), "with the hours that there are");
  ok(/Tick up to four/.test(await get("/road/compare")), "none ticked says what to do");

  const work = "subject0=any&hours0=60&subject1=biology&hours1=6&setting=clinical_lab&months=12&week=35";
  const steps = await get(`/road/route/ASCP-MLT-4?${work}`);
  ok(/not before 20\d\d-\d\d-\d\d/.test(steps), "the checklist has days");
  const calendar = await client.get(`/road/route/ASCP-MLT-4/calendar.ics?${work}`);
  ok(/^BEGIN:VCALENDAR\r\n/.test(calendar.text) && /DTSTART;VALUE=DATE:\d{8}\r\n/.test(calendar.text), "the calendar too");
  ok(calendar.text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "no line of it is longer than 75 bytes");
  ok((await client.get("/road/route/NONE")).status === 404, "no such route");

  const yes = await get("/licenses?level=phlebotomy&need=yes");
  ok((yes.match(/<a class="name"/g) || []).length === 4 && /Washington/.test(yes), "four states license phlebotomists");
  ok(/Required: CA, LA, NV, WA/.test(yes), "the map says the same in words");
  ok(/<svg/.test(await get("/licenses/map.svg")), "the map is a picture");
  ok(/unknown \(not read\)/.test(await get("/licenses/GU")), "Guam is unknown, not free");
  const ca = await get("/licenses/ca");
  ok(/CA-MLT-1/.test(ca) && /CDPH Laboratory Field Services/.test(ca) && /By when/.test(ca), "California: conditions, agency, documents");
  const codes = [...new Set([...(await get("/licenses")).matchAll(/href="\/licenses\/([A-Z]{2})"/g)].map((m) => m[1]))];
  const bare = [];
  for (const code of codes.filter((c) => c !== "US")) {
    const page = await get(`/licenses/${code}`);
    if (!["What to send, to whom, by when", "By when, laboratory personnel", "to be read again by", "The board decides", "<dt>Source</dt>", 'rel="noreferrer"'].every((w) => page.includes(w))) bare.push(code);
  }
  ok(codes.length === 57 && bare.length === 0, "every state and territory says what is known, to whom to send what, by when, and who decides", `${codes.length}; ${bare}`);
  const guam = await get("/licenses/GU");
  ok(/Unknown is not no/.test(guam) && /hhs\.gov\/guidance/.test(guam), "where nothing was read there is the way to ask");
  ok(/read in part/.test(await get("/licenses/FL")) && /FL-TECHNICIAN/.test(await get("/licenses/FL")), "a rule that was read in part is held against the record, and says so");
  ok((await client.get("/licenses/ZZ")).status === 404, "no such state");
  const csv = await client.get("/licenses?format=csv");
  ok(csv.text.split("\n").length >= 58, "all of it as CSV");
  await plans(client);
  await byKeyboard(server);
});
