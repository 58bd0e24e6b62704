// The queue's rows as they change, without fetching them all: only what looks different is exchanged, so that a row in hand stays
// in hand. Whatever does not fit what stands here is fetched whole.
"use strict";

(() => {
  const board = document.getElementById("rows");
  if (!board) return;
  const view = new URL(board.getAttribute("hx-get"), location.href).search;
  const whole = () => htmx.trigger(board, "refresh");
  const row = (id) => board.querySelector(`tr[data-row="${id}"]`);

  function count(counts) {
    for (const [tab, people] of Object.entries(counts)) {
      const shown = document.querySelector(`#tab-${tab} .count`);
      if (shown) shown.textContent = people;
    }
  }

  function drawn(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content.firstElementChild;
  }

  function exchange(id, html) {
    const before = row(id);
    const after = drawn(html);
    if (before) before.replaceWith(after);
    else board.querySelector("tbody").append(after);
    htmx.process(after);
  }

  function order(ids) {
    const body = board.querySelector("tbody");
    for (const one of [...body.children]) if (!ids.includes(one.dataset.row)) one.remove();
    ids.forEach((id, at) => { if (body.children[at] !== row(id)) body.insertBefore(row(id), body.children[at]); });
  }

  // What had the focus has it again: the same element, or, when its row was exchanged, the one in its place.
  function keepingFocus(step) {
    const held = document.activeElement;
    const at = held.closest("[data-row], #below");
    const selector = held.matches(".claim") ? "button.claim" : "a";
    step();
    if (!at || document.activeElement === held) return;
    const place = held.isConnected ? held : (at.id === "below" ? at : row(at.dataset.row))?.querySelector(selector);
    if (place) place.focus({ preventScroll: true });
  }

  document.addEventListener("komek:rows", ({ detail }) => {
    const { counts, mark, rows } = JSON.parse(detail.data);
    count(counts);
    if (detail.view !== view) return whole();
    const below = document.getElementById("below");
    if (mark === below.dataset.mark) return;
    if (!rows) return whole(); // nothing changed for the window that listens; this one shows something older
    const different = Object.keys(rows.looks).filter((id) => row(id)?.dataset.look !== rows.looks[id]);
    const fits = board.querySelector("tbody") && different.every((id) => rows.rows[id]);
    // A button that is held down is not taken from under the finger: refresh.js waits for it.
    if (!fits || board.querySelector(":active")) return whole();
    keepingFocus(() => {
      for (const id of different) exchange(id, rows.rows[id]);
      order(Object.keys(rows.looks));
      if (below.innerHTML !== rows.below) below.innerHTML = rows.below;
    });
    below.dataset.mark = mark;
    board.dispatchEvent(new CustomEvent("komek:exchanged", { bubbles: true }));
  });
})();
