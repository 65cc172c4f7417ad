"use strict";
(() => {
  /* The exam room: what is chosen or typed and not yet kept stays in this tab, whatever is opened meanwhile; words of the
   * question are highlighted by selecting them. */
  const byId = (id) => document.getElementById(id), KEY = "titer.room.";
  const fields = (form) => [...form.elements].filter((e) => e.name && e.name !== "note" && e.matches("input:not([type=hidden]), select"));
  const box = (e) => e.type === "radio" || e.type === "checkbox";
  const state = (list) => JSON.stringify(list.map((e) => (box(e) ? e.checked : e.value)));
  const drafts = () => [...document.querySelectorAll("form[data-draft]")].map((form) => [KEY + form.dataset.draft, fields(form)])
    .concat([...document.querySelectorAll("textarea[data-draft]")].map((e) => [KEY + e.dataset.draft, [e]]));

  let plain = new Map();
  function restore() {
    plain = new Map();
    for (const [key, list] of drafts()) {
      plain.set(key, state(list));
      let kept = null;
      try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { /* nothing is kept here */ }
      if (!kept || kept.length !== list.length) continue;
      list.forEach((e, i) => { if (box(e)) e.checked = kept[i]; else e.value = kept[i]; });
    }
  }
  function keep() {
    for (const [key, list] of drafts())
      try { if (state(list) === plain.get(key)) sessionStorage.removeItem(key); else sessionStorage.setItem(key, state(list)); } catch { /* no place for it */ }
  }

  /* Places in bytes, as the server counts them. */
  function mark() {
    const stem = byId("stem"), form = byId("marking"), chosen = getSelection();
    if (!stem || !form || !chosen.rangeCount || chosen.isCollapsed || !stem.contains(chosen.anchorNode) || !stem.contains(chosen.focusNode)) return false;
    const range = chosen.getRangeAt(0), before = document.createRange(), bytes = (text) => new TextEncoder().encode(text).length;
    before.selectNodeContents(stem);
    before.setEnd(range.startContainer, range.startOffset);
    form.elements.from.value = bytes(before.toString());
    form.elements.to.value = Number(form.elements.from.value) + bytes(range.toString());
    form.requestSubmit(form.querySelector("button"));
    return true;
  }

  document.addEventListener("input", keep);
  document.addEventListener("swapped", restore);
  document.addEventListener("submit", (event) => { /* other numbers, other options: what was chosen is about the old ones */
    if (event.submitter && event.submitter.value === "renew") for (const [key] of drafts()) if (!key.endsWith("note")) try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
  });
  addEventListener("keydown", (event) => { if (titerKey(event.key) === "h" && !event.ctrlKey && !event.metaKey && !event.altKey && document.body.dataset.keys !== "off" && mark()) { event.preventDefault(); event.stopPropagation(); } }, true);
  restore();
})();
