/* The record by keyboard, without scripts: entered with half-known dates, refused with what was typed, corrected, its
 * history, documents good and hostile, files out and in, deletion that is typed. Then what strangers send, and a kill in
 * the middle of an upload. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { Client, Server, browser, emptyFolder, forms, ok, remark, run, sleep, titer } from "./lib.mjs";
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { enter, pdf, png, sendFile } from "./record_scene.mjs";

let page;
const text = () => page.locator("main").innerText();
const type = async (selector, words) => { await tabTo(selector); await press("Control+A"); await page.keyboard.type(words); };
const inFolder = (folder, marker) => readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(marker));

async function entering(server) {
  await page.goto(server.url + "/");
  await go('a[href="/record"]');
  ok(/unknown/.test(await page.locator("#degrees").innerText()), "what was not entered is unknown");
  await go('#military button[value="yes"]');
  ok(/none/.test(await page.locator("#military header").innerText()), "none is said, not assumed");
  await go('a[href="/record/jobs/add"]');
  await type("#f-employer", "St. Example");
  await type("#f-start", "sprnig 2019");
  await go("#save");
  ok(/choose one/.test(await text()) && await page.locator("#f-start").inputValue() === "sprnig 2019", "a form that is refused keeps what was typed", await text());
  ok(/^Clinical/.test(await choose("#f-setting", "Clinical lab")), "a setting is chosen by typing");
  await go("#save");
  ok(/^A date is written/.test(await page.locator("#wrong-start").innerText()) && await page.locator("#f-employer").inputValue() === "St. Example", "and the sentence stands at the field");
  await type("#f-start", "spring 2019");
  await type("#f-end", "present");
  await tabTo('input[value="chemistry"]');
  await press("Space");
  await tabTo('input[value="hematology"]');
  await press("Space");
  await go("#save");
  ok(/Saved/.test(await text()) && /Chemistry, Hematology/.test(await text()) && /spring 2019/.test(await text()), "a half-known date is taken as it was typed", await text());
  await go("#correct");
  ok(await page.locator('input[value="hematology"]').isChecked(), "a correction begins with what stands");
  await type("#f-start", "2019-03");
  await type("#f-note", "Trained by Mr. Patient Miller, MRN 12345678");
  await go("#save");
  ok(/looks like/.test(await text()), "what looks like a patient's identifier is pointed out", await text());
  const history = await page.locator("ol.line").innerText();
  ok(/corrected to[\s\S]*2019-03[\s\S]*entered[\s\S]*spring 2019/.test(history), "the history has both", history);
  return /entry\/([a-z0-9]+)/.exec(page.url())[1];
}

async function documents(server, id) {
  const folder = emptyFolder("papers"), scan = join(folder, "my scan.pdf"), page_ = join(folder, "scan.pdf.png");
  writeFileSync(scan, pdf("MARKER-OF-THE-SCAN", 300000));
  writeFileSync(page_, "<html><script>alert(1)</script>");
  await page.goto(`${server.url}/record/entry/${id}`);
  await page.locator("#file").setInputFiles(page_);
  await go("#attach");
  ok(/neither a PDF nor a picture/.test(await page.locator("#file-wrong").innerText()), "a page that calls itself a picture is refused");
  await page.locator("#file").setInputFiles(scan);
  await go("#attach");
  ok(/my scan\.pdf/.test(await text()), "a scan is attached");
  await go("#attach");
  ok(/Choose a file first/.test(await text()), "no file is said");
  const path = await page.locator(".papers a.name").getAttribute("href");
  const got = page.waitForEvent("download");
  await go(".papers a.name");
  const saved = await (await got).path();
  ok(readFileSync(saved).equals(readFileSync(scan)), "and comes back byte for byte");
  return path;
}

const deleting = async (server) => {
  await page.goto(server.url + "/record/delete");
  await type("#words", "delete");
  await go("#delete");
  ok(/Nothing was deleted/.test(await text()), "other words delete nothing");
  await type("#words", "delete my record");
  await go("#delete");
  ok(/deleted for good/.test(await text()) && /unknown/.test(await page.locator("#jobs").innerText()), "the right words delete the record");
};

async function files(server) {
  const got = page.waitForEvent("download");
  await page.goto(server.url + "/record");
  await go('a[href="/record.json"]');
  const path = await (await got).path(), file = JSON.parse(readFileSync(path, "utf8"));
  ok(file.entries.length === 1 && file.entries[0].history.length >= 3 && file.none.includes("military"), "the export has entries, history and what is none");
  ok(file.applicant.jobs[0].end === "present" && file.applicant.jobs[0].areas.length === 2, "and the record as rules read it", JSON.stringify(file.applicant));
  await deleting(server);
  const broken = join(emptyFolder("broken"), "record.json");
  writeFileSync(broken, JSON.stringify({ ...file, entries: [{ ...file.entries[0], fields: { ...file.entries[0].fields, start: "soon" } }] }));
  await page.goto(server.url + "/record/import");
  await page.locator("#file").setInputFiles(broken);
  await go("#look");
  ok(/entries\[0\]\.fields\.start/.test(await text()), "a malformed file is refused with its path", await text());
  await page.locator("#file").setInputFiles({ name: "record.json", mimeType: "application/json", buffer: readFileSync(path) });
  await go("#look");
  ok(/1 new, 0 corrected/.test(await text()) && /Nothing is saved yet/.test(await text()), "an import is looked at first", await text());
  ok(!/St\. Example/.test((await new Client(server).get("/record")).text), "until then nothing is here");
  await go("#import");
  ok(/The file is taken in/.test(await text()) && /St\. Example/.test(await text()), "then it is", await text());
}

/* What a browser never sends. */
async function hostile(server) {
  const client = new Client(server);
  const id = await enter(client, "degrees", { level: "associate" }), at = `/record/entry/${id}`, to = `${at}/upload`;
  const send = (name, bytes, fields) => sendFile(client, at, to, name, bytes, fields);
  const count = async () => ((await client.get(at)).text.match(/id="document-/g) || []).length;
  ok((await send("x.pdf", pdf("A"), { csrf: "wrong" })).status === 403, "a form of another session is refused");
  ok((await send("x.svg", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))).status === 422, "a picture that scripts is refused");
  ok((await client.ask("POST", to, { body: Buffer.alloc(11 << 20), headers: { "Content-Type": "multipart/form-data; boundary=x", "Content-Length": 11 << 20, Origin: server.url } }).catch(() => ({ status: 413 }))).status === 413, "more than 10 MB is refused");
  ok((await send("../../etc/pass\u202ewd.pdf", pdf("B"))).status === 303, "a strange name");
  ok(/pass/.test((await client.get(at)).text) && !/\.\.\//.test((await client.get(at)).text), "loses its folders");
  ok(await count() === 1, "and nothing else was kept");
  const [, path] = /href="(\/record\/document\/[a-z0-9]+)"/.exec((await client.get(at)).text), got = await client.get(path);
  ok(/^attachment/.test(got.headers["content-disposition"]) && got.headers["x-content-type-options"] === "nosniff" && /^sandbox; default-src 'none'$/.test(got.headers["content-security-policy"]) && got.headers["content-type"] === "application/pdf", "it is sent to be saved, in a sandbox", JSON.stringify(got.headers));
  ok((await client.get("/record/document/none")).status === 404, "a document that is not there");
  /* broken off in the middle */
  const broken = net.connect(server.port, "127.0.0.1");
  await new Promise((resolve) => broken.once("connect", resolve));
  const cookie = [...client.cookies].map(([n, v]) => `${n}=${v}`).join("; ");
  broken.write(`POST ${to} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${server.url}\r\nCookie: ${cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${client.csrf}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4 MARKER-BROKEN-OFF`);
  await sleep(200);
  broken.destroy();
  await sleep(200);
  ok(await count() === 1 && !inFolder(server.data, "MARKER-BROKEN-OFF"), "an upload that is broken off leaves nothing");
  /* killed in the middle of saving: whole or not at all, and no stray bytes after the next start */
  let whole = 0;
  for (let i = 0; i < 6; i++) {
    const marker = `MARKER-KILLED-${i}-END`, sent = send("k.pdf", pdf(marker, 4 << 20)).catch(() => null);
    if (i < 5) await sleep(40 + 150 * i); else await sent; /* the last is answered before the kill */
    await server.kill();
    await sent;
    await server.start();
    const kept = (await client.get(at)).text.match(/k\.pdf<\/a>/g) || [];
    ok(kept.length === whole || kept.length === whole + 1, `kill ${i}: whole or not at all`, `${kept.length} after ${whole}`);
    ok(inFolder(server.data, marker) === kept.length > whole, `kill ${i}: no stray bytes`);
    whole = kept.length;
  }
  ok(whole >= 1, "what was answered is there");
  remark(`${whole} of 6 uploads were whole before the kill`);
  /* the same out of the terminal, also while the server runs */
  const papers = emptyFolder("out"), out = spawnSync(titer, ["record", "export", "--documents", papers, "--data", server.data]);
  ok(out.status === 0 && readdirSync(papers).length === await count() && readdirSync(papers).every((n) => /^[a-z0-9]+-[A-Za-z0-9._\u0080-\uffff-]+$/.test(n)), "documents go into a folder", `${out.stderr} ${readdirSync(papers).join(" ")}`);
  /* removed for good */
  const before = await count();
  const remove = forms((await client.get(at)).text).find((f) => f.action === `${path}/remove`);
  await client.post(remove.action, { entry: id });
  ok(await count() === before - 1 && (await client.get(path)).status === 404, "a document is removed");
}

run(async () => {
  const server = await new Server().start();
  const opened = await browser({ javaScriptEnabled: false, acceptDownloads: true });
  page = opened.page;
  use(page);
  const id = await entering(server);
  const path = await documents(server, id);
  ok(inFolder(server.data, "MARKER-OF-THE-SCAN"), "the scan is in the data folder");
  await files(server);
  ok(!inFolder(server.data, "MARKER-OF-THE-SCAN") && (await new Client(server).get(path)).status === 404, "and is not after the deletion");
  ok(seen.unseen.length === 0, "the focus was always seen", [...new Set(seen.unseen)].join("\n"));
  await hostile(server);
});
