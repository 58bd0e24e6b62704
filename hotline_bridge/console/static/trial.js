// Two phones on one page. Each has a random address of its own; its screen is what the server's event stream says.
"use strict";

const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
let used = null;

function cost(text) {
  const gsm = GSM.test(text);
  const units = gsm ? text.length + (text.match(/[\^{}\\[~\]|€]/g) || []).length : text.length;
  const [one, many] = gsm ? [160, 153] : [70, 67];
  return { units, segments: units <= one ? 1 : Math.ceil(units / many), alphabet: gsm ? "GSM-7" : "UCS-2" };
}

class Phone {
  constructor(root) {
    this.root = root;
    this.channel = root.dataset.channel;
    this.talk = root.querySelector(".talk");
    this.field = root.querySelector("textarea");
    this.shown = new Set();
    root.querySelector("form").addEventListener("submit", (e) => { e.preventDefault(); this.submit(); });
    this.field.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.submit(); }
    });
    this.field.addEventListener("focus", () => { used = this; });
    this.field.addEventListener("input", () => this.count());
    root.querySelector(".new").addEventListener("click", () => this.connect(crypto.randomUUID()));
    for (const b of root.querySelectorAll(".attach button")) b.addEventListener("click", () => this.send({ kind: b.dataset.kind, label: b.textContent }));
    for (const b of root.querySelectorAll(".keys button")) b.addEventListener("click", () => { this.field.value += b.textContent; this.count(); this.field.focus(); });
    this.connect(sessionStorage.getItem(this.channel) || crypto.randomUUID());
  }

  connect(address) {
    sessionStorage.setItem(this.channel, address);
    this.address = address;
    this.talk.replaceChildren();
    this.shown.clear();
    if (this.events) this.events.close();
    this.events = new EventSource(`/trial/${this.channel}/${address}/events`);
    this.events.onmessage = (e) => this.show(JSON.parse(e.data));
  }

  submit() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.count();
    this.send({ kind: "text", text });
  }

  async send(body) {
    used = this;
    const answer = await fetch(`/trial/${this.channel}/${this.address}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) this.note("Not sent: Komek could not store it. Try again.");
  }

  count() {
    const line = this.root.querySelector(".cost");
    if (!line) return;
    const { units, segments, alphabet } = cost(this.field.value);
    line.textContent = `${units} letters, ${alphabet}, ${segments} ${segments === 1 ? "segment" : "segments"}`;
  }

  show(event) {
    if (event.type === "clear") {
      for (const r of event.references) this.talk.querySelector(`[data-reference="${CSS.escape(r)}"]`)?.remove();
      return;
    }
    if (this.shown.has(event.reference)) return;
    this.shown.add(event.reference);
    const item = document.createElement("li");
    item.dataset.reference = event.reference;
    item.className = event.from === "me" ? "me" : "komek";
    if (event.kind && !["text", "choice"].includes(event.kind)) item.classList.add("kind");
    this.write(item, event);
    this.talk.append(item);
    // A long answer is read from its beginning.
    this.talk.scrollTop = event.from === "me" ? this.talk.scrollHeight : item.offsetTop - this.talk.offsetTop - 8;
  }

  write(item, event) {
    const [first, ...rest] = event.text.split("\n\n");
    if (this.channel === "chat" && event.from !== "me" && rest.length && first.length < 40) {
      const title = document.createElement("span");
      title.className = "title";
      title.textContent = first;
      item.append(title, `\n${rest.join("\n\n")}`);
    } else {
      item.append(event.text);
    }
    if (event.options?.length) item.append(this.buttons(event.options));
    if (this.channel === "sms" && event.from !== "me") {
      const cost = document.createElement("span");
      cost.className = "segments";
      cost.textContent = `${event.segments} ${event.segments === 1 ? "segment" : "segments"}, ${event.alphabet === "ucs2" ? "UCS-2" : "GSM-7"}, ${event.units} letters`;
      item.append(cost);
    }
  }

  buttons(options) {
    const box = document.createElement("span");
    box.className = "options";
    for (const [label, choice] of options) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.dataset.choice = choice;
      button.addEventListener("click", () => this.send({ kind: "choice", text: choice, label }));
      box.append(button);
    }
    return box;
  }

  note(text) {
    const item = document.createElement("li");
    item.className = "kind";
    item.textContent = text;
    this.talk.append(item);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const phones = [...document.querySelectorAll(".phone")].map((p) => new Phone(p));
  used = phones[0];
  for (const b of document.querySelectorAll(".samples button")) {
    b.addEventListener("click", () => { used.field.value = b.textContent; used.count(); used.field.focus(); });
  }
});
