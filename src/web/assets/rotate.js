"use strict";
(() => {
  /* The day's log without a network: a day is kept in this browser first, then sent; what cannot be sent waits here.
   * Each has its own number, which the server takes once, so sending again or from two windows is harmless. */
  const form = document.querySelector("form[data-queue]"), place = document.getElementById("queued"), KEY = "titer.log.", STORE = "titer-rotate";
  if (!form || !place) return;
  const keys = () => Object.keys(localStorage).filter((k) => k.startsWith(KEY)).sort();
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const number = () => `log-${[...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("")}`;
  const part = (tag, text, press) => Object.assign(document.createElement(tag), { textContent: text }, press && { type: "button", onclick: press });
  let busy = false;
  function mend(day) {
    for (const e of form.elements) if (e.name && e.name !== "csrf" && e.type !== "submit") { const had = day.fields.find(([name]) => name === e.name); if (e.type === "checkbox") e.checked = !!had; else e.value = had ? had[1] : ""; }
    document.getElementById("nopatient").hidden = false;
    form.elements.reflection.focus();
  }
  function show() {
    const items = keys().map((key) => [key, read(key)]).filter(([, day]) => day).map(([key, day]) => {
      const item = part("li", ""), field = (name) => (day.fields.find((f) => f[0] === name) || ["", ""])[1];
      item.append(part("span", `${field("day")}, ${field("site")}: ${day.why || "kept on this device; it is sent when there is a connection."}`));
      const drop = () => { if (confirm("Discard this day? It is nowhere else.")) { localStorage.removeItem(key); show(); } };
      item.append(...(day.why ? [part("button", "Mend it in the form", () => mend(day)), part("button", "Discard", drop)] : [part("button", "Send now", flush)]));
      return item;
    }), list = part("ul", "");
    list.append(...items);
    place.replaceChildren(...(items.length ? [list] : []));
  }
  const ask = async (options) => { const answer = await fetch(form.action, { ...options, signal: AbortSignal.timeout(12000) }); return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") }; };
  /* Sends what waits; the address of the last one that was taken, or "". */
  async function flush() {
    let taken = "";
    if (busy) return taken;
    busy = true;
    try {
      for (const key of keys()) {
        const day = read(key);
        if (!day || day.why) continue;
        const csrf = (await ask({})).page.querySelector("[name=csrf]").value; /* the session may have ended meanwhile */
        const { answer, page } = await ask({ method: "POST", body: new URLSearchParams([...day.fields, ["csrf", csrf]]) });
        if (answer.ok && answer.redirected) { localStorage.removeItem(key); taken = answer.url; continue; }
        if (answer.status === 403 || answer.status === 429 || answer.status >= 500) break;
        const why = page.querySelector("#main .notice, #sentence");
        if (read(key)) localStorage.setItem(key, JSON.stringify({ ...day, why: why ? why.textContent : "It was not taken." })); /* else another window had more luck */
        document.getElementById("nopatient").hidden = false;
      }
    } catch { /* no connection: what waits, waits */ } finally { busy = false; show(); }
    return taken;
  }
  form.addEventListener("submit", async (event) => {
    const key = KEY + form.elements.request.value, fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
    try { localStorage.setItem(key, JSON.stringify({ fields })); } catch { return; } /* no room: an ordinary form then */
    event.preventDefault();
    while (busy) await new Promise((done) => setTimeout(done, 100));
    const taken = await flush(), left = read(key);
    if (!left && taken) { location.assign(taken); return; }
    if (!left || !left.why) { form.reset(); form.elements.request.value = number(); }
    place.scrollIntoView();
  });
  addEventListener("online", flush);
  addEventListener("storage", show);
  setInterval(() => { if (keys().some((k) => !(read(k) || { why: 1 }).why)) flush(); }, 20000);
  form.elements.request.value = number(); /* a page from the cache would have an old one */
  if (navigator.serviceWorker) navigator.serviceWorker.register("/rotate/worker.js", { scope: "/rotate/" }).then(async () => {
    const store = await caches.open(STORE), files = [form.action, ...[...document.querySelectorAll("link[href], script[src]")].map((e) => e.href || e.src)];
    await store.addAll(files);
    for (const old of await store.keys()) if (!files.includes(old.url)) store.delete(old);
  }).catch(() => {}); /* without it an open page still keeps what is saved */
  flush();
})();
