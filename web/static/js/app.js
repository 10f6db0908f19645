// Loads the program, which boot.js has asked for, and the page's sentences,
// shows how much has been read, starts the program, and says in the page's
// language what failed. The page prerendered stays readable all the while.
"use strict";

(() => {
  const base = new URL(".", document.currentScript.src); // where the site begins, with its last slash
  const line = document.getElementById("load");
  const bar = line.querySelector("progress"); // its max is the size of the program, decoded
  if (globalThis.playgroundFiles) bar.max = playgroundFiles.size;

  // What the program's library asks of the page (go-app's own loader is not used).
  const prefix = base.pathname.replace(/\/$/, "");
  const env = { GOAPP_ROOT_PREFIX: prefix, GOAPP_STATIC_RESOURCES_URL: prefix, GOAPP_INTERNAL_URLS: "[]" };
  globalThis.goappGetenv = (name) => env[name] ?? "";

  // Links are the browser's: the library would open them itself, without a
  // change of language and without moving the focus.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a")) event.stopPropagation();
  });

  let focused = ""; // the id of what had the focus when the program put its page in place of the prerendered one

  globalThis.playgroundReady = () => {
    if ("ready" in document.documentElement.dataset) return;
    performance.mark("playground:ready");
    document.documentElement.dataset.ready = "";
    line.hidden = true;
    if (focused) document.getElementById(focused)?.focus();
    playgroundKeep(base).catch(() => {}); // only for later visits
  };

  class Failure extends Error {
    constructor(kind, file, detail) {
      super(`${kind}: ${file}: ${detail}`);
      Object.assign(this, { kind, file, detail });
    }
  }

  // Waits for what boot.js has asked for.
  async function arrived(asked, path) {
    let response;
    try {
      response = await asked;
    } catch (error) {
      throw new Failure("network", path, error.message);
    }
    if (!response.ok) throw new Failure("status", path, response.status);
    return response;
  }

  // Waits for a file that is nothing by halves, and gets it once more where it is
  // not the one that was built.
  async function whole(asked, path, size) {
    const response = await arrived(asked, path);
    let octets = await response.arrayBuffer().catch((error) => { throw new Failure("network", path, error.message); });
    if (!await playgroundFits(octets, playgroundDigest(path), size)) octets = await mended(path, size);
    return new TextDecoder().decode(octets);
  }

  async function mended(path, size) {
    const octets = await playgroundMend(path, size).catch((error) => { throw new Failure("network", path, error.message); });
    if (!octets) throw new Failure("altered", path, "");
    return octets;
  }

  // Files that not every visitor needs, as text, by the names that the page gives
  // them; null where one cannot be had.
  const more = JSON.parse(line.dataset.more);
  const had = {}; // by name; what could not be had is asked for again
  globalThis.playgroundMore = (...names) => Promise.all(names.map((name) => had[name] ??= (async () => {
    const [path, size] = more[name];
    return whole(playgroundGet(new URL(path, base), size), path, size);
  })().catch((error) => {
    delete had[name];
    throw error;
  }))).catch(() => null);

  // A browser remembers that an address had no script.
  async function script(name) {
    const [path, size] = more[name];
    const url = new URL(path, base).href;
    return import(url).catch(async () => {
      await mended(path, size);
      return import(`${url}?mended`);
    });
  }

  // Draws what is told of real programs into an element, with the script that does
  // it; see there. What was asked for last is drawn.
  globalThis.playgroundPrograms = async (root, what, say, server, client, meeting) => {
    const asked = root.asked = [what, server, client, meeting].join("\n");
    try {
      const files = what === "matrix" ? ["programs", "matrix"] : ["programs"];
      const [{ draw }, texts] = await Promise.all([script("programs.js"), playgroundMore(...files)]);
      if (root.asked === asked) draw(root, what, say, { server, client, meeting }, ...texts.map(JSON.parse));
    } catch {
      if (root.asked === asked) root.textContent = say("ui.acts.missing");
    }
  };

  // Resolves to the set-up of a "server", a "client" or an "act" of an id, in its
  // JSON form; to null where it cannot be had.
  globalThis.playgroundSetup = (kind, id) => Promise.all([script("programs.js"), playgroundMore("programs")])
    .then(([{ setupOf }, [text]]) => setupOf(JSON.parse(text), kind, id)).catch(() => null);

  let interrupted; // why the stream of app.wasm broke off: compilers tell only that it did

  // Returns the response with its octets counted as they come, decoded. Its type
  // is ours: some hosts do not know what a .wasm file is.
  function counted(response, path) {
    const reader = response.body.getReader();
    const body = new ReadableStream({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          bar.value = bar.value + value.length;
          controller.enqueue(value);
        } catch (error) {
          interrupted = new Failure("network", path, error.message);
          controller.error(interrupted);
        }
      },
    });
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
  }

  async function instantiate(response, imports) {
    if (WebAssembly.instantiateStreaming) return WebAssembly.instantiateStreaming(response, imports);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
  }

  // The program, compiled as it comes. What does not compile is got once more.
  async function compiled(imports) {
    const { path, size, program } = playgroundFiles;
    const response = counted(await arrived(program, path), path);
    try {
      return await instantiate(response, imports);
    } catch {
      if (interrupted) throw interrupted;
      bar.removeAttribute("value"); // how much of it has come cannot be told
    }
    const octets = await mended(path, size);
    return WebAssembly.instantiate(octets, imports).catch((error) => { throw new Failure("broken", path, error.message); });
  }

  let printed = ""; // by the program, the last of it: the traceback, if it dies
  const most = 100_000; // characters

  function keepPrinted() {
    const { fs } = globalThis, { writeSync } = fs, decoder = new TextDecoder();
    fs.writeSync = (fd, octets) => {
      printed = (printed + decoder.decode(octets, { stream: true })).slice(-most);
      return writeSync.call(fs, fd, octets);
    };
  }

  async function run() {
    if (typeof WebAssembly !== "object") throw new Failure("unsupported", "", "");
    if (typeof Go === "undefined") return; // wasm_exec.js did not load, and boot.js has said so
    const { sentences: texts, sentencesSize } = line.dataset;
    const sentences = whole(playgroundFiles.sentences, texts, Number(sentencesSize));
    sentences.catch(() => {}); // awaited below; app.wasm may fail first

    const go = new Go();
    let code = 0;
    go.exit = (c) => { code = c; };
    const program = await compiled(go.importObject);
    globalThis.playgroundCatalog = await sentences;
    focused = document.activeElement?.id;
    keepPrinted();
    await go.run(program.instance);
    throw new Failure("crash", "", code); // it never ends by itself
  }

  line.hidden = false;
  run().catch((error) => {
    if (!(error instanceof Failure)) error = new Failure("crash", "", error);
    playgroundFail(error.kind, error.file, error.detail, printed);
  });
})();
