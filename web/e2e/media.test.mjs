// The page in forced colours, on paper, and where nothing may move.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, press, screenshot, sizes, tabTo, texts, tidy, use, visit } from "./harness.mjs";

use();

const en = await texts("en");

// Widths in px of the lines around an element: its border, and its outline.
const lines = (page, selector) => page.$eval(selector, (e) => {
  const s = getComputedStyle(e);
  const width = (style, w) => (style === "none" ? 0 : parseFloat(w));
  return { border: width(s.borderTopStyle, s.borderTopWidth), outline: width(s.outlineStyle, s.outlineWidth), colour: s.outlineColor };
});

for (const colorScheme of ["light", "dark"]) {
  test(`in forced colours all can be told apart, ${colorScheme}`, () => visit("en/#cram-md5@12", {
    prepare: (page) => page.emulateMedia({ forcedColors: "active", colorScheme }),
  }, async (page) => {
    await page.waitForSelector('[data-frame="11"].entry-current');
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));

    // The current entry by a line around it and around its number.
    const current = await lines(page, ".entry-current > .bubble"), other = await lines(page, '[data-frame="10"] > .bubble');
    assert.ok(current.outline >= 3 && other.outline === 0, "the current entry has a line around it");
    assert.ok((await lines(page, ".entry-current .entry-number")).border >= 2 && (await lines(page, '[data-frame="10"] .entry-number')).border === 0);

    // The sides by their letters, in boxes, and by where they stand.
    for (const [side, letter] of [["client", "C"], ["server", "S"]]) {
      assert.equal(await page.textContent(`.lane.side-${side} .tag`), letter);
      assert.ok((await lines(page, `.lane.side-${side} .tag`)).border >= 1);
      assert.ok((await lines(page, `.entry-line.side-${side} > .bubble`)).border >= 1);
    }
    const [client, server] = await Promise.all([10, 7].map((n) => page.$eval(`[data-frame="${n}"] > .bubble`, (e) => e.getBoundingClientRect().left)));
    assert.ok(client < server, "the client stands on the left");

    // The open tab and the view by a colour of the system's own.
    const open = await page.$eval("#tab-made", (e) => getComputedStyle(e).borderBottomColor);
    assert.notEqual(open, await page.$eval("#tab-rule", (e) => getComputedStyle(e).borderBottomColor));
    const look = (view) => page.$eval(`#view-${view} + .views-name`, (e) => getComputedStyle(e).backgroundColor);
    assert.notEqual(await look("both"), await look("client"));

    // What was proved by a word, underlined.
    assert.equal(await page.$eval(".outcome-right", (e) => getComputedStyle(e).textDecorationLine), "underline");
    assert.notEqual((await page.innerText(".outcome-right")).trim(), "");

    // The focus by a line.
    for (const selector of ["#step", "#tab-made", ".entry-current .entry-number", "#slot-mechanism", "#view-both"]) {
      await tabTo(page, selector);
      const { outline } = await lines(page, selector === "#view-both" ? "#view-both + .views-name" : selector);
      assert.ok(outline >= 2, `${selector} has the focus, and a line of ${outline} px`);
    }
    await screenshot(page, `forced-${colorScheme}`);
    await accessible(page);

    // What was exposed by its words, in a box, and struck by a line.
    await page.evaluate(() => { location.hash = "#login-clear@9"; });
    await page.waitForSelector('[data-frame="8"].entry-current');
    assert.notEqual((await page.innerText(".exposed")).trim(), "");
    assert.ok(await page.$eval(".exposed", (e) => parseFloat(getComputedStyle(e).borderLeftWidth) >= 2));
    await page.check("#view-listener", { force: true });
    assert.equal(await page.textContent("mark.struck + .struck-word"), en["ui.tap.exposed"]);
    assert.ok((await lines(page, ".struck-word")).border >= 1);
    assert.equal(await page.$eval("mark.struck", (e) => getComputedStyle(e).textDecorationLine), "underline");
    assert.ok((await lines(page, ".entry-current > .tap-body")).outline >= 3, "the current line has a line around it");
    await accessible(page);
    await screenshot(page, `forced-listener-${colorScheme}`);
  }));
}

