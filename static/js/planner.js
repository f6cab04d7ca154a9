// The planner by hand: a block is dragged, or picked up with M and moved by the arrow keys, and dropped on the
// page that asks before anything is moved; empty time that is clicked opens the form with it filled in.
// Everything here is reached by links as well: the "Move" of a block and the plus of a day.
(() => {
  "use strict";
  const QUARTERS = 4;
  const NEAR = 6; // pixels that a pointer may tremble before it drags
  const root = () => document.querySelector("[data-planner]");
  const zones = () => [...root().querySelectorAll("[data-day]")];
  const lineOf = (zone) => zone.closest("tr, .plan-row") || root();
  const span = () => Number(root().dataset.hours) * QUARTERS;
  const wide = () => matchMedia("(min-width: 48rem)").matches;

  let carried = null; // {block, home, zone, at, quarters, ghost, grab, moved}
  let pressed = null; // where a pointer went down on a block
  let dragged = false; // the click that ends a drag opens nothing

  const pad = (number) => String(number).padStart(2, "0");
  const clock = (at) => {
    const minutes = (Number(root().dataset.from) * QUARTERS + at) * 15;
    return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  };
  const classOf = (block, name) => Number([...block.classList].find((one) => one.startsWith(`${name}-`))?.slice(name.length + 1) || 0);
  const words = () => {
    const time = carried.zone.dataset.axis ? clock(carried.at) : "";
    return { day: carried.zone.dataset.label, time };
  };
  const filled = (text) => text.replace("{day}", words().day).replace(/,? ?\{time\}/, words().time ? `, ${words().time}` : "");
  const live = () => document.querySelector("[data-planner-says]"); // holds the texts as well
  const say = (text) => { live().textContent = text; };

  const list = (zone) => (zone.matches("ol") ? zone : zone.querySelector("ol") || zone);
  const show = () => {
    const { ghost, zone, at, quarters } = carried;
    ghost.className = `plan-ghost at-${at} for-${Math.min(quarters, span() - at || quarters)} lane-1 of-1`;
    ghost.textContent = `${words().day}${words().time ? `, ${words().time}` : ""}`;
    if (ghost.parentNode !== list(zone)) list(zone).append(ghost);
  };
  const pick = (block, grab) => {
    const zone = block.closest("[data-day]");
    const ghost = document.createElement("li");
    ghost.setAttribute("aria-hidden", "true");
    const quarters = classOf(block, "for");
    carried = { block, home: zone, zone, at: Number(block.dataset.at), quarters, ghost, grab };
    carried.from = carried.at;
    block.classList.add("lifted");
    show();
  };
  const putBack = () => {
    carried?.ghost.remove();
    carried?.block.classList.remove("lifted");
    carried = null;
  };
  const drop = () => {
    const { block, zone, home, at, from } = carried;
    if (zone === home && at === from) { putBack(); return; }
    const asked = new URLSearchParams({ date: zone.dataset.day });
    if (zone.dataset.axis) asked.set("time", clock(at));
    asked.set("next", location.pathname + location.search);
    putBack();
    location.assign(`${block.querySelector(".block-move").pathname}?${asked}`);
  };
  const bound = (at) => Math.max(0, Math.min(at, span() - 1));

  // Where a pointer stands within a day, in quarters of an hour from the first that is shown.
  const quarter = (zone, event) => {
    const box = zone.getBoundingClientRect();
    const part = zone.dataset.axis === "y" ? (event.clientY - box.top) / (span() * rowHeight()) : (event.clientX - box.left) / box.width;
    return part * span();
  };
  // Rows of a week are of one height; a day may be taller than its hours.
  const rowHeight = () => parseFloat(getComputedStyle(root().querySelector(".plan-blocks")).gridAutoRows);

  document.addEventListener("pointerdown", (event) => {
    const block = event.target.closest?.(".block[data-at]");
    if (!block || event.button !== 0 || event.pointerType === "touch" || !wide() || event.target.closest(".block-move")) return;
    dragged = false;
    pressed = { block, x: event.clientX, y: event.clientY };
  });
  document.addEventListener("pointermove", (event) => {
    if (pressed && !carried && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > NEAR) {
      const zone = pressed.block.closest("[data-day]");
      const grab = zone.dataset.axis ? quarter(zone, { clientX: pressed.x, clientY: pressed.y }) - Number(pressed.block.dataset.at) : 0;
      pick(pressed.block, grab);
      dragged = true;
    }
    if (!pressed || !carried) return;
    event.preventDefault();
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day], .plan-day, td");
    const zone = under?.matches("[data-day]") ? under : under?.querySelector("[data-day]");
    if (!zone || (zone.dataset.axis !== "y" && lineOf(zone) !== lineOf(carried.home))) return;
    carried.zone = zone;
    if (zone.dataset.axis) carried.at = bound(Math.round(quarter(zone, event) - carried.grab));
    show();
  });
  document.addEventListener("pointerup", () => {
    pressed = null;
    if (carried && dragged) drop();
  });
  document.addEventListener("pointercancel", () => { pressed = null; putBack(); });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".block[data-at]")) event.preventDefault(); });

  document.addEventListener("click", (event) => {
    if (dragged) {
      dragged = false;
      if (event.target.closest?.("[data-planner]")) event.preventDefault();
      return;
    }
    const zone = event.target.closest?.("[data-day]");
    const plus = zone?.closest(".plan-day, .plan-row, td").querySelector(".day-add");
    if (!plus || !wide() || event.target.closest(":is(a, button, .block)")) return;
    const half = zone.dataset.axis ? bound(Math.floor(quarter(zone, event) / 2) * 2) : null;
    const time = half === null ? "" : `&time=${clock(half)}`;
    location.assign(plus.href + time);
  });

  const step = (zone, by) => {
    const all = zones().filter((one) => zone.dataset.axis === "y" || lineOf(one) === lineOf(zone));
    return all[all.indexOf(zone) + by] || zone;
  };
  const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !root()) return;
    const block = event.target.closest?.(".block[data-at]");
    if (!carried) {
      if (event.key.toLowerCase() !== "m" || !block || !wide()) return;
      event.preventDefault();
      pick(block, 0);
      say(filled(live().dataset.picked));
      return;
    }
    if (event.key === "Escape") { putBack(); say(live().dataset.back); return; }
    if (event.key === "Enter") { event.preventDefault(); drop(); return; }
    const [across, down] = KEYS[event.key] || [0, 0];
    if (!across && !down) return;
    event.preventDefault();
    const axis = carried.zone.dataset.axis;
    if (axis === "x") carried.at = bound(carried.at + (across || down));
    else {
      carried.zone = step(carried.zone, across);
      if (axis === "y") carried.at = bound(carried.at + down);
    }
    show();
    say(filled(live().dataset.now));
  });
  // The filter fills the planner anew, also when its field is left: whoever stands on a block stays there.
  let stood = null;
  document.addEventListener("htmx:beforeSwap", () => {
    putBack();
    stood = root()?.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (stood) root()?.querySelector(`a[href="${CSS.escape(stood)}"]`)?.focus();
    stood = null;
  });
  document.addEventListener("focusout", (event) => { if (carried && !pressed && event.target.closest?.(".block[data-at]") === carried.block) putBack(); });
})();
