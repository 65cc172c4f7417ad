/* A browser worked by keyboard alone, and what was seen meanwhile: `use(page)` first. */
import { sleep } from "./lib.mjs";

let page;
export const seen = { presses: 0, unseen: [] }; /* keys pressed; stops at which the focus could not be seen */
export const use = (given) => { page = given; };

export async function settle() {
  await sleep(60);
  await page.waitForLoadState("load");
  await page.waitForFunction(() => !document.documentElement.hasAttribute("aria-busy"));
}

export async function press(key) {
  seen.presses += 1;
  await page.keyboard.press(key);
}

/* The focused element shows it: an outline or a ring that it has not without focus. */
export const focusShown = () => page.evaluate(() => {
  const at = document.activeElement;
  if (!at || at === document.body || at.id === "main") return "";
  const s = getComputedStyle(at), r = at.getBoundingClientRect();
  const rings = (c) => (c.outlineStyle !== "none" && parseFloat(c.outlineWidth) >= 1) || c.boxShadow !== "none";
  const scan = at.closest(".scan"); /* its ring is around the whole box */
  const ring = rings(s) || (scan && rings(getComputedStyle(scan)));
  const inView = r.bottom > 0 && r.top < innerHeight && r.width > 0;
  return ring && inView ? "" : `${at.tagName.toLowerCase()} "${(at.textContent || at.name || "").trim().slice(0, 40)}" ${ring ? "is out of view" : "has no ring"} at ${location.pathname}`;
});

/* Tab (or backward) until the focus is on what `selector` names, at most one round of the page. */
export async function tabTo(selector, { backward = false, most = 500 } = {}) {
  for (let i = 0; i < most; i++) {
    if (await page.evaluate((s) => !!document.activeElement && document.activeElement.matches(s), selector)) return true;
    await press(backward ? "Shift+Tab" : "Tab");
    if (i % 6 === 0) { const wrong = await focusShown(); if (wrong) seen.unseen.push(wrong); }
  }
  throw new Error(`Tab does not reach ${selector} on ${page.url()}`);
}

export async function go(selector, key = "Enter", options) {
  await tabTo(selector, options);
  const wrong = await focusShown();
  if (wrong) seen.unseen.push(wrong);
  await press(key);
  await settle();
}

/* Chooses in a select by typing the beginning of its text. */
export async function choose(selector, text) {
  await tabTo(selector);
  await page.keyboard.type(text, { delay: 5 });
  await sleep(30);
  return page.evaluate(() => document.activeElement.selectedOptions[0].textContent);
}

/* ---- the steps of a shift ---- */

export const main = () => page.locator("main").innerText();
export const tab = (name) => go(`#tabs a[href$="/${name}"]`);

export async function pause() {
  if (await page.locator('button[name="speed"][value="0"]').count()) await go('button[name="speed"][value="0"]');
}

/* To the next thing that happens; the clock stands. */
export async function next() {
  await press(".");
  await settle();
  await pause();
}

/* Opens the specimen of an accession where it waits. */
export async function scan(accession) {
  await press("/");
  await page.keyboard.type(accession);
  await press("Enter");
  await settle();
}

/* A value of the open specimen by the beginning of its test's name; NaN without one. */
export const value = (name) => page.evaluate((n) => {
  for (const row of document.querySelectorAll("tbody tr")) if (row.querySelector("th")?.textContent.trim().startsWith(n)) return parseFloat((row.querySelector(".val")?.textContent || "").replace(/[<>]/, ""));
  return NaN;
}, name);
