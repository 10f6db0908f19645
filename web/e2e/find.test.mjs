// What the list of scenarios finds besides them: it is fetched at its first
// opening, and what is chosen leads to where it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, press, screenshot, sizes, texts, use, visit } from "./harness.mjs";

const world = use();
const en = await texts("en");

async function find(page, query, kind) {
  await page.click("#scenario");
  await page.fill("#scenario-filter", query);
  return (await page.waitForSelector(`ul[aria-labelledby="found-${kind}"] .chooser-row`)).click();
}

const shows = (page, at, pattern) => page.waitForFunction(([at, pattern]) => document.querySelector("#position").textContent === at &&
  new RegExp(pattern).test(document.querySelector(".entry-current").textContent), [`${at}`, pattern]);

const kinds = [
  { query: "SCRAM-SHA-256-PLUS 1.3", kind: "scenario", title: en["scenario.scram-plus.title"], at: 1, said: "^" },
  { query: "large provider", kind: "act", title: "The 421 of a large provider", at: 16, said: "421" },
  { query: "chasquid", kind: "server", title: "chasquid", at: 1, said: "220 .*chasquid|ESMTP" },
  { query: "swaks", kind: "client", title: "swaks", at: 1, said: "220" },
  { query: "534", kind: "reply", title: "chasquid", said: "534 5\\.7\\.9" },
  { query: "538", kind: "reply", title: "aiosmtpd", at: 5, said: "538 5\\.7\\.11" },
  { query: "5.7.139", kind: "reply", title: "A 535 that is not about the password", at: 15, said: "535 5\\.7\\.139" },
];

for (const { query, kind, title, at, said } of kinds) {
  test(`what is chosen is shown, ${kind}: ${query}`, () => visit("en/", {}, async (page) => {
    await find(page, query, kind);
    await page.waitForFunction((title) => document.querySelector(".chooser-title").textContent.includes(title), title);
    await (at ? shows(page, at, said) : page.waitForFunction((said) => new RegExp(said).test(document.querySelector(".entry-current").textContent), said));
    assert.equal(await page.locator("#scenarios").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.id), "scenario", "the focus is where it was");
  }));
}

test("the index is fetched at the first opening, once", () => visit("en/", {}, async (page) => {
  const asked = [];
  page.on("request", (request) => { // twins are not counted
    if (/\/index\/.*\.json$/.test(request.url())) asked.push(request.url());
  });
  await page.waitForTimeout(300);
  assert.deepEqual(asked, []);
  for (let times = 0; times < 2; times++) {
    await page.click("#scenario");
    await page.fill("#scenario-filter", "538");
    await page.waitForSelector("#found-reply");
    await press(page, "Escape");
  }
  assert.equal(asked.length, 1, asked.join());
}));

// The service worker fetches the index too.
const noWorker = (page) => page.addInitScript(() => { navigator.serviceWorker.register = () => Promise.reject(new Error("none here")); });

test("without the index scenarios are found, and the page says what is missing", () => world.server.broken("index/en.json", (response) => response.destroy(),
  () => visit("en/", { alone: true, expect: /ERR_/, prepare: noWorker }, async (page) => {
    await page.click("#scenario");
    await page.waitForFunction((said) => document.querySelector("#scenarios-found").textContent.endsWith(said), en["ui.scenarios.missing"]);
    await page.fill("#scenario-filter", "553");
    await page.waitForFunction(() => document.querySelectorAll(".chooser-row").length === 1);
    assert.equal(await page.getAttribute(".chooser-row", "data-scenario"), "sender");
    world.server.breakFile("index/en.json");
    await press(page, "Escape");
    await page.click("#scenario");
    await page.fill("#scenario-filter", "538");
    await page.waitForSelector("#found-reply");
  })));

test("by keyboard, through all kinds", () => visit("en/", {}, async (page) => {
  await page.click("#scenario");
  await page.fill("#scenario-filter", "421");
  await page.waitForSelector("#found-act");
  const rows = await page.locator(".chooser-row").count();
  assert.equal(await page.textContent("#scenarios-found"), en["ui.scenarios.results.other"].replace("{n}", rows));
  for (let i = 0; i < rows; i++) await press(page, "ArrowDown");
  assert.ok(await page.evaluate(() => document.activeElement === [...document.querySelectorAll(".chooser-row")].at(-1)));
  await press(page, "Home", "Enter");
  await page.waitForFunction(() => document.querySelector(".entry-current").textContent.includes("421-4.7.0"));
}));

const searched = { en: "app password", zh: "授权码", ru: "пароль приложения" };

for (const lang of languages) {
  for (const theme of ["light", "dark"]) {
    test(`results are accessible and fit, ${lang}, ${theme}`, () => visit(`${lang}/`, { theme, size: sizes.wide }, async (page) => {
      await page.click("#scenario");
      for (const query of [searched[lang], "535"]) {
        await page.fill("#scenario-filter", query);
        await page.waitForSelector("#found-reply");
        for (const [name, [width, height]] of Object.entries({ wide: sizes.wide, phone: sizes.phone, narrow: [320, 640] })) {
          await page.setViewportSize({ width, height });
          await fits(page);
          await accessible(page);
          await screenshot(page, `found-${query === "535" ? query : "word"}-${lang}-${theme}-${name}`);
        }
      }
    }));
  }
}
