// One event stream for all windows of this browser. A browser opens six connections to a host and each stream takes one, so a
// seventh window would hang for ever: the window that holds a lock listens, and tells the others. Where browsers do not allow
// that (http from another machine) each window listens for itself.
"use strict";

(() => {
  const NAMES = ["queue", "rows", "conversation", "danger", "reveal"];
  const AGAIN = 5_000;
  const shared = Boolean(navigator.locks && window.BroadcastChannel);
  const bus = shared ? new BroadcastChannel("komek-live") : null;
  const streams = new Set();
  let asked = false;

  // What the pages' sse-connect gets in the place of an EventSource.
  class Stream extends EventTarget {
    constructor(address) {
      super();
      this.readyState = 1;
      this.following = new URL(address, location.href).searchParams.get("conversation");
      streams.add(this);
    }
    close() {
      this.readyState = 2;
      streams.delete(this);
    }
    hear({ name, data }) {
      const meant = name !== "conversation" || !this.following || data === "*" || data.split(" ").includes(this.following);
      if (meant) this.dispatchEvent(new MessageEvent(name, { data }));
    }
  }

  function hear(told) {
    for (const stream of [...streams]) stream.hear(told);
    pass(told);
  }

  // To scripts of ours that listen to no stream: alarm.js, queue.js.
  function pass(told) {
    if (told.name === "danger") document.dispatchEvent(new CustomEvent("komek:danger"));
    if (told.name === "rows") document.dispatchEvent(new CustomEvent("komek:rows", { detail: told }));
  }

  // A queue page says what it shows, and is sent what changes there. A window with another view fetches its own (queue.js).
  function here() {
    const mark = document.querySelector("[data-mark]");
    if (!mark) return { view: null };
    const view = new URL(mark.closest("[hx-get]").getAttribute("hx-get"), location.href).search;
    return { view, address: `/live${view}${view ? "&" : "?"}rows=${mark.dataset.mark}` };
  }

  function open(address, hearing) {
    const { view, address: ofQueue } = here();
    const source = new EventSource(ofQueue || address);
    for (const name of NAMES) source.addEventListener(name, (event) => hearing({ name, data: event.data, view }));
    return source;
  }

  function listen() {
    const source = open("/live", (told) => {
      bus.postMessage(told);
      hear(told);
    });
    // While the console restarts the browser tries again by itself; after an answer that is no stream it would not.
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN); });
  }

  htmx.createEventSource = (address) => {
    if (!shared) return open(address, pass);
    if (!asked) {
      asked = true;
      bus.onmessage = (event) => hear(event.data);
      navigator.locks.request("komek-live", () => new Promise(listen)); // held until this window is closed
    }
    return new Stream(address);
  };
})();
