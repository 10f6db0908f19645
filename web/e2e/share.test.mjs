// Everything of the set-up changed, and links that lead to the same place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, open, press, screenshot, sizes, tabTo, texts, use, visit } from "./harness.mjs";

const world = use();

const en = await texts("en");
const position = (page) => page.textContent("#position").then(Number);

async function link(page) {
  await page.click("#open-share");
  return page.inputValue("#share-link");
}

// Opens a link in a profile of its own, as whoever gets it does.
async function opened(address, test) {
  const page = await open(address.slice(world.server.url.length));
  try {
    await test(page);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.done();
  }
}

const talk = (page) => page.$$eval("[data-frame] .line, [data-frame] .says-text", (all) => all.map((e) => e.textContent));

test("a scenario’s link is its name and step", () => visit("en/", {}, async (page) => {
  await press(page, "ArrowRight", "ArrowRight");
  await page.waitForFunction(() => document.querySelector("#position").textContent === "3");
  assert.equal(await link(page), `${world.server.url}en/#cram-md5@3`);
  await accessible(page);
}));

test("a link shows the same place in a fresh profile, a typed password left out", () => visit("en/#wrong-password@13", {}, async (page) => {
  await page.fill("#slot-user", "anna");
  await page.fill("#slot-password", "nobody else knows");
  await page.waitForSelector(".chooser-edited");
  assert.equal(await position(page), 13);
  const before = await talk(page);
  const withheld = await link(page);
  await accessible(page);
  await screenshot(page, "share");
  assert.match(withheld, /#1\.[\w-]+@13$/);
  await page.check("#share-made-up");
  await page.waitForFunction((l) => document.querySelector("#share-link").value !== l, withheld);
  const whole = await page.inputValue("#share-link");
  await opened(whole, async (other) => {
    assert.equal(await position(other), 13);
    assert.deepEqual(await talk(other), before);
    assert.equal(await other.inputValue("#slot-password"), "nobody else knows");
    assert.equal(await other.locator("#notice").count(), 0);
    assert.ok(await other.isVisible('[data-frame="12"]'));
  });
  await opened(withheld, async (other) => {
    assert.equal(await position(other), 13);
    assert.equal(await other.inputValue("#slot-user"), "anna");
    assert.equal(await other.inputValue("#slot-password"), "stand-in-1");
    assert.equal(await other.textContent("#notice p"), en["ui.link.stood-in"]);
    assert.ok(!(await other.content()).includes("nobody else knows"));
    await accessible(other);
    await other.click("#notice-close");
    await other.waitForSelector("#notice", { state: "detached" });
  });
}));

test("the link is copied, or marked where the browser does not let it", () => visit("en/#relay@7", {}, async (page) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const address = await link(page);
  await page.click("#share-copy");
  await page.waitForFunction((t) => document.querySelector("#share-said").textContent === t, en["ui.share.copied"]);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("no")); });
  await page.click("#share-copy");
  await page.waitForFunction((t) => document.querySelector("#share-said").textContent === t, en["ui.share.select"]);
  assert.equal(await page.evaluate(() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd); }), address);
}));

for (const [fragment, id, args = {}] of [
  ["1.dFNNcxo5EP0", "cut"], ["1.!!", "broken"], ["9.abc@3", "version"], ["no-such@3", "scenario", { id: "no-such" }],
  [`1.${"A".repeat(100_000)}`, "too-long"],
]) {
  test(`a link that cannot be read says so: ${id}`, () => visit(`en/#${fragment}`, {}, async (page) => {
    const want = en[`ui.link.${id}`].replace(/\{(\w+)\}/g, (_, name) => args[name]);
    assert.equal(await page.textContent("#notice p"), want);
    assert.equal(await page.textContent(".chooser-title"), en["scenario.cram-md5.title"]);
    assert.equal(new URL(page.url()).hash, `#${fragment}`, "the link stays");
    await press(page, "ArrowRight");
    await page.waitForFunction(() => document.querySelector("#position").textContent === "2");
  }));
}

