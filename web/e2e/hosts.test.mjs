// The site on hosts that people use, at the root and under a prefix.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { press, texts, untilReady, use, visit } from "./harness.mjs";
import { nginx, plain, prefix, roots } from "./hosts.mjs";

use({ alone: true });

let made;
before(async () => { made = await roots(); });
after(() => made?.remove());

const kinds = {
  // It sends the twins itself.
  nginx: { start: nginx, check: (program) => {
    assert.deepEqual(program.map((p) => p.name.split(".").pop()), ["wasm"]);
    assert.ok(program[0].encodedBodySize < program[0].decodedBodySize / 3, "compressed");
  } },
  // It compresses nothing, so the page asks for the twin.
  plain: { start: plain, check: (program) => {
    assert.deepEqual(program.map((p) => p.name.split(".").pop()).sort(), ["gz", "wasm"]);
    const octets = program.reduce((sum, p) => sum + p.transferSize, 0);
    assert.ok(octets < 8_000_000, `${octets} octets for the program`);
  } },
};

for (const [name, { start, check }] of Object.entries(kinds)) {
  for (const under of ["", prefix]) {
    test(`${name} ${under ? "under a prefix" : "at the root"}`, async () => {
      const host = await start(under ? made.underPrefix : made.atRoot, made.dir, under);
      let stopped = false;
      try {
        await visit("en/#cram-md5@2", { host: `${host.origin}${under}/` }, async (page) => {
          check(await page.evaluate(() => performance.getEntriesByType("resource").filter((e) => e.name.includes(".wasm"))
            .map(({ name, encodedBodySize, decodedBodySize, transferSize }) => ({ name, encodedBodySize, decodedBodySize, transferSize }))));
          await press(page, "ArrowRight");
          await page.waitForFunction(() => document.querySelector("#position").textContent === "3");
          await page.waitForFunction(() => navigator.serviceWorker.controller);
          await host.stop();
          stopped = true;
          await page.goto(`${host.origin}${under}/ru/`);
          await untilReady(page);
          assert.equal(await page.textContent("h1"), (await texts("ru"))["page.title"]);
        });
      } finally {
        if (!stopped) await host.stop();
      }
    });
  }
}

test("nginx: what may be kept, and the page for an address that leads nowhere", async () => {
  const host = await nginx(made.underPrefix, made.dir, prefix);
  try {
    const get = (path) => fetch(`${host.origin}${prefix}/${path}`);
    const page = await get("en/");
    assert.equal(page.headers.get("Cache-Control"), "no-cache");
    assert.equal(page.headers.get("X-Frame-Options"), "DENY");
    const [, css] = /href="([^"]+\.css)"/.exec(await page.text());
    assert.equal((await fetch(host.origin + css)).headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    const missing = await get("nowhere");
    assert.equal(missing.status, 404);
    assert.ok((await missing.text()).includes((await texts("ru"))["missing.text"]));
  } finally {
    await host.stop();
  }
});
