// What is typed into <form data-keep="address"> is kept on the server while one types, so that a lost
// session, a closed tab or a crash costs nothing. The form may be replaced meanwhile (refresh.js).
(() => {
  "use strict";
  const PAUSE = 2000; // milliseconds without a further change
  let timer = 0;
  let owed = false; // something was typed that is not kept yet
  let leaving = false; // the form was sent: the server has all of it
  let under = null; // the request that is under way

  const form = () => document.querySelector("form[data-keep]");
  const state = () => document.getElementById("keep-state");

  const missed = () => {
    owed = true;
    if (state()) state().textContent = state().dataset.not;
  };

  const send = async (event) => {
    const one = form();
    if (!one || leaving || !owed) return;
    owed = false;
    under?.abort();
    const mine = new AbortController();
    under = mine;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(one)) {
      const secret = [...one.elements].some((field) => field.name === name && field.type === "password");
      if (!secret && !(value instanceof File)) body.append(name, value);
    }
    try {
      const answer = await fetch(one.dataset.keep, { method: "POST", body, keepalive: event?.type === "pagehide", signal: mine.signal });
      if (!answer.ok || answer.redirected) missed();
      else if (state()) state().textContent = answer.status === 204 ? "" : await answer.text();
    } catch {
      if (!mine.signal.aborted) missed();
    }
  };

  const typed = (event) => {
    if (!event.target.closest?.("form[data-keep]")) return;
    owed = true;
    clearTimeout(timer);
    timer = setTimeout(() => send(), PAUSE);
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", (event) => {
    if (event.target !== form() || event.defaultPrevented) return;
    leaving = true;
    clearTimeout(timer);
    under?.abort();
  });
  document.addEventListener("lectern:signed-in", () => send());
  window.addEventListener("pagehide", send);
  window.addEventListener("pageshow", () => { leaving = false; });
})();