// What can be used and says nothing on paper. Words that explain themselves,
// heads of what is folded, numbers of steps and values of the set-up are text.
const text = ".gloss, .card-head, .block-head, .fold-head, .entry-number, .chooser-button, .slot, .operand-link, .hash-link, .rule a, a.why-section";

for (const [name, place, from] of [["check", "cram-md5@12", "both"], ["end", "wrong-password@14", "both"], ["listener", "login-clear@21", "listener"]]) {
  for (const size of ["wide", "phone"]) {
    test(`on paper all is there, and nothing to press: ${name}, ${size}`, () => visit(`en/#${place}`, { size: sizes[size], theme: "dark" }, async (page) => {
      await page.check(`#view-${from}`, { force: true });
      await page.waitForSelector(`[data-frame="${place.split("@")[1] - 1}"]${from === "listener" ? ".tap" : ""}`);
      const entries = await page.locator("[data-frame]").count();
      await page.emulateMedia({ media: "print" });
      const found = await page.evaluate((text) => {
        const found = [];
        const name = (e) => `${e.tagName.toLowerCase()}#${e.id}.${e.className}`;
        for (const e of document.querySelectorAll("body, .page, .main, .stage, .panel, .panel *")) {
          const s = getComputedStyle(e);
          if (s.display === "inline" || !e.checkVisibility() || s.clipPath !== "none" || s.textOverflow === "ellipsis") continue;
          if (s.overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1) found.push(`${name(e)} is cut at ${e.clientHeight} of ${e.scrollHeight}`);
          if (e.matches(".panel") && e.scrollHeight > e.offsetHeight + 1) found.push(`${name(e)} is ${e.scrollHeight} high in ${e.offsetHeight}`);
        }
        for (const e of document.querySelectorAll("*")) {
          if (["fixed", "sticky"].includes(getComputedStyle(e).position) && e.checkVisibility()) found.push(`${name(e)} stays at an edge of each page`);
        }
        for (const e of document.querySelectorAll("button, a, select, input, textarea, summary")) {
          if (e.checkVisibility({ visibilityProperty: true }) && !e.matches(text)) found.push(`${name(e)} can be pressed`);
        }
        const [talk, explained] = ["#conversation", ".stage > :last-child"].map((s) => document.querySelector(s).getBoundingClientRect());
        if (talk.bottom > explained.top + 1) found.push("the explanation lies over the conversation");
        const ink = getComputedStyle(document.body).color.match(/\d+/g).map(Number);
        if (Math.max(...ink) > 128) found.push(`ink on white paper is ${ink}`);
        return found;
      }, text);
      assert.deepEqual(found, []);
      assert.equal(await page.locator("[data-frame]").count(), entries);
      for (const at of [0, entries - 1]) assert.ok(await page.isVisible(`[data-frame="${at}"]`));
      await tidy(page);
      await screenshot(page, `print-${name}-${size}`, { fullPage: true });
    }));
  }
}

// What moves in the page: names of its animations that take longer than 10 ms.
const moving = (page) => page.evaluate(() => document.getAnimations()
  .filter((a) => a.playState === "running" && a.effect.getComputedTiming().endTime > 10)
  .map((a) => a.animationName ?? a.transitionProperty));

for (const reducedMotion of ["reduce", "no-preference"]) {
  test(`what moves, motion ${reducedMotion}`, () => visit("en/#cram-md5@10", {
    prepare: (page) => page.emulateMedia({ reducedMotion }),
  }, async (page) => {
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"]) {
      const was = await page.textContent("#position");
      await press(page, key);
      await page.waitForFunction((p) => document.querySelector("#position").textContent !== p, was);
      if (reducedMotion === "reduce") assert.deepEqual(await moving(page), [], `after ${key}`);
    }
    // Whatever is to move some day will not, where that is not wanted.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("@keyframes blink { to { opacity: 0.5 } } .entry-current { animation: blink 5s }");
      document.adoptedStyleSheets = [sheet];
    });
    assert.deepEqual(await moving(page), reducedMotion === "reduce" ? [] : ["blink"]);
  }));
}
