"use strict";
(() => {
  /* Enhances pages that work without it: see "What titer.js does with the markup" in src/web/README.md.
   * Swaps answers into the page, follows the event stream, and presses buttons by key. */
  const SWAPPED = ["main", "tabs", "alerts", "foot"];
  const OFFLINE = "Not saved: no connection. Try again.";
  const TIMEOUT_MS = 20000;
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  let busy = false, missed = false, stream = null, turn = Promise.resolve();
  function say(text, urgent) {
    const place = byId(urgent ? "say-now" : "say");
    if (!place) return;
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 50);
  }

  function warn(text) {
    const place = byId("offline");
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }

  /* ---- swapping an answer into the page ---- */
  function focusMark() {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const row = at.closest("[data-list] a, [data-list] button, [data-row]");
    return { id: at.id, name: at.name, action: at.form && at.form.getAttribute("action"), href: at.getAttribute("href"),
      key: at.dataset.key, typed: at.closest("form[data-instant]") ? at.value : null, index: row ? rowsOf(row.closest("[data-list]")).indexOf(row) : -1,
      start: at.selectionStart, end: at.selectionEnd };
  }

  function focusBack(mark) {
    if (!mark || document.activeElement !== document.body) return;
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
    const list = document.querySelector("[data-list]");
    const found = (mark.id && byId(mark.id)) ||
      all.find((e) => mark.name && e.name === mark.name && e.form && e.form.getAttribute("action") === mark.action) ||
      all.find((e) => mark.href && e.getAttribute("href") === mark.href) ||
      all.find((e) => mark.key && e.dataset.key === mark.key) ||
      (mark.index >= 0 && list && rowsOf(list)[Math.min(mark.index, rowsOf(list).length - 1)]) || byId("main");
    if (!found) return;
    found.focus({ preventScroll: true });
    if (mark.typed != null && found.id === mark.id && found.value !== mark.typed) { found.value = mark.typed; soon(found.form); } /* typed on meanwhile */
    if (mark.start != null && found.setSelectionRange) try { found.setSelectionRange(mark.start, mark.end); } catch { /* not a text field */ }
  }

  /* A form that sends itself while it is filled in: filters, the minute of the debrief. */
  let waiting = 0;
  function soon(form) { clearTimeout(waiting); waiting = setTimeout(() => { if (form.isConnected) send(form, null, true); }, 250); }

  function swap(html, url, push) {
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.getElementById("main")) return false;
    const placeOf = (doc) => { const e = doc.querySelector("[data-place]"); return e && e.dataset.place; };
    const mark = focusMark(), x = scrollX, y = scrollY, away = url && new URL(url).pathname !== location.pathname, moved = away || placeOf(page) !== placeOf(document);
    const boxes = [...document.querySelectorAll("[data-scroll]")].map((e) => [e.id, e.scrollLeft, e.scrollTop]);
    const open = [...document.querySelectorAll("details[id][open]")].map((e) => e.id);
    for (const id of SWAPPED) {
      const old = byId(id), fresh = page.getElementById(id);
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
      else if (old && id !== "main") old.replaceChildren();
    }
    document.title = page.title;
    if (push && url && url !== location.href) history[push === "quietly" ? "replaceState" : "pushState"]({ swapped: true }, "", url);
    for (const id of open) if (!away && byId(id)) byId(id).open = true;
    for (const [id, left, top] of boxes) if (byId(id)) byId(id).scrollTo(left, top);
    if (moved) { scrollTo(0, 0); (byId("place") || byId("main")).focus({ preventScroll: true }); } else { scrollTo(x, y); focusBack(mark); }
    document.dispatchEvent(new Event("swapped"));
    const clock = page.getElementById("clock"), speed = page.getElementById("speed"), events = page.getElementById("events");
    if (clock && byId("clock")) byId("clock").textContent = clock.textContent;
    if (speed && byId("speed")) byId("speed").textContent = speed.textContent;
    const notice = document.querySelector("#main .notice");
    if (notice) say(notice.textContent, notice.classList.contains("crit"));
    /* Onto or off a shift the frame itself differs. */
    if (!!events !== !!byId("events") || (events && events.dataset.events !== byId("events").dataset.events)) location.reload();
    return true;
  }

  /* One at a time and in order: a key pressed while the page refreshes is not lost. */
  function load(url, options, push) { turn = turn.then(() => loadNow(url, options, push)); return turn; }

  async function loadNow(url, options, push) {
    const post = options.method === "POST";
    busy = true;
    root.setAttribute("aria-busy", "true");
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const answer = await fetch(url, { ...options, signal: stop.signal, headers: { ...(options.headers || {}), "X-Titer": "1" } });
      const html = await answer.text();
      const sentence = post && !answer.ok && new DOMParser().parseFromString(html, "text/html").getElementById("sentence");
      if (post || push) warn(sentence ? sentence.textContent : ""); /* refused: the form and its text stay */
      if (sentence) say(sentence.textContent, true);
      else if (!swap(html, answer.url, push && (!post || answer.redirected))) location.assign(answer.url);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      busy = false;
      root.removeAttribute("aria-busy");
      if (missed) { missed = false; refresh(); }
    }
  }

  async function send(form, button, quietly) {
    const data = new URLSearchParams(new FormData(form, button && button.name ? button : undefined));
    const action = (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;
    const post = form.method === "post", url = new URL(action, location.href);
    if (!post) url.search = data;
    /* After a failure nothing was swapped: text and request id are still in the form, so a repeat is harmless. */
    if (!await load(url, post ? { method: "POST", body: data } : {}, quietly ? "quietly" : true)) { warn(OFFLINE); say(OFFLINE, true); }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-enhance]")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("input", (event) => { const form = event.target.form; if (form && form.matches("[data-instant]")) soon(form); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-enhance]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    load(link.href, {}, true).then((done) => { if (!done) location.assign(link.href); });
  });
  /* A file into a text field: <input type="file" data-into="ID"> (shown only where scripts run). */
  for (const e of document.querySelectorAll("[data-scripted]")) e.hidden = false;
  document.addEventListener("change", async (event) => {
    const to = event.target.matches("input[type=file][data-into]") && byId(event.target.dataset.into), file = to && event.target.files[0];
    if (!file) return;
    if (file.size > (event.target.dataset.most || 65536)) { say("This file is too large.", true); event.target.setCustomValidity("This file is too large."); event.target.reportValidity(); return; }
    event.target.setCustomValidity("");
    to.value = await file.text();
    say(`${file.name} is read.`);
  });
  addEventListener("popstate", () => { load(location.href, {}, false).then((done) => { if (!done) location.reload(); }); });

  /* ---- the event stream ---- */
  const isField = (e) => !!e && e.matches("input:not([type=hidden]), textarea, select");
  const isTyping = (e) => isField(e) && !["checkbox", "radio", "range"].includes(e.type);
  const changed = (e) => e.tagName === "SELECT" ? [...e.options].some((o) => o.selected !== o.defaultSelected)
    : e.type === "checkbox" || e.type === "radio" ? e.checked !== e.defaultChecked : e.value !== e.defaultValue;
  const writing = () => { const main = byId("main");
    return !!main && ((isField(document.activeElement) && main.contains(document.activeElement)) ||
      [...main.querySelectorAll("input:not([type=hidden]), textarea, select")].some(changed)); };

  function refresh() {
    const main = byId("main");
    if (!main || !main.hasAttribute("data-live") || writing()) return;
    if (busy || document.hidden) { missed = true; return; }
    load(location.href, {}, false);
  }

  const hear = {
    clock(d) { if (byId("clock")) byId("clock").textContent = d.time; if (d.speed && byId("speed")) byId("speed").textContent = d.speed; },
    say(d) { say(d.text, d.urgent); },
    part(d) { const e = byId(d.id); if (e && !e.contains(document.activeElement)) e.innerHTML = d.html; },
    refresh,
    go(d) { if (d.url.startsWith("/") && !d.url.startsWith("//")) location.assign(d.url); },
  };

  function follow() {
    const place = byId("events");
    if (!place || stream) return;
    stream = new EventSource(place.dataset.events);
    for (const kind of Object.keys(hear)) stream.addEventListener(kind, (event) => hear[kind](JSON.parse(event.data)));
    stream.onopen = () => byId("clock") && byId("clock").classList.remove("lost");
    stream.onerror = () => byId("clock") && byId("clock").classList.add("lost"); /* the browser connects again by itself */
  }
  addEventListener("pagehide", () => { if (stream) stream.close(); stream = null; });
  addEventListener("pageshow", follow);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && missed && !busy) { missed = false; refresh(); } });

  /* ---- keys ---- */
  let chord = "";

  /* Other keys of this person: what a pressed key stands for, and what is printed on buttons and in lists of keys. */
  const pairs = (document.body.dataset.keymap || "").match(/../g) || [];
  const stands = new Map(pairs.map((pair) => [pair[1], pair[0]])), printed = new Map(pairs.map((pair) => [pair[0], pair[1]]));
  const meant = (key) => stands.get(key) || key;
  globalThis.titerKey = meant;
  function label() {
    if (!pairs.length) return;
    for (const e of document.querySelectorAll("kbd:not([data-as])")) {
      e.dataset.as = e.textContent;
      e.textContent = e.textContent.split(" ").map((word) => printed.get(word) || word).join(" ");
    }
  }
  label();
  document.addEventListener("swapped", label);

  /* The time that is left: counted here, kept by the server. What it warns of (data-soon, seconds) is also told on the page. */
  let ends = null, before = 0;
  setInterval(() => {
    const left = byId("left");
    if (!left) return;
    if (left.dataset.left) { ends = Date.now() + 1000 * left.dataset.left; before = Number(left.dataset.left); delete left.dataset.left; }
    const s = Math.max(0, Math.round((ends - Date.now()) / 1000));
    left.textContent = `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
    const soon = (left.dataset.soon || "60").split(" ").map(Number).find((at) => before > at && s <= at), told = byId("soon");
    before = s;
    if (soon) { const text = `${soon / 60} ${soon === 60 ? "minute" : "minutes"} left.`; say(text); if (told) { told.textContent = text; told.hidden = false; } }
    if (s === 0 && !busy) { const form = byId(left.dataset.form); left.id = "over"; if (form) form.requestSubmit(); else location.reload(); }
  }, 1000);

  const rowsOf = (list) => { const rows = list ? [...list.querySelectorAll("[data-row]")] : [];
    return rows.length || !list ? rows : [...list.querySelectorAll("a[href], button")]; };

  function move(step, event) {
    const here = document.activeElement.closest && document.activeElement.closest("[data-list]");
    const list = here || document.querySelector("[data-list]"), rows = rowsOf(list);
    if (!rows.length) return;
    event.preventDefault();
    let at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    if (at < 0) at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function back(event) {
    const open = document.querySelector("dialog[open], details[open]");
    if (isField(document.activeElement)) { document.activeElement.blur(); return; }
    if (open) { if (open.close) open.close(); else open.open = false; event.preventDefault(); return; }
    const link = [...document.querySelectorAll("#main [data-back], [data-back]")].sort((a, b) => !!b.closest("#main") - !!a.closest("#main"))[0];
    if (link && link.href !== location.href) { event.preventDefault(); link.click(); }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = document.activeElement, key = meant(event.key), off = document.body.dataset.keys === "off";
    if (key === "Escape") return back(event);
    if (isTyping(at) || (at && at.isContentEditable)) return; /* on a box just ticked, keys still press verbs */
    const arrow = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (arrow && isField(at)) return;
    if (arrow) { if (at.closest("[data-list]")) move(arrow, event); return; }
    if (off || event.repeat && key !== "j" && key !== "k") return;
    const box = byId("scan") || byId("filter");
    if (key === "/" && box) { event.preventDefault(); box.focus(); box.select(); return; }
    if (key === "?" && byId("keys")) { event.preventDefault(); byId("keys").open = !byId("keys").open; byId("keys").querySelector("summary").focus(); return; }
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1, event);
    /* Two keys in a row ("x 2"): the first one waits for the second. */
    const wanted = chord + key;
    chord = document.querySelector(`[data-key^="${CSS.escape(key)} "]`) && !chord ? `${key} ` : "";
    const button = [...document.querySelectorAll("[data-key]")].find((e) => (e.dataset.key === wanted || (e.dataset.also || "").split(",").includes(wanted)) && !e.disabled && e.getClientRects().length);
    if (!button) return;
    event.preventDefault();
    if (isField(button)) button.focus(); else { button.focus({ preventScroll: true }); button.click(); }
  });
})();
