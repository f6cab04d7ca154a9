// Comforts of forms: a guard for unsaved changes, files by dropping, copying a link, errors first.
(() => {
  "use strict";

  // <form data-guard>: leaving with changes asks first.
  const content = (form) => new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, value instanceof File ? value.name : value])).toString();
  const guarded = new Map();
  let leaving = false;
  const guard = () => document.querySelectorAll("form[data-guard]").forEach((form) => {
    if (!guarded.has(form)) guarded.set(form, "guardDirty" in form.dataset ? null : content(form));
  });
  const changed = () => [...guarded].some(([form, first]) => form.isConnected && content(form) !== first);
  document.addEventListener("submit", (event) => { if (guarded.has(event.target)) leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && changed()) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; });

  // A file dropped anywhere on the area lands in its input.
  const area = (event) => event.target.closest?.("[data-drop]");
  document.addEventListener("dragover", (event) => {
    if (!area(event)) return;
    event.preventDefault();
    area(event).classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (area(event) && !area(event).contains(event.relatedTarget)) area(event).classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const drop = area(event);
    if (!drop) return;
    event.preventDefault();
    drop.classList.remove("over");
    const input = drop.querySelector("input[type=file]");
    if (!input || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Copy: over plain HTTP the clipboard is closed to scripts, so the old command stands by.
  const copy = async (box) => {
    try {
      await navigator.clipboard.writeText(box.dataset.copy);
      return true;
    } catch {
      const input = document.createElement("input");
      input.readOnly = true;
      input.value = box.dataset.copy;
      box.append(input);
      input.select();
      const done = document.execCommand("copy");
      // Where that is forbidden as well, it stays, selected, for the keys.
      if (done) input.remove();
      return done;
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-button]");
    if (!button) return;
    const words = button.querySelector("[data-copy-words]");
    words.dataset.text ||= words.textContent;
    const done = await copy(button.closest("[data-copy]"));
    words.setAttribute("role", "status");
    words.classList.remove("visually-hidden");
    words.textContent = done ? button.dataset.done : button.dataset.byHand;
    setTimeout(() => {
      words.textContent = words.dataset.text;
      words.classList.add("visually-hidden");
    }, 2500);
  });

  // A row for somebody (data-person): "Ann Example <ann@…>", chosen or pasted, goes into its two boxes.
  // What is less plain is left to the server.
  const ENTRY = /^\s*([^<>"=\\@]*?)\s*<([^<>\s"@]+@[^<>\s"@]+)>[\s,;]*$/;
  document.addEventListener("input", (event) => {
    const row = event.target.matches("input[list]") && event.target.closest("[data-person]");
    const found = row && event.target.value.match(ENTRY);
    if (!found) return;
    const [name, email] = ["name", "email"].map((end) => row.querySelector(`input[name$="${end}"]`));
    const other = event.target === name ? email : name;
    if (other.value.trim() && other.value.trim() !== found[other === name ? 1 : 2]) return;
    [name.value, email.value] = [found[1], found[2]];
  }, true);

  // "All" checkbox: data-check-all="name" ticks every box of that name in its form.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.checkAll;
    if (!name) return;
    event.target.form?.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]:not(:disabled)`)
      .forEach((box) => { box.checked = event.target.checked; });
  });

  const errorsFirst = () => document.querySelector("[data-form-errors]")?.focus();
  document.addEventListener("DOMContentLoaded", () => { guard(); errorsFirst(); });
  document.addEventListener("htmx:afterSwap", () => { guard(); errorsFirst(); });
})();
