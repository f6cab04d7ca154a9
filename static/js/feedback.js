// What the portal says back: messages that leave by themselves, busy buttons, and one plain
// sentence whenever an answer does not come.
(() => {
  "use strict";
  const FADE_AFTER = 7000;

  const watch = (notice) => {
    if (notice.dataset.watched || !("fades" in notice.dataset)) return;
    notice.dataset.watched = "yes";
    const leave = () => {
      if (notice.matches(":hover, :focus-within")) return setTimeout(leave, FADE_AFTER);
      return notice.remove();
    };
    setTimeout(leave, FADE_AFTER);
  };
  const watchAll = () => document.querySelectorAll("#toasts [data-dismissible]").forEach(watch);

  // The sentences stand on the page, in the person's language: `texts().late` is data-late.
  const texts = () => document.getElementById("toasts")?.dataset || {};

  // `passing`: it is only true as long as no answer comes, and goes with the next one.
  const say = (text, passing = false) => {
    const toasts = document.getElementById("toasts");
    const said = [...(toasts?.children || [])].map((one) => one.querySelector(".notice-body")?.textContent.trim());
    if (!toasts || said.includes(text)) return;
    const notice = document.createElement("div");
    notice.className = "notice kind-danger";
    notice.setAttribute("data-dismissible", "");
    if (passing) notice.setAttribute("data-passing", "");
    const body = document.createElement("div");
    body.className = "notice-body";
    body.textContent = text;
    const button = document.createElement("button");
    button.className = "btn btn-sm btn-quiet";
    button.type = "button";
    button.setAttribute("data-dismiss", "");
    button.textContent = texts().dismissLabel;
    notice.append(body, button);
    toasts.append(notice);
  };

  document.addEventListener("lectern:say", (event) => say(event.detail));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest("[data-dismissible]").remove();
  });

  // A plain form: its button turns busy, and a second press sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("hx-post")) return;
    if (form.method !== "post" || form.target === "_blank" || "download" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    (event.submitter || form.querySelector("[type=submit]"))?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((one) => one.removeAttribute("aria-busy"));
    });
  });

  // A request that gave way to a newer one, or to leaving the page, is no error; htmx writes it into the
  // console as one, and the end of each request without an answer beside the event that says why.
  htmx.logger = (_element, name, detail) => {
    if (name === "htmx:sendAbort" || name === "htmx:afterRequest") delete detail.error;
  };

  // HTMX: the same care, and the sentences for what may go wrong.
  let waiting = 0;
  const count = (step) => {
    waiting = Math.max(0, waiting + step);
    document.documentElement.classList.toggle("htmx-busy", waiting > 0);
  };
  const pressed = (element, busy) => {
    const buttons = element.matches("form") ? element.querySelectorAll("[type=submit]") : [];
    buttons.forEach((one) => (busy ? one.setAttribute("aria-busy", "true") : one.removeAttribute("aria-busy")));
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form[hx-post]") && event.detail.elt.querySelector("[aria-busy]")) {
      event.preventDefault();
      return;
    }
    count(+1);
    if (event.detail.elt.matches("form[hx-post]")) pressed(event.detail.elt, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => { count(-1); pressed(event.detail.elt, false); });
  // What a page asks for by itself, again and again or once it is open: nobody has pressed anything.
  const polls = (event) => (event.detail.requestConfig?.elt || event.detail.elt).getAttribute("hx-trigger")?.match(/^(every|load,)/);
  document.addEventListener("htmx:sendError", (event) => {
    if (polls(event)) say(texts().stale, true);
    else say(texts().unreachable, true);
  });
  document.addEventListener("htmx:timeout", (event) => {
    if (polls(event)) say(texts().stale, true);
    else say(texts().late);
  });
  document.addEventListener("htmx:afterOnLoad", () => document.querySelectorAll("#toasts [data-passing]").forEach((one) => one.remove()));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 500 && polls(event)) say(texts().stale, true);
    else if (status === 403) say(texts().notAllowed);
    else if (status === 404) say(texts().notThere);
    else if (status === 429) say(texts().tooMuch);
    else say(texts().failed);
  });

  // Where the focus was in what an answer replaces or takes away, it goes to what stands there now,
  // else to its neighbour: who works by the keyboard goes on from there.
  let stay = null;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
    const inside = shouldSwap && target !== document.activeElement && target.contains(document.activeElement);
    const around = [target.nextElementSibling, target.previousElementSibling, document.getElementById("content")];
    stay = inside ? { id: target.id, held: document.activeElement, around } : null;
  });
  const goOn = () => {
    const was = stay;
    stay = null;
    if (!was || was.held.isConnected || document.activeElement !== document.body) return;
    const place = [document.getElementById(was.id), ...was.around].find((one) => one?.isConnected);
    (place?.querySelector("a[href], button:not([disabled]), input:not([type=hidden])") || place)?.focus({ preventScroll: true });
  };
  // An answer that leaves nothing behind settles without a word: the end of the request is heard.
  document.addEventListener("htmx:afterRequest", () => setTimeout(goOn, 50));

  // A whole page where a part was asked for: it is never put into the part, nor is this page left.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (!event.detail.shouldSwap || target === document.body || !/^\s*<!doctype/i.test(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    say(texts().otherPage);
  });
  document.addEventListener("htmx:afterSwap", watchAll);
  document.addEventListener("DOMContentLoaded", watchAll);
  if (document.readyState !== "loading") watchAll();
})();
