// Every view, tab and window over the page, in every language, light and dark,
// at every size: accessible, nothing wider than the window, no text cut off or
// over other text. SCREENSHOTS=1 leaves a picture of each.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, languages, ofColours, press, screenshot, sizes, tidy, use, visit } from "./harness.mjs";

use({ alone: true }); // pages that share a profile share a processor too

const all = { ...sizes, narrow: [320, 640] };
const small = (page) => page.setViewportSize({ width: all.phone[0], height: all.phone[1] });
const look = (page, from) => page.check(`#view-${from}`, { force: true });
const gone = (page, selector) => page.waitForSelector(selector, { state: "detached" });

async function follow(page, place) {
  await page.evaluate((to) => { location.hash = to; }, place);
  await page.waitForSelector(`[aria-current=step][data-frame="${place.split("@")[1] - 1}"]`);
}

async function tab(page, name) {
  await page.click(`#tab-${name}`);
  await page.waitForSelector(`#tab-${name}[aria-selected=true]`);
}

// A window over the page, opened where its button is in sight.
const over = (name) => ({
  part: `#${name}`,
  enter: async (page) => { await page.click(`#open-${name}`); await page.waitForSelector(`#${name}[open]`); },
  leave: async (page) => { await press(page, "Escape"); await gone(page, `#${name}`); },
});

// What is looked at, one after the other. Each begins where the one before has
// ended, in the wide window:
//   enter, leave  how one gets there and back
//   part          what is new there; the rest has been looked at before
//   at            the sizes at which it is there; all without it
const places = {};
for (const from of ["both", "client", "server"]) {
  for (const name of ["made", "octets", "knows", "rule", "states"]) {
    places[`${from}-${name}`] = {
      part: name !== "made" ? "#inspector" : from === "both" ? "html" : "#stage",
      enter: async (page) => { await look(page, from); await tab(page, name); },
    };
  }
}
Object.assign(places, {
  listener: { part: "main", enter: (page) => look(page, "listener") },
  clear: { // the same without TLS: what the eavesdropper sees then
    part: "#conversation",
    enter: async (page) => { await page.click("#swap"); await page.waitForSelector("mark.struck-proof"); },
    leave: async (page) => { await page.click("#swap"); await page.waitForSelector(".tap-bar"); },
  },
  drawer: over("drawer"), help: over("help"), share: over("share"),
  chooser: {
    part: ".header",
    enter: async (page) => { await page.click("#scenario"); await page.waitForSelector("#scenario-filter"); },
    leave: async (page) => { await press(page, "Escape"); await gone(page, "#scenario-filter"); },
  },
  menu: {
    part: ".header", at: ["zoomed", "phone", "narrow"],
    enter: async (page) => {
      await small(page);
      await page.click("#menu");
      await page.waitForSelector("#open-share", { state: "visible" });
    },
    leave: async (page) => {
      await small(page);
      await press(page, "Escape");
      await page.waitForSelector("#open-share", { state: "hidden" });
    },
  },
  refused: { // a word explained, a rule that refuses
    part: "main",
    enter: async (page) => {
      await look(page, "both");
      await follow(page, "unknown-mechanism@10");
      await tab(page, "rule");
      await page.locator('[data-frame="9"] .gloss').first().click();
      await page.waitForSelector(".gloss-note");
    },
    leave: (page) => press(page, "Escape"),
  },
  end: {
    part: "main",
    enter: async (page) => { await follow(page, "wrong-password@14"); await tab(page, "knows"); },
  },
});

// What a check says, or nothing.
async function said(check) {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
    return Array.isArray(error.actual) ? error.actual : [error.message];
  }
}

describe("everywhere", { concurrency: languages.length }, () => {
  for (const lang of languages) {
    test(`in ${lang}`, (t) => visit(`${lang}/#cram-md5@12`, { size: all.wide }, async (page) => {
      for (const [name, { part, enter, leave, at = Object.keys(all) }] of Object.entries(places)) {
        await t.test(name, async () => {
          const found = [];
          await enter(page);
          for (const size of at) {
            const [width, height] = all[size];
            await page.setViewportSize({ width, height });
            for (const theme of ["light", "dark"]) {
              await page.emulateMedia({ colorScheme: theme });
              const here = [...await said(() => fits(page)), ...await said(() => tidy(page)),
                // The dark page differs in its colours only.
                ...await said(() => accessible(page, part, theme === "dark" ? ofColours : undefined))];
              found.push(...here.map((f) => `${size}, ${theme}: ${f}`));
              await page.evaluate(() => document.querySelector(".entry-current").scrollIntoView({ block: "center" }));
              await screenshot(page, `${lang}-${name}-${theme}-${size}`);
            }
          }
          await leave?.(page);
          await page.setViewportSize({ width: all.wide[0], height: all.wide[1] });
          assert.deepEqual(found, []);
        });
      }
    }));
  }
});
