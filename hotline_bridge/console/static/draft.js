// What an operator has typed and not sent outlives the end of a session: it stays in this tab, sealed under a key that the console
// gives to this account alone, while this request is open (flow/drafts.py). Signing out by hand wipes it (console.js). Closing or
// giving back does not: that may be refused, and where it is not there is no key any more, or the person has to come back to this account.
"use strict";

(() => {
  const box = document.getElementById("answer");
  if (!box || !box.dataset.draft || !window.crypto.subtle) return; // no subtle: http from another machine
  const PLACE = `komek-draft:${box.dataset.conversation}`;
  const NONCE = 12;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const letters = (raw) => btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  const key = crypto.subtle.importKey("raw", bytes(box.dataset.draft), "AES-GCM", false, ["encrypt", "decrypt"]);
  const field = () => document.getElementById("reply");
  let turn = 0;

  function drop() {
    turn += 1;
    sessionStorage.removeItem(PLACE);
  }

  async function keep() {
    const typed = field().value;
    if (!typed.trim()) return drop();
    const mine = ++turn;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await key, new TextEncoder().encode(typed));
    if (mine === turn) sessionStorage.setItem(PLACE, letters([...nonce, ...new Uint8Array(sealed)]));
  }

  function sentLast() {
    const line = [...document.querySelectorAll("#lines .line.operator .text:not(.gloss)")].at(-1);
    return line ? line.textContent.trim() : null;
  }

  async function bring() {
    if (field().value) return keep();
    const stored = sessionStorage.getItem(PLACE);
    if (!stored) return;
    const raw = bytes(stored);
    const opened = crypto.subtle.decrypt({ name: "AES-GCM", iv: raw.slice(0, NONCE) }, await key, raw.slice(NONCE));
    const typed = await opened.then((found) => new TextDecoder().decode(found), () => null);
    if (typed === null) return drop(); // somebody else's, or of a request that is closed
    if (field().value) return;
    if (typed.trim() === sentLast()) return drop(); // it went out, only the answer to the press was lost
    field().value = typed; // not looked at by itself (the console asks twice at sending): nobody has done anything yet
    say("note", box.dataset.again);
  }

  document.addEventListener("input", (event) => { if (event.target === field()) keep(); });
  // After a press the box comes back: empty, or with what was refused.
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "reply-form") keep(); });
  bring();
})();
