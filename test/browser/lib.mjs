/* What the browser tests share: a server of their own on an empty data folder, a plain HTTP client with
 * the cookie and the form fields of a page, Chromium, and a list of checks printed as they are made.
 * The program comes from TITER or the first argument. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const titer = process.env.TITER || process.argv[2];
if (!titer) {
  console.error("Say which program to test: TITER=build/titer node <test>, or as the first argument.");
  process.exit(2);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* ---- checks ---- */

let passed = 0, failed = 0;
const cleanups = [];

export function ok(condition, name, detail) {
  if (condition) { passed += 1; console.log(`ok ${passed + failed} - ${name}`); return true; }
  failed += 1;
  console.log(`not ok ${passed + failed} - ${name}`);
  if (detail !== undefined) for (const line of String(detail).split("\n").slice(0, 12)) console.log(`  # ${line.slice(0, 300)}`);
  return false;
}

export const remark = (text) => console.log(`# ${text}`);

async function cleanAll() {
  for (const clean of cleanups.reverse()) await Promise.resolve(clean()).catch(() => {});
  cleanups.length = 0;
}

/* Runs the test; whatever happens, what was started is stopped and the count is the last line. */
export async function run(test) {
  const limit = setTimeout(() => { console.log("not ok - time limit of the test"); process.exit(1); }, Number(process.env.TEST_LIMIT_MS || 240000));
  try {
    await test();
  } catch (error) {
    ok(false, "the test came to its end", error.stack);
  }
  await cleanAll();
  clearTimeout(limit);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

/* ---- the server ---- */

export function emptyFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `titer-${name}-`));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class Server {
  /* `command`: another program with the same options in place of `titer serve`. */
  constructor({ data = emptyFolder("data"), command = [titer, "serve"] } = {}) {
    this.data = data;
    this.command = command;
    this.port = 0;
  }

  async start() {
    const [program, ...rest] = this.command;
    this.child = spawn(program, [...rest, "--listen", `127.0.0.1:${this.port}`, "--data", this.data], { stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    const child = this.child;
    this.gone = new Promise((resolve) => child.once("exit", resolve));
    cleanups.push(() => this.kill());
    child.stderr.on("data", (d) => { this.said += d; });
    this.url = await new Promise((resolve, reject) => {
      let out = "";
      const timer = setTimeout(() => reject(new Error("the server did not say its address")), 20000);
      child.stdout.on("data", (d) => {
        out += d;
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out);
        if (found) { clearTimeout(timer); this.port = Number(found[1]); resolve(found[0]); }
      });
      child.once("exit", (code) => { clearTimeout(timer); reject(new Error(`the server ended with ${code}: ${this.said}`)); });
    });
    return this;
  }

  async kill(signal = "SIGKILL") {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.gone;
  }

  /* The event stream of a shift, line by line. */
  exported(id) {
    const answer = spawnSync(titer, ["shift", "export", id, "--data", this.data], { encoding: "utf8" });
    if (answer.status !== 0) throw new Error(`shift export: ${answer.stderr}`);
    return answer.stdout;
  }
}

/* ---- a client without a browser ---- */

export const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39|#x27|nbsp);/g, (_, e) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", nbsp: " " })[e]);

/* The forms of a page: action, fields as [name, value], and the submit buttons that have names. */
export function forms(html) {
  const list = [];
  for (const [, head, inside] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    const attribute = (text, name) => { const m = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text); return m ? decode(m[1]) : null; };
    const form = { action: attribute(head, "action"), method: (attribute(head, "method") || "get").toLowerCase(), fields: [], buttons: [], html: inside };
    for (const [, tag] of inside.matchAll(/<input\b([^>]*)>/g)) {
      const type = attribute(tag, "type") || "text", name = attribute(tag, "name");
      if (!name) continue;
      if ((type === "checkbox" || type === "radio") && !/\schecked/.test(tag)) continue;
      form.fields.push([name, attribute(tag, "value") || ""]);
    }
    for (const [, tag, body] of inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g))
      form.buttons.push({ name: attribute(tag, "name"), value: attribute(tag, "value") || "", text: decode(body.replace(/<[^>]*>/g, "")).trim() });
    list.push(form);
  }
  return list;
}

