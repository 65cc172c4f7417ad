/* The reaction curve of a chemistry result: one link away from where it is decided, by keyboard, with the same in
 * numbers; each kind of method computes what it reports from what it read; nothing on the page judges. */
import { Client, Server, browser, decode, ok, remark, run } from "./lib.mjs";
import { go, press, settle, use } from "./keys.mjs";
import { curves, held, untilHeld } from "./scene.mjs";

const text = (html) => decode(html.replace(/<[^>]*>/g, "")).trim();
const facts = (html) => Object.fromEntries([...html.matchAll(/<dt>([^<]*)<\/dt><dd>([\s\S]*?)<\/dd>/g)].map((m) => [decode(m[1]), text(m[2])]));
const number = (words) => Number((/-?\d+(\.\d+)?/.exec(words || "") || [NaN])[0]);

async function look(client, path, kind) {
  const { text: html } = await client.get(path), f = facts(html), what = text((/<h1>([\s\S]*?)<\/h1>/.exec(html) || [])[1]);
  ok(f.Kind?.startsWith(kind), `${what}: ${f.Kind}`);
  const reported = number(f.Reported), made = number((f["Number of the analyzer"].split("= ")[1]) || "");
  ok(Math.abs(made - reported) < 1e-9 || /[<>]/.test(f.Reported), `${what}: the analyzer's number is the reported one`, `${f["Number of the analyzer"]}, ${f.Reported}`);
  const dilution = number((/× (\d+) \(dilution/.exec(f["Number of the analyzer"]) || [])[1] || "1");
  if (f.Factor && !/[<>]/.test(f.Reported)) {
    const again = number(f.Read.replace(/^\D*/, "")) * number(f.Factor) * dilution;
    ok(Math.abs(again - reported) <= 0.02 * reported + 0.0002 * number(f.Factor) + 1, `${what}: read × factor is it`, `${f.Read} × ${f.Factor} = ${again}, ${reported}`);
    ok(/\d+( less \d+)? nm/.test(f.Wavelength) && /\d+ to \d+ s/.test(f["Read window"]), `${what}: wavelength and window`, JSON.stringify(f));
  }
  const rows = [...html.matchAll(/<th scope="row" class="num">/g)].length;
  ok(rows >= (f.Factor ? 11 : 3), `${what}: the same in numbers (${rows} rows)`);
  const alt = decode((/<img [^>]*alt="([^"]*)"/.exec(html) || [])[1] || "");
  ok(alt.length > 60 && !/deplet|hook|lipem|hemoly|bubble|fault/i.test(alt), `${what}: told in words that do not judge`, alt);
  const src = decode((/<img src="([^"]*)"/.exec(html) || [])[1]), picture = await client.get(src);
  ok(picture.status === 200 && picture.text.startsWith("<svg") && /max-age/.test(picture.headers["cache-control"] || ""), `${what}: the picture is drawn, and kept by the browser`, picture.headers["cache-control"]);
  ok(!/<(title|desc|style|script)/.test(picture.text), `${what}: the picture carries no words of its own`);
}

await run(async () => {
  const server = await new Server().start(), client = new Client(server);
  const id = await client.create("long-night", 5);
  await untilHeld(client, id, 2);
  const found = await curves(client, id);
  remark(Object.entries(found).map(([k, p]) => `${k} ${p}`).join(", "));
  for (const [kind, words] of [["rate", "rate"], ["end point", "end point"], ["two-point", "two-point"], ["ion-selective", "ion-selective electrode"], ["immunoassay", "immunoassay"]]) {
    ok(found[kind], `a result read by ${words}`);
    if (found[kind]) await look(client, found[kind], words);
  }
  const { page, context } = await browser();
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  const accession = (await held(client, id))[0];
  await page.goto(`${server.url}/shift/${id}/verification/${accession}`);
  use(page);
  await go('a.curve[href*="/reaction/"]');
  ok(/Reaction curve/.test(await page.locator("h1").innerText()), "the curve is one key press away from the result");
  ok(await page.locator("img").evaluate((i) => i.complete && i.naturalWidth > 0), "with its picture");
  await press("Escape");
  await page.waitForURL(`**/verification/${accession}`);
  ok(true, "and Escape leads back to the specimen");
  for (const bad of ["999999", "x", "-1"]) ok((await client.get(`/shift/${id}/reaction/${bad}`)).status === 404, `no result ${bad}`);
});
