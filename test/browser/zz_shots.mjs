import { Server, Client, browser, run, ok, sleep } from "./lib.mjs";
import { byHand } from "./scene.mjs";
await run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const h = await byHand(client);
  console.log(h);
  const { page, context } = await browser();
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  for (const [name, path] of [["bench", "bench"], ["unread", `reception/${h.unread}`], ["store", "store"], ["reception", "reception"]])
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.url}/shift/${h.id}/${path}`);
      await page.screenshot({ path: `/tmp/tray/${name}-${width}.png`, fullPage: width === 390 });
    }
});
