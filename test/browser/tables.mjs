/* Tables: sorted by column head, filtered by typing, both in the address, exported as CSV; and the keys that
 * a page shares with every other: `/`, `?`, Esc, j; switched off they do nothing. */
import { Client, Server, browser, ok, run, sleep } from "./lib.mjs";
import { untilHeld } from "./scene.mjs";

await run(async () => {
  const server = await new Server().start();
  const client = new Client(server), id = await client.create("couriers-box", 5);
  await untilHeld(client, id, 2);
  await client.clock(id, 0);
  const { page } = await browser();
  const settle = async () => { await sleep(60); await page.waitForFunction(() => !document.documentElement.hasAttribute("aria-busy")); };
  const cells = (n) => page.locator(`tbody tr td:nth-child(${n})`).allInnerTexts();
  await page.goto(`${server.url}/shift/${id}/worklist`.replace("//shift", "/shift"));

  const arrival = await cells(2);
  ok(arrival.length > 3, "the worklist has rows", `${arrival.length}`);
  await page.click("#sort-patient");
  await settle();
  let names = await cells(3);
  ok(names.every((n, i) => i === 0 || names[i - 1].localeCompare(n, "en", { sensitivity: "base" }) <= 0), "a column head sorts by its words", names.join("; "));
  ok(/sort=patient/.test(page.url()) && await page.locator('th[aria-sort="ascending"]').count() === 1, "the order is in the address and told to screen readers", page.url());
  await page.click("#sort-due");
  await settle();
  await page.click("#sort-due");
  await settle();
  const due = (await cells(9)).map((t) => parseInt(t.replace("−", "-"), 10));
  ok(due.every((n, i) => i === 0 || due[i - 1] >= n) && /sort=-due/.test(page.url()), "numbers sort as numbers, a second press turns them round", due.join(" "));
  await page.click("#sort-due");
  await settle();
  ok((await cells(2)).join() === arrival.join(), "a third press gives back the order of arrival");

  await page.keyboard.press("Escape");
  await page.click("#sort-patient");
  await settle();
  await page.focus("#filter");
  await page.keyboard.type(arrival[0], { delay: 30 });
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  await settle();
  ok(await page.inputValue("#filter") === arrival[0] && await page.evaluate(() => document.activeElement.id === "filter"), "typing filters, and the focus stays in the field");
  ok(/q=/.test(page.url()) && /sort=patient/.test(page.url()), "filter and order are both in the address", page.url());
  await page.reload();
  ok((await cells(2)).join() === arrival[0], "a reload shows the same rows");
  const csv = await client.get(new URL(await page.locator('a[href*="format=csv"]').getAttribute("href"), server.url).href.slice(server.url.replace(/\/$/, "").length));
  const lines = csv.text.trim().split("\r\n");
  ok(/text\/csv/.test(csv.headers["content-type"]) && lines.length === 2 && lines[1].includes(arrival[0]), "CSV holds the rows that are shown", csv.text.slice(0, 200));

  await page.goto(`${server.url}/shift/${id}/qc/1/sodium`.replace("//shift", "/shift"));
  const area = page.locator("map area").first();
  ok(/Run -?\d+, \d\d:\d\d, level 1: [\d.]+, [+-][\d.]+ SD/.test(await area.getAttribute("alt")), "a point of the chart says what it is", await area.getAttribute("alt"));
  await area.focus();
  await page.keyboard.press("Enter");
  ok(await page.locator("#points-table").evaluate((d) => d.open), "and Enter goes to its row in the table");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await settle();
  ok(/\/qc$/.test(page.url()), "Esc backs out to the board", page.url());
  await page.keyboard.press("j");
  ok(await page.evaluate(() => document.activeElement.matches("[data-row]")), "j goes to the first row");

  /* Messages: how many are new, the list, read once it was opened. */
  const shift = `${server.url}/shift/${id}`.replace("//shift", "/shift"), chip = () => page.locator('#alerts a[href$="/messages"], #alerts span').last().innerText();
  ok(/^Messages \d+$/.test(await chip()), "the head tells how many messages are new", await chip());
  await page.goto(`${shift}/messages`);
  ok(await chip() === "Messages" && (await cells(2)).some((t) => /arrived/.test(t)), "the page lists them, and none is new there");
  const links = [...new Set(await page.locator("tbody a").evaluateAll((all) => all.map((e) => e.getAttribute("href"))))];
  const dead = [];
  for (const link of links) { const answer = await client.get(link); if (answer.status >= 400) dead.push(`${link} ${answer.status}`); }
  ok(dead.length === 0, "each message leads to a page that is there", dead.join("\n"));
  await page.fill("#filter", "review");
  await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].every((r) => r.textContent.includes("review")));
  await settle();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await settle();
  ok(/\/(verification|specimen)\/\d\d-\d{4}$/.test(page.url()), "a message leads to what it is about", page.url());
  ok(await chip() === "Messages", "and stays read", await chip());
  await page.goto(`${shift}/phone?sort=who`);
  const who = await page.locator("#log tbody td:nth-child(2)").allInnerTexts();
  const log = await client.get(`/shift/${id}/phone?format=csv`);
  ok(/^Time,Who,About,Result,Read-back,State/.test(log.text) && who.every((n, i) => i === 0 || who[i - 1].localeCompare(n, "en", { sensitivity: "base" }) <= 0), "the call log sorts, and comes as CSV", log.text.slice(0, 200));

  await page.keyboard.press("?");
  await page.click('button[name="keys"][value="off"]');
  await page.waitForLoadState("load");
  const before = await page.locator("#clock").innerText();
  await page.keyboard.press(".");
  await sleep(300);
  ok(await page.locator("#clock").innerText() === before, "switched off, a letter does nothing");
  ok(page.problems.length === 0, "no error of a script", page.problems.join("\n"));
});
