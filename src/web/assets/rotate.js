"use strict";
(() => {
  /* The day's log without a network: kept in this browser, then sent. Its own number makes sending again harmless. */
  const form = document.querySelector("form[data-queue]"), place = document.getElementById("queued"), KEY = "titer.log.";
  let busy = false; if (!form || !place) return;
  const keys = () => Object.keys(localStorage).filter((k) => k.startsWith(KEY)).sort();
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const number = () => { form.elements.request.value = `log-${[...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("")}`; };
  const part = (tag, text, press) => Object.assign(document.createElement(tag), { textContent: text }, press && { type: "button", onclick: press });
  const mend = (day) => { for (const [name, value] of day.fields) if (form.elements[name].type === "checkbox") form.elements[name].checked = true; else form.elements[name].value = value; };
  function show() {
    place.replaceChildren(...keys().map((key) => [key, read(key)]).filter(([, day]) => day).map(([key, day]) => {
      const item = part("p", ""), { day: when, site } = Object.fromEntries(day.fields);
      const drop = () => { if (confirm("Discard this day? It is nowhere else.")) { localStorage.removeItem(key); show(); } };
      item.append(part("span", `${when}, ${site}: ${day.why || "kept on this device; it is sent when there is a connection."}`),
        ...(day.why ? [part("button", "Mend it in the form", () => mend(day)), part("button", "Discard", drop)] : [part("button", "Send now", flush)]));
      return item;
    }));
  }
  const ask = async (options) => { const answer = await fetch(form.action, { ...options, signal: AbortSignal.timeout(12000) }); return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") }; };
  /* Sends what waits; the address of the last one that was taken, or "". */
  async function flush() {
    let taken = ""; if (busy) return taken; else busy = true;
    try {
      for (const key of keys()) {
        const day = read(key); if (!day || day.why) continue;
        const csrf = (await ask({})).page.querySelector("[name=csrf]").value; /* the session may have ended meanwhile */
        const { answer, page } = await ask({ method: "POST", body: new URLSearchParams([...day.fields, ["csrf", csrf]]) });
        if (answer.ok && answer.redirected) { localStorage.removeItem(key); taken = answer.url; continue; }
        if (answer.status === 403 || answer.status === 429 || answer.status >= 500) break;
        if (read(key)) localStorage.setItem(key, JSON.stringify({ ...day, why: (page.querySelector("#main .notice, #sentence") || { textContent: "It was not taken." }).textContent })); /* else another window had more luck */
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
    if (!left && taken) location.assign(taken); else if (!left || !left.why) { form.reset(); number(); }
    place.scrollIntoView();
  });
  addEventListener("online", flush); addEventListener("storage", show);
  setInterval(() => { if (keys().some((k) => !(read(k) || { why: 1 }).why)) flush(); }, 20000);
  number(); form.elements.day.defaultValue = new Date(Date.now() - 60000 * new Date().getTimezoneOffset()).toISOString().slice(0, 10); flush(); /* a page from the cache has an old number and day */
  if (navigator.serviceWorker) navigator.serviceWorker.register("/rotate/worker.js", { scope: "/rotate/" }).then(() => navigator.serviceWorker.ready).then((r) => r.active.postMessage([form.action, ...[...document.querySelectorAll("link[href], script[src]")].map((e) => e.href || e.src)])).catch(() => {});
})();
