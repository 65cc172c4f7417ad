/* The server dies in the middle of a shift: an action sent meanwhile says "Not saved", keeps its text, and
 * when the server is back the same press is done once. */
import { Server, browser, ok, run, sleep } from "./lib.mjs";

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
  await page.goto(`${server.url}shift/${id}/handover`);
  const form = page.locator('form:has(button[value="note"])');
  ok(await form.count() === 1, "a note can be written on the hand-over page");
  await form.locator('[name="text"]').fill("Water reading watched, see AN-2.");
  await server.kill();
  await form.locator('button[value="note"]').click();
  await page.waitForFunction(() => !document.getElementById("offline").hidden);
  ok(/^Not saved/.test(await page.locator("#offline").innerText()), "while the server is down it says: Not saved");
  ok(await form.locator('[name="text"]').inputValue() === "Water reading watched, see AN-2.", "the text stays");
  await form.locator('button[value="note"]').click();
  await sleep(400);
  ok(await page.locator("#offline").isVisible(), "a second press says so too");
  await server.start();
  await form.locator('button[value="note"]').click();
  await page.waitForFunction(() => document.getElementById("offline").hidden);
  ok(true, "after the restart the same press is taken");
  await sleep(300);
  const notes = () => server.exported(id).split("\n").filter((line) => line.includes('"do":"note"'));
  ok(notes().length === 1, "it was done once", notes().join("\n"));
  ok(notes()[0]?.includes("Water reading watched"), "with its text");

  /* The answer is lost on the way, not the action: the server does it, the browser does not hear. */
  await page.goto(`${server.url}shift/${id}/handover`);
  const again = page.locator('form:has(button[value="note"])');
  await again.locator('[name="text"]').fill("Second note.");
  let cut = true;
  await page.route("**/act", async (route) => {
    if (!cut) return route.continue();
    cut = false;
    await route.fetch({ maxRedirects: 0 });
    return route.abort("connectionreset");
  });
  await again.locator('button[value="note"]').click();
  await page.waitForFunction(() => !document.getElementById("offline").hidden);
  ok(notes().length === 2, "an answer lost on the way: the action is there");
  await again.locator('button[value="note"]').click();
  await page.waitForFunction(() => document.getElementById("offline").hidden);
  await sleep(300);
  ok(notes().length === 2, "and the repeat adds nothing", notes().join("\n"));
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
