/* A shift brought to a state worth looking at, through the same forms that the pages send. */
import { readFileSync } from "node:fs";
import { decode } from "./lib.mjs";

/* Numbers of the specimens' accessions on a page, in order, without doubles. */
export const accessions = (html) => [...new Set([...html.matchAll(/\b(\d\d-\d{4})\b/g)].map((m) => m[1]))];

export async function clockOf(client, id) {
  const page = await client.get(`/shift/${id}/worklist`);
  return (/id="clock"[^>]*>([^<]*)</.exec(page.text) || [])[1];
}

/* Accepts what lies in the tray; where hands are needed, spins and loads. `keep` are left alone. */
export async function receiveAll(client, id, { inspect = false, keep = [] } = {}) {
  const page = await client.get(`/shift/${id}/reception`);
  const rows = [...page.text.matchAll(/name="list" value="(\d+)"[^>]*>\s*<span class="mono">([^<]+)<\/span>/g)].map((m) => [m[1], m[2]]);
  for (const [index, accession] of rows) {
    if (keep.includes(accession)) continue;
    if (inspect) await client.act(id, "inspect", { specimen: index });
    await client.act(id, "accept", { list: index });
  }
}

/* Accepts the runs of controls that the board offers. */
export async function acceptControls(client, id) {
  const page = await client.get(`/shift/${id}/qc`);
  let done = 0;
  for (const [, form] of page.text.matchAll(/<form\b[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/g)) {
    if (!form.includes("accept-qc-run")) continue;
    const line = /name="line" value="(\d+)"/.exec(form), run = /name="run" value="(\d+)"/.exec(form);
    if (line && run && await client.act(id, "accept-qc-run", { line: line[1], run: run[1] })) done += 1;
  }
  return done;
}

export async function held(client, id) {
  const page = await client.get(`/shift/${id}/verification`);
  return [...new Set([...page.text.matchAll(/\/verification\/(\d\d-\d{4})"/g)].map((m) => m[1]))];
}

/* The results of a specimen that wait: [index, test, value]. */
export async function waiting(client, id, accession) {
  const page = await client.get(`/shift/${id}/verification/${accession}`);
  return [...page.text.matchAll(/<td><label class="check"><input type="checkbox" name="list" value="(\d+)"><span class="hidden">([^<]*)<\/span><\/label><\/td><th scope="row">[^<]*(?:<span class="why">[^<]*<\/span>)?<\/th><td class="val">([^<]*)/g)]
    .map((m) => [m[1], decode(m[2]), Number(decode(m[3]).trim())]);
}

/* Lets a stopped clock jump until `count` specimens wait for review, or until `most` jumps. */
export async function untilHeld(client, id, count, most = 160, options = {}) {
  await client.clock(id, 0);
  for (let i = 0; i < most; i++) {
    await client.skip(id);
    await client.clock(id, 0);
    if (i % 5 !== 4) continue;
    await receiveAll(client, id, options);
    await acceptControls(client, id);
    if ((await held(client, id)).length >= count) return true;
  }
  return false;
}

/* Reaction curves of what has been measured, one of each kind of reading: kind -> path. */
export async function curves(client, id, kinds = 5) {
  const found = {}, list = accessions((await client.get(`/shift/${id}/worklist?show=all`)).text);
  for (const accession of list) {
    if (Object.keys(found).length === kinds) break;
    const { text } = await client.get(`/shift/${id}/specimen/${accession}`);
    for (const [, path] of text.matchAll(/href="(\/shift\/[^"]*\/reaction\/\d+)"/g)) {
      const kind = (/<dt>Kind<\/dt><dd>(end point|two-point|rate|ion-selective|immunoassay)/.exec((await client.get(path)).text) || [])[1];
      if (kind && !found[kind]) found[kind] = path;
    }
  }
  return found;
}

export async function handOver(client, id) {
  return client.act(id, "hand-over", { text: "AN-1 and AN-2 in control. Open: see the list. Nothing else." });
}

export async function reflect(client, id) {
  await client.get(`/shift/${id}/debrief`);
  return client.post(`/shift/${id}/debrief/reflect`, { reaction: "Busy, and one tube I did not trust.", rating: "70" });
}

/* A scenario with hematology and coagulation, written as an instructor would; gives its id. */
export async function countsAndClots(client) {
  const text = readFileSync(new URL("counts-and-clots.yaml", import.meta.url), "utf8");
  const answer = await client.post("/author/import", { text });
  if (answer.status !== 303) throw new Error(`counts-and-clots.yaml is refused: ${(/class="notice[^>]*>([^<]*)/.exec(answer.text) || [])[1] || answer.status}`);
  return answer.headers.location.split("?")[0].split("/").pop();
}

/* What stands on the page of a bench: [accession, the rest of its row]. */
export async function atBench(client, id, bench) {
  const page = await client.get(`/shift/${id}/${bench}`);
  return [...page.text.matchAll(/<span class="mono">(\d\d-\d{4})<\/span> · ([^<]*)/g)].map((m) => [m[1], decode(m[2])]);
}

/* The rows of an open specimen by name: the value as printed. */
export async function printed(client, id, bench, accession) {
  const page = await client.get(`/shift/${id}/${bench}/${accession}`), values = {};
  for (const [, name, value] of page.text.matchAll(/<th scope="row">([^<]*)(?:<span class="why">[^<]*<\/span>)?<\/th><td class="val">([^<]*)/g)) values[decode(name)] = decode(value).trim();
  return values;
}

/* Lets a stopped clock jump until a specimen of the bench is as `fits` says; its accession or null. */
export async function untilAtBench(client, id, bench, fits, most = 150) {
  await client.clock(id, 0);
  for (let i = 0; i < most; i++) {
    if (i % 4 === 0) {
      await receiveAll(client, id);
      await acceptControls(client, id);
      for (const [accession] of await atBench(client, id, bench)) if (fits(await printed(client, id, bench, accession))) return accession;
    }
    await client.skip(id);
    await client.clock(id, 0);
  }
  return null;
}

/* Ticks of a page's table of tubes: [number, accession]. */
export const ticks = (html, caption) => {
  const table = new RegExp(`aria-label="${caption}"[\\s\\S]*?</table>`).exec(html);
  return table ? [...table[0].matchAll(/name="list" value="(\d+)"> <span class="mono">([^<]+)</g)].map((m) => [m[1], m[2]]) : [];
};

/* A bench where everything is done by hand: one centrifuge runs, one tube came back unread, tests are ordered on stored tubes. */
export async function byHand(client, mode = "practice") {
  const id = await client.create("first-hour-bench", 5, mode);
  await client.clock(id, 0);
  let unread = null;
  for (let i = 0; i < 120 && !unread; i++) {
    await receiveAll(client, id);
    const bench = (await client.get(`/shift/${id}/bench`)).text;
    const spin = ticks(bench, "Tubes to spin").map((t) => t[0]), load = ticks(bench, "Tubes that are ready").map((t) => t[0]);
    unread = /Barcode not read[\s\S]*?\/reception\/(\d\d-\d{4})"/.exec(bench);
    if (load.length && !unread) await client.act(id, "load", { list: load, line: 0 });
    if (spin.length && !unread && !/Centrifuge 1<\/h2><span class="chip info/.test(bench)) await client.act(id, "spin", { list: spin, "spin-code": 0, number: 10, run: 1 });
    if (!unread) await client.skip(id);
    await client.clock(id, 0);
  }
  for (let i = 0; i < 60 && (await client.get(`/shift/${id}/store`)).text.split(">Add and run<").length < 3; i++) { await client.skip(id); await client.clock(id, 0); }
  await receiveAll(client, id);
  const left = ticks((await client.get(`/shift/${id}/bench`)).text, "Tubes to spin").map((t) => t[0]);
  if (left.length) await client.act(id, "spin", { list: left, "spin-code": 0, number: 10, run: 1 });
  return { id, unread: unread && unread[1] };
}

/* A shift in which tubes are loaded by hand; at least six of chemistry are spun and wait. Their numbers and accessions. */
export async function tubesToLoad(client) {
  const text = readFileSync(new URL("racks.yaml", import.meta.url), "utf8");
  const taken = await client.post("/author/import", { text });
  const id = await client.create((taken.headers.location || "").split("?")[0].split("/").pop(), 4);
  const listed = async (caption) => ticks((await client.get(`/shift/${id}/bench`)).text, caption);
  await client.clock(id, 0);
  for (let i = 0; i < 60 && (await listed("Tubes that are ready")).length < 6; i++) {
    await receiveAll(client, id);
    const received = (await listed("Tubes to spin")).map((t) => t[0]).slice(0, 24);
    if (i > 12 && received.length) await client.act(id, "spin", { list: received });
    await client.skip(id);
    await client.clock(id, 0);
  }
  return { id, tubes: await listed("Tubes that are ready") };
}
