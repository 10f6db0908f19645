// Notices a new build while the page is open, and offers it.
"use strict";

(() => {
  const root = document.documentElement;
  const line = document.getElementById("newer");
  const hour = 3_600_000; // ms

  const offer = () => {
    if (!line.hidden) return;
    line.hidden = false;
    const text = line.querySelector("p");
    text.textContent = text.dataset.text;
  };

  // Called once the program runs: what is kept for later visits must not take
  // the line from it.
  globalThis.playgroundKeep = async (base) => {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    serviceWorker.addEventListener("message", ({ data }) => {
      if (data.build !== root.dataset.build) offer();
    });
    const registration = await serviceWorker.register(new URL("sw.js", base));
    const look = () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {}); // no network, no news
    };
    document.addEventListener("visibilitychange", look);
    setInterval(look, hour);
  };

  // The program says where the session is, and it goes on there.
  document.getElementById("newer-take").addEventListener("click", () => {
    const place = globalThis.playgroundPlace?.();
    if (place) history.replaceState(null, "", `#${place}`);
    location.reload();
  });
  // So does the whole page, opened from an embedded one.
  document.getElementById("whole")?.addEventListener("click", ({ currentTarget }) => {
    currentTarget.hash = globalThis.playgroundPlace?.() ?? "";
  });
  document.getElementById("newer-leave").addEventListener("click", () => { line.hidden = true; });
})();
