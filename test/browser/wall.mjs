/* The wall: nothing that a running shift sends tells more than a technician would know.
 *
 * First the truth is folded from the exported stream by wall_truth. Then every link, picture, table, event
 * stream and header that can be reached from the worklist is fetched and searched for true values (more digits
 * than a report has), fault ids and names, and people who are not here yet. Then two servers work the same
 * seed with a different truth, and answer the same pages with the same bytes until something could be seen. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, Server, decode, emptyFolder, ok, remark, run, titer } from "./lib.mjs";
import { accessions, handOver, held, reflect, countsAndClots, untilHeld } from "./scene.mjs";

const helpers = process.env.WALL_HELPERS || join(dirname(titer), "../../test/web");
const content = join(dirname(fileURLToPath(import.meta.url)), "../../content");
const folder = emptyFolder("wall");

/* ---- what is true ---- */

function truthOf(server, id) {
  const stream = join(folder, "stream.jsonl");
  writeFileSync(stream, server.exported(id));
  const answer = spawnSync(join(helpers, "wall_truth"), [stream], { encoding: "utf8", maxBuffer: 64 << 20 });
  if (answer.status !== 0) throw new Error(`wall_truth: ${answer.stderr || answer.error}`);
  const truth = { values: [], shown: new Map(), faults: [], coming: [], z: [] };
  for (const line of answer.stdout.split("\n")) {
    const [kind, a, b, c, d, e] = line.split("\t");
    if (kind === "value") truth.values.push({ accession: a, analyte: b, decimals: Number(c), where: d, number: Number(e) });
    if (kind === "number" && c !== "nan") truth.shown.set(`${a} ${b}`, [...(truth.shown.get(`${a} ${b}`) || []), Number(c)]);
    if (kind === "fault") truth.faults.push({ id: a, name: b, where: c });
    if (kind === "coming") truth.coming.push({ name: a, mrn: b });
    if (kind === "truthz") truth.z.push({ line: a, analyte: b, run: c, level: d, number: Number(e) });
  }
  return truth;
}

/* ---- searching ---- */