export class Client {
  constructor(server) {
    this.server = server;
    this.cookies = new Map();
    this.requests = 0;
  }

  ask(method, path, { body, headers = {}, limit = 8 << 20, milliseconds = 15000 } = {}) {
    return new Promise((resolve, reject) => {
      const began = process.hrtime.bigint();
      const request = http.request({ host: "127.0.0.1", port: this.server.port, method, path, agent: false, headers: {
        ...(this.cookies.size ? { Cookie: [...this.cookies].map(([n, v]) => `${n}=${v}`).join("; ") } : {}),
        ...(body !== undefined ? { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": Buffer.byteLength(body), Origin: this.server.url } : {}),
        ...headers } }, (answer) => {
        const parts = [];
        let size = 0;
        for (const line of answer.headers["set-cookie"] || []) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
          this.cookies.set(name, value);
        }
        const stop = setTimeout(() => answer.destroy(), milliseconds);
        const done = () => {
          clearTimeout(stop);
          const bytes = Buffer.concat(parts);
          resolve({ status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, bytes, text: bytes.toString("utf8"), path, ms: Number(process.hrtime.bigint() - began) / 1e6 });
        };
        answer.on("data", (d) => { parts.push(d); size += d.length; if (size > limit) answer.destroy(); });
        answer.on("end", done);
        answer.on("close", done);
        answer.on("error", done);
      });
      request.on("error", reject);
      if (body !== undefined) request.write(body);
      request.end();
    });
  }

  async get(path, options) {
    const answer = await this.ask("GET", path, options);
    const csrf = /name="csrf" value="([^"]+)"/.exec(answer.text);
    if (csrf) this.csrf = decode(csrf[1]);
    return answer;
  }

  /* `fields`: an object or a list of pairs; the token and a fresh request id are added. */
  async post(path, fields) {
    if (!this.csrf) await this.get("/");
    const data = new URLSearchParams(Array.isArray(fields) ? fields : Object.entries(fields));
    data.set("csrf", this.csrf);
    if (!data.has("request")) data.set("request", `test-${process.pid}-${Date.now()}-${this.requests++}`);
    return this.ask("POST", path, { body: data.toString() });
  }

  async create(scenario, seed, mode = "practice") {
    const answer = await this.post("/shifts", { scenario, mode, seed: String(seed) });
    const found = /\/shift\/([^/]+)\/briefing/.exec(answer.headers.location || "");
    if (!found) throw new Error(`no shift was made: ${answer.status} ${(/class="notice[^>]*>([^<]*)/.exec(answer.text) || [])[1] || answer.text.slice(0, 200)}`);
    return found[1];
  }

  /* True when the action was taken; else the sentence is in `refused`. */
  async act(id, kind, fields = {}) {
    const pairs = [["kind", kind], ["back", `/shift/${id}/worklist`]];
    for (const [name, value] of Object.entries(fields)) for (const one of Array.isArray(value) ? value : [value]) pairs.push([name, String(one)]);
    const answer = await this.post(`/shift/${id}/act`, pairs);
    const said = /[?&]said=([^&]*)/.exec(answer.headers.location || "");
    this.refused = said ? decodeURIComponent(said[1]) : answer.status >= 400 ? `${answer.status}` : "";
    return answer.status >= 300 && answer.status < 400 && !said;
  }

  clock(id, speed) { return this.post(`/shift/${id}/clock`, { speed: String(speed), back: `/shift/${id}/worklist` }); }
  skip(id) { return this.post(`/shift/${id}/clock`, { skip: "1", back: `/shift/${id}/worklist` }); }
}

/* ---- the browser ---- */

const launchArguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function browser(options = {}) {
  const context = await chromium.launchPersistentContext(emptyFolder("chromium"), { executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true, args: launchArguments, viewport: { width: 1280, height: 900 }, timeout: 60000, ...options });
  cleanups.push(() => context.close());
  context.setDefaultTimeout(15000);
  const page = context.pages()[0] || await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error" && !/status of (409|404|422|400)|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE/.test(message.text())) page.problems.push(`console: ${message.text()}`); });
  return { context, page };
}