test("another link in the same tab is followed", () => visit("en/#relay@7", {}, async (page) => {
  await page.evaluate(() => { location.hash = "#plain@9"; });
  await page.waitForFunction((t) => document.querySelector(".chooser-title").textContent === t, en["scenario.plain.title"]);
  assert.equal(await position(page), 9);
  await page.goBack();
  await page.waitForFunction((t) => document.querySelector(".chooser-title").textContent === t, en["scenario.relay.title"]);
  assert.equal(await position(page), 7);
}));

test("another language shows the same session at the same step, typed password and all", () => visit("en/#wrong-password@13", {}, async (page) => {
  await page.fill("#slot-password", "typed here");
  await page.waitForSelector(".chooser-edited");
  for (const lang of ["ru", "zh", "en"]) {
    await page.click(`a.language[hreflang=${lang}]`);
    await page.waitForSelector(`html[lang=${lang}][data-ready]`, { state: "attached" });
    assert.equal(await position(page), 13);
    assert.equal(await page.inputValue("#slot-password"), "typed here");
    assert.equal(await page.locator("#notice").count(), 0);
    assert.ok(!page.url().includes("typed"));
  }
}));

test("on a phone a menu has what is not there, by keyboard too", () => visit("en/#relay@7", { size: sizes.phone }, async (page) => {
  assert.equal(await page.isVisible("#open-share"), false);
  await tabTo(page, "#menu");
  await press(page, "Enter");
  await page.waitForSelector("#open-share", { state: "visible" });
  await accessible(page);
  await screenshot(page, "menu");
  await press(page, "Escape");
  await page.waitForSelector("#open-share", { state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "menu");
  await press(page, "Enter");
  await page.click("#open-share");
  assert.equal(await page.inputValue("#share-link"), `${world.server.url}en/#relay@7`);
  await press(page, "Escape");
  await page.waitForSelector("#share", { state: "detached" });
  await page.waitForFunction(() => ["menu", "open-share"].includes(document.activeElement.id));
  for (const { size } of await page.$$eval("#menu, #open-drawer, #step, #pace", (all) => all.map((e) => ({ size: Math.min(e.offsetWidth, e.offsetHeight) })))) {
    assert.ok(size >= 44, `a target of ${size} px`);
  }
}));

test("the drawer changes the session at once, at the same step", () => visit("en/#cram-md5@13", {}, async (page) => {
  await tabTo(page, "#open-drawer");
  await press(page, "Enter");
  await page.waitForSelector("#drawer[open]");
  assert.ok(await page.evaluate(() => document.querySelector("#drawer").contains(document.activeElement)), "the focus is in the drawer");
  await accessible(page);
  await page.selectOption("#set-stored", "hashed");
  await page.waitForFunction(() => document.querySelector('[data-frame="11"] .line')?.textContent.startsWith("432"));
  assert.equal(await position(page), 13);
  await page.selectOption("#set-mechanism", "PLAIN");
  await page.check("#set-initial");
  await page.waitForFunction(() => document.querySelector('[data-frame="8"] .line')?.textContent.startsWith("AUTH PLAIN "));
  await page.fill("#set-text", "Subject: x\n\nchanged");
  await press(page, "Tab");
  await page.uncheck("#set-mail");
  await page.waitForSelector("#set-from", { state: "detached" });
  await page.check("#set-mail");
  assert.equal(await page.inputValue("#set-from"), "tim@example.org");
  await page.check("#set-cert-expired");
  await page.waitForFunction((t) => document.querySelector("#drawer-note").textContent === t,
    en["ui.note.shorter"].replace("{n}", await page.textContent("#total")));
  await page.fill("#set-cert-host", "no host");
  await press(page, "Tab");
  await page.waitForSelector("#set-cert-host-wrong");
  assert.equal(await page.textContent("#set-cert-host-wrong"), en["ui.trouble.host"]);
  assert.equal(await page.inputValue("#set-cert-host"), "no host", "what was typed stays to be mended");
  await press(page, "Escape");
  await page.waitForSelector("#drawer", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "open-drawer", "the focus comes back");
}));

test("under TLS an eavesdropper’s drawer holds no password", () => visit("en/#cram-md5@13", {}, async (page) => {
  await page.check("#view-listener", { force: true });
  await page.click("#open-drawer");
  await page.waitForSelector("#drawer[open]");
  const held = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((f) => f.value).join());
  assert.ok(!held.includes("tanstaaftanstaaf"));
}));
