/* From the reaction to the plan, and what shifts add up to: by keyboard the debrief's form, its plan, a comment with a
 * grade; then the home page, the plan and the history with its files. And the three modes: a hint that is counted in
 * Practice and refused in Assess, a sentence of the coach in Coach only. */
import { choose, go, press, seen, settle, tabTo, use } from "./keys.mjs";
import { Client, Server, browser, forms, ok, remark, run } from "./lib.mjs";
import { held, untilHeld } from "./scene.mjs";

const handOver = (client, id) => client.act(id, "hand-over", { text: "Nothing pending." });

async function arrived(client, id) {
  for (let i = 0; i < 12; i++) {
    await client.skip(id);
    const list = (await client.get(`/shift/${id}/reception`)).text.match(/\d\d-\d{4}/g);
    if (list) return [...new Set(list)];
  }
  return [];
}

const listField = (html) => (/name="(?:list|specimen)" value="(\d+)"/.exec(html) || [])[1];

async function modes(client) {
  const practice = await client.create("morning-run", 7, "practice");
  const hint = (id) => client.post(`/shift/${id}/hint`, { back: `/shift/${id}/care/lists` });
  await hint(practice);
  await hint(practice);
  const coach = await client.create("morning-run", 7, "coach");
  const assess = await client.create("morning-run", 7, "assess");
  const refused = await hint(assess);
  ok(/said=In%20Assess|In\+Assess/.test(refused.headers.location || ""), "Assess refuses a hint with a sentence", refused.headers.location);
  ok(/In%20Assess/.test((await client.skip(assess)).headers.location || ""), "and skipping");
  await client.clock(assess, 1);
  ok(/In%20Assess/.test((await client.clock(assess, 0)).headers.location || ""), "and a pause");
  ok(/1%20to%2030/.test((await client.clock(assess, 0.5)).headers.location || ""), "and a clock slower than 1");
  for (const [id, name] of [[practice, "practice"], [coach, "coach"]]) {
    const [first] = await arrived(client, id);
    const html = (await client.get(`/shift/${id}/reception/${first}`)).text;
    const form = forms(html).find((f) => /value="accept"/.test(f.html));
    const number = listField(form ? form.html : html);
    const answer = await client.post(`/shift/${id}/act`, { kind: "accept", list: number, back: `/shift/${id}/worklist` });
    const coached = /coach=/.test(answer.headers.location || "");
    if (name === "coach") {
      ok(coached, "in Coach an acceptance without a look is questioned", answer.headers.location);
      ok((await client.get(answer.headers.location)).text.includes("without comparing its label"), "the sentence stands on the page");
    } else ok(!coached, "in Practice nobody says a word", answer.headers.location);
  }
  const silent = [];
  for (const [id, name] of [[practice, "Practice"], [coach, "Coach"], [assess, "Assess"]])
    for (const page of ["briefing", "worklist", "reception", "chemistry", "qc", "verification", "phone", "care", "sops", "handover", "debrief"])
      if (!(await client.get(`/shift/${id}/${page}`)).text.includes(`${name} ·`)) silent.push(`${page} in ${name}`);
  ok(silent.length === 0, "every page of a shift names its mode", silent.join("\n"));
  return { practice, coach, assess };
}

