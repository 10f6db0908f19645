// Where the reader looks: a page opens at its beginning, and after every move the current entry, why it came and
// the buttons lie wholly in the window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { languages, press, screenshot, sizes, use, visit } from "./harness.mjs";

use();

const lines = 6 * 20; // px of a very long entry that must be seen: its first lines

// What of the current step is not wholly in sight: outside the window, cut off
// by what scrolls around it, or covered.
const hidden = (page) => page.evaluate((lines) => {
  const all = { entry: "[aria-current=step][data-frame]", why: ".why", step: "#step", back: "#back", run: "#run", restart: "#restart" };
  return Object.entries(all).flatMap(([name, selector]) => {
    const element = document.querySelector(selector);
    if (!element) return [`${name}: not there`];
    const { left, top, right, bottom: whole } = element.getBoundingClientRect();
    const bottom = name === "entry" ? Math.min(whole, top + lines) : whole;
    const box = `${[left, top, right, bottom].map(Math.round)}`;
    const found = [];
    if (right - left < 1 || bottom - top < 1) found.push("nothing");
    if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) found.push("outside the window");
    for (let e = element.parentElement; e; e = e.parentElement) {
      if (getComputedStyle(e).overflowY === "visible") continue;
      const around = e.getBoundingClientRect();
      if (e !== document.documentElement && e !== document.body && (top < around.top - 1 || bottom > around.bottom + 1)) found.push(`cut off by ${e.id || e.className}`);
    }
    const middle = (left + right) / 2;
    for (const y of [top + 4, (top + bottom) / 2, bottom - 4]) {
      const hit = document.elementFromPoint(middle, y);
      if (hit && !element.contains(hit) && !hit.contains(element)) found.push(`covered at ${Math.round(y)} by ${hit.id || hit.className || hit.tagName}`);
    }
    return found.map((f) => `${name}: ${f} (${box})`);
  });
}, lines);

// Waits until a step is shown and scrolling has come to rest, then looks.
async function seen(page, at) {
  await page.waitForSelector(`[aria-current=step][data-frame="${at}"]`);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)))));
  return (await hidden(page)).map((h) => `step ${at + 1}: ${h}`);
}

for (const lang of languages) {
  for (const [name, size] of Object.entries(sizes)) {
    test(`every step lies in sight, ${lang}, ${name}`, () => visit(`${lang}/`, { size }, async (page) => {
      const last = Number(await page.textContent("#total")) - 1;
      assert.equal(await page.evaluate(() => scrollY), 0, "the page opens at its beginning");
      const found = [];
      for (let at = 1; at <= last; at++) {
        await page.keyboard.press("ArrowRight");
        found.push(...await seen(page, at));
      }
      for (let at = last - 1; at >= last - 4; at--) {
        await page.keyboard.press("ArrowLeft");
        found.push(...await seen(page, at));
      }
      for (const [key, at] of [["Home", 0], ["End", last]]) {
        await press(page, key);
        found.push(...await seen(page, at));
      }
      const phase = page.locator(".phase").nth(4);
      await phase.click();
      found.push(...await seen(page, Number(await phase.getAttribute("data-to"))));
      if (found.length > 0) await screenshot(page, `place-${lang}-${name}`);
      assert.deepEqual(found, []);
    }));
  }
}
