// Like whom either side behaves: the list is fetched when it is opened, and a
// choice runs at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, screenshot, sizes, texts, use, visit } from "./harness.mjs";

use();

async function acts(page) {
  await page.click("#open-acts");
  await page.waitForSelector("#acts[open] [data-act=exim]");
}

const choose = (page, side, id) => page.click(`#acts [data-side=${side}] [data-act="${id}"]`);

test("mox meets the library that wants words, and then a server that has them", () => visit("en/", {}, async (page) => {
  const en = { ...await texts("en"), ...await texts("dialects/en") };
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await acts(page);
  assert.equal(asked.filter((path) => path.includes("/dialects/")).length, 3);
  await choose(page, "server", "mox-v0.0.11");
  await page.waitForSelector("#acts", { state: "detached" });
  await acts(page);
  await choose(page, "client", "authelia-4.38.16");
  await page.waitForSelector("#acts", { state: "detached" });
  await page.keyboard.press("End");
  await page.locator(".entry .line").filter({ hasText: /^501 5\.5\.0 authentication aborted/ }).first().waitFor();
  await acts(page);
  assert.equal(asked.filter((path) => path.includes("/dialects/")).length, 3, "once is enough");
  assert.equal(await page.locator("#acts [data-side=server] [aria-current] .acts-evidence").textContent(), en["dialect.evidence.recorded"]);
  await page.fill("#acts-filter", "postfix cyrus");
  assert.equal(await page.locator("#acts [data-side=server] [data-act]:not([data-act=''])").count(), 1);
  await choose(page, "server", "postfix-cyrus");
  await page.waitForSelector("#acts", { state: "detached" });
  await page.keyboard.press("End");
  await page.locator(".entry .line").filter({ hasText: /^235 2\.7\.0 Authentication successful/ }).first().waitFor();
}));

test("another configuration of the same, and back", () => visit("en/", {}, async (page) => {
  await acts(page);
  await page.fill("#acts-filter", "noprompts");
  const row = page.locator("#acts [data-side=server] li:has(> [data-act=exim])");
  assert.equal(await page.locator("#acts [data-side=server] .acts-list li:has(> .acts-evidence, > .acts-row .acts-evidence)").count(), 1);
  await row.locator('[data-act="exim/exim-noprompts"]').click();
  await page.waitForSelector("#acts", { state: "detached" });
  await acts(page);
  assert.equal(await row.locator("[aria-current]").getAttribute("data-act"), "exim/exim-noprompts");
  assert.match(await row.locator(".meeting-sources").textContent(), /Exim/);
  await choose(page, "client", "by-hand/interactive");
  await page.waitForSelector("#acts", { state: "detached" });
  await acts(page);
  await choose(page, "server", "");
  await page.waitForSelector("#acts", { state: "detached" });
  await acts(page);
  assert.equal(await page.locator("#acts [data-side=server] [aria-current]").getAttribute("data-act"), "");
  assert.equal(await page.locator("#acts [data-side=client] [aria-current]").getAttribute("data-act"), "by-hand/interactive");
}));

for (const lang of languages) {
  test(`the list is accessible and fits, ${lang}`, () => visit(`${lang}/`, { size: sizes.wide }, async (page) => {
    await acts(page);
    for (const [name, [width, height]] of Object.entries({ ...sizes, narrow: [320, 640] })) {
      await page.setViewportSize({ width, height });
      await fits(page);
      await screenshot(page, `acts-${lang}-${name}`);
      if (name !== "laptop") await accessible(page);
    }
  }));
}
