// The form of an item with a picture: shows it again while it is written, and turns what is pointed at in the picture
// into the numbers of a place. Without this script the button "Show it" does the first, and numbers are typed.
"use strict";
(() => {
  const form = document.querySelector("form[data-picture]");
  if (!form) return;
  const WAIT_MS = 500;
  let waiting = 0, asked = 0;

  async function show(rows) {
    const mine = ++asked, data = new URLSearchParams(new FormData(form));
    data.set("do", "show");
    let page;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { return; }
    if (mine !== asked) return;
    for (const id of rows ? ["preview", "data-rows"] : ["preview"]) {
      const fresh = page.getElementById(id), old = document.getElementById(id), named = old && old.querySelector("#place-of");
      if (!fresh || !old) continue;
      const chosen = named && named.value;
      old.replaceWith(fresh);
      if (chosen && fresh.querySelector("#place-of")) fresh.querySelector("#place-of").value = chosen;
    }
    ready();
  }

  function ready() {
    for (const hidden of form.querySelectorAll("[data-pointing]")) hidden.hidden = false;
  }

  const own = (name) => /^(draw|seed|alt|p\d+\.text|d\d+\.(key|value))$/.test(name);
  form.addEventListener("input", (event) => {
    if (!own(event.target.name || "")) return;
    clearTimeout(waiting);
    const kind = event.target.name === "draw";
    waiting = setTimeout(() => show(kind), kind ? 0 : WAIT_MS);
  });

  /* The line of the place that is chosen, or the first that is free. */
  function write(name, numbers) {
    const rows = [...form.querySelectorAll("[data-row]")].map((row) => [row.querySelector("select"), row.querySelector("input")]);
    const there = rows.find(([key, value]) => key.value === "region" && value.value.split("|")[0].trim() === name);
    const [key, value] = there || rows.find(([, free]) => !free.value) || [];
    if (!key) return;
    key.value = "region";
    value.value = `${name} | ${numbers}`;
    show(!there); /* another free line */
  }

  let from = null;
  const at = (event) => {
    const image = form.querySelector("#preview .plate img"), box = image && image.getBoundingClientRect();
    if (!image || !event.target.closest || !event.target.closest("#preview .plate")) return null;
    const scale = image.width && box.width ? Number(image.getAttribute("width")) / box.width : 1;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };
  form.addEventListener("dragstart", (event) => { if (event.target.closest("#preview")) event.preventDefault(); });
  form.addEventListener("pointerdown", (event) => { from = form.querySelector("#place-of") ? at(event) : null; });
  form.addEventListener("pointerup", async (event) => {
    const to = at(event), start = from, choice = form.querySelector("#place-of");
    from = null;
    if (!start || !to || !choice || !choice.value) return;
    const source = new URL(form.querySelector("#preview .plate img").src), query = source.searchParams;
    query.set("x0", start[0].toFixed(1)); query.set("y0", start[1].toFixed(1));
    query.set("x1", to[0].toFixed(1)); query.set("y1", to[1].toFixed(1));
    const answer = await fetch(`/items/place?${query}`);
    const said = form.querySelector("#pointed"), words = answer.ok ? await answer.text() : "";
    if (!answer.ok) { if (said) said.textContent = "That is no place of this picture."; return; }
    write(choice.value, words);
  });
  ready();
})();
