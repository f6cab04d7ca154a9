// Runs in <head> before anything is painted: marks that script is at hand and, for pages that the
// server could not mark itself (the admin), sets the stored theme. Later it serves the choice. It also tells the server the person's time zone.
(() => {
  "use strict";
  const root = document.documentElement;
  const COOKIE = "lectern_theme";

  const stored = () => {
    const found = document.cookie.match(/(?:^|; )lectern_theme=(light|dark)(?:;|$)/);
    return found ? found[1] : "";
  };

  const show = (theme) => {
    if (theme) root.setAttribute("data-bs-theme", theme);
    else root.removeAttribute("data-bs-theme");
  };

  const store = (theme) => {
    const age = theme ? 60 * 60 * 24 * 365 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };

  const mark = () => {
    document.querySelectorAll("[data-theme-choice] input").forEach((input) => {
      input.checked = input.value === stored();
    });
  };

  // Times are shown in this person's zone: the server reads it from a cookie.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const keepZone = () => {
    if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
      document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax`;
    }
  };

  root.classList.add("js");
  show(stored());
  keepZone();
  document.addEventListener("DOMContentLoaded", mark);
  window.addEventListener("pageshow", () => { show(stored()); mark(); });
  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-theme-choice]")) return;
    store(event.target.value);
    show(event.target.value);
  });
})();