const figure = /(?<![\w.#-])-?\d+\.\d+(?![\w])/g;
const digits = (text) => text.replace(/^-/, "").replace(".", "").replace(/^0+/, "").length;
const says = (token, number) => Math.abs(Number(token) - number) <= 0.5 * 10 ** -token.split(".")[1].length;

/* Figures of a page as a reader gets them: text and attributes, not the coordinates of drawings. */
function figuresOf(answer) {
  let text = answer.text;
  text = text.replace(/\s(d|points|transform|viewBox|x|y|x1|x2|y1|y2|cx|cy|r|width|height|stroke-[a-z]+|font-size|dx|dy)="[^"]*"/g, " ");
  return [...text.matchAll(figure)].map((m) => m[0]);
}

function findValues(answer, truth) {
  const found = [];
  const own = new Set(accessions(decodeURIComponent(answer.path)));
  for (const token of new Set(figuresOf(answer))) {
    const significant = digits(token), places = token.split(".")[1].length;
    if (significant < 4) continue;
    for (const v of truth.values) {
      if (places <= v.decimals || !says(token, v.number)) continue; /* as a report would round it: no secret */
      if ((truth.shown.get(`${v.accession} ${v.analyte}`) || []).some((n) => says(token, n))) continue;
      /* Five digits anywhere; four only on the pages about that specimen, where chance would not put them. */
      if (significant >= 6 || own.has(v.accession)) found.push(`${token} is ${v.analyte} of ${v.accession} in the ${v.where} (${v.number})`);
    }
    for (const z of truth.z) if (significant >= 4 && places >= 3 && says(token, z.number)) found.push(`${token} is the systematic part of ${z.analyte} on line ${z.line} run ${z.run}`);
  }
  return found;
}

const isBinder = (path) => /\/sops(\/|\?|$)/.test(path);
/* Coded lists offer every cause and reason to everybody, whatever is true: not told, but chosen. */
const withoutChoices = (html) => html.replace(/<select\b[\s\S]*?<\/select>/g, " ");

function findWords(answer, truth) {
  const found = [], text = withoutChoices(decode(answer.text)).toLowerCase(), heads = JSON.stringify(answer.raw).toLowerCase();
  for (const { id, name } of truth.faults) {
    const idWord = new RegExp(`(?<![a-z0-9])${id.toLowerCase()}(?![a-z0-9])`);
    for (const [place, where] of [[text, "text"], [heads, "headers"]]) {
      if (id.includes("_") && idWord.test(place)) found.push(`${id} in its ${where}`);
      if (place.includes(name.toLowerCase())) found.push(`"${name}" in its ${where}`);
    }
  }
  for (const word of ["truth", "planted", "contam", "severity", "fault_id", "onset"]) if (!isBinder(answer.path) && new RegExp(`(?<![a-z])${word}`).test(text)) found.push(`the word "${word}"`);
  for (const { name, mrn } of truth.coming) if (text.includes(mrn.toLowerCase())) found.push(`${name}, ${mrn} is not here yet`);
  return found;
}

/* ---- crawling ---- */

function links(answer) {
  const found = [];
  for (const [, url] of answer.text.matchAll(/(?:href|src|action|formaction|data-events|data-src|xlink:href|srcset)="([^"]+)"/g)) found.push(decode(url));
  for (const [, url] of answer.text.matchAll(/url\(["']?([^"')]+)["']?\)/g)) found.push(url);
  for (const [, url] of answer.text.matchAll(/"(\/(?:shift|assets)\/[^"\s<>]+)"/g)) found.push(decode(url));
  if (answer.headers.location) found.push(answer.headers.location);
  return found;
}

async function crawl(client, id, most) {
  const start = [`/shift/${id}/worklist`, `/shift/${id}/worklist?show=all`, "/", "/history", "/about"];
  const seen = new Set(start), queue = [...start], answers = [];
  while (queue.length && answers.length < most) {
    const path = queue.shift();
    const events = /\/events$/.test(path);
    const answer = await client.get(path, events ? { milliseconds: 2500 } : {});
    answers.push(answer);
    if (!/html|svg|css|json|csv|event-stream|text/.test(answer.headers["content-type"] || "html")) continue;
    for (const link of links(answer)) {
      const url = new URL(link, client.server.url + path);
      if (url.origin !== client.server.url || /^(data|mailto):/.test(link)) continue;
      const next = url.pathname + url.search;
      if (/^\/(author|items)(\/|$)/.test(url.pathname)) { /* the instructor's side shows truth and keys; only home leads there */
        if (path.startsWith("/shift/")) throw new Error(`${path} leads to ${next}`);
        continue;
      }
      if (/^\/(road|licenses|fit|record|rotate|sign|work|ledger|outlook|applications|apply|interview|resume|skills|ladder)(\/|$|\.)/.test(url.pathname)) continue; /* the road knows of no running shift */
      if (/\/month(-chart|-print)?\/[2-9]|\/month-print\/|\/month\/\d\?.*sort=/.test(next)) continue; /* as those of the first line; PDF; the same rows */
      if (Number((/\/reaction\/(\d+)/.exec(next) || [0, 0])[1]) % 5) continue; /* one result in five: the others are read by the same methods */
      if ((/^\/shift\/([^/]+)/.exec(url.pathname) || [0, id])[1] !== id) continue; /* the server's other shifts are crawled by themselves */
      if (seen.has(next) || next.includes("said=") || /\/(act|clock|shifts|keys|reflect)$/.test(url.pathname)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return { answers, left: queue.length };
}

/* The address of a picture with its format changed, and others that nobody links. */
function guesses(id, truth) {
  const list = ["", "/state", "/json", "/shift.json", "/export?format=json", "/worklist.json", "/worklist?format=json", "/worklist?format=csv", "/debrief", "/debrief.pdf", "/debrief.json", "/debrief?at=0",
    "/debrief/timeline.svg", "/debrief/timeline.png", "/score", "/plants"];
  for (const v of [...new Set(truth.values.map((x) => x.accession))]) list.push(`/debrief/specimen/${v}`, `/specimen/${v}`, `/verification/${v}`, `/reception/${v}`, `/tube/${v}`, `/hematology/${v}`, `/coagulation/${v}`, `/count/${v}/rbc`, `/count/${v}/scatter`, `/clot/${v}/PT`, `/mixing/${v}/APTT`, `/specimen/${v}?format=json`);
  return list.map((path) => `/shift/${id}${path}`);
}

async function crawlScenario(server, scenario, seed, waits) {
  const client = new Client(server), id = await client.create(scenario, seed);
  ok(await untilHeld(client, id, waits, 200, { inspect: true }), `${scenario}: ${waits} specimens wait for review`);
  const before = truthOf(server, id);
  ok(before.values.length > 100 && before.faults.length > 0, `${scenario}: there is a truth to find`, `${before.values.length} values, ${before.faults.length} faults`);
  const { answers, left } = await crawl(client, id, 3000);
  for (const path of guesses(id, before)) answers.push(await client.get(path));
  const after = truthOf(server, id);
  ok(left === 0 && answers.length > 60, `${scenario}: ${answers.length} addresses answered, ${left} left`);
  const kinds = new Set(answers.map((a) => (a.headers["content-type"] || "").split(";")[0]));
  remark(`${scenario}: ${[...kinds].join(", ")}; ${after.values.length} true values, faults ${[...new Set(after.faults.map((f) => f.id))].join(" ")}`);
  ok([...kinds].some((k) => k === "text/event-stream") && [...kinds].some((k) => k === "image/svg+xml" || k === "image/png"), `${scenario}: pictures and the event stream are among them`, [...kinds].join());
  const values = [], words = [];
  for (const answer of answers) {
    for (const v of findValues(answer, before).concat(findValues(answer, after))) values.push(`${answer.path}: ${v}`);
    if (!isBinder(answer.path) && !/\.(js|css|woff2)$/.test(answer.path)) for (const w of findWords(answer, before)) words.push(`${answer.path}: ${w}`);
  }
  ok(values.length === 0, `${scenario}: no true value on any of them`, [...new Set(values)].join("\n"));
  ok(words.length === 0, `${scenario}: no fault by its name, nobody who is still to come`, [...new Set(words)].join("\n"));
  const open = answers.filter((a) => a.path.startsWith(`/shift/${id}/debrief`) && a.status !== 409 && a.status !== 404);
  ok(open.length === 0, `${scenario}: the debrief answers 409 before the end`, open.map((a) => `${a.path} ${a.status}`).join("\n"));
  ok(answers.some((a) => a.path === `/shift/${id}/debrief` && a.status === 409), `${scenario}: and there is one`);
  const broken = answers.filter((a) => a.status >= 500);
  ok(broken.length === 0, `${scenario}: no address fails`, broken.map((a) => `${a.path} ${a.status}`).join("\n"));
  return { client, id, truth: after };
}

/* The test must be able to fail: a page with a true value in it is found out, and so is the debrief. */
async function checkSearch({ client, id, truth }) {
  const v = truth.values.find((x) => x.where === "tube" && digits(x.number.toFixed(4)) >= 6);
  const fake = { path: `/shift/${id}/specimen/${v.accession}`, raw: [], text: `<td data-x="${v.number.toFixed(4)}">${truth.faults[0].name}</td>` };
  ok(findValues(fake, truth).length > 0 && findWords(fake, truth).length > 0, "the search finds a value and a fault that are there");
  await handOver(client, id);
  await reflect(client, id);
  const debrief = await client.get(`/shift/${id}/debrief`);
  ok(debrief.status === 200 && findWords(debrief, truth).length > 0, "and finds them in the debrief, after the end");
}

/* ---- the same seed with another truth ---- */

const plain = (text) => text.replace(/name="csrf" value="[^"]*"/g, "").replace(/name="request" value="[^"]*"/g, "");

async function pair(scenario, name, change) {
  const path = `lab/scenarios/${scenario}.yaml`, original = readFileSync(join(content, path), "utf8"), changed = change(original);
  if (changed === original) throw new Error(`${path} has nothing to change`);
  const make = async (text, label) => {
    const file = join(folder, `${name}-${label}.yaml`);
    writeFileSync(file, text);
    const server = await new Server({ command: [join(helpers, "wall_serve"), `${path}=${file}`] }).start();
    const client = new Client(server);
    return { server, client, id: await client.create(scenario, 21) };
  };
  return [await make(original, "one"), await make(changed, "other")];
}

async function compare(title, [one, other], paths) {
  const wrong = [];
  for (const path of paths) {
    const a = await one.client.get(path.replace("ID", one.id)), b = await other.client.get(path.replace("ID", other.id));
    const left = plain(a.text).replaceAll(one.id, "ID").replaceAll(String(one.server.port), "PORT"), right = plain(b.text).replaceAll(other.id, "ID").replaceAll(String(other.server.port), "PORT");
    if (a.status !== b.status || left !== right) {
      let i = 0;
      while (left[i] === right[i] && i < left.length) i++;
      wrong.push(`${path}: ${a.status} ${b.status} at ${i}: ${JSON.stringify(left.slice(i - 30, i + 60))} | ${JSON.stringify(right.slice(i - 30, i + 60))}`);
    }
  }
  ok(wrong.length === 0, title, wrong.join("\n"));
}

async function otherTruth() {
  /* Tubes in the tray that nobody has looked at: another delay, then another fault in the same tube. */
  for (const [name, change] of [["severity", (t) => t.replace(/severity: [\d.]+/g, "severity: 0.5")], ["fault", (t) => t.replace(/fault: delayed_sep/g, "fault: hot_transport").replace(/severity: [\d.]+/g, "severity: 6")]]) {
    const both = await pair("couriers-box", name, change);
    for (const { client, id } of both) {
      await client.clock(id, 0);
      for (let i = 0; i < 60 && accessions((await client.get(`/shift/${id}/reception`)).text).length < 9; i++) await client.skip(id);
      await client.clock(id, 0);
    }
    const tray = accessions((await both[0].client.get(`/shift/${both[0].id}/reception`)).text);
    ok(tray.length >= 5, `another ${name}: ${tray.length} tubes lie in the tray`);
    const paths = ["/shift/ID/briefing", "/shift/ID/worklist", "/shift/ID/worklist?show=all", "/shift/ID/reception", "/shift/ID/bench", "/shift/ID/store", "/shift/ID/chemistry", "/shift/ID/qc", "/shift/ID/verification", "/shift/ID/phone", "/shift/ID/handover",
      ...tray.flatMap((a) => [`/shift/ID/reception/${a}`, `/shift/ID/specimen/${a}`, `/shift/ID/tube/${a}`])];
    await compare(`another ${name}: until a tube is looked at, every page is the same to the byte`, both, paths);
    /* Time: the same page, in turns, on both. */
    const times = [[], []];
    for (let i = 0; i < 120; i++) for (const k of i % 2 ? [0, 1] : [1, 0]) times[k].push((await both[k].client.get(`/shift/${both[k].id}/reception/${tray[i % tray.length]}`)).ms);
    const median = times.map((t) => t.sort((a, b) => a - b)[t.length >> 1]);
    ok(Math.abs(median[0] - median[1]) < Math.max(0.5, 0.35 * Math.max(...median)), `another ${name}: and takes the same time`, median.join(" / "));
    remark(`another ${name}: median ${median.map((m) => m.toFixed(2)).join(" and ")} ms`);
    for (const { server } of both) await server.kill("SIGTERM");
  }
  /* Another cause of the same alarm, another peak of the same weekend: the care pages are the same to the byte. */
  for (const [scenario, name, change] of [["before-the-round", "cause", (t) => t.replace("cause: bent", "cause: board")], ["monday-first", "peak", (t) => t.replace("peak: 15.5", "peak: 11.0")]]) {
    const two = await pair(scenario, name, change);
    for (const { client, id } of two) { await client.clock(id, 0); for (let i = 0; i < 25; i++) { await client.skip(id); await client.clock(id, 0); } }
    await compare(`another ${name}: until somebody looks, the care pages are the same to the byte`, two, ["care", "care/logs", "care/stores", "care/alarms", "care/downtime", "worklist", "chemistry"].map((p) => `/shift/ID/${p}`));
    for (const { server } of two) await server.kill("SIGTERM");
  }
  /* Another truth of one test's month shows in the numbers of that test alone. */
  const months = await pair("last-of-the-month", "month", (t) => t.replace("state: imprecise, by: 2", "state: stable"));
  for (const { client, id } of months) await client.clock(id, 0);
  await compare("another month of creatinine: every page but those of its numbers is the same to the byte", months, ["briefing", "worklist", "chemistry", "qc/1/sodium", "month/1/sodium", "month/1/calcium", "month/2", "handover"].map((p) => `/shift/ID/${p}`));
  for (const { server } of months) await server.kill("SIGTERM");
  /* A label that cannot be read shows nowhere before somebody looks or an analyzer tries. */
  const labels = await pair("first-hour-bench", "label", (t) => t.replace("fault: label_unreadable", "fault: hot_transport"));
  for (const { client, id } of labels) { await client.clock(id, 0); for (let i = 0; i < 10; i++) { await client.skip(id); await client.clock(id, 0); } }
  const waits = accessions((await labels[0].client.get(`/shift/${labels[0].id}/reception`)).text);
  await compare("a crooked label: until a tube is looked at, every page is the same to the byte", labels, ["briefing", "worklist", "reception", "bench", "store", "handover", ...waits.map((a) => `reception/${a}`)].map((p) => `/shift/ID/${p}`));
  for (const { server } of labels) await server.kill("SIGTERM");
  /* A contaminated tube on the track: the same until its results are in. */
  const both = await pair("morning-run", "edta", (t) => t.replace(/severity: [\d.]+/g, "severity: 0.4"));
  for (const { client, id } of both) { await client.clock(id, 0); for (let i = 0; i < 12; i++) await client.skip(id); await client.clock(id, 0); }
  await compare("another contamination: every page is the same until it is measured", both, ["/shift/ID/worklist", "/shift/ID/qc", "/shift/ID/verification", "/shift/ID/reception", "/shift/ID/phone", "/shift/ID/chemistry"]);
  const look = async ({ client, id }) => {
    const pages = [`/shift/${id}/worklist?show=all`, ...(await held(client, id)).map((x) => `/shift/${id}/verification/${x}`)];
    return (await Promise.all(pages.map(async (path) => plain((await client.get(path)).text)))).join("").replaceAll(id, "ID");
  };
  let differ = false;
  for (let i = 0; i < 40 && !differ; i++) {
    for (const { client, id } of both) for (let k = 0; k < 4; k++) await client.skip(id);
    differ = await look(both[0]) !== await look(both[1]);
  }
  ok(differ, "the two truths do differ once it is measured (else the comparison proves nothing)");
}

/* ---- pictures of exam items ---- */

/* What the files of items say and no candidate may read before the end: rationales, and the lines of which pictures are
 * made. */
function secretsOfItems() {
  const whys = new Set(), lines = new Set();
  for (const subject of readdirSync(join(content, "items"), { withFileTypes: true })) {
    if (!subject.isDirectory() || subject.name === "families") continue;
    for (const file of readdirSync(join(content, "items", subject.name))) {
      let block = false;
      for (const line of readFileSync(join(content, "items", subject.name, file), "utf8").split("\n")) {
        const why = /^\s+why: "?(.{25,}?)"?$/.exec(line);
        if (why) whys.add(why[1].replaceAll('\\"', '"'));
        if (/^ {6}data: \|$/.test(line)) block = true;
        else if (block && !/^ {8}/.test(line)) block = false;
        else if (block && line.includes("|")) lines.add(line.trim());
      }
    }
  }
  return { whys: [...whys], lines: [...lines] };
}

async function examPictures(server) {
  const { whys, lines } = secretsOfItems(), wrong = [], tags = [];
  ok(whys.length > 3000 && lines.length > 200, "there are rationales and data to find", `${whys.length} ${lines.length}`);
  for (let k = 0; k < 2; k++) {
    const client = new Client(server), pictures = new Map();
    const path = (await client.post("/exams", { from: "pictures", manners: "exam", items: "60", minutes: "60", factor: "1", breaks: "0", area: "" })).headers.location;
    let drawn = 0;
    for (let n = 1; n <= 60; n++) {
      const room = await client.get(`${path}?n=${n}`), answers = [room];
      for (const address of links(room).filter((a) => /\/picture\//.test(a))) {
        const picture = await client.get(address);
        answers.push(picture);
        drawn += 1;
        if (!/^\/sitting\/[a-z0-9]+\/picture\/\d+\?v=[0-9a-f]{16}(&scheme=dark)?$/.test(address) || picture.status !== 200) wrong.push(`${address} ${picture.status}`);
        if (/<title|<desc|<text|<!--|class=|data-/.test(picture.text)) wrong.push(`${address} has words in it`);
        if (!/dark/.test(address)) pictures.set(picture.text, /v=(\w+)/.exec(address)[1]);
      }
      for (const answer of answers) {
        const told = decode(answer.text), heads = JSON.stringify(answer.raw);
        for (const why of whys) if (told.includes(why)) wrong.push(`${answer.path}: ${why}`);
        for (const line of lines) if (told.includes(line)) wrong.push(`${answer.path}: ${line}`);
        if (/L\d\d-\d\d/.test(told) || /L\d\d-\d\d/.test(heads)) wrong.push(`${answer.path} names an item`);
        if (/class="key"|data-right|data-key="right/.test(told)) wrong.push(`${answer.path} marks a key`);
      }
    }
    ok(drawn > 60, `sitting ${k + 1}: ${drawn} pictures were fetched`);
    tags.push(pictures);
  }
  const shared = [...tags[0]].filter(([picture]) => tags[1].has(picture));
  ok(shared.length > 5, `${shared.length} pictures came in both sittings`);
  ok(shared.every(([picture, tag]) => tags[1].get(picture) !== tag), "under different addresses: a tag does not tell an item");
  ok(wrong.length === 0, "pages and pictures of the room tell no rationale, no data, no item", wrong.join("\n"));
  /* One after another: a picture that was not given yet is refused. */
  const client = new Client(server);
  const forward = (await client.post("/exams", { from: "pictures", manners: "tutor", items: "60", minutes: "60", factor: "1", breaks: "0", area: "" })).headers.location;
  await client.get(forward);
  const later = [];
  for (let n = 2; n <= 60; n++) { const answer = await client.get(`${forward}/picture/${n}`); if (answer.status === 200) later.push(n); }
  ok(later.length === 0, "what comes later cannot be looked at", later.join());
}

/* From the exams and a room nothing leads to the instructor's side of items, nor tells of a calibration. */
async function examRoom(server) {
  const client = new Client(server), wrong = [];
  const room = (await client.post("/exams", { form: "pbt-practice", factor: "1", breaks: "1" })).headers.location;
  const start = ["/exams", room, `${room}?list=1`, `${room}?list=1&end=1`, "/outcomes"], seen = new Set(start), queue = [...start];
  for (let looked = 0; queue.length && looked < 200; looked++) {
    const path = queue.shift(), answer = await client.get(path);
    if (/infit|outfit|calibration of/i.test(answer.text)) wrong.push(`${path} tells of a calibration`);
    for (const link of links(answer)) {
      const url = new URL(link, server.url + path), next = url.pathname + url.search;
      if (url.pathname.startsWith("/items")) wrong.push(`${path} leads to ${next}`);
      if (!/^\/(exams|sitting|outcomes)/.test(url.pathname) || /\/act$/.test(url.pathname) || seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  ok(seen.size > start.length && wrong.length === 0, `${seen.size} addresses of exams: none leads to items or their calibration`, wrong.join("\n"));
}

/* An adaptive sitting whose page must not tell how the last answer went: whether it was right is read from the report
 * afterward; then headers, addresses and everything of a page but the words of its question are compared, and the time. */
async function examSilence(server) {
  const told = [];
  for (let k = 0; k < 2; k++) {
    const client = new Client(server), path = (await client.post("/exams", { form: "mlt-adaptive", factor: "1", breaks: "0" })).headers.location, mine = [];
    for (let n = 0; n < 100; n++) {
      const page = await client.get(`${path}?n=${n + 1}`), fields = { do: "answer", n: String(n), number: "12", choice: String((n + k) % 3) };
      const answer = await client.post(`${path}/act`, fields);
      mine.push({ n, page, answer, next: null });
      if (n > 0) mine[n - 1].next = page;
    }
    const running = spawnSync(titer, ["exam", "export", path.split("/")[2], "--data", server.data], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout;
    ok(/"next":\["[^"]+",\d+\]/.test(running) && !/"next":\["[^"]+",\d+,/.test(running) && !/"credit"|"key"|"difficulty"/.test(running), `sitting ${k + 1}: its stream tells no difficulty and no key before the end`);
    await client.post(`${path}/act`, { do: "end" });
    const report = (await client.get(`${path}/report`)).text;
    const marks = [...report.matchAll(/\/item\/(\d+)">\d+<\/a><\/th><td class="nowrap">([^<]+)</g)].map((m) => m[2]);
    ok(marks.length === 100, `sitting ${k + 1}: the report says how each answer went`, String(marks.length));
    mine.forEach((one, i) => { one.right = /right/.test(marks[i]); });
    told.push(...mine);
  }
  const right = told.filter((t) => t.right), wrong = told.filter((t) => !t.right);
  ok(right.length > 20 && wrong.length > 20, `${right.length} right and ${wrong.length} wrong answers to compare`);
  const plainPlace = (location, n) => location.replace(/sitting\/[a-z0-9]+/, "sitting/ID").replace(String(n + 2), "N");
  const places = (list) => [...new Set(list.filter((t) => t.n < 99).map((t) => `${t.answer.status} ${plainPlace(t.answer.headers.location, t.n)} ${Object.keys(t.answer.headers).sort()} ${t.answer.bytes.length}`))].sort().join("\n");
  ok(places(right) === places(wrong) && places(right).split("\n").length === 1, "a right answer is answered as a wrong one: status, address, headers, length", `${places(right)}\n${places(wrong)}`);
  /* The frame of a page: its tags and attributes without words, numbers and options, which belong to the question. */
  const frame = (html) => html.replace(/<div id="stem"[\s\S]*?<\/div>/, "").replace(/<fieldset class="options">[\s\S]*?<\/fieldset>/, "").replace(/<ul class="plainlist phrases">[\s\S]*?<\/ul>/, "").replace(/<figure[\s\S]*?<\/figure>/, "").replace(/value="[^"]*"|data-draft="[^"]*"|data-left="\d+"|sitting(\/|%2F)[a-z0-9]+/g, "").replace(/\d+/g, "0").replace(/>[^<]*</g, "><");
  const frames = (list) => [...new Set(list.filter((t) => t.next && !/id="number"|class="about"|<figure|exhibit screen/.test(t.next.text)).map((t) => frame(t.next.text)))];
  const [after, before] = [frames(right), frames(wrong)];
  ok(after.length === 1 && before.length === 1 && after[0] === before[0], "the page after a right answer is that after a wrong one but for its question", `${after.length} ${before.length}`);
  const words = told.filter((t) => /L\d\d-\d\d|theta|difficult|logit|ability|rationale|"key"/i.test(t.page.text.replace(/<div id="stem"[\s\S]*?<\/div>|<fieldset class="options">[\s\S]*?<\/fieldset>|<ul class="plainlist phrases">[\s\S]*?<\/ul>|<figure[\s\S]*?<\/figure>|<section[\s\S]*?<\/section>/g, "")));
  ok(words.length === 0, "no page names an item, its difficulty, an ability", words.slice(0, 3).map((t) => t.page.path).join());
  const median = (list) => list.map((t) => t.answer.ms).sort((a, b) => a - b)[list.length >> 1], [r, w] = [median(right), median(wrong)];
  ok(Math.abs(r - w) < Math.max(5, 0.5 * Math.max(r, w)), "a right answer takes as long as a wrong one", `${r.toFixed(2)} / ${w.toFixed(2)} ms`);
  remark(`answers: median ${r.toFixed(2)} ms when right, ${w.toFixed(2)} ms when wrong`);
}

await run(async () => {
  const server = await new Server().start();
  await examRoom(server);
  if (process.env.WALL_ONLY === "exam") return examSilence(server);
  const first = await crawlScenario(server, "morning-run", 7, 4);
  await crawlScenario(server, "couriers-box", 8, 3);
  await crawlScenario(server, "long-night", 9, 3);
  const fresh = await new Server().start(); /* a crawl goes through all shifts of its server */
  await crawlScenario(fresh, "before-the-round", 10, 3);
  await crawlScenario(fresh, "monday-first", 12, 3);
  /* One that an instructor wrote: its text is in the stream of the shift, and leaves it by no page or export. */
  const own = (await new Client(server).post("/author", { from: "step-down-evening" })).headers.location.split("/").pop();
  await crawlScenario(server, own, 11, 2); /* another seed than above: the same would bring the same people */
  /* Counts and clots: conditions of the blood, and what no analyzer prints of it. */
  const cells = await new Server().start();
  const two = await crawlScenario(cells, await countsAndClots(new Client(cells)), 5, 4);
  ok(two.truth.faults.some((f) => f.id === "CAD") && two.truth.faults.some((f) => f.id === "LA") && two.truth.values.some((v) => v.analyte === "COLD_AGG"), "counts and clots: the truth knows the conditions of the blood", JSON.stringify([...new Set(two.truth.faults.map((f) => f.id))]));
  await checkSearch(first);
  await examPictures(server);
  await examSilence(server);
  await otherTruth();
});
