/* Without scripts: start, look at a tube, accept it, verify a result by plain forms; what was typed stays
 * after a refusal; a reload and the back button do no harm. */
import { Client, Server, browser, ok, run } from "./lib.mjs";
import { acceptControls, held } from "./scene.mjs";

await run(async () => {
  const server = await new Server().start();
  const { page } = await browser({ javaScriptEnabled: false });
  await page.goto(server.url);
  const card = page.locator("#scenario-couriers-box");
  await card.locator("summary").click();
  await card.locator('input[name="seed"]').fill("not a number");
  await card.locator("button").click();
  ok(await page.locator('#scenario-couriers-box input[name="seed"]').inputValue() === "not a number", "a refused seed is still in its field");
  ok(await page.locator("#main .notice").count() === 1, "and a sentence says why");
  await page.locator('#scenario-couriers-box input[name="seed"]').fill("11");
  await page.locator("#scenario-couriers-box button").click();
  ok(/\/briefing$/.test(page.url()), "the briefing opens", page.url());
  const id = /\/shift\/([^/]+)\//.exec(page.url())[1];
  await page.locator("#start").click();
  ok(/\/worklist/.test(page.url()), "the shift starts at the worklist", page.url());

  const pause = page.locator('button[name="speed"][value="0"]');
  await pause.click();
  ok(await page.locator('button[name="speed"][value="0"]').count() === 0, "the clock stops by a form");
  const clock = await page.locator("#clock").textContent();
  await page.reload();
  ok(await page.locator("#clock").textContent() === clock, "a reload keeps the minute", clock);

  await page.goto(`${server.url}/shift/${id}/reception`);
  for (let i = 0; i < 30 && await page.locator('.list a[href*="/reception/"]').count() === 0; i++) {
    await page.locator('button[name="skip"]').click();
    if (!/reception/.test(page.url())) await page.goto(`${server.url}/shift/${id}/reception`);
  }
  await page.locator('.list a[href*="/reception/"]').first().click();
  const tube = page.url();
  ok(await page.locator('img[src*="tube"], img.tube, .beside svg').count() === 0, "before the look there is no picture of the tube");
  await page.locator('button[value="inspect"]').click();
  ok(await page.locator("th", { hasText: "On the tube" }).count() === 1, "order and label stand side by side after the look");
  ok(await page.locator(".beside img, .beside svg").count() >= 1, "with a picture of the tube");
  const before = await page.locator("#clock").textContent();
  await page.goBack();
  await page.goForward();
  await page.reload();
  ok(page.url().startsWith(tube) && await page.locator("th", { hasText: "On the tube" }).count() === 1, "back, forward and reload keep what was seen", page.url());
  ok(await page.locator("#clock").textContent() === before, "and do not do it twice");

  /* A second press of the same form, by the back button: the request is the same, so it is harmless. */
  const form = page.locator("form", { has: page.locator('button[value="accept"][data-key]') }).first();
  const ticket = await form.locator('input[name="request"]').inputValue();
  await form.locator('button[value="accept"]').click();
  ok(await page.locator("text=/is received|is spinning|is ready|in the queue/").count() > 0, "the tube is accepted", await page.locator("main").innerText());
  const client = new Client(server);
  await client.get("/");
  const count = () => server.exported(id).split("\n").filter((line) => line.includes('"do":"accept"')).length;
  const accepted = count();
  await client.act(id, "accept", { list: "0", request: ticket });
  ok(count() === accepted, "the same form sent again does nothing");

  for (let i = 0; i < 200; i++) {
    await client.skip(id);
    await client.clock(id, 0);
    if (i % 4) continue;
    const reception = await client.get(`/shift/${id}/reception`);
    const list = [...reception.text.matchAll(/type="checkbox" name="list" value="(\d+)"/g)].map((m) => m[1]);
    if (list.length) await client.act(id, "accept", { list });
    await acceptControls(client, id);
    if ((await held(client, id)).length) break;
  }
  await page.goto(`${server.url}/shift/${id}/verification`);
  await page.locator('.list a[href*="/verification/"]').first().click();
  const where = new URL(page.url()).pathname;
  const boxes = page.locator('form:has(button[value="verify"]) input[name="list"]');
  const n = await boxes.count();
  ok(n > 0, "held results can be ticked");
  await boxes.first().check();
  await page.locator('button[value="verify"]').click();
  ok(new URL(page.url()).pathname.startsWith(`/shift/${id}/verification`), "the answer is the queue again", page.url());
  await page.goto(server.url.replace(/\/$/, "") + where);
  ok(await page.locator('form:has(button[value="verify"]) input[name="list"]').count() === n - 1, "one result fewer waits");

  /* SI units stand below the others when asked for, and go again. */
  const units = async (which) => {
    await page.locator("#keys summary").click();
    await page.locator(`button[name="units"][value="${which}"]`).click();
    await page.goto(server.url.replace(/\/$/, "") + where);
  };
  const second = page.locator(".results .val .why.nowrap");
  ok(await second.count() === 0, "a result stands in US units alone");
  await units("si");
  const rows = await second.allInnerTexts();
  ok(rows.length > 0 && rows.every((row) => /^[<>]? ?\d+(\.\d+)? \S/.test(row)), "by a switch in SI units too", rows.join(" | "));
  await units("us");
  ok(await second.count() === 0, "and by the same switch no more");

  /* What is typed stays when the answer is no. */
  await page.locator("details summary", { hasText: "amend" }).click();
  const amend = page.locator('form:has(button[value="amend"])');
  await amend.locator('input[name="value"]').fill("4,x");
  await amend.locator('input[name="text"]').fill("Told nurse Alvarez at 06:40");
  await amend.locator('button[value="amend"]').click();
  ok(await page.locator("#main .notice.crit, #sentence").count() === 1, "a wrong value is refused with a sentence");
  const kept = page.locator('form:has(button[value="amend"]) input[name="text"]');
  ok(await kept.count() === 1 && await kept.inputValue() === "Told nurse Alvarez at 06:40", "the text that was typed is still there after the refusal");

  await page.goto(`${server.url}/shift/${id}/debrief`);
  ok(/Not yet/.test(await page.locator("h1").innerText()), "the debrief is closed before the end");
});
