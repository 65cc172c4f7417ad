/* The program killed again and again while several candidates answer over HTTP: every answer that was acknowledged is
 * there afterward, as it was given, and none twice, also where the candidate sent it again because no reply came. */
import { spawnSync } from "node:child_process";
import { Client, Server, decode, ok, remark, run, sleep, titer } from "./lib.mjs";

const ROUNDS = 45, QUIZZES = 4, ADAPTIVE = 2, LIMIT_MS = 100000;
const began = Date.now();
let up = false, over = false;
const counts = { sent: 0, again: 0, lost: 0 };

/* Asks until the program answers; a kill in between is waited for. */
async function insist(ask) {
  for (let tries = 0; ; tries++) {
    while (!up) await sleep(10);
    try {
      const answer = await ask();
      if (answer.status && answer.headers) return { answer, tries };
    } catch { /* the connection broke */ }
    counts.lost += 1;
    if (over && tries > 200) throw new Error("the program does not come back");
    await sleep(20);
  }
}

/* The fields of an answer to the item of this page, different from item to item. */
function fill(html, n) {
  const fields = [["do", "answer"], ["n", String(n)]];
  if (/id="number"/.test(html)) return [...fields, ["number", String(n + 1)]];
  const ranks = [...html.matchAll(/<select name="((?:rank|pair)-\d)"/g)].map(([, name]) => name);
  if (ranks.length > 0) return [...fields, ...ranks.map((name, i) => [name, String((i + n) % ranks.length)])];
  const options = [...html.matchAll(/name="choice" value="(\d)"/g)].map(([, value]) => value);
  return [...fields, ["choice", options[n % options.length]]];
}

/* What the page shows as answered, in the same words. */
function shown(html) {
  const number = /id="number"[^>]*value="([^"]*)"/.exec(html);
  if (number) return Number(decode(number[1])).toString();
  const selects = [...html.matchAll(/<select name="(?:rank|pair)-\d"[\s\S]*?<\/select>/g)];
  if (selects.length > 0) return selects.map(([s]) => (/value="(\d)" selected/.exec(s) || [])[1]).join();
  return [...html.matchAll(/name="choice" value="(\d)" checked/g)].map(([, value]) => value).join();
}
const meant = (fields) => fields.filter(([name]) => /^(number|choice|rank|pair)/.test(name)).map(([, value]) => value).join();

const sittings = [];

async function sit(server, number, adaptive) {
  const me = new Client(server);
  await insist(() => me.get("/exams"));
  for (let turn = 0; !over; turn++) {
    const form = adaptive ? { form: "mlt-adaptive", factor: "1", breaks: "0" } : { area: "chemistry", items: "60", minutes: "200", manners: "exam", factor: "1", breaks: "0" };
    /* starting is no repeatable request: look for the sitting in the answer, else start another one */
    const { answer: made } = await insist(() => me.post("/exams", form));
    const path = made.headers.location;
    if (!path || !path.startsWith("/sitting/")) throw new Error(`no sitting: ${made.status}`);
    const sitting = { id: path.split("/")[2], path, adaptive, kept: new Map(), client: me };
    sittings.push(sitting);
    for (let n = 0; n < (adaptive ? 100 : 60) && !over; n++) {
      const { answer: page } = await insist(() => me.get(`${path}?n=${n + 1}`));
      const fields = fill(page.text, n), request = `kill-${number}-${turn}-${n}`;
      const { answer: done, tries } = await insist(() => me.post(`${path}/act`, [...fields, ["request", request]]));
      counts.sent += 1;
      counts.again += tries > 0;
      if (done.status === 303 && !/said=/.test(done.headers.location)) sitting.kept.set(n, meant(fields));
      else if (!over) throw new Error(`item ${n + 1}: ${done.status} ${done.headers.location || done.text.slice(0, 300)}`);
    }
  }
}

async function judge(server) {
  let kept = 0, missing = 0, twice = 0, other = 0, doubled = 0;
  for (const sitting of sittings) {
    const answered = new Map();
    const out = spawnSync(titer, ["exam", "export", sitting.id, "--data", server.data], { encoding: "utf8", maxBuffer: 1 << 26 });
    if (out.status !== 0) throw new Error(out.stderr);
    const next = new Set();
    for (const line of out.stdout.trim().split("\n")) {
      const event = JSON.parse(line);
      if (event.kind !== "answer") continue;
      answered.set(event.data.n, (answered.get(event.data.n) || 0) + 1);
      if (!event.data.next) continue;
      doubled += next.has(event.data.next[0]);
      next.add(event.data.next[0]);
    }
    kept += sitting.kept.size;
    for (const n of sitting.kept.keys()) missing += !answered.has(n);
    for (const times of answered.values()) twice += times > 1;
    if (sitting.adaptive) continue;
    for (const [n, value] of sitting.kept) {
      const page = await sitting.client.get(`${sitting.path}?n=${n + 1}`);
      other += shown(page.text) !== value;
    }
  }
  ok(kept > 200, `${kept} answers were acknowledged in ${sittings.length} sittings`);
  ok(missing === 0, "each of them is there", missing);
  ok(twice === 0, "none is there twice", twice);
  ok(other === 0, "each is shown as it was given", other);
  ok(doubled === 0, "no adaptive sitting was given an item twice", doubled);
}

run(async () => {
  const server = await new Server().start();
  up = true;
  const candidates = Array.from({ length: QUIZZES + ADAPTIVE }, (_, i) => sit(server, i, i >= QUIZZES));
  let failed = null;
  candidates.forEach((one) => one.catch((error) => { failed = failed || error; }));
  let kills = 0;
  for (; kills < ROUNDS && !failed && Date.now() - began < LIMIT_MS; kills++) {
    await sleep(150 + ((kills * 67) % 350));
    up = false;
    await server.kill();
    await server.start();
    up = true;
  }
  await sleep(500);
  over = true;
  await Promise.allSettled(candidates);
  ok(!failed, "every candidate could go on", failed && failed.stack);
  ok(kills >= 40, `killed ${kills} times`);
  await judge(server);
  remark(`${counts.sent} answers sent, ${counts.again} of them again, ${counts.lost} requests without a reply, ${((Date.now() - began) / 1000).toFixed(0)} s`);
});
