/* An instructor writes an item by keyboard alone: from nothing to mended, reviewed by a second name, in use and in the
 * list; then the same forms without scripts, two windows, filters and CSV, and a phone's width. */
import { fillAnswers } from "./answers_scene.mjs";
import { choose, go, main, press, seen, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, ok, remark, run } from "./lib.mjs";

let page;

const box = (name) => `[id="f-${name}"]`;

async function write(name, text) {
  await tabTo(name.startsWith("#") ? name : box(name));
  await press("Control+a");
  await page.keyboard.type(text);
}

async function writeItem(server) {
  await page.goto(server.url);
  await go("#items");
  ok(/\/items$/.test(page.url()), "home leads to the items", page.url());
  await go("#new");
  await choose(box("lesson"), "L38");
  await choose(box("type"), "one right");
  await write("author", "Ann Author");
  await go("#save");
  ok(/\/items\/L38-99\/edit$/.test(page.url()), "the form of a new item opens", page.url());
  await write("stem", "Which stopper color has the tube that blood counts are done from?");
  const options = ["Light blue", "Red", "Lavender", "Gray"];
  for (const [i, text] of options.entries()) {
    if (i === 2) { await tabTo(box("p2.key")); await press("Space"); }
    await write(`p${i}.text`, text);
    if (i !== 1) await write(`p${i}.why`, "The color of the stopper tells the additive.");
  }
  await write("author", "Ann Author");
  await go("#save");
  const said = await main();
  ok(/check=1/.test(page.url()) && await page.evaluate(() => document.activeElement.id) === "mistakes", "saved too early: the focus is on what is to mend", page.url());
  ok(/p1\.why: why is empty/.test(said) && /area is empty/.test(said) && /tick at least one program/.test(said), "everything that is missing is named at once", said.slice(0, 700));
  ok(await page.inputValue(box("p2.text")) === "Lavender" && await page.isChecked(box("p2.key")), "nothing typed is lost");
  const beside = await page.locator(box("p1.why")).evaluate((e) => e.getAttribute("aria-invalid") === "true" && document.getElementById(e.getAttribute("aria-describedby"))?.offsetHeight > 0);
  ok(beside, "a complaint stands beside its field");
  await choose(box("area"), "hematology: cell-counts");
  await choose(box("objective"), "1.");
  await choose(box("level"), "recall");
  await write("difficulty", "easy");
  await write("as_of", "2026-11");
  await write("source", "A textbook of hematology");
  await tabTo('input[name="programs"][value="MLT"]');
  await press("Space");
  await write("p1.why", "A red stopper has no anticoagulant.");
  await go("#save");
  ok(/difficulty/.test(await main()) && await page.inputValue(box("difficulty")) === "easy", "the reader's complaint comes with what was typed", (await main()).slice(0, 400));
  await write("difficulty", "-1");
  await go("#save");
  ok(/\/items\/L38-99\?saved=1$/.test(page.url()) && /Version 1, draft/.test(await main()), "mended, it is a version", `${page.url()} ${(await main()).slice(0, 300)}`);
  ok(/As a candidate sees it/.test(await main()) && /Lavender/.test(await main()), "shown as a candidate sees it, and with its key");
}

async function putInUse() {
  await write("#who", "Ann Author");
  await go("#to-reviewed");
  await write("#who", "Ann Author");
  await go("#to-in_use");
  ok(/somebody other than its author/.test(await page.locator("main > .notice.crit").innerText()), "not used before somebody else answered it");
  await write("#reader", "Bea Reader");
  await write("#answer", "3");
  await go("#keep-review");
  ok(/version 1 reviewed by Bea Reader/.test(await main()), "the review is kept", (await main()).slice(-600));
  await write("#who", "Ann Author");
  await go("#to-in_use");
  ok(/in use; exams use it/.test(await main()), "then it is put in use", (await main()).slice(0, 300));
}

