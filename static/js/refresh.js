// Parts of a page that follow what somebody types or chooses (elements with data-refresh): the last
// choice wins, an answer that is lost is asked for again, and if it does not come, the page says so.
// Loaded before session.js, which keeps the end of a session to itself, and feedback.js, which speaks
// for everything else.
(() => {
  "use strict";
  const PAUSES = [700, 2500]; // milliseconds before each further try
  const ASK = "refresh"; // the event that every data-refresh element listens to
  const tries = new WeakMap();
  const sent = new WeakMap(); // what a form held when its part was asked for

  // Who asked: htmx tells some events to the element that asked, others to the one that is filled.
  // What asks for itself (a box that offers known people) is no part of what stands around it.
  const of = (event) => {
    const asked = event.detail.requestConfig?.elt || event.detail.elt;
    const own = event.detail.requestConfig?.elt && asked.matches("[hx-post]:not([data-refresh])");
    return own ? null : asked.closest("[data-refresh]");
  };
  const target = (event) => event.detail.target || event.detail.elt;

  // What a person may have changed of a form: name -> the values, in order.
  const values = (form) => {
    const found = new Map();
    for (const [name, value] of new FormData(form)) {
      if (value instanceof File) continue;
      found.set(name, [...(found.get(name) || []), value]);
    }
    return found;
  };
  const same = (one, other) => JSON.stringify(one || []) === JSON.stringify(other || []);

  const clear = (part) => part?.querySelector(":scope > [data-refresh-lost]")?.remove();

  const say = (elt, part) => {
    if (!part || part.querySelector(":scope > [data-refresh-lost]")) return;
    const notice = document.createElement("div");
    notice.className = "notice kind-warning mb-4";
    notice.setAttribute("role", "alert");
    notice.setAttribute("data-refresh-lost", "");
    const body = document.createElement("div");
    const texts = document.getElementById("toasts").dataset; // in the person's language
    body.className = "notice-body";
    body.textContent = texts.partLost;
    const button = document.createElement("button");
    button.className = "btn btn-sm";
    button.type = "button";
    button.textContent = texts.tryAgain;
    button.addEventListener("click", () => { tries.delete(elt); clear(part); htmx.trigger(elt, ASK); });
    notice.append(body, button);
    part.prepend(notice);
  };

  const lost = (event) => {
    const elt = of(event);
    if (!elt) return;
    event.stopImmediatePropagation();
    const done = tries.get(elt) || 0;
    tries.set(elt, done + 1);
    if (done < PAUSES.length) setTimeout(() => { if (elt.isConnected) htmx.trigger(elt, ASK); }, PAUSES[done]);
    else say(elt, target(event));
  };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);

  // The session had ended: the part is asked for again as soon as the person has signed in.
  const ENDED = 401;
  const unanswered = new Set();
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    const elt = of(event);
    if (status >= 500) lost(event);
    if (status !== ENDED || !elt) return;
    unanswered.add(elt);
    say(elt, target(event));
  });
  document.addEventListener("lectern:signed-in", () => {
    unanswered.forEach((elt) => { if (elt.isConnected) htmx.trigger(elt, ASK); });
    unanswered.clear();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const elt = of(event);
    if (!elt) return;
    if (event.detail.requestConfig.triggeringEvent?.type !== ASK) tries.delete(elt);
    const form = elt.closest("form");
    if (form) sent.set(form, values(form));
  });

  // Of several requests that fill the same part (a filter, a page of a list, an order of it), the
  // last one asked is shown, whichever answer comes first.
  const latest = new Map();
  const shares = (event) => event.detail.target?.id && event.detail.requestConfig?.verb === "get";
  document.addEventListener("htmx:beforeSend", (event) => {
    if (shares(event)) latest.set(event.detail.target.id, event.detail.xhr);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (shares(event) && latest.get(event.detail.target.id) !== event.detail.xhr) event.detail.shouldSwap = false;
  });

  // An answer shows the form as it was when it was asked for; what was typed since then is put back.
  let typed = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const elt = of(event);
    if (!elt || !event.detail.shouldSwap) return;
    tries.delete(elt);
    clear(target(event));
    const form = elt.closest("form");
    const before = form && sent.get(form);
    typed = null;
    if (!before || !target(event).contains(form)) return;
    const now = values(form);
    const names = new Set([...before.keys(), ...now.keys()]);
    typed = new Map([...names].filter((name) => !same(before.get(name), now.get(name))).map((name) => [name, now.get(name) || []]));
    typed.form = form.id;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!typed || !typed.size) return;
    const form = document.getElementById(typed.form);
    const late = typed;
    typed = null;
    if (!form) return;
    let again = null;
    for (const [name, wanted] of late) {
      const controls = [...form.elements].filter((one) => one.name === name && !one.disabled);
      controls.forEach((one, place) => {
        if (one.type === "checkbox" || one.type === "radio") one.checked = wanted.includes(one.value);
        else if (one.type !== "hidden" && wanted[place] !== undefined) one.value = wanted[place];
        if (one.closest("[data-refresh]")) again = one.closest("[data-refresh]");
      });
    }
    if (again) htmx.trigger(again, ASK);
  });

  // A choice that was made before this script was there, or that the browser put back after "Back".
  const changed = (one) => {
    if (one.type === "hidden" || one.type === "submit" || one.disabled) return false;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.options) return [...one.options].some((option, place) => option.selected !== (option.defaultSelected || (place === 0 && ![...one.options].some((o) => o.defaultSelected))));
    return one.value !== one.defaultValue;
  };
  const catchUp = () => document.querySelectorAll("[data-refresh]").forEach((elt) => {
    const watched = elt.dataset.refresh && document.querySelector(elt.dataset.refresh);
    const within = watched ? [watched] : elt.matches("input, select, textarea") ? [elt] : [...elt.querySelectorAll("input, select, textarea")];
    if (within.some(changed)) htmx.trigger(elt, ASK);
  });
  window.addEventListener("pageshow", () => setTimeout(catchUp, 0));
})();
