// When the session ends while a page is open: signing in opens over the page, which stays as it is,
// with everything that was typed. Loaded before feedback.js, which says what else may go wrong.
(() => {
  "use strict";
  const ENDED = 401;
  const box = () => document.getElementById("session-ended");
  let put = false; // put off: the person has closed the box, and is not asked by a poll again

  let pressed = false; // a button was pressed, and nothing came of it

  // Parts that follow a choice are asked for again by themselves (refresh.js); a press is not.
  const goOn = () => {
    document.dispatchEvent(new CustomEvent("lectern:signed-in"));
    if (pressed) document.dispatchEvent(new CustomEvent("lectern:say", { detail: box().dataset.again }));
    pressed = false;
  };

  const ask = (byHand) => {
    const dialog = box();
    if (!dialog || dialog.open || (put && !byHand)) return;
    dialog.showModal();
    const name = dialog.querySelector("[name=username]");
    (name.value ? dialog.querySelector("[name=password]") : name).focus();
  };

  const say = (text) => {
    const line = box().querySelector("[data-session-error]");
    line.hidden = !text;
    line.querySelector(".notice-body").textContent = text;
  };

  // A new session has a new token: every form on the page gets it.
  const renew = (token) => {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
  };

  const session = async () => (await fetch(box().dataset.session, { headers: { Accept: "application/json" } })).json();

  const enter = async (form) => {
    const button = form.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    try {
      const sent = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "fetch" } });
      const now = await session();
      if (!now.user) {
        renew(now.csrf);
        say(sent.status === 429 || sent.status === 403 ? box().dataset.tooMany : box().dataset.wrong);
        return;
      }
      form.querySelector("[name=password]").value = "";
      // Somebody else sees and may do other things: their page is another one, and what was typed
      // here is not theirs.
      if (now.user !== box().dataset.user) {
        document.querySelectorAll("form").forEach((one) => one.reset());
        location.replace("/");
        return;
      }
      renew(now.csrf);
      say("");
      put = false;
      box().close();
      goOn();
    } catch {
      say(box().dataset.unreachable);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target.closest("#session-ended form[data-session-form]")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      enter(event.target);
    }
  });
  document.addEventListener("close", (event) => { if (event.target.id === "session-ended") put = true; }, true);
  document.addEventListener("htmx:responseError", async (event) => {
    if (event.detail.xhr.status !== ENDED || !box()) return;
    event.stopImmediatePropagation();
    const poll = event.detail.requestConfig.triggeringEvent === undefined || event.detail.requestConfig.triggeringEvent === null;
    if (!poll && !event.detail.requestConfig.elt.closest("[data-refresh]")) pressed = true;
    // Signed in again in another tab: the token alone was old.
    try {
      const now = await session();
      if (now.user && now.user === box().dataset.user) { renew(now.csrf); goOn(); return; }
    } catch { /* said below, by signing in */ }
    ask(!poll);
  });
})();
