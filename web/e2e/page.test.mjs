// The page around the program: languages, theme, keyboard, accessibility.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, open, press, screenshot, sizes, tabTo, texts, use, visit } from "./harness.mjs";
import { bare as unhashed } from "./server.mjs";

const world = use();

for (const lang of languages) {
  test(`/${lang}/ is in its language and gets ready`, () => visit(`${lang}/`, {}, async (page) => {
    const text = await texts(lang);
    assert.equal(await page.title(), text["page.title"]);
    assert.equal(await page.getAttribute("html", "lang"), lang);
    assert.equal(await page.textContent("h1"), text["page.title"]);
    assert.equal(await page.evaluate(() => performance.getEntriesByName("playground:ready").length), 1);
    assert.equal(await page.isVisible("#load"), false);
    const asked = await page.evaluate(() => performance.getEntriesByType("resource").map((r) => new URL(r.name).pathname));
    assert.deepEqual(asked.filter((path) => path.endsWith(".json")).map(unhashed), [`${world.server.base}/web/i18n/${lang}.json`]);
  }));

  test(`/${lang}/ says the same before the program runs`, async () => {
    const bare = await open(`${lang}/`, { script: false });
    const read = (page) => page.innerText("body > :first-child");
    const prerendered = await read(bare);
    assert.ok(await bare.isVisible("noscript p"), "without scripts the page says what it needs");
    await bare.done();
    await visit(`${lang}/`, {}, async (page) => {
      const squeeze = (s) => s.replace(/\s+/g, "");
      assert.equal(squeeze(await read(page)), squeeze(prerendered));
    });
  });

  for (const theme of ["light", "dark"]) {
    test(`/${lang}/ is accessible, ${theme}`, () => visit(`${lang}/`, { theme }, async (page) => {
      await accessible(page);
      for (const [name, [width, height]] of Object.entries({ ...sizes, narrow: [320, 640] })) {
        await page.setViewportSize({ width, height });
        await fits(page);
        await screenshot(page, `${lang}-${theme}-${name}`);
      }
    }));
  }
}

for (const [locales, lang] of [[["ru-RU", "en"], "ru"], [["zh-TW"], "zh"], [["de", "fr"], "en"], [["sv", "ru"], "ru"], [["en-GB", "ru"], "en"]]) {
  test(`/ leads a browser in ${locales} to /${lang}/`, () => visit("?theme=dark#x", { locales }, async (page) => {
    assert.equal(page.url(), `${world.server.url}${lang}/?theme=dark#x`);
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  }));
}

test("/ has plain links for a browser without scripts", () => visit("", { script: false }, async (page) => {
  assert.deepEqual(await page.$$eval("a", (all) => all.map((a) => a.textContent)), ["English", "简体中文", "Русский"]);
  await page.click("a[hreflang=ru]");
  assert.equal(page.url(), `${world.server.url}ru/`);
}));

test("an address that leads nowhere says so in every language", () => visit("deep/nowhere.html", { ready: false, expect: /404/ }, async (page) => {
  for (const lang of languages) {
    assert.equal(await page.textContent(`p[lang=${lang}]`), (await texts(lang))["missing.text"]);
  }
  await accessible(page);
  await page.click("a[hreflang=zh]");
  assert.equal(page.url(), `${world.server.url}zh/`);
}));

test("the button for a step works by keyboard", () => visit("en/", {}, async (page) => {
  const position = async () => Number(await page.textContent("#position"));
  const at = await position();
  await tabTo(page, "#step");
  for (const [i, key] of ["Enter", "Space"].entries()) {
    await press(page, key);
    await page.getByText(String(at + i + 1), { exact: true }).and(page.locator("#position")).waitFor();
  }
}));

test("a chosen theme lasts", () => visit("en/", { theme: "light" }, async (page) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.evaluate(() => globalThis.playgroundTheme("dark"));
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await background(), dark);
  await page.evaluate(() => globalThis.playgroundTheme(""));
  await page.reload();
  assert.equal(await background(), light);
}));
