// Where a browser keeps nothing: storage forbidden or full, and frames in a sandbox.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { languages, press, screenshot, settled, sizes, texts, untilReady, use, visit } from "./harness.mjs";

const world = use({ alone: true });

// As with cookies blocked: every use throws.
const forbidden = (page) => page.addInitScript(() => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, { configurable: true, get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } });
  }
  for (const name of ["serviceWorker"]) {
    Object.defineProperty(navigator, name, { get() { throw new DOMException("Service worker is disabled.", "SecurityError"); } });
  }
});

const full = (page) => page.addInitScript(() => {
  Storage.prototype.setItem = () => { throw new DOMException("exceeded the quota", "QuotaExceededError"); };
});

for (const [name, prepare] of Object.entries({ forbidden, full })) {
  test(`storage is ${name}: everything works, as long as the page does`, () => visit("en/#plain@4", { prepare }, async (page) => {
    await press(page, "ArrowRight");
    assert.equal(await page.textContent("#position"), "5");
    await page.click("#theme");
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
    await page.fill("#slot-password", "typed here");
    await page.waitForSelector(".chooser-edited");
    await page.click('a[hreflang="ru"]');
    await page.waitForURL("**/ru/#*");
    await untilReady(page);
    assert.equal(await page.textContent("#position"), "5");
    assert.ok(!page.url().includes("typed"));
  }));
}

// A page of another host, with the playground in a frame of it.
async function framed(sandbox, lang, test) {
  const course = createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(
    `<!doctype html><html lang="en"><title>Course</title><iframe sandbox="${sandbox}" src="${world.server.url}${lang}/embed/#plain@4" width="360" height="600" title="SMTP AUTH"></iframe>`));
  await new Promise((done) => { course.listen(0, "127.0.0.1", done); });
  try {
    await visit("", { host: `http://127.0.0.1:${course.address().port}/`, ready: false, size: sizes.phone, expect: world.server.readable ? undefined : /CORS|ERR_FAILED/,
      prepare: (page) => page.context().removeAllListeners("request") }, async (page) => {
      await test(page.frameLocator("iframe"), page);
    });
  } finally {
    course.close();
    course.closeAllConnections();
  }
}

test("a frame in a sandbox steps, where the host lets everybody read", async () => {
  world.server.readable = true;
  try {
    await framed("allow-scripts", "en", async (frame, page) => {
      await frame.locator("html[data-ready]").waitFor({ state: "attached" });
      assert.equal(await frame.locator("#position").textContent(), "4");
      await frame.locator("#step").click();
      await settled(page);
      assert.equal(await frame.locator("#position").textContent(), "5");
      await screenshot(page, "sandbox");
    });
  } finally {
    world.server.readable = false;
  }
});

for (const lang of languages) {
  test(`a frame in a sandbox says what to allow, where the host does not, ${lang}`, () => framed("allow-scripts", lang, async (frame, page) => {
    const said = frame.locator(".load-failure:not(:empty)");
    await said.waitFor();
    const sentence = (await texts(lang))["load.sandbox"];
    const [before, after] = sentence.split("{file}");
    const text = await said.textContent();
    assert.ok(text.startsWith(before) && text.endsWith(after), text);
    assert.ok(await frame.locator("h1").isVisible(), "the page can be read all the same");
    await screenshot(page, `sandbox-${lang}`);
  }));
}
