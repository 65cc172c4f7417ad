/* An instructor who is here for the first time, by keyboard alone: from nothing to a scenario that is written,
 * mended, previewed, exported and played. Then the same form without scripts, and files there and back. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { choose, go, main, press, seen, settle, tab, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, decode, emptyFolder, ok, remark, run, titer } from "./lib.mjs";

let page;

const focused = () => page.evaluate(() => document.activeElement.id);
const box = (name) => `[id="f-${name}"]`;

/* Replaces what stands in a field. */
async function write(name, text) {
  await tabTo(box(name));
  await press("Control+a");
  await page.keyboard.type(text);
}

async function writeScenario(server) {
  await page.goto(server.url);
  await go("#author");
  ok(/\/author$/.test(page.url()), "home leads to writing", page.url());
  await go("#create");
  const form = page.url();
  ok(/\/author\/[0-9a-z]+$/.test(form), "a blank form opens", form);

  await go('button[value="save"]');
  ok(await focused() === "mistakes", "saved too early: the focus is on what is to mend", await focused());
  ok(/3 things to mend/.test(await main()) && /Title is empty/.test(await main()) && /objectives/.test(await main()), "it says what is missing", (await main()).slice(0, 400));
  await tabTo("#mistakes li a");
  await press("Enter");
  ok(await page.evaluate(() => location.hash) === "#f-title", "a complaint leads to its field");

  await write("title", "An evening on the wards");
  await write("summary", "Evening draws from two wards.");
  await write("objectives", "See what does not fit before releasing it");
  await press("Enter");
  await page.keyboard.type("Say to the ward what is wrong");
  await write("minutes", "ninety");
  await choose("#kind", "A spoiled");
  await go('button[value="add-planted"]');
  ok(await focused() === "f-p0.fault", "what was added is open and has the focus", await focused());
  ok(await page.inputValue(box("minutes")) === "ninety" && /Say to the ward/.test(await page.inputValue(box("objectives"))), "nothing typed is lost by a button");
  ok(/EDTA/.test(await choose(box("p0.fault"), "EDTA")), "a fault is chosen by typing");
  await write("p0.severity", "14");
  await write("p0.at", "0:20");
  await choose(box("p0.condition"), "Type 2");
  await write("p0.earlier_result_hours", "20");

  await choose("#kind", "A patient with");
  await go('button[value="add-planted"]');
  ok(/Potassium/.test(await choose(box("p1.analyte"), "Potassium")), "a second thing: a critical potassium");
  await write("p1.value", "7.1");
  await write("p1.at", "0:15");
  await go('button[value="add-call"]');
  await choose(box("c0.script"), "emergency nurse");
  await choose(box("c0.about"), "2. A patient");
  await go('button[value="preview"]', "Enter", { backward: true });

  const said = await main();
  ok(/2 things to mend/.test(said), "two mistakes", said.slice(0, 500));
  ok(/Length in minutes is a whole number from 10 to 720; found .ninety/.test(said), "the length, with what was typed");
  ok(/from 0 to 1, usually 0.05; found .14/.test(said), "how bad, with the fault's range", said.slice(0, 700));
  for (const name of ["minutes", "p0.severity"]) {
    const wrong = await page.locator(box(name)).evaluate((e) => e.getAttribute("aria-invalid") === "true" && e.getAttribute("aria-describedby").split(" ").some((id) => id.endsWith("-wrong") && document.getElementById(id)?.offsetHeight > 0));
    ok(wrong, `${name}: the complaint stands beside the field`);
  }
  ok(await page.locator(`${box("c0.about")} option:checked`).textContent().then((t) => /critical.*Potassium 7.1/.test(t)), "the call is about the second one");
  await write("minutes", "90");
  await write("p0.severity", "0.14");
  await go('button[value="preview"]');
  ok(/\/preview$/.test(page.url()), "mended, it is previewed", `${page.url()} ${(await main()).slice(0, 300)}`);
  const preview = await main();
  ok(/✓ Solvable/.test(preview) && /✓ Fair/.test(preview), "and is solvable and fair", preview.slice(0, 600));
  ok(/EDTA contamination/.test(preview) && /Potassium 7.1/.test(preview) && /caught at/.test(preview), "it shows what is planted and what became of it", preview.slice(0, 900));
  ok(/Careful\s+9\d/.test(preview) && /Accept everything/.test(preview), "and the scores of the autopilots");
  await go("section.planted details summary");
  ok(/In the patient/.test(await main()), "and the results beside the truth");
  return form;
}

async function play(server) {
  await go("#start", "Enter", { backward: true });
  ok(/\/briefing$/.test(page.url()) && /An evening on the wards/.test(await main()), "a shift of it opens with its briefing", page.url());
  ok(!/EDTA|planted|contamin|7\.1/i.test(await main()), "which tells nothing", (/.*(?:EDTA|planted|contamin|7\.1).*/i.exec(await main()) || [])[0]);
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await go("#start");
  await tab("qc");
  await tab("handover");
  await tabTo("textarea");
  await page.keyboard.type("Nothing done: a look around.");
  await go('button[value="hand-over"]');
  await tabTo("#reaction");
  await page.keyboard.type("A short one.");
  await press("Tab");
  await page.keyboard.type("50");
  await go("main form button.first");
  ok(/\/debrief$/.test(page.url()) && /An evening on the wards/.test(await page.title() + await main()), "it is played to its debrief", page.url());
  return id;
}

