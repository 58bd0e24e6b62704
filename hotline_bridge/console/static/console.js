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
window.addEventListener("storage", (event) => { if (event.key === LEFT && event.newValue) wipe(); });
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

// The session's end: two minutes before, somebody who is there is asked. A key, a click, a scroll keeps it alive, and with it what its
// operator has; a page that is only open keeps neither.
const IDLE = Number(document.body.dataset.idle || 0) * 1000;
if (IDLE) {
  const ends = Date.parse(document.body.dataset.ends);
  const dialog = document.getElementById("ending");
  const NOTICE = 120_000;
  const TOLD = 60_000; // how often work on this page is told to the server
  const SHARED = "komek-seen"; // other windows of the same session
  let told = Date.now();
  let worked = 0;

  const mark = () => { told = Date.now(); try { localStorage.setItem(SHARED, String(told)); } catch { /* then each window for itself */ } };
  const last = () => { try { return Math.max(told, Number(localStorage.getItem(SHARED)) || 0); } catch { return told; } };

  async function stay() {
    mark();
    const answer = await fetch("/session", { method: "POST", headers: { "x-csrf-token": token(), "accept": "application/json" } }).catch(() => null);
    if (answer && answer.status === 401) location.reload();
    return Boolean(answer && answer.ok);
  }

  mark();
  for (const kind of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    document.addEventListener(kind, () => { worked = Date.now(); if (worked - last() > TOLD && !dialog.open) stay(); }, { passive: true });
  }
  document.addEventListener("htmx:afterRequest", (event) => { const request = event.detail.requestConfig; if (request && request.verb !== "get") mark(); });
  document.getElementById("ending-stay").addEventListener("click", async () => { dialog.close(); await stay(); });

  setInterval(() => {
    const now = Date.now();
    const idle = last() + IDLE - now;
    const day = ends - now;
    if (Math.min(idle, day) <= 0) {
      location.reload(); // to the sign-in: nothing of a page stays open on an empty desk
    } else if (Math.min(idle, day) < NOTICE) {
      document.getElementById("ending-idle").hidden = day < idle;
      document.getElementById("ending-day").hidden = day >= idle;
      if (!dialog.open) dialog.showModal();
    } else if (dialog.open && idle >= NOTICE) {
      dialog.close();
    }
  }, 5_000);
}
