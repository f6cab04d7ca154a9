// The planner by hand: a block is dragged (by touch after it was held for a moment), or picked up with M and moved
// by the arrow keys, and dropped on the page that asks before anything is moved; empty time that is clicked opens
// the form with it filled in. Without one in hand the arrow keys go from block to block, and Tab leaves them all.
// Everything here is reached by links as well: the "Move" of a block and the plus of a day.
(() => {
  "use strict";
  const QUARTERS = 4;
  const NEAR = 6; // pixels that a pointer may tremble before it drags
  const HOLD = 400; // milliseconds that a finger stays before it drags instead of scrolling
  const EDGE = 56; // pixels from the top or the bottom of the screen where a carried block scrolls the page
  const root = () => document.querySelector("[data-planner]");
  const zones = () => [...root().querySelectorAll("[data-day]")];
  const lineOf = (zone) => zone.closest("tr, .plan-row") || root();
  const span = () => Number(root().dataset.hours) * QUARTERS;
  const wide = () => matchMedia("(min-width: 48rem)").matches;

  let carried = null; // {block, home, zone, at, quarters, ghost, grab, moved}
  let pressed = null; // where a pointer went down on a block, and what waits for a finger to be held
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
  const live = () => document.querySelector("[data-planner-says]"); // holds its texts as well
  const where = () => document.querySelector("[data-planner-where]");
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

  const lift = () => {
    const { block, x, y } = pressed;
    const zone = block.closest("[data-day]");
    pick(block, zone.dataset.axis ? quarter(zone, { clientX: x, clientY: y }) - Number(block.dataset.at) : 0);
    dragged = true;
  };
  const release = () => {
    clearTimeout(pressed?.held);
    pressed = null;
  };
  const follow = (event) => {
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day], .plan-day, td");
    let zone = under?.matches("[data-day]") ? under : under?.querySelector("[data-day]");
    // Over another line it is the day that counts: a block stays with its account, or its speaker.
    if (zone && zone.dataset.axis !== "y" && lineOf(zone) !== lineOf(carried.home)) {
      const { day } = zone.dataset;
      zone = zones().find((one) => one.dataset.day === day && lineOf(one) === lineOf(carried.home));
    }
    if (!zone) return;
    carried.zone = zone;
    if (zone.dataset.axis) carried.at = bound(Math.round(quarter(zone, event) - carried.grab));
    show();
  };
  // A finger that carries a block cannot scroll: the page comes along at the edges of the screen.
  let last = null;
  const along = () => {
    if (!carried || !pressed?.finger) return;
    const by = last.clientY < EDGE ? -8 : last.clientY > innerHeight - EDGE ? 8 : 0;
    if (by) {
      scrollBy({ top: by, behavior: "instant" });
      follow(last);
    }
    requestAnimationFrame(along);
  };

  document.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (pressed) { // a second finger: the page is pinched, and nothing is moved
      release();
      putBack();
      return;
    }
    const block = event.target.closest?.(".block[data-at]");
    if (!block || event.button !== 0 || !wide() || event.target.closest(".block-move")) return;
    const finger = event.pointerType === "touch";
    pressed = { block, x: event.clientX, y: event.clientY, finger };
    if (!finger) return;
    last = event;
    pressed.held = setTimeout(() => {
      lift();
      navigator.vibrate?.(12);
      along();
    }, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!pressed) return;
    last = event;
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > (pressed.finger ? 2 * NEAR : NEAR);
    if (!carried && moved && pressed.finger) release(); // it scrolls
    else if (!carried && moved) lift();
    if (!carried || !pressed) return;
    event.preventDefault();
    follow(event);
  });
  document.addEventListener("touchmove", (event) => { if (carried && pressed) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (pressed?.finger) event.preventDefault(); });
  document.addEventListener("pointerup", () => {
    release();
    if (carried && dragged) drop();
  });
  document.addEventListener("pointercancel", () => { release(); putBack(); });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".block[data-at]")) event.preventDefault(); });

  document.addEventListener("click", (event) => {
    if (dragged && event.detail) { // a click by hand, which has a count
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
  // One block is reached by Tab, with the link that moves it; the arrow keys go to the others: along a day or a line
  // one after the other, across to the nearest of the next day or line in which there is one.
  const linkOf = (block) => block.querySelector(".event");
  const blocks = (within) => [...within.querySelectorAll(wide() ? ".block:not(.only-narrow)" : ".block")];
  const turnTo = (block) => {
    for (const one of root().querySelectorAll(".block > a")) one.tabIndex = one.closest(".block") === block ? 0 : -1;
  };
  const ready = () => {
    const all = root() ? blocks(root()) : [];
    if (all.length && where()) turnTo(all.find((one) => one.contains(document.activeElement)) || all[0]);
  };
  const go = (block) => {
    turnTo(block);
    linkOf(block).focus();
  };
  const nearest = (block, zone, side) => {
    const from = block.getBoundingClientRect()[side];
    const far = (one) => Math.abs(one.getBoundingClientRect()[side] - from);
    return blocks(zone).reduce((best, one) => (best && far(best) <= far(one) ? best : one), null);
  };
  const beyond = (block, among, zone, by, side) => {
    for (let at = among.indexOf(zone) + by; among[at]; at += by) {
      const found = nearest(block, among[at], side);
      if (found) return found;
    }
    return null;
  };
  const goal = (block, key) => {
    const all = blocks(root());
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    const [across, down] = KEYS[key] || [0, 0];
    if (!across && !down) return null;
    if (!wide()) return all[all.indexOf(block) + across + down]; // one list
    const zone = block.closest("[data-day]");
    const mates = blocks(zone);
    const mate = (by) => mates[mates.indexOf(block) + by];
    if (zone.dataset.axis === "y") return down ? mate(down) : beyond(block, zones(), zone, across, "top");
    if (zone.dataset.axis === "x") return across ? mate(across) : beyond(block, zones(), zone, down, "left");
    if (across) return beyond(block, zones().filter((one) => lineOf(one) === lineOf(zone)), zone, across, "top");
    const lines = [...root().querySelectorAll("tbody > tr")];
    return mate(down) || beyond(block, lines, lineOf(zone), down, "left");
  };
  // A link says its time and its title; whoever comes to another day or line hears which.
  const place = (block) => {
    const zone = block.closest("[data-day]");
    const line = zone.dataset.axis === "y" ? "" : lineOf(zone).querySelector(":is(h3, th) > bdi")?.textContent;
    return [zone.dataset.label, line].filter(Boolean).join(", ");
  };
  let entered = false; // how the keys work is said once
  document.addEventListener("focusin", (event) => {
    const block = event.target.closest?.(".block");
    if (!block || !where()) return;
    turnTo(block);
    const before = event.relatedTarget?.closest?.(".block");
    if (before && place(before) === place(block)) return;
    where().textContent = entered ? place(block) : `${place(block)}. ${where().dataset.keys}`;
    entered = true;
  });
  ready();

  const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !root()) return;
    const block = event.target.closest?.(".block");
    if (!carried) {
      const to = block && goal(block, event.key);
      if (to) {
        event.preventDefault();
        go(to);
      }
      if (event.key.toLowerCase() !== "m" || !block?.matches("[data-at]") || !wide()) return;
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
    ready();
  });
  document.addEventListener("focusout", (event) => { if (carried && !pressed && event.target.closest?.(".block[data-at]") === carried.block) putBack(); });
})();
