/* Every page of the program with something on it: one shift that runs and one that is over. */
import { Client } from "./lib.mjs";
import { fillAnswers } from "./answers_scene.mjs";
import { fillRecord } from "./record_scene.mjs";
import { acceptControls, accessions, byHand, curves, handOver, held, reflect, countsAndClots, tubesToLoad, untilAtBench, untilHeld } from "./scene.mjs";

export async function tour(server) {
  const client = new Client(server), pages = [["home", "/"]];
  const id = await client.create("couriers-box", 5);
  pages.push(["briefing", `/shift/${id}/briefing`]);
  await untilHeld(client, id, 2);
  await client.skip(id);
  for (let i = 0; i < 40; i++) { /* until there is something in the tray */
    if (/href="\/shift\/[^"]*\/reception\/\d/.test((await client.get(`/shift/${id}/reception`)).text)) break;
    await client.skip(id);
  }
  await client.clock(id, 0);
  const tray = await client.get(`/shift/${id}/reception`);
  const inTray = [...tray.text.matchAll(/\/reception\/(\d\d-\d{4})"/g)].map((m) => m[1]);
  const index = (/name="list" value="(\d+)"/.exec(tray.text) || [])[1];
  if (index) await client.act(id, "inspect", { specimen: index });
  const waits = await held(client, id);
  const chart = /href="(\/shift\/[^"]*\/qc\/\d\/[^"]+)"/.exec((await client.get(`/shift/${id}/qc`)).text);
  const sop = /name="back" value="([^"]*\/sops\/[^"]+)"/.exec((await client.get(`/shift/${id}/sops`)).text);
  pages.push(["worklist", `/shift/${id}/worklist`], ["reception", `/shift/${id}/reception`],
    ["reception-inspected", `/shift/${id}/reception/${inTray[0]}`], ["chemistry", `/shift/${id}/chemistry`], ["qc", `/shift/${id}/qc`],
    ["qc-test", chart ? chart[1] : `/shift/${id}/qc/1/sodium`], ["verification", `/shift/${id}/verification`],
    ["verification-open", `/shift/${id}/verification/${waits[0]}`], ["specimen", `/shift/${id}/specimen/${waits[0]}`],
    ["phone", `/shift/${id}/phone`], ["messages", `/shift/${id}/messages`], ["sops", `/shift/${id}/sops`], ["sop", sop ? sop[1] : `/shift/${id}/sops/CH-001`],
    ["handover", `/shift/${id}/handover`], ["not-yet", `/shift/${id}/debrief`]);

  for (const [kind, path] of Object.entries(await curves(client, id))) pages.push([`reaction-${kind.replace(/\W/g, "-")}`, path]);

  /* The care of the analyzers while a line stands still. */
  const care = await client.create("before-the-round", 5);
  await untilHeld(client, care, 2);
  for (const [kind, fields] of [["look-panel", { line: 0 }], ["look-unit", { code: 0 }], ["log-unit", { code: 0, value: "4.4", second: "5.2", text: "AB" }], ["downtime", { line: 0 }], ["backup", { line: 0, list: [0] }]])
    await client.act(care, kind, fields);
  for (let i = 0; i < 40 && !/E-214/.test((await client.get(`/shift/${care}/care/alarms`)).text); i++) await client.skip(care);
  await client.clock(care, 0);
  for (const [name, path] of [["care", "care"], ["care-logs", "care/logs"], ["care-stores", "care/stores"], ["care-alarms", "care/alarms"], ["care-downtime", "care/downtime"]])
    pages.push([name, `/shift/${care}/${path}`]);

  /* Tubes by hand: a centrifuge that runs, a tube that was not read, tests ordered on stored tubes. */
  const hands = await byHand(client);
  pages.push(["bench", `/shift/${hands.id}/bench`], ["unread", `/shift/${hands.id}/reception/${hands.unread}`], ["store", `/shift/${hands.id}/store`]);
  /* The month of controls: all tests of a line, those to sign, one before its signature and one after, the mark on the board. */
  const month = await client.create("last-of-the-month", 7);
  await client.clock(month, 0);
  await client.act(month, "review-qc", { line: 0, test: "potassium", decision: 1, mean_2: "6.47", sd_2: "0.067", initials: "AB", remark: "limits of the accepted runs" });
  await client.act(month, "run-qc", { line: 0, test: "potassium" });
  for (let i = 0; i < 12 && !/new limits/.test((await client.get(`/shift/${month}/qc/1/potassium`)).text); i++) await client.skip(month);
  await client.clock(month, 0);
  for (const [name, path] of [["month", "month/1"], ["month-due", "month/1?show=due"], ["month-test", "month/1/calcium"], ["month-signed", "month/1/potassium"], ["qc-limits", "qc/1/potassium"]])
    pages.push([name, `/shift/${month}/${path}`]);

  /* The counter and the coagulometer, one tube of each open: as measured, and with a study, a picture enlarged, a check. */
  const cells = await client.create(await countsAndClots(client), 5);
  const cold = await untilAtBench(client, cells, "hematology", (v) => Number(v["Mean cell hemoglobin concentration"]) > 38);
  const long = await untilAtBench(client, cells, "coagulation", (v) => Number(v["Activated partial thromboplastin time"]) > 45);
  const number = async (path) => (/name="specimen" value="(\d+)"/.exec((await client.get(path)).text) || [])[1];
  await client.act(cells, "treat", { specimen: await number(`/shift/${cells}/coagulation/${long}`), code: 16, test: "APTT" });
  for (let i = 0; i < 12; i++) await client.skip(cells);
  await client.clock(cells, 0);
  await client.act(cells, "treat", { specimen: await number(`/shift/${cells}/hematology/${cold}`), code: 0 });
  for (const [name, path] of [["hematology", "hematology"], ["hematology-open", `hematology/${cold}`], ["hematology-large", `hematology/${cold}?picture=count-scatter`],
    ["coagulation", "coagulation"], ["coagulation-open", `coagulation/${long}?calc=rosner_index&patient=60&mix=50&npp=30`], ["qc-benches", "qc"], ["worklist-benches", "worklist?show=all"]])
    pages.push([name, `/shift/${cells}/${path}`]);

  /* Racks with tubes in every state, and tubes in hand. */
  const deck = await tubesToLoad(client), tubes = deck.tubes.map(([index]) => index);
  await client.act(deck.id, "load", { line: 0, list: tubes.slice(0, 3), rack: 3, position: 2 });
  await client.act(deck.id, "load", { line: 0, list: tubes.slice(3, 4), code: 1 });
  await client.act(deck.id, "load", { line: 1, list: tubes.slice(4, 5) });
  pages.push(["racks", `/shift/${deck.id}/chemistry`], ["racks-worklist", `/shift/${deck.id}/worklist`], ["racks-specimen", `/shift/${deck.id}/specimen/${deck.tubes[2][1]}`]);

  const over = await client.create("morning-run", 3);
  await untilHeld(client, over, 2);
  await acceptControls(client, over);
  await handOver(client, over);
  const unread = await client.create("ordinary-sunday", 3);
  await client.skip(unread);
  await handOver(client, unread);
  pages.push(["reflect", `/shift/${unread}/debrief`]);
  await reflect(client, over);
  await client.post(`/shift/${over}/debrief/plan`, { line: "0", days: "0" });
  const specimen = accessions((await client.get(`/shift/${over}/debrief`)).text)[0];
  pages.push(["debrief", `/shift/${over}/debrief`], ["debrief-specimen", `/shift/${over}/debrief/specimen/${specimen}`],
    ["history", "/history"], ["plan", "/plan"], ["settings", "/settings"], ["about", "/about"], ["error", "/shift/none/worklist"]);

  /* The road: all routes, one goal with a what-if, four compared, a checklist; the map of licenses, states known and unknown. */
  const what = "subject0=any&hours0=59&degree=associate&field=medical_laboratory_technology&program=MLT&accreditor=NAACLS&setting=clinical_lab&months=20&week=30";
  pages.push(["road", "/road"], ["road-what-if", `/road?goal=ASCP-MLT&${what}`],
    ["road-compare", `/road/compare?route=ASCP-MLT-1&route=ASCP-MLT-4&route=AMT-MLT-DEGREE&route=AAB-MLT-ANY&${what}`],
    ["road-checklist", `/road/route/ASCP-MLT-4?${what}`], ["licenses", "/licenses?level=phlebotomy&need=yes"], ["license", "/licenses/CA"],
    ["license-unknown", "/licenses/GU"], ["license-part", "/licenses/FL"], ["license-federal", "/licenses/US"]);

  pages.push(["find", "/road/find"], ["find-way", "/road/find?goal=technologist&state=OH&hours=30"], ["find-refused", "/road/find?goal=technician&hours=many"],
    ["find-license", "/road/find?goal=phlebotomist&state=CA&start=2027-01-15&military=1"], ["find-working", "/road/find?goal=ASCP-MLS&working=1&budget=20000&years=8&answer_low=2&answer_high=4"], ["find-none", "/road/find?goal=technician&state=GU"]);

  /* What an instructor writes: the list, an unfinished form with its complaints, a full one, preview, import refused. */
  const unfinished = (await client.post("/author", { from: "" })).headers.location;
  const written = (await client.post("/author", { from: "short-handed-night" })).headers.location;
  pages.push(["author", "/author"], ["author-mend", `${unfinished}?check=1`], ["author-form", `${written}?open=p1`],
    ["author-preview", `${written}/preview`], ["author-import", "/author/import"]);
  /* Exams: the room at an item of each type, its list, an end asked for; a tutor's rationale; a report. */
  const sit = async (form) => (await client.post("/exams", { form, factor: "1", breaks: "1" })).headers.location;
  const room = await sit("mlt-fixed"), kinds = new Map();
  for (let n = 1; n <= 210 && kinds.size < 5; n++) {
    const html = (await client.get(`${room}?n=${n}`)).text;
    const kind = /name="rank-0"/.test(html) ? "order" : /name="pair-0"/.test(html) ? "match" : /id="number"/.test(html) ? "numeric" : /type="checkbox" name="choice"/.test(html) ? "several" : "single";
    if (!kinds.has(kind)) kinds.set(kind, n);
  }
  for (const [kind, n] of kinds) pages.push([`room-${kind}`, `${room}?n=${n}`]);
  pages.push(["exams", "/exams"], ["room-list", `${room}?list=1`], ["room-end", `${room}?list=1&end=1`], ["outcomes", "/outcomes"]);
  /* Pictures and bench screens: one of each, one of them enlarged; the bank's page of such an item. */
  const pictured = (await client.post("/exams", { from: "pictures", manners: "exam", items: "60", minutes: "60", factor: "1", breaks: "0", area: "" })).headers.location, shown = new Set();
  for (let n = 1; n <= 60 && shown.size < 4; n++) {
    const html = (await client.get(`${pictured}?n=${n}`)).text;
    const kind = /class="spots"/.test(html) ? "hotspot" : /exhibit screen/.test(html) ? "next" : /id="number"/.test(html) ? "count" : "picture";
    if (shown.has(kind)) continue;
    shown.add(kind);
    pages.push([`room-${kind}`, `${pictured}?n=${n}`]);
    if (kind === "hotspot") pages.push(["room-enlarged", `${pictured}?n=${n}&large=1`]);
  }
  pages.push(["item-pictured", "/items/L25-15"], ["item-hotspot", "/items/L25-26"], ["item-screen", "/items/L30-17"],
    ["item-form-picture", "/items/L40-32/edit"], ["item-form-count", "/items/L25-27/edit"], ["item-form-screen", "/items/L30-17/edit"]);
  const ended = await sit("pbt-practice");
  for (let n = 0; n < 20; n++) {
    const html = (await client.get(ended)).text, fields = { do: "answer", n: String(n), number: "12", sure: "2", choice: "0" };
    for (const [, name] of html.matchAll(/<select name="((?:rank|pair)-\d)"/g)) fields[name] = name.split("-")[1];
    await client.post(`${ended}/act`, fields);
  }
  await client.post(`${ended}/act`, { do: "end" });
  /* A case with its items, and a computed item whose numbers may be thrown away. */
  const quiz = async (area, manners) => (await client.post("/exams", { area, items: "60", minutes: "200", manners, factor: "1", breaks: "0" })).headers.location;
  for (let tries = 0, found = false; tries < 20 && !found; tries++) {
    const room2 = await quiz("hemostasis", "exam");
    for (let n = 1; n <= 60 && !found; n++) {
      found = /class="about"/.test((await client.get(`${room2}?n=${n}`)).text);
      if (found) pages.push(["room-case", `${room2}?n=${n}`]);
    }
  }
  const computed = await quiz("operations", "tutor");
  for (let n = 0; n < 60; n++) {
    const html = (await client.get(computed)).text, fields = { do: "answer", n: String(n), number: "12", choice: "0" };
    if (/value="renew"/.test(html)) { pages.push(["room-computed", `${computed}?n=${n + 1}`]); break; }
    for (const [, name] of html.matchAll(/<select name="((?:rank|pair)-\d)"/g)) fields[name] = name.split("-")[1];
    await client.post(`${computed}/act`, fields);
  }
  pages.push(["report", `${ended}/report`], ["report-item", `${ended}/item/1`]);

  /* Items: the list, one of the content, a new one, unfinished ones with their complaints. */
  pages.push(["items", "/items?lesson=L38"], ["item", "/items/L38-01"], ["item-case", "/items/L51-26"], ["item-form", "/items/L38-01/edit"], ["item-form-case", "/items/L51-26/edit"], ["item-new", "/items/new"],
    ["items-export", "/items/export?format=gift&lesson=L60"], ["items-import", "/items/import"]);
  /* Calibration: enough answers to a few items, accepted once, and looked at again. */
  await fillAnswers(client, 205, { only: 6 });
  const mark = /name="mark" value="([^"]*)"/.exec((await client.get("/items/calibration?look=1")).text)[1];
  await client.post("/items/calibration", { mark, name: "A. Teacher" });
  pages.push(["calibration", "/items/calibration"], ["calibration-changes", "/items/calibration?look=1"]);
  for (const type of ["match", "numeric"]) {
    const made = await client.post("/items", { lesson: "L38", type, author: "An author" });
    pages.push([`item-mend-${type}`, `${made.headers.location}?check=1`]);
  }

  /* A rotation: nothing yet, then entries, one signed, one with a link; a skill; an evaluation; sites; outcomes. */
  const rotation = async (path, fields) => (await client.post(path, fields)).headers.location;
  await rotation("/rotate/program", { name: "S-0042", program: "mlt", requirement: "rose-state-mlt" });
  await rotation("/rotate/pins", { name: "Q. Receptor", role: "MLS", pin: "274951", again: "274951" });
  const worked = { in: "07:00", out: "15:30", breaks: "30", site: "Synthetic General", department: "chemistry", "n-chemistry-qc": "3", reflection: "Two levels." };
  const entry = await rotation("/rotate/log", { ...worked, day: "2026-11-02" }), other = await rotation("/rotate/log", { ...worked, day: "2026-11-03" });
  const pin = (/<option value="([0-9a-z]{12})"/.exec((await client.get(`${entry}/pin`)).text) || [])[1];
  await client.post(`${entry}/pin`, { pin_of: pin, pin: "274951", comment: "", do: "sign" });
  const link = /\/sign\/[0-9a-z]{26}/.exec((await client.post(`${other}/link`, {})).text)[0];
  const skill = await rotation("/rotate/skills/mlt-qc", { self: "4", site: "Synthetic General", comment: "" });
  const behaviors = Object.fromEntries([...(await client.get("/rotate/evaluations")).text.matchAll(/name="(b-[a-z]+)" value="n"/g)].map((m) => [m[1], "3"]));
  const evaluation = await rotation("/rotate/evaluations", { ...behaviors, kind: "final", site: "Synthetic General", department: "chemistry", comment: "" });
  await rotation("/rotate/sites", { name: "Synthetic General" });
  const site = (/<option value="([0-9a-z]{12})">Synthetic/.exec((await client.get("/rotate/sites")).text) || [])[1];
  await rotation("/rotate/slots", { site, department: "chemistry", first: "2026-11-02", last: "2026-12-04", from: "07:00", to: "15:30", capacity: "2", d0: "1", d1: "1" });
  for (let i = 0; i < 5; i++) await rotation("/rotate/site-view", { site, q0: "4", q1: "5", q2: "3", q3: "4", q4: "5", comment: "Told us everything." });
  await rotation("/rotate/outcomes", { csv: "id,cohort,final_half,graduated,exam,passed,placement\nA,2024,2024-01-10,2024-05-20,2024-06-10,2024-06-10,placed\nB,2024,2024-01-10,2024-05-20,2024-06-10,,not-placed\n" });
  pages.push(["rotate", "/rotate"], ["rotate-log", "/rotate/log"], ["rotate-entries", "/rotate/entries"], ["rotate-signed", entry], ["rotate-item", other], ["rotate-correct", `${other}/correct`],
    ["rotate-pin", `${skill}/pin`], ["rotate-pins", "/rotate/pins"], ["rotate-skills", "/rotate/skills"], ["rotate-skill", "/rotate/skills/mlt-qc"], ["rotate-evaluations", "/rotate/evaluations"],
    ["rotate-evaluation", evaluation], ["rotate-evaluation-pin", `${evaluation}/pin`], ["rotate-sites", "/rotate/sites"], ["rotate-outcomes", "/rotate/outcomes"], ["rotate-persons", "/rotate/outcomes/0/pooled"],
    ["sign", link], ["sign-code", "/sign"]);
  /* Work and Keep current: a ledger with something in it, forms as new and as kept, a question before and after it is answered. */
  for (const fields of [[["rule", "ascp-mlt-mls"], ["deadline", "2028-03-31"]], [["rule", "fl-technician"], ["deadline", "2028"], ["topic", "hematology"]], [["rule", "amt-mlt"], ["deadline", "2028-12"]], [["rule", "hi"]]])
    await client.post("/ledger/held", fields);
  await client.post("/ledger/activity", { date: "2026-03", title: "Malaria smears", hours: "1.5", kind: "course", topic: "hematology", proof: "certificate 12" });
  await client.post("/applications/new", { employer: "Lakeside Hospital", title: "MLT, evenings", state: "interview", next_day: "2030-01-15", next: "Interview" });
  const kept = /\/ledger\/activity\/([a-z0-9]+)/.exec((await client.get("/ledger")).text)[1];
  pages.push(["ledger", "/ledger"], ["ledger-held", "/ledger/held"], ["ledger-activity", `/ledger/activity/${kept}`], ["outlook", "/outlook?state=TN"],
    ["work", "/work"], ["skills", "/skills"], ["resume", "/resume"], ["resume-show", "/resume/show"], ["interview", "/interview"], ["interview-chart", "/interview/explain-chart?seed=5"],
    ["interview-case", "/interview/does-not-fit?seed=7"], ["applications", "/applications"], ["application-new", "/applications/new"], ["ladder", "/ladder"]);
  /* The record: overview, an entry with documents, forms empty and refused, import, deletion. */
  const degree = await fillRecord(client);
  pages.push(["record", "/record"], ["record-entry", `/record/entry/${degree}`], ["record-add", "/record/jobs/add"], ["record-exam", "/record/exams/add"],
    ["record-correct", `/record/entry/${degree}/correct`], ["record-import", "/record/import"], ["record-delete", "/record/delete"]);
  /* Is this career for me: each step empty and at work, a result with everything and one with a flat profile. */
  const run = `a=${"334401123344".repeat(5)}&labels=5.171.100.${"sdssdsddss".repeat(5)}${"-".repeat(24)}&odd=9.130.100.0123nn56789n3---&procedure=7.200.150.264417~2~3~4~9.9~10:15~123~A~00~GO`;
  pages.push(["fit", "/fit"], ["fit-interests", "/fit/interests"], ["fit-open", "/fit/interests?b=2&again=1"], ["fit-demands", "/fit/demands"], ["fit-bench", "/fit/bench"],
    ["fit-nothing", "/fit/result"], ["fit-flat", `/fit/result?a=${"2".repeat(60)}`], ["fit-result", `/fit/result?${run}`]);
  for (const sample of ["labels", "odd", "procedure"]) pages.push([`fit-${sample}`, `/fit/${sample}`], [`fit-${sample}-at-work`, `/fit/${sample}?s=5&t=${Date.now()}`]);
  return { pages, client, id, over };
}
