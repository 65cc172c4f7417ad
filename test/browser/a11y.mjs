/* Every page at 1280 and 390 px, light and dark: no serious or critical finding of axe; at 390 px no page
 * scrolls sideways; whatever can be pressed is at least 24 by 24 px (WCAG 2.2, 2.5.8, with its exceptions for
 * links within a sentence and controls whose label is the target). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Server, browser, ok, remark, run } from "./lib.mjs";
import { tour } from "./tour.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/* In the page: what is too small to press. */
function small() {
  const LEAST = 23.5, found = [];
  const shown = (e) => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 0 && r.height > 0 && s.visibility !== "hidden" && !e.closest(".hidden, .skip"); };
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']")) {
    if (!shown(e) || e.disabled) continue;
    let r = e.getBoundingClientRect();
    const label = e.closest("label");
    if (label && (e.type === "checkbox" || e.type === "radio")) r = label.getBoundingClientRect();
    const inline = e.tagName === "A" && getComputedStyle(e).display === "inline" && e.parentElement && e.parentElement.textContent.trim().length > e.textContent.trim().length;
    if (inline) continue;
    if (r.width < LEAST || r.height < LEAST) found.push(`${e.tagName.toLowerCase()} "${(e.textContent || e.name || "").trim().slice(0, 40)}" ${Math.round(r.width)}x${Math.round(r.height)}`);
  }
  return found;
}

await run(async () => {
  const server = await new Server().start();
  const { pages, client } = await tour(server);
  const { page, context } = await browser({ bypassCSP: true });
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url }))); /* an exam goes on in one browser */

  /* As sent: a browser drops the inner of two nested forms and with it where its button leads. */
  const nested = (html) => { let depth = 0, most = 0; for (const m of html.matchAll(/<(\/?)form\b/g)) most = Math.max(most, depth += m[1] ? -1 : 1); return most > 1 || depth !== 0; };
  for (const [name, path] of pages) ok(!nested((await client.get(path)).text), `${name}: no form within a form`);

  for (const [name, path] of pages) {
    for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme });
      if (scheme === "light") {
        await page.goto(server.url + path, { waitUntil: "load" });
        await page.evaluate(() => { for (const d of document.querySelectorAll("main details")) d.open = true; });
        await page.evaluate(axe);
      }
      const only = scheme === "dark" ? { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } } : {}; /* the dark page is the same page in other colors */
      const result = await page.evaluate((only) => window.axe.run(document, { resultTypes: ["violations"], ...only }), only);
      const bad = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      ok(bad.length === 0, `${name} ${width} ${scheme}: nothing serious`, bad.map((v) => `${v.id} (${v.impact}): ${v.nodes.length}x ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].any[0]?.message || v.help}`).join("\n"));
      for (const v of result.violations) if (!bad.includes(v)) remark(`${name} ${width} ${scheme}: ${v.id} (${v.impact}) ${v.nodes.length}x`);
      if (scheme === "dark") continue;
      const tiny = await page.evaluate(small);
      ok(tiny.length === 0, `${name} ${width}: targets of 24 px`, tiny.slice(0, 8).join("\n"));
      const headings = await page.evaluate(() => document.querySelectorAll("h1").length);
      ok(headings === 1, `${name} ${width}: one first heading`, `${headings}`);
      if (width === 390) {
        const wide = await page.evaluate(() => ({ page: document.scrollingElement.scrollWidth, seen: document.documentElement.clientWidth,
          who: [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest(".scroll, [data-scroll], nav, .tabs, .hidden")).slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${e.className}`).join(", ") }));
        ok(wide.page <= wide.seen, `${name} 390: does not scroll sideways`, `${wide.page} > ${wide.seen}: ${wide.who}`);
      }
    }
  }
  ok(page.problems.length === 0, "no error of a script on any page", page.problems.join("\n"));
});
