// A sealed value that is shown hides itself: after its time, and as soon as the window is left. It is nowhere kept.
"use strict";

(() => {
  const hide = (shown) => {
    for (const field of shown.querySelectorAll("input")) field.value = "";
    shown.remove();
  };
  const arm = (shown) => {
    if (shown.dataset.armed) return;
    shown.dataset.armed = "yes";
    setTimeout(() => hide(shown), Number(shown.dataset.hides) * 1000);
  };
  const all = () => document.querySelectorAll("[data-hides]");

  for (const shown of all()) arm(shown);
  document.addEventListener("htmx:afterSettle", () => { for (const shown of all()) arm(shown); });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button.hide-now");
    if (pressed) hide(pressed.closest("[data-hides]"));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) for (const shown of all()) hide(shown); });
  window.addEventListener("pagehide", () => { for (const shown of all()) hide(shown); });
})();
