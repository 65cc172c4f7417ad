"use strict";
/* Serves the page of the day's log, and the files it needs, when there is no network. The network always comes first. */
const STORE = "titer-rotate";
async function keep(files) {
  const store = await caches.open(STORE);
  await store.addAll(files);
  for (const old of await store.keys()) if (!files.includes(old.url)) store.delete(old);
}
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.filter((url) => new URL(url).origin === location.origin)).catch(() => {})));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url), log = event.request.mode === "navigate" && url.pathname === "/rotate/log";
  if (event.request.method !== "GET" || url.origin !== location.origin || !(log || url.pathname.startsWith("/assets/"))) return;
  event.respondWith(fetch(event.request).catch(async () => (await (await caches.open(STORE)).match(event.request, { ignoreVary: true })) || Response.error()));
});
