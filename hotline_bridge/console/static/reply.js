// The answer: Ctrl and Enter send what stands in a field, and a ready reply is put where the cursor is.
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button[data-puts]");
    const field = document.getElementById("reply");
    if (!pressed || !field) return;
    const text = document.getElementById(pressed.dataset.puts).textContent;
    const before = field.value.slice(0, field.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();
