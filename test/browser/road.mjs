/* The road without scripts: what if recalculates by the address alone, four are compared, the checklist has a calendar, licenses filter. */
import { Server, Client, ok, run } from "./lib.mjs";

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
  ok((await client.get("/licenses/ZZ")).status === 404, "no such state");
  const csv = await client.get("/licenses?format=csv");
  ok(csv.text.split("\n").length >= 58, "all of it as CSV");
});
