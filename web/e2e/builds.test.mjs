// A new build comes while the page is open, or while an old page is still kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, press, screenshot, sizes, texts, use, visit } from "./harness.mjs";

const world = use({ alone: true });
const en = await texts("en");

// Puts a build up: the service worker names itself otherwise.
function putUp(build) {
  world.server.breakFile("sw.js", (response, send, { body }) => send(
    Buffer.from(body.toString().replace(/const BUILD = "\w+"/, `const BUILD = "${build}"`)), { "Content-Encoding": "identity" }));
}

const builds = (page) => page.evaluate(async () => (await caches.keys()).map((key) => key.split(" ").at(-1)));
const look = (page) => page.evaluate(() => { document.dispatchEvent(new Event("visibilitychange")); });

test("a new build is noticed and offered; the open page goes on", () => visit("en/#wrong-password@3", { size: sizes.phone }, async (page) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  const [first, ...more] = await builds(page);
  assert.equal(first, await page.evaluate(() => document.documentElement.dataset.build));
  assert.deepEqual(more, []);
  try {
    putUp("second");
    await look(page);
    await page.waitForSelector("#newer:not([hidden])");
    assert.equal(await page.textContent("#newer [role=status]"), en["load.newer"]);
    assert.deepEqual(await builds(page), [first, "second"], "the build before keeps its files");
    await accessible(page);
    await screenshot(page, "newer");
    await page.click("#newer-leave");
    assert.equal(await page.isVisible("#newer"), false);
    putUp("third");
    await look(page);
    await page.waitForSelector("#newer:not([hidden])");
    assert.deepEqual(await builds(page), ["second", "third"]);
    await page.fill("#slot-password", "typed here");
    await page.waitForSelector(".chooser-edited");
    await press(page, "Tab", "ArrowRight");
    const at = await page.textContent("#position");
    await page.click("#newer-take");
    await page.waitForFunction(() => document.querySelector("#newer")?.hidden && "ready" in document.documentElement.dataset);
    assert.equal(await page.textContent("#position"), at, "the session goes on where it was");
    assert.equal(await page.inputValue("#slot-password"), "typed here");
    assert.ok(!page.url().includes("typed"));
  } finally {
    world.server.breakFile("sw.js");
  }
}));

// A host or a browser has kept the page of a build whose files are gone.
test("an old page whose files are gone is loaded anew, once", async () => {
  let asked = 0;
  const old = (stays) => (response, send, { body }) => {
    if (asked++ && !stays) return send();
    send(Buffer.from(body.toString().replace(/data-build="\w+"/, `data-build="old${asked}"`).replaceAll(/data-program="[^"]+"/g, 'data-program="app.000000000000.wasm"')),
      { "Content-Encoding": "identity" });
  };
  await world.server.broken("en/index.html", old(false), async () => {
    await visit("en/#plain@4", { expect: /404/ }, async (page) => assert.equal(await page.textContent("#position"), "4"));
    assert.ok(asked === 3 || asked === 4, `at first, to look, anew, and perhaps for later: ${asked}`);
  });
  await world.server.broken("ru/index.html", old(true), async () => {
    const asks = []; // of this page: the service worker of the one before may still be fetching all files
    const prepare = (page) => page.on("request", (request) => { if (request.url().endsWith("/ru/")) asks.push(request.url()); });
    await visit("ru/", { ready: false, expect: /404/, prepare }, async (page) => {
      await page.waitForSelector(".load-failure:not(:empty)");
      await page.waitForTimeout(1500);
      assert.equal(asks.length, 3, "at first, to look, anew, and no more");
    });
  });
});