/* The same buttons where no script runs. */
async function withoutScripts(server, form) {
  const { page: plain } = await browser({ javaScriptEnabled: false });
  await plain.goto(form);
  const rows = () => plain.locator("details.planted").count();
  const before = await rows();
  await plain.fill('[id="f-title"]', "Another title");
  await plain.selectOption("#kind", "analyzer");
  await plain.click('button[value="add-planted"]');
  ok(await rows() === before + 1 && await plain.inputValue('[id="f-title"]') === "Another title", "without scripts: a row is added, nothing lost");
  await plain.click(`button[value="remove-p${before - 1}"]`, { force: true });
  ok(await rows() === before, "and removed");
  await plain.reload();
  ok(await plain.inputValue('[id="f-title"]') === "Another title", "and reloading changes nothing");
}

async function files(server, form) {
  const client = new Client(server), folder = emptyFolder("author");
  const path = new URL(form).pathname;
  const first = await client.get(`${path}/export?version=1`);
  ok(first.status === 200 && /attachment; filename="an-evening-on-the-wards.yaml"/.test(first.headers["content-disposition"]), "the file is named after the scenario", first.headers["content-disposition"]);
  const file = join(folder, "evening.yaml");
  writeFileSync(file, first.text);
  const check = spawnSync(titer, ["scenario", "check", file], { encoding: "utf8" });
  ok(check.status === 0 && /fair: yes/.test(check.stdout), "titer scenario check accepts it", check.stdout + check.stderr);
  const taken = await client.post("/author/import", { text: first.text.replaceAll("\n", "\r\n") });
  ok(taken.status === 303 && /saved=1/.test(taken.headers.location), "it is imported", `${taken.status} ${taken.headers.location}`);
  const again = await client.get(`${taken.headers.location.split("?")[0]}/export`);
  ok(again.text === first.text, "and exported again, the same to the byte");

  for (const [text, says] of [["", "Paste the text"], ["id: [", ":2:"], [first.text.replace("minutes: 90", "minutes: 9999"), "minutes is a whole number from 10 to 720"],
    [`${first.text}color: red\n`, "unknown key &quot;color&quot;"], ["a".repeat(30000), "larger than 24 KB"], ["x: *a", "aliases"]]) {
    const refused = await client.post("/author/import", { text });
    ok(refused.status === 422 && decode(refused.text).includes(decode(says)), `refused with a sentence: ${says}`, `${refused.status} ${(/id="text-wrong"[^>]*>([^<]*)/.exec(refused.text) || [])[1]}`);
    ok(!text || decode(refused.text).includes(text.slice(0, 200)), "and the text is still there");
  }
  /* A fault too weak to matter, and more work than anybody could do: the preview says so. */
  const previewed = async (text) => (await client.get(`${(await client.post("/author/import", { text })).headers.location.split("?")[0]}/preview`)).text;
  const strong = await previewed(first.text), weak = await previewed(first.text.replace("severity: 0.14", "severity: 0.001"));
  ok(!/seldom matters/.test(strong) && /seldom matters/.test(weak) && /did no harm/.test(weak), "a fault without harm is named in the preview", [strong, weak].map((t) => [...t.matchAll(/overlooked<\/dt><dd>([^<]*)/g)].map((m) => m[1])).join("\n"));
  const crowded = await previewed(first.text.replace("specimens: 30", "specimens: 450").replace("background: 0.1", "background: 10"));
  ok(/✗ Not solvable/.test(crowded) && /The careful autopilot scores/.test(crowded), "and a shift that nobody could work", (/<strong>([^<]*)/.exec(crowded) || [])[1]);
  await page.goto(`${server.url}/author/import`);
  await page.setInputFiles("#file", file);
  await page.waitForFunction((text) => document.getElementById("text").value === text, first.text);
  await page.locator("#import").press("Enter");
  await settle();
  ok(/saved=1/.test(page.url()), "a file is chosen and imported", page.url());

  /* Two windows on one scenario. */
  const text = (await client.get(path)).text, seq = /name="seq" value="(\d+)"/.exec(text)[1];
  const one = await client.post(path, { seq, do: "save", title: "First window" });
  ok(one.status === 303, "the first window saves", `${one.status}`);
  const two = await client.post(path, { seq, do: "save", title: "Second window" });
  ok(two.status === 409 && two.text.includes("Second window") && /another window/.test(two.text), "the second is told, and keeps its text", `${two.status}`);
  ok((await client.post("/author/zzzz", { do: "save" })).status === 404, "a stranger's address is no scenario");
  const list = (await client.get("/author")).text;
  ok(/unfinished/.test(list) && /An evening on the wards/.test(list), "the list shows them");
  const back = await client.post(`${path}/version`, { version: "1" });
  ok(back.status === 303 && (await client.get(`${path}/export`)).text === first.text, "an old version is brought back as the newest", `${back.status} ${back.headers.location}`);
  const versions = [...(await client.get(path)).text.matchAll(/<span>Version (\d+),/g)].map((m) => Number(m[1]));
  ok(versions.length >= 2 && versions[0] === versions.length && versions.at(-1) === 1, "and stands in the list of versions", versions.join());
  await client.post(`${path}/remove`, {});
  ok((await client.get(path)).status === 404 && (await client.get("/history")).text.includes("An evening on the wards"), "removed, it is off the list; the shift stays");
}

await run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  const began = Date.now();
  const form = await writeScenario(server);
  await play(server);
  remark(`from nothing to played: ${seen.presses} keys besides the texts, ${Math.round((Date.now() - began) / 1000)} s by machine`);
  const unseen = [...new Set(seen.unseen)];
  ok(unseen.length === 0, "the focus could be seen at every stop", unseen.join("\n"));
  await withoutScripts(server, form);
  await files(server, form);
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
