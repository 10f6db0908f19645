// Runs before the page is painted: asks for the program, applies the theme that
// the reader chose, and has words for what fails while the page loads.
"use strict";

(() => {
  const root = document.documentElement;
  const own = document.currentScript;
  const base = new URL(".", own.src); // where the site begins, with its last slash

  // A frame in a sandbox and a browser that is told to keep nothing forbid
  // storage: then this one stands in, as long as the page does.
  class Remembered {
    #kept = new Map();
    get length() { return this.#kept.size; }
    key(at) { return [...this.#kept.keys()][at] ?? null; }
    getItem(key) { return this.#kept.get(`${key}`) ?? null; }
    setItem(key, value) { this.#kept.set(`${key}`, `${value}`); }
    removeItem(key) { this.#kept.delete(`${key}`); }
    clear() { this.#kept.clear(); }
  }
  for (const name of ["localStorage", "sessionStorage"]) {
    let storage;
    try { storage = globalThis[name]; } catch {}
    if (!storage) Object.defineProperty(globalThis, name, { value: new Remembered() });
  }

  // The program takes longest, so nothing is waited for; app.js takes it up.
  const ask = (path, size, options) => {
    const response = playgroundGet(new URL(path, base), Number(size), options);
    response.catch(() => {}); // app.js says so
    return response;
  };
  const { sentences, sentencesSize } = own.dataset;
  // With ?debug it is the program with the names of its functions.
  const which = new URLSearchParams(location.search).has("debug") ? "debug" : "program";
  const path = own.dataset[which], size = Number(own.dataset[`${which}Size`]);
  if (path) {
    globalThis.playgroundFiles = {
      path, size,
      program: ask(path, size, { priority: "low" }), // what the page is read by comes first
      sentences: ask(sentences, sentencesSize),
    };
  }

  // Go's net/url refuses a percent sign that begins no octet, and the program's
  // library then ends the program: such a sign is made to stand for itself, and
  // what is changed later reaches only the page's own listener (lab/browser.go).
  const parseable = () => {
    const hash = location.hash.replace(/%(?![0-9a-f]{2})/gi, "%25");
    if (hash !== location.hash) history.replaceState(history.state, "", hash);
  };
  parseable();
  addEventListener("popstate", (event) => {
    event.stopImmediatePropagation();
    parseable(); // a browser may refuse it, after many: only a program that starts needs it
  });

  const key = "playground theme";
  const themes = ["light", "dark"];
  let theme = "";

  const apply = (wanted) => {
    theme = themes.includes(wanted) ? wanted : "";
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  // Without an argument returns the chosen theme, "" for the system's; with one
  // chooses it. Storage may be full: then the choice lasts as the page does.
  globalThis.playgroundTheme = (wanted) => {
    if (wanted === undefined) return theme;
    apply(wanted);
    try {
      if (theme) localStorage.setItem(key, theme);
      else localStorage.removeItem(key);
    } catch {}
    return theme;
  };

  apply(new URLSearchParams(location.search).get("theme") ?? localStorage.getItem(key));

  // Shows the page's own sentence for a failure, which stands in the attribute
  // data-KIND of the loader's line. The first failure is told, later ones follow
  // from it. A program that has stopped offers to be loaded again with its names;
  // with them, what it printed before can be read.
  globalThis.playgroundFail = (kind, file, detail = "", printed = "") => {
    if (kind === "network" && origin === "null") kind = "sandbox";
    const line = document.getElementById("load");
    const said = line?.querySelector(".load-failure");
    if (!said || said.textContent) return;
    line.querySelector(".load-work").hidden = true;
    line.querySelector(".load-again").hidden = false;
    line.hidden = false;
    const short = file.split("/").pop().replace(/\.[0-9a-f]{12}(?=\.)/, ""); // without its digest
    said.textContent = line.dataset[kind].replace("{file}", short).replace("{detail}", detail);
    if (kind === "crash" && which === "program") {
      const offer = line.querySelector(".load-debug");
      offer.href = `${location.search ? `${location.search}&` : "?"}debug${location.hash}`;
      offer.hidden = false;
    } else if (kind === "crash" && printed) {
      const trace = line.querySelector(".load-trace");
      trace.textContent = printed;
      trace.hidden = false;
    }
    if (kind === "network" || kind === "status") renew().catch(() => {});
  };

  // Gets a file that is not the one that was built past all that keeps it.
  // Resolves to its octets; to null where the host has nothing else.
  globalThis.playgroundMend = async (path, size) => {
    const url = new URL(path, base);
    await playgroundForget(url.href).catch(() => {}); // nothing is kept here
    const response = await playgroundGet(url, size, { cache: "reload" });
    const octets = response.ok && await response.arrayBuffer();
    return octets && await playgroundFits(octets, playgroundDigest(path), size) ? octets : null;
  };

  // What the name of a file says of its content; see playgroundFits.
  globalThis.playgroundDigest = (path) => /\.([0-9a-f]{12})\.[a-z]+$/.exec(path)?.[1] ?? "";

  // Loads the page anew for a reason if that helps, once a minute at most. The
  // history keeps when, even where nothing may be stored.
  async function reload(reason, helps) {
    const minute = 60_000; // ms
    if (Date.now() - (history.state?.[reason] ?? 0) < minute || !await helps()) return false;
    history.replaceState({ ...history.state, [reason]: Date.now() }, "");
    location.reload();
    return true;
  }

  // A page that was kept somewhere may be of a build whose files the host has
  // no more. Then the host has another page, and that one is loaded.
  const renew = () => reload("renewed", async () => {
    const page = await (await fetch(location.href, { cache: "reload" })).text();
    const [, build] = /data-build="(\w+)"/.exec(page);
    return build !== root.dataset.build;
  });

  // A script or a style sheet did not come, or is not the one that was built: the
  // page's digest of it tells, or that it is no script at all.
  addEventListener("error", async ({ target, error, filename }) => {
    const element = target instanceof HTMLScriptElement || target.rel === "stylesheet";
    const address = element ? target.src ?? target.href : error instanceof SyntaxError ? filename : "";
    if (!address.startsWith(base.href)) return;
    const path = address.slice(base.href.length);
    if (!await reload(path, () => playgroundMend(path)).catch(() => false)) playgroundFail("network", path);
  }, true);
})();
