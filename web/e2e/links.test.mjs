// Whatever a link holds, the page answers in words and can be used. HOSTILE=all
// opens every kept link by a full load, which takes minutes (make fuzz).
import assert from "node:assert/strict";
import { test } from "node:test";
import { corpus, damaged } from "./hostile.mjs";
import { fits, press, settled, sizes, texts, untilReady, use, visit } from "./harness.mjs";

const world = use();

const en = await texts("en");
const all = await corpus();
const many = [...all, ...await damaged(300 - all.length)];

const patternOf = (sentence) => new RegExp(`^${sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^]+")}$`);
const sentences = Object.entries(en).filter(([id]) => id.startsWith("ui.link.")).map(([, text]) => patternOf(text));

// What is seen after a link was followed.
const seen = (page) => page.evaluate(() => ({
  said: document.querySelector("#notice p")?.textContent ?? "",
  position: Number(document.querySelector("#position").textContent),
  failed: document.querySelector(".load-failure").textContent,
  ran: globalThis.ran ?? "",
  tall: document.documentElement.scrollHeight,
}));

// What a script in a link would do is told by the page, not done.
const watched = (page) => page.addInitScript(() => {
  for (const name of ["alert", "confirm", "prompt", "open"]) globalThis[name] = () => { globalThis.ran = name; };
});

const tallest = 20_000; // px of a phone, 24 screens: the conversation is scrolled in a part of its own

async function check(page, { name, says }) {
  const { said, position, failed, ran, tall } = await seen(page);
  assert.equal(failed, "", name);
  assert.equal(ran, "", name);
  assert.ok(position >= 1, `${name}: step ${position}`);
  if (says) assert.match(said, patternOf(en[`ui.link.${says}`]), name);
  else if (says === "") assert.ok(["", en["ui.link.stood-in"]].includes(said), `${name}: ${said}`);
  else if (said) assert.ok(sentences.some((pattern) => pattern.test(said)), `${name}: ${said}`);
  await fits(page).catch((error) => { throw new Error(`${name}: ${error.message}`); });
  assert.ok(tall <= tallest, `${name}: ${tall} px tall`);
}

async function steps(page, name) {
  await press(page, "Home", "ArrowRight");
  assert.equal(await page.textContent("#position"), "2", name);
}

test("a hostile fragment, by change, in one page", () => visit("en/", { size: sizes.phone, prepare: watched }, async (page) => {
  page.setDefaultTimeout(60_000);
  for (const [i, link] of many.entries()) {
    await page.evaluate((to) => {
      document.querySelector("#notice-close")?.click();
      location.hash = to;
    }, link.fragment);
    await settled(page);
    await check(page, link);
    if (i % 10 === 0) await steps(page, link.name);
  }
}));

const often = process.env.HOSTILE === "all" ? 1 : 10;
const loaded = [...all.filter((_, i) => i % often === 0), ...many.slice(all.length).filter((_, i) => i % 10 === 0)];

test("a hostile fragment, by full load", { timeout: 1_800_000 }, async () => {
  assert.ok(loaded.length >= 30);
  for (const link of loaded) {
    await visit(`en/#${link.fragment}`, { size: sizes.phone, prepare: watched }, async (page) => {
      await check(page, link);
      await steps(page, link.name);
    });
  }
});

test("a fragment that is not of an address, before the program runs and after", () => visit("ru/#%", {}, async (page) => {
  const ru = await texts("ru");
  for (const fragment of ["%", "cram-md5@11%", "%E0%A4%A"]) {
    await page.evaluate((to) => { location.hash = to; }, fragment);
    await settled(page);
    assert.equal(await page.textContent("#notice p"), ru["ui.link.broken"]);
  }
  await page.goBack();
  await settled(page);
  assert.equal(await page.textContent("#notice p"), ru["ui.link.broken"]);
  await page.evaluate(() => { location.hash = "cram-md5%4011"; }); // as some mail programs write it
  await page.waitForFunction(() => document.querySelector("#position").textContent === "11");
  assert.equal(await page.locator("#notice").count(), 0);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#position").textContent === "11");
}));

test("a fragment that changes while the program is still loading is the one that is followed", async () => {
  let goOn;
  const changed = new Promise((done) => { goOn = done; });
  const held = (response, send) => changed.then(() => send());
  await world.server.broken("app.wasm", held, () => visit("en/#plain@4", { alone: true, ready: false }, async (page) => {
    await page.waitForFunction(() => globalThis.playgroundFiles);
    await page.evaluate(() => { location.hash = "wrong-password@13"; });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.ready), undefined, "the program is still loading");
    goOn();
    await untilReady(page);
    assert.equal(await page.textContent(".chooser-title"), en["scenario.wrong-password.title"]);
    assert.equal(await page.textContent("#position"), "13");
  }));
});
