// What the console's frame needs of script: the menu on a phone, the end of a session, and words for what failed.
// Nothing here is needed to use a page's forms.
"use strict";

document.documentElement.classList.add("scripted");

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["x-csrf-token"];

// The menu on a phone
const button = document.querySelector(".menu-button");
if (button) {
  button.addEventListener("click", () => {
    const open = document.getElementById("menu").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
}

// Copy and print
document.addEventListener("click", async (event) => {
  const pressed = event.target.closest("button.copy, button.print");
  if (!pressed) return;
  if (pressed.classList.contains("print")) return window.print();
  const field = document.getElementById(pressed.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    pressed.textContent = pressed.dataset.done;
  } catch { /* it is selected: Ctrl+C does it */ }
});

// A line at the top of the page, read out
function say(kind, text) {
  const line = document.createElement("p");
  line.className = `flash ${kind}`;
  line.textContent = text;
  document.getElementById("said").replaceChildren(line);
}

// Signing out by hand wipes what was typed and not sent (draft.js), in every window of this browser.
const LEFT = "komek-left";
const wipe = () => { for (const name of Object.keys(sessionStorage)) if (name.startsWith("komek-draft:")) sessionStorage.removeItem(name); };
const left = () => { wipe(); location.reload(); }; // what stands in a field would be kept again
window.addEventListener("storage", (event) => { if (event.key === LEFT && event.newValue) left(); });
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[action='/sign-out']")) return;
  try { wipe(); localStorage.setItem(LEFT, String(Date.now())); } catch { /* then nothing was kept either */ }
});

// htmx: what failed is said
const words = document.getElementById("words");
if (words) {
  document.addEventListener("htmx:responseError", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const line = answer.querySelector("[role=alert]");
    say("bad", line ? line.textContent : words.dataset.failed);
  });
  document.addEventListener("htmx:sendError", () => say("bad", words.dataset.offline));
}

// Two minutes before the session ends, and before those whom an operator has go back to the queue, whoever is there is asked. What
// somebody does keeps both; a page that is only open keeps neither.
const IDLE = Number(document.body.dataset.idle || 0) * 1000;
if (IDLE) {
  const ends = Date.parse(document.body.dataset.ends);
  const LOST = Number(document.body.dataset.lost) * 1000;
  const dialog = document.getElementById("ending");
  const NOTICE = 120_000;
  const TOLD = 60_000; // how often work on this page is told to the server
  const SHARED = "komek-seen"; // other windows of the same session
  let told = Date.now();
  let worked = 0;
  let dayTold = false;

  const mark = () => { told = Date.now(); try { localStorage.setItem(SHARED, String(told)); } catch { /* then each window for itself */ } };
  const last = () => { try { return Math.min(Date.now(), Math.max(told, Number(localStorage.getItem(SHARED)) || 0)); } catch { return told; } };
  const hasSomebody = () => [...document.querySelectorAll("[data-have]")].some((one) => one.textContent.trim() !== "0");

  async function stay() {
    mark();
    const answer = await fetch("/session", { method: "POST", headers: { "x-csrf-token": token(), "accept": "application/json" } }).catch(() => null);
    if (answer && answer.status === 401) location.reload();
    return Boolean(answer && answer.ok);
  }

  mark();
  // With a screen reader there may be no key and no pointer: a click alone, or the focus that moves on. A focus that comes back after
  // rows were exchanged comes from nothing; a scroll may be of a new line: neither shows that anybody is there.
  const isDeed = (event) => event.isTrusted && (event.type !== "focusin" || event.relatedTarget !== null);
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove", "click", "input", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (!isDeed(event) || dialog.open) return;
      worked = Date.now();
      if (worked - last() > TOLD) stay();
    }, { passive: true });
  }
  document.addEventListener("htmx:afterRequest", (event) => { const request = event.detail.requestConfig; if (request && request.verb !== "get") mark(); });
  document.getElementById("ending-stay").addEventListener("click", async () => { dialog.close(); await stay(); });

  function ask(reason) {
    for (const one of ["idle", "day", "lost"]) document.getElementById(`ending-${one}`).hidden = one !== reason;
    if (dialog.open) return;
    dialog.showModal();
    document.dispatchEvent(new CustomEvent("komek:ending"));
  }

  setInterval(() => {
    const now = Date.now();
    const idle = last() + IDLE - now;
    const day = ends - now;
    const lost = last() + LOST - now;
    if (Math.min(idle, day) <= 0) return location.reload(); // to the sign-in: nothing of a page stays open on an empty desk
    if (day < NOTICE && day < idle) {
      if (!dayTold) ask("day");
      dayTold = true; // once: the rest of the time is for what is to be finished
    } else if (idle < NOTICE) ask("idle");
    else if (lost < NOTICE && hasSomebody()) ask("lost");
    else if (dialog.open && lost >= NOTICE) dialog.close(); // until then it stays, though they have gone back meanwhile
  }, 5_000);
}
