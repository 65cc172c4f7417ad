/* The server dies in the middle of a shift: an action sent meanwhile says "Not saved", keeps its text, and
 * when the server is back the same press is done once. */
import { Client, Server, browser, ok, run, sleep } from "./lib.mjs";

await run(async () => {
  const server = await new Server().start();
  const { page } = await browser();
  await page.goto(server.url);
  await page.locator("#first").click();
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await page.locator("#start").click();
  await page.waitForURL(/worklist/);
  await page.locator('button[name="speed"][value="0"]').click();
  await page.waitForSelector('button[name="speed"][value="0"]', { state: "detached" });
  const client = new Client(server);
  for (let i = 0; i < 40 && !(await client.get(`/shift/${id}/qc`)).text.includes("accept-qc-run"); i++) { await client.skip(id); await client.clock(id, 0); }
  await page.goto(`${server.url}/shift/${id}/qc/1/sodium`);
  if (await page.locator('form:has(button[name="verdict"])').count() === 0) {
    await page.goto(`${server.url}/shift/${id}/qc`);
    await page.locator("tbody a[data-row]").first().click();
  }
  const form = page.locator('form:has(button[name="verdict"])');
  ok(await form.count() === 1, "a run of controls waits to be judged", page.url());
  const text = form.locator('[name="text"]'), press = form.locator('button[value="1"]');
  const note = "KL, both levels look right.";
  await text.fill(note);
  await server.kill();
  await press.click();
  await page.waitForFunction(() => !document.getElementById("offline").hidden);
  ok(/^Not saved/.test(await page.locator("#offline").innerText()), "while the server is down it says: Not saved");
  ok(await text.inputValue() === note, "the text stays");
  await press.click();
  await sleep(400);
  ok(await page.locator("#offline").isVisible(), "a second press says so too");
  await server.start();
  await press.click();
  await page.waitForFunction(() => document.getElementById("offline").hidden);
  ok(true, "after the restart the same press is taken");
  await sleep(300);
  const done = (kind) => server.exported(id).split("\n").filter((line) => line.includes(`"do":"${kind}"`));
  ok(done("judge-qc").length === 1, "it was done once", done("judge-qc").join("\n"));
  ok(done("judge-qc")[0]?.includes(note), "with its text");

  /* The answer is lost on the way, not the action: the server does it, the browser does not hear. */
  const again = page.locator('button[value="run-qc"]');
  let cut = true;
  await page.route("**/act", async (route) => {
    if (!cut) return route.continue();
    cut = false;
    await route.fetch({ maxRedirects: 0 });
    return route.abort("connectionreset");
  });
  await again.click();
  await page.waitForFunction(() => !document.getElementById("offline").hidden);
  ok(done("run-qc").length === 1, "an answer lost on the way: the action is there");
  await again.click();
  await page.waitForFunction(() => document.getElementById("offline").hidden);
  await sleep(300);
  ok(done("run-qc").length === 1, "and the repeat adds nothing", done("run-qc").join("\n"));

  /* The longest text of a shift is the hand-over: it must not be lost either. */
  await page.goto(`${server.url}/shift/${id}/handover`);
  const over = page.locator('form:has(button[value="hand-over"])');
  await over.locator("textarea").fill("AN-2: chloride watched.");
  await server.kill();
  await over.locator("button.first").click({ noWaitAfter: true });
  await sleep(700);
  ok(await over.locator("textarea").inputValue({ timeout: 1500 }).catch(() => "") === "AN-2: chloride watched.", "the hand-over keeps its text while the server is down", page.url());
  await server.start();
  if (await over.count()) {
    await over.locator("button.first").click();
    await page.waitForURL(/debrief/);
    ok(done("hand-over").length === 1, "and is taken once after the restart");
  }
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
