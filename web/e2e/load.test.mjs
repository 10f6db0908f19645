// Loading: progress, failures in words, the way without a network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, screenshot, sizes, texts, untilReady, use, visit } from "./harness.mjs";
import { bare } from "./server.mjs";

const world = use({ alone: true });

test("while the program loads the page can be read, and progress is true", async () => {
  let goOn;
  const rest = new Promise((done) => { goOn = done; });
  const half = async (response, send, { headers, packed }) => {
    assert.ok(packed, "the browser takes brotli");
    response.writeHead(200, { ...headers, "Content-Length": packed.length });
    response.write(packed.subarray(0, packed.length / 2));
    await rest;
    response.end(packed.subarray(packed.length / 2));
  };
  await world.server.broken("app.wasm", half, () => visit("en/", { ready: false }, async (page) => {
    await page.waitForFunction(() => document.querySelector("progress").value > 0);
    await page.waitForTimeout(300);
    const { value, max } = await page.$eval("progress", ({ value, max }) => ({ value, max }));
    assert.ok(0.2 * max < value && value < 0.9 * max, `progress ${value} of ${max} at half of the file`);
    assert.equal(max, (await world.server.read("app.wasm")).length);
    assert.ok(await page.isVisible("progress"));
    for (const selector of ["h1", "main p"]) {
      assert.ok(await page.$eval(selector, (e) => {
        const { left, top, width, height } = e.getBoundingClientRect();
        return e.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      }), `${selector} is covered`);
    }
    await page.focus("#step");
    await screenshot(page, "loading");
    goOn();
    await untilReady(page);
    assert.equal(await page.$eval("progress", (p) => p.value), max);
    assert.equal(await page.isVisible("#load"), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), "step", "the focus is kept");
  }));
});

const wasmOf = (text) => (response, send) => send(Buffer.from(text), { "Content-Encoding": "identity", "Content-Type": "text/html" });

const failures = [
  { name: "the connection breaks off", file: "app.wasm", kind: "network", words: ["app.wasm"], expect: /ERR_/,
    fault: (response, send, { headers, packed }) => {
      response.writeHead(200, { ...headers, "Content-Length": packed.length });
      response.write(packed.subarray(0, 100_000), () => response.destroy());
    } },
  { name: "no answer", file: "app.wasm", kind: "network", words: ["app.wasm"], expect: /ERR_/, fault: (response) => response.destroy() },
  { name: "the server refuses", file: "app.wasm", kind: "status", words: ["app.wasm", "503"], expect: /503/,
    fault: (response) => response.writeHead(503).end() },
  { name: "sentences are missing", file: "web/i18n/LANG.json", kind: "status", words: ["LANG.json", "404"], expect: /404/,
    fault: (response) => response.writeHead(404).end() },
  { name: "something else comes", file: "app.wasm", kind: "altered", words: ["app.wasm"], fault: wasmOf("<!doctype html>") },
  { name: "no WebAssembly", kind: "unsupported", words: [], prepare: (page) => page.addInitScript(() => { delete globalThis.WebAssembly; }) },
  { name: "Go's script is missing", file: "wasm_exec.js", kind: "network", words: ["wasm_exec.js"], expect: /404/,
    fault: (response) => response.writeHead(404).end() },
  { name: "the loader is missing", file: "app.js", kind: "network", words: ["app.js"], expect: /404/,
    fault: (response) => response.writeHead(404).end() },
  { name: "a browser that does not understand it", kind: "broken", words: ["app.wasm", "no such opcode"],
    prepare: (page) => page.addInitScript(() => {
      for (const name of ["instantiate", "instantiateStreaming"]) WebAssembly[name] = () => Promise.reject(new Error("no such opcode"));
    }) },
  { name: "the program dies", kind: "crash", words: ["2"],
    prepare: (page) => page.addInitScript(() => {
      let program;
      Object.defineProperty(globalThis, "Go", { get: () => program, set(made) {
        program = made;
        program.prototype.run = async function () { this.exit(2); };
      } });
    }) },
];

