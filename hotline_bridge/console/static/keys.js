// The desk by keyboard. Keys are known by their place, so that they work under a Cyrillic layout too; never while somebody types.
"use strict";

(() => {
  const CHOSEN = "komek-keys";
  const help = document.getElementById("keys");
  if (!help) return;
  const choice = document.getElementById("keys-on");

  const areOn = () => { try { return localStorage.getItem(CHOSEN) !== "off"; } catch { return true; } };
  const links = () => [...document.querySelectorAll("[data-row] a.open")];
  const typed = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

  function move(step) {
    const all = links();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
    next.focus();
    next.closest("[data-row]").scrollIntoView({ block: "nearest" });
    return true;
  }

  // On the queue the row that has the focus, on a conversation's page that one.
  function claim() {
    const row = document.activeElement.closest("[data-row]");
    const button = row ? row.querySelector("button.claim") : document.querySelector("form.claim button");
    if (button) button.click();
    return Boolean(button);
  }

  function into(id) {
    const field = document.getElementById(id);
    if (!field) return false;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
    return true;
  }

  function toQueue() {
    if (!document.querySelector(".back a")) return false;
    document.querySelector(".back a").click();
    return true;
  }

  function toReady() {
    const ready = document.getElementById("ready");
    if (!ready) return false;
    ready.open = true;
    ready.querySelector("summary").focus();
    ready.scrollIntoView({ block: "nearest" });
    return true;
  }

  const STEPS = {
    KeyJ: () => move(1), ArrowDown: () => links().includes(document.activeElement) && move(1),
    KeyK: () => move(-1), ArrowUp: () => links().includes(document.activeElement) && move(-1),
    KeyC: claim, KeyR: () => into("reply"), KeyN: () => into("note"), KeyT: toReady, KeyQ: toQueue,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("textarea")) return event.target.blur();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typed(event.target)) return;
    const asks = event.key === "?" || (event.shiftKey && event.code === "Slash");
    if (!areOn()) return;
    if (asks) {
      event.preventDefault();
      return help.showModal();
    }
    if (!event.shiftKey && STEPS[event.code] && STEPS[event.code]()) event.preventDefault();
  });

  choice.checked = areOn();
  choice.addEventListener("change", () => { try { localStorage.setItem(CHOSEN, choice.checked ? "on" : "off"); } catch { /* then on */ } });
  document.getElementById("keys-open").hidden = false;
  document.getElementById("keys-open").addEventListener("click", () => help.showModal());
})();