run(async () => {
  const server = await new Server().start();
  const client = new Client(server);
  const { practice, coach } = await modes(client);
  for (const id of [practice, coach]) await handOver(client, id);
  const before = await client.get(`/shift/${practice}/debrief`);
  ok(/Practice ·/.test(before.text) && !/class="total"/.test(before.text), "before the rating there is no score, and the mode is named");

  const { page } = await browser();
  use(page);
  const queue = await client.create("morning-run", 7, "practice");
  await untilHeld(client, queue, 1);
  await page.goto(`${server.url}/shift/${queue}/verification/${(await held(client, queue))[0]}`);
  await go("#ask-hint");
  ok(/\/verification\//.test(page.url()) && (await page.locator("#main .notice.info").count()) === 1, "a hint asked for in the queue stands beside the results", page.url());
  ok(server.exported(queue).includes('"kind":"hint"'), "and is on record");

  await page.goto(`${server.url}/shift/${practice}/debrief`);
  await tabTo("#reaction");
  await page.keyboard.type("I handed over far too early.");
  await tabTo("#rating");
  await page.keyboard.type("20");
  ok(/^3 of 10/.test(await choose('select[name="each-0"]', "3")), "a competency is rated by typing");
  await go("main form button.first");
  const text = () => page.locator("main").innerText();
  const all = await text();
  ok(/of 100/.test(all) && /You rated yourself 20/.test(all), "the debrief stands beside the rating", all.slice(0, 200));
  ok(/3 of 10/.test(all), "the rating of a competency stands beside what was counted");
  ok(/2 asked for/.test(all), "the hints asked for are counted", (/Hints\s+[^\n]*/.exec(all) || [])[0]);
  const order = ["Timeline", "The most costly moments", "A careful run", "Causes", "Plan", "Comments"].map((h) => all.indexOf(h));
  ok(order.every((at, i) => at >= 0 && (i === 0 || at > order[i - 1])), "the order is the order of learning", order.join(" "));
  ok(/Drill|Real life/.test(all), "it says whether this was a drill");
  ok(/Careful run/i.test(await page.locator(".moments").innerText()), "each moment says what the careful run did then");

  await go("#keep-0");
  ok(/kept:/.test(await page.locator(".plan").innerText()), "a line of the plan becomes a review card");
  const retry = await page.locator('.plan form[action$="/debrief/plan"] button').last().getAttribute("id");
  await tabTo(`#days-${retry.slice(5)}`);
  await press("ArrowUp");
  ok(await page.inputValue(`#days-${retry.slice(5)}`) === "1", "its day is chosen with the arrows");
  await go(`#${retry}`);
  ok(await page.locator(".plan .chip.ok").count() >= 2, "the re-try has its day");
  await go("#said ~ details summary");
  await tabTo("#remark-name");
  await page.keyboard.type("R. Instructor");
  await tabTo("#remark-grade");
  await page.keyboard.type("55");
  await page.evaluate(() => { for (const e of document.querySelectorAll("#remark-text")) e.required = false; });
  await go('form[action$="/remark"] button');
  ok(/needs its reason/.test(await text()), "a grade by hand needs its reason", (await text()).slice(0, 300));
  ok(await page.inputValue("#remark-name") === "R. Instructor" && await page.inputValue("#remark-grade") === "55", "and what was typed is still there");
  await tabTo("#remark-text");
  await page.keyboard.type("Sound reasons were given for the early hand-over.");
  await go('form[action$="/remark"] button');
  ok(/grade by hand 55; computed/.test(await text()), "both values and the reason are kept", (await text()).slice(0, 300));

  await client.post(`/shift/${coach}/debrief/reflect`, { reaction: "fine", rating: "60" });
  await page.goto(`${server.url}/history`);
  const history = await text();
  ok(/Shifts shown: 4 \(all shifts\); with a debrief: 2/.test(history), "the history adds up the shifts whose debrief was opened", history.slice(0, 400));
  ok(/Hints asked for: 2/.test(history), "with their hints");
  ok(await page.locator('img.chart[alt^="Scores of 2 shifts"]').count() === 1, "the trend has its words");
  ok(await page.evaluate(() => document.querySelector("img.chart").naturalWidth > 0), "and its picture");
  await tabTo("#show");
  await page.keyboard.type("Coa");
  await go("#show-go");
  ok(/show=coach/.test(page.url()) && /Shifts shown: 1 .*with a debrief: 1/.test(await text()), "the filter is in the address", page.url());
  await page.goto(`${server.url}/history`);
  for (const [selector, name, check] of [["a.btn[download]", "CSV of the shifts", (b) => b.toString().startsWith("Shift,") && b.toString().includes(",55,")],
    ['a[href^="/history/competencies.csv"]', "CSV of competencies", (b) => b.toString().split("\r\n").length === 13],
    ['a[href^="/history.pdf?show"]', "PDF", (b) => b.subarray(0, 5).toString() === "%PDF-" && /\/Count 1\b/.test(b.toString("latin1"))]]) {
    await tabTo(selector);
    const [download] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
    const stream = await download.createReadStream();
    const parts = [];
    for await (const part of stream) parts.push(part);
    ok(check(Buffer.concat(parts)), `${name} downloads by keyboard`, Buffer.concat(parts).subarray(0, 300).toString());
  }

  await page.goto(`${server.url}/plan`);
  ok(/Review card/.test(await text()) && /Re-try/.test(await text()), "the plan has both lines", await text());
  await go('button[value="known"]');
  ok(/known 1 of 1 times/.test(await text()), "a card that was known comes back later", await text());
  await go('button[value="begin"]');
  ok(/\/briefing$/.test(page.url()), "a re-try begins with its briefing", page.url());
  await page.goto(`${server.url}/plan`);
  ok(!/Re-try/.test(await text()), "and is off the plan");
  const today = forms((await client.get(`/shift/${coach}/debrief`)).text).find((f) => /debrief\/plan$/.test(f.action));
  await client.post(today.action, { line: "0", days: "0" });
  await page.goto(server.url);
  ok(/Due today/.test(await text()), "what is due stands on the home page", (await text()).slice(0, 300));
  seen.unseen = [...new Set(seen.unseen)];
  ok(seen.unseen.length === 0, "the focus could be seen at every stop", seen.unseen.join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
  if (process.env.SHOTS) {
    for (const [name, path] of [["debrief", `/shift/${practice}/debrief`], ["history", "/history"], ["plan", "/plan"], ["reflect", null]])
      for (const width of [1280, 390]) {
        let at = path;
        if (!at) { at = `/shift/${await client.create("morning-run", 9, "practice")}`; await handOver(client, at.split("/")[2]); at += "/debrief"; }
        await page.setViewportSize({ width, height: 900 });
        await page.goto(server.url + at);
        await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
      }
  }
  remark(`${seen.presses} presses of a key`);
});
