// Parts that refresh by themselves, kind to whoever is at them: nothing is exchanged while a button is held down or when nothing
// changed, and a conversation stays at its end if it was there.
"use strict";

(() => {
  const last = new Map();
  const late = new Set();
  let held = false;

  const refreshes = (element) => /\bsse:|\bevery\b/.test(element.getAttribute("hx-trigger") || "");

  document.addEventListener("pointerdown", () => { held = true; }, { passive: true });
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => {
      held = false;
      setTimeout(() => { for (const id of late) htmx.trigger(`#${id}`, "refresh"); late.clear(); }, 50);
    }, { passive: true });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const element = event.detail.requestConfig.elt;
    if (!element.id || !refreshes(element) || event.detail.xhr.status !== 200) return;
    const text = event.detail.xhr.responseText;
    if (held) {
      event.detail.shouldSwap = false;
      late.add(element.id);
    } else if (last.get(element.id) === text) {
      event.detail.shouldSwap = false;
    } else {
      last.set(element.id, text);
    }
  });

  // What was fetched last no longer stands there: the next fetch is swapped in whatever it says.
  document.addEventListener("komek:exchanged", (event) => { last.delete(event.target.id); });

  const scroll = document.getElementById("scroll");
  if (scroll) {
    const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };
    let atEnd = true;
    toEnd();
    scroll.addEventListener("scroll", () => { atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40; }, { passive: true });
    document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "lines" && atEnd) toEnd(); });
  }
})();
