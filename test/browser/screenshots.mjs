/* Not a test: pictures of every page at 1280 and 390 px, light and dark, for looking at.
 * Usage: TITER=... node screenshots.mjs FOLDER */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Server, browser, ok, run } from "./lib.mjs";
import { tour } from "./tour.mjs";

const folder = process.argv[process.env.TITER ? 2 : 3];
if (!folder) { console.error("Say where to: TITER=... node screenshots.mjs FOLDER"); process.exit(2); }
mkdirSync(folder, { recursive: true });
await run(async () => {
  const server = await new Server().start();
  const { pages, client } = await tour(server);
  const { page, context } = await browser();
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  for (const [name, path] of pages)
    for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(server.url + path);
      await page.screenshot({ path: join(folder, `${name}-${width}${scheme === "dark" ? "-dark" : ""}.png`), fullPage: width === 390 });
    }
  ok(true, `${pages.length} pages in ${folder}`);
});