async function inTheList(server) {
  const client = new Client(server);
  await page.goto(`${server.url}/items`);
  await choose("#by-lesson", "L38");
  await go("#choose");
  ok(/lesson=L38/.test(page.url()) && /L38-99/.test(await main()) && !/L52-01/.test(await main()), "the list shows the lesson's items, the address says so", page.url());
  const csv = await client.get("/items?lesson=L38&state=in+use&sort=id&format=csv");
  const lines = csv.text.trim().split("\r\n");
  ok(/^Item,Question,Lesson/.test(lines[0]) && lines.slice(1).every((l) => l.startsWith("L38-")) && lines.some((l) => l.startsWith("L38-99")), "and so does the CSV", lines.slice(0, 3).join("\n"));
  const sorted = await client.get("/items?lesson=L38&sort=-difficulty");
  ok(/href="[^"]*format=csv[^"]*lesson=L38/.test(sorted.text), "sorting and export keep the choice");
  return client;
}

async function windowsAndForms(server, client) {
  const form = await client.get("/items/L38-99/edit"), seq = /name="seq" value="(\d+)"/.exec(form.text)[1];
  const typed = (stem) => ({ seq, author: "Ann Author", type: "single", stem });
  const one = await client.post("/items/L38-99", typed("One window"));
  ok(one.status === 303 && /check=1/.test(one.headers.location), "an unfinished save keeps a draft", `${one.status} ${one.headers.location}`);
  const two = await client.post("/items/L38-99", typed("Another window"));
  ok(two.status === 409 && two.text.includes("Another window") && /another window in the meantime/.test(two.text), "the second window is told, and keeps its text", `${two.status}`);
  const exams = await client.get("/items/L38-99");
  ok(/exams use it/.test(exams.text) && /unfinished/.test(exams.text), "exams go on with the version in use");
  const back = await client.get("/items/L38-99/edit?version=1");
  ok(/blood counts are done from/.test(back.text), "and it can be brought back");
  for (const type of ["several", "order", "match", "numeric"]) {
    const made = await client.post("/items", { lesson: "L38", type, author: "Ann Author" });
    const shown = await client.get(`${made.headers.location}?check=1`);
    ok(made.status === 303 && shown.status === 200 && /is empty; write it/.test(shown.text), `a form for ${type}`, `${made.status} ${shown.status}`);
  }
  ok((await client.get("/items/L99-99")).status === 404 && (await client.get("/items/none/edit")).status === 404, "a stranger's address is no item");
  const content = await client.get("/items/L38-01");
  ok(content.status === 200 && !/id="to-retired"/.test(content.text) && /given in no sitting/.test(content.text), "an item of the content is shown; its state is not changed here");
}

/* ---- to and from other programs ---- */

const GIFT = `$CATEGORY: $course$/top/chemistry/lipids

::Chylomicrons::Which lipid do chylomicrons carry the most of after a fatty meal?{
=Triglyceride#Dietary triglyceride is packed into them.
~Free cholesterol#It is a small part of the particle.
~Phospholipid#It forms the thin shell.
~Bile acid#It stays in the bowel and its veins.
}

Describe the path of a lipoprotein.{}
`;

const MOODLE = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="numerical"><name><text>Gap</text></name>
<questiontext format="html"><text><![CDATA[<p>Na 140, Cl 104, HCO<sub>3</sub> 24 mmol/L. What is the anion gap?</p>]]></text></questiontext>
<generalfeedback format="html"><text>140 - (104 + 24) = 12 mmol/L.</text></generalfeedback>
<answer fraction="100"><text>12</text><feedback><text></text></feedback><tolerance>0</tolerance></answer>
<answer fraction="0"><text>36</text><feedback format="html"><text>Bicarbonate was left out.</text></feedback><tolerance>0</tolerance></answer>
<units><unit><multiplier>1</multiplier><unit_name>mmol/L</unit_name></unit></units></question>
<question type="shortanswer"><name><text>Name</text></name><questiontext format="html"><text>Name the additive.</text></questiontext>
<answer fraction="100"><text>EDTA</text></answer></question>
</quiz>
`;

async function importFile(server, text, lesson, area, level) {
  await page.goto(`${server.url}/items`);
  await go("#import");
  await page.setInputFiles("#file", { name: "quiz.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.waitForFunction(() => document.querySelector("#text").value.length > 0);
  await choose("#f-lesson", lesson);
  await write("#f-objective", `${lesson}.1`);
  await choose("#f-area", area);
  await choose("#f-level", level);
  await write("#f-difficulty", "0.0");
  await write("#f-as_of", "2026-11");
  await write("#f-source", "Tietz Textbook of Laboratory Medicine");
  await go("#look");
}

async function bringIn(server) {
  await importFile(server, GIFT, "L60", "chemistry/lipids", "recall");
  ok(/1 complete, 0 to mend, 0 here already, 1 refused/.test(await main()), "GIFT: what would become of each question", (await main()).slice(0, 900));
  ok(/it is an essay question, which nobody but a person can score; make options of it/.test(await main()), "the bad question says what to do");
  await go("#keep");
  ok(/Write who is the author/.test(await page.locator("main > .notice.crit").innerText()), "an import needs an author", (await main()).slice(0, 300));
  ok(/Describe the path/.test(await page.locator("#text").inputValue()), "and the text is still there");
  await write("#f-author", "Ann Author");
  await go("#keep");
  ok(/1 imported as drafts, 0 of them to be mended first; 1 refused/.test(await main()), "then the good one is a draft", (await main()).slice(0, 400));
  await page.goto(`${server.url}/items/L60-99`);
  ok(/Version 1, draft; exams do not use it/.test(await main()) && /chylomicrons carry/.test(await main()), "it stands in the bank, version 1, a draft", (await main()).slice(0, 300));
  await importFile(server, MOODLE, "L55", "chemistry/electrolytes", "solve");
  ok(/1 complete, 0 to mend, 0 here already, 1 refused/.test(await main()), "Moodle XML: the same", (await main()).slice(0, 900));
  ok(/its answer is a typed word, and words are not scored here; make options of it/.test(await main()), "with a sentence to act on");
  await write("#f-author", "Ann Author");
  await go("#keep");
  await page.goto(`${server.url}/items/L55-99`);
  ok(/HCO₃ 24/.test(await main()) && /12 mmol\/L, give or take 0/.test(await main()), "the number came with its unit", (await main()).slice(0, 500));
}

async function takeOut(server, client) {
  await page.goto(`${server.url}/items?lesson=L60`);
  await go("#export");
  await choose("#f-format", "gift");
  await go("#choose");
  ok(/\d+ items?/.test(await page.locator("#chosen").innerText()) && /Moodle XML keeps them/.test(await page.locator("#lost").innerText()), "the export says what GIFT has no place for");
  const href = await page.locator("#save-file").getAttribute("href");
  const file = await client.get(href);
  ok(file.status === 200 && /attachment/.test(file.headers["content-disposition"]) && /::L60-99 .*::\[plain\]Which lipid/.test(file.text), "the file holds the lesson", file.text.slice(0, 300));
  const back = await client.post("/items/import", { text: file.text, do: "look" });
  ok(/0 complete, 0 to mend, \d+ here already, 0 refused/.test(back.text), "which is known here when it comes back", (/id="preview">([^<]*)/.exec(back.text) || [])[1]);
  const all = await client.get("/items/export/file?format=moodle&area=chemistry");
  ok(all.status === 200 && /^<\?xml/.test(all.text) && all.text.length > 200000, "hundreds of items in one file", `${all.status} ${all.text.length}`);
  const large = await client.post("/items/import", { text: all.text.slice(0, 500000), do: "look" });
  ok(large.status === 422 && /not well-formed XML/.test(large.text), "half a file is refused with its line", `${large.status}`);
  ok((await client.post("/items/import", { text: "x".repeat(1100000) })).status === 413, "and a body without end is not read");
  ok((await client.get("/items/export?format=csv&ids=L99-99")).text.includes("No item is chosen"), "an empty choice says so");
  const evil = await client.post("/items/import", { text: '<!DOCTYPE q [<!ENTITY a "b">]><quiz/>', do: "look" });
  ok(evil.status === 422 && /document type/.test(evil.text), "no entity is taken");
}

/* From no answers to an accepted calibration, by keyboard. */
async function calibrate(server) {
  const client = new Client(server);
  await page.goto(`${server.url}/items`);
  await go("#calibration");
  ok(/Nothing to calibrate yet/.test(await main()) && !(await page.locator("#look").count()), "without answers there is nothing to calibrate", (await main()).slice(0, 400));
  ok((await client.post("/items/calibration", { mark: "0-0-0", name: "A. Teacher" })).status !== 303, "and nothing to accept");
  await fillAnswers(client, 203, { only: 4 });
  const over = (await client.get("/exams")).text.match(/\/sitting\/[a-z0-9]+\/report/)[0], report = await client.get(over);
  await page.goto(`${server.url}/items/calibration`);
  await go("#look");
  const said = await main();
  ok(/What would change/.test(said) && /enough/.test(said) && /as expected/.test(said), "what would change, with fit", said.slice(0, 600));
  const image = page.locator("img.chart");
  ok(await image.evaluate((i) => i.complete && i.naturalWidth > 300) && /^4 values before and after/.test(await image.getAttribute("alt")), "as a picture with words", await image.getAttribute("alt"));
  const csv = await client.get("/items/calibration?look=1&format=csv");
  ok(/Item,Answers,.*Would be,Change,Infit,Outfit,Fit/.test(csv.text) && csv.text.trim().split("\n").length === 5, "and as CSV", csv.text.slice(0, 200));
  await go("#accept");
  ok(/Write your name/.test(await main()), "without a name it is not accepted");
  await write("#name", "A. Teacher");
  const stale = await page.locator('input[name="mark"]').inputValue();
  await go("#accept");
  ok(/saved=1/.test(page.url()) && /A. Teacher/.test(await main()), "accepted under a name, and kept in the history", (await main()).slice(0, 300));
  const again = await client.post("/items/calibration", { mark: stale, name: "B. Teacher" });
  ok(again.status === 409 && /Look again/.test(again.text), "what was looked at before is refused", again.status);
  const words = (html) => /<main[\s\S]*<\/main>/.exec(html)[0].replace(/value="[^"]*"/g, "");
  ok(words((await client.get(over)).text) === words(report.text), "a report of before stays as it was");
}

run(async () => {
  const server = await new Server().start();
  ({ page } = await browser());
  use(page);
  await writeItem(server);
  await putInUse();
  const client = await inTheList(server);
  await windowsAndForms(server, client);
  await bringIn(server);
  await takeOut(server, client);
  await calibrate(server);
  remark(`${seen.presses} keys besides the texts`);
  const unseen = [...new Set(seen.unseen)];
  ok(unseen.length === 0, "the focus could be seen at every stop", unseen.join("\n"));
  await page.setViewportSize({ width: 390, height: 800 });
  for (const path of ["/items?lesson=L38", "/items/L38-99", "/items/L38-99/edit?check=1", "/items/new", "/items/export?format=gift&lesson=L60", "/items/import", "/items/calibration?look=1"]) {
    await page.goto(server.url + path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(width <= 390, `${path} fits 390 px`, width);
  }
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