// Each in one language: the sentences come to the page by the same way in all.
for (const [i, { name, file, fault, kind, words, expect, prepare }] of failures.entries()) {
  const lang = languages[i % languages.length];
  test(`a failure is told in words, ${lang}: ${name}`, () => world.server.broken(file?.replace("LANG", lang), fault, () => visit(`${lang}/`, { ready: false, expect, prepare }, async (page) => {
    const said = await (await page.waitForSelector(".load-failure:not(:empty)")).textContent();
    const sentence = (await texts(lang))[`load.${kind}`];
    const pattern = sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+");
    assert.match(said, new RegExp(`^${pattern}$`));
    for (const word of words) assert.ok(said.includes(word.replace("LANG", lang)), `${word} is not in ${said}`);
    assert.equal(await page.getAttribute(".load-failure", "role"), "alert");
    assert.equal(await page.isVisible("progress"), false);
    assert.equal(await page.isVisible(".load-debug"), kind === "crash");
    assert.ok(await page.isVisible("h1"));
    await accessible(page);
    await screenshot(page, `failure-${kind}`);
  })));
}

test("after a failure the page can be loaded again, on a phone", () => world.server.broken("app.wasm", (response) => response.writeHead(503).end(),
  () => visit("ru/", { ready: false, expect: /503/, size: sizes.phone }, async (page) => {
    const again = await page.waitForSelector(".load-again:not([hidden])");
    assert.ok(await page.$eval(".load-failure", (e) => {
      const { left, top } = e.getBoundingClientRect();
      return e.contains(document.elementFromPoint(left + 5, top + 5));
    }), "what failed can be read");
    await screenshot(page, "failure-phone");
    world.server.breakFile("app.wasm");
    await again.click();
    await untilReady(page);
  })));

// The program calls what is no function, and panics.
const dies = (page) => page.addInitScript(() => Object.defineProperty(globalThis, "playgroundReady", { get: () => 1, set() {} }));

for (const [i, size] of [sizes.wide, sizes.phone].entries()) {
  for (const theme of ["light", "dark"]) {
    test(`a program that has stopped is loaded again with a readable traceback, ${theme}, ${size}`, () => visit("en/?theme=auto#plain@4", { ready: false, prepare: dies, size, theme, expect: /already exited/ }, async (page) => {
      const en = await texts("en");
      const asked = [];
      page.on("request", (request) => { if (request.url().includes(".wasm")) asked.push(bare(request.url()).split("/").pop()); });
      const offer = await page.waitForSelector(".load-debug:not([hidden])");
      assert.equal(await offer.textContent(), en["load.debug"]);
      assert.equal(await page.isVisible(".load-trace"), false, "without names a traceback says nothing");
      await screenshot(page, `stopped-${theme}-${i}`);
      await accessible(page);
      await fits(page);
      await offer.click();
      const trace = await (await page.waitForSelector(".load-trace:not([hidden])")).textContent();
      assert.match(trace, /^panic: syscall\/js: Value\.Call: property playgroundReady is not a function/);
      assert.match(trace, /example\.org\/smtpauth\/web\/lab\.\(\*Page\)\./);
      assert.match(trace, /web\/lab\/\w+\.go:\d+/);
      assert.match(page.url(), /\?theme=auto&debug#plain@4$/);
      assert.equal(await page.isVisible(".load-debug"), false);
      assert.deepEqual(asked, ["debug.wasm"]);
      await screenshot(page, `traceback-${theme}-${i}`);
      await accessible(page);
      await fits(page);
    }));
  }
}

test("with ?debug the page works as it does without", () => visit("ru/?debug#plain@4", {}, async (page) => {
  assert.equal(await page.textContent("#position"), "4");
  assert.equal(await page.$eval("progress", (p) => p.value), (await world.server.read("debug.wasm")).length);
}));

test("a host that does not know .wasm will do", () => world.server.broken("app.wasm",
  (response, send) => send(undefined, { "Content-Type": "application/octet-stream" }),
  () => visit("en/", {}, async (page) => assert.ok(await page.isVisible("#step")))));

test("a browser that cannot compile while it reads will do", () => visit("en/", {
  prepare: (page) => page.addInitScript(() => { delete WebAssembly.instantiateStreaming; }),
}, async (page) => assert.ok(await page.isVisible("#step"))));

// The host is stopped, so nothing can come from it.
test("after the first visit every page works without a network", () => visit("en/", {}, async (page) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await world.server.stop();
  try {
    for (const lang of languages) {
      await page.goto(`${world.server.url}${lang}/?theme=dark`);
      await untilReady(page);
      assert.equal(await page.textContent("h1"), (await texts(lang))["page.title"]);
    }
    await page.goto(world.server.url);
    await untilReady(page);
  } finally {
    await world.server.start();
  }
}));

