// Dialogs, menus, tabs and the keyboard. Every trigger is a link or a native element, so that pages
// work when this file does not run.
(() => {
  "use strict";
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
  const plainClick = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open || !dialog.showModal) return false;
    closeMenus();
    dialog.showModal();
    return true;
  };

  const closeMenus = (except) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener && plainClick(event) && openDialog(opener.dataset.openDialog)) event.preventDefault();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog.dialog")) event.target.close(); // the backdrop
    if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
    closeMenus(event.target.closest("details[data-menu]"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") escape();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/" && focusSearch()) event.preventDefault();
    if (event.key === "?" && openDialog("keys-help")) event.preventDefault();
  });

  const escape = () => {
    const menu = document.activeElement.closest("details[data-menu][open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
    document.querySelectorAll(".off-compact").forEach((off) => off.classList.add("esc"));
  };

  document.addEventListener("focusin", (event) => {
    const off = event.target.closest(".off-compact");
    if (off) off.classList.remove("esc");
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("mouseover", (event) => {
    const off = event.target.closest(".off-compact");
    if (off && !off.contains(event.relatedTarget)) off.classList.remove("esc");
  });

  const focusSearch = () => {
    const box = document.querySelector("[data-search], main input[type=search]");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  };

  // On a narrow screen the tabs scroll sideways: the open one is brought into sight.
  const showTab = () => {
    const here = document.querySelector(".tabs [aria-current]");
    if (!here) return;
    const row = here.closest(".tabs");
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  };
  document.addEventListener("DOMContentLoaded", showTab);
  if (document.readyState !== "loading") showTab();
})();
