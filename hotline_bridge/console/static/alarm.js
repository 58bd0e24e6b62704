// A sound and a notice of the browser when somebody is in danger. Both only after a press of the button, and without content:
// others may see the screen.
"use strict";

(() => {
  const CHOSEN = "komek-alarm";
  const button = document.getElementById("alarm");
  if (!button) return;
  let context = null;

  const isOn = () => { try { return localStorage.getItem(CHOSEN) === "on"; } catch { return false; } };
  const sounds = () => context !== null && context.state === "running";
  const notices = () => "Notification" in window && Notification.permission === "granted";
  const show = () => {
    button.setAttribute("aria-pressed", String(isOn()));
    const { off, touch, on, alone } = button.dataset;
    button.textContent = !isOn() ? off : !sounds() ? touch : notices() ? on : alone;
  };

  // Browsers let a page sound only after somebody touched it. Until then the button says so: nobody shall rely on what is silent.
  const wake = () => {
    if (!isOn()) return;
    if (!context) {
      context = new AudioContext();
      context.addEventListener("statechange", show);
    }
    if (!sounds()) context.resume();
  };
  let first = isOn(); // the press that is going on is the page's first touch
  const press = () => { first = isOn() && !context; wake(); };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, press, { passive: true });
  document.addEventListener("pointerup", wake, { passive: true });

  function sound() {
    if (!sounds()) return;
    for (const [at, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = context.createOscillator();
      const loud = context.createGain();
      const start = context.currentTime + at;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, start);
      loud.gain.exponentialRampToValueAtTime(0.3, start + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
      tone.connect(loud).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.23);
    }
  }

  function notice() {
    if (!notices()) return;
    const made = new Notification(button.dataset.title, { body: button.dataset.notice, tag: "komek", renotify: true, silent: true });
    made.onclick = () => { window.focus(); made.close(); };
  }

  // Of several windows one rings.
  function once(step) {
    if (!navigator.locks) return step();
    navigator.locks.request("komek-ring", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      step();
      await new Promise((done) => setTimeout(done, 1_500));
    });
  }

  document.addEventListener("komek:danger", () => {
    const line = document.createElement("p");
    line.className = "flash bad";
    const link = document.createElement("a");
    link.href = "/queue";
    link.textContent = button.dataset.notice;
    line.append(link);
    document.getElementById("said").replaceChildren(line);
    if (isOn()) once(() => { sound(); notice(); });
  });

  // console.js asks whether somebody is there: they may be on the telephone.
  document.addEventListener("komek:ending", () => { if (isOn()) once(sound); });

  button.addEventListener("click", async () => {
    const on = first || !isOn(); // whoever touches the button that asks for a touch does not want it off
    first = false;
    try { localStorage.setItem(CHOSEN, on ? "on" : "off"); } catch { return; }
    show();
    if (!on) return;
    wake();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    show();
    setTimeout(sound, 100); // so that one knows how it sounds
  });
  button.hidden = false;
  show();
})();
