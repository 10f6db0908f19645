// Where a step departs from the RFC: the sign at its line, and what is said of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, press, screenshot, settled, sizes, texts, use, visit } from "./harness.mjs";

use();

const words = async (lang) => ({ ...await texts(lang), ...await texts(`dialects/${lang}`) });

// Postfix with Dovecot hears of a mechanism that it does not know, and says 535.
async function postfix(page) {
  await page.click("#open-acts");
  await page.click("#acts [data-side=server] [data-act=postfix-dovecot]");
  await page.waitForSelector("#acts", { state: "detached" });
  await press(page, "End");
  await page.locator(".entry:has(.mark-departs) .entry-number").first().click();
  await settled(page);
  await page.waitForSelector("[data-quirk=other-code]");
}

for (const lang of languages) {
  test(`a code of its own, ${lang}`, () => visit(`${lang}/#unknown-mechanism`, { size: sizes.wide }, async (page) => {
    const says = await words(lang);
    await postfix(page);
    const block = page.locator("[data-quirk=other-code]");
    assert.equal(await block.locator("h3").textContent(), says["ui.departs"]);
    const text = await block.textContent();
    assert.equal(await page.locator("#why").textContent(), says["rule.AUTH-09"]);
    for (const part of ["AUTH-09", says["quirk.other-code.effect"],
      says["ui.departs.asked"].replace("{asked}", "504 5.5.4").replace("{said}", "535"), "Postfix with Cyrus SASL"]) {
      assert.ok(text.includes(part), `${part} is not in ${text}`);
    }
    const entry = page.locator(".entry[aria-current=step]");
    assert.ok((await entry.textContent()).includes(says["ui.departs"]), "the sign has no name");
    assert.match(await entry.locator(".line").first().textContent(), /^535/);
    for (const [name, [width, height]] of Object.entries({ ...sizes, narrow: [320, 640] })) {
      await page.setViewportSize({ width, height });
      await fits(page);
      await screenshot(page, `departs-${lang}-${name}`);
      if (name !== "laptop") await accessible(page);
    }
  }));
}

test("it can be read in the dark", () => visit("en/#unknown-mechanism", { theme: "dark", size: sizes.wide }, async (page) => {
  await postfix(page);
  await accessible(page);
  await screenshot(page, "departs-dark");
}));

test("a link that brings a departure fetches what is said of it, and without it says what it can", async () => {
  const says = await words("en");
  await visit("en/#mox-v0.0.11@6", {}, async (page) => {
    await page.locator("[data-quirk=login-exact-prompts]", { hasText: says["quirk.login-exact-prompts.effect"] }).waitFor();
  });
  const prepare = (page) => page.route("**/dialects/**", (route) => route.abort());
  await visit("en/#mox-v0.0.11@6", { prepare, expect: /dialects/ }, async (page) => {
    const block = page.locator("[data-quirk=login-exact-prompts]", { hasText: says["ui.departs.missing"] });
    await block.waitFor();
    assert.ok((await block.textContent()).includes("LOG-03"));
  });
});
