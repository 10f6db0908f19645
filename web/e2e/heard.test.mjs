// What a screen reader says, as text: kept for one step of each language,
// compared with what the screen shows everywhere else.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { languages, press, texts, use, visit } from "./harness.mjs";

use();

const kept = join(import.meta.dirname, "heard"); // UPDATE=1 writes it anew

for (const lang of languages) {
  test(`the whole page as it is heard, ${lang}`, () => visit(`${lang}/#login-clear@6`, {}, async (page) => {
    await page.waitForSelector('[aria-current=step][data-frame="5"]');
    const heard = `${await page.locator("body").ariaSnapshot()}\n`;
    const file = join(kept, `${lang}.yml`);
    if (process.env.UPDATE) {
      await mkdir(kept, { recursive: true });
      await writeFile(file, heard);
    }
    assert.equal(heard, await readFile(file, "utf8"));
  }));
}

// Signs that say nothing which is not said in words beside them.
const signs = ".tag, .arrow, .icon, .dots, .knower, .dump-offset, .slot-password, .hex-count";

// What can be seen and not heard, or used without having a name.
const unheard = (page, heard) => page.evaluate(([heard, signs]) => {
  const bare = (text) => text.replace(/[\s\u00ad\\"']+/g, ""); // as the snapshot is quoted or is not
  const said = bare(heard);
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement, text = bare(node.textContent);
    if (!text || !element.checkVisibility({ visibilityProperty: true }) || element.closest("option")) continue;
    if (element.closest("[aria-hidden=true]")) {
      if (!element.closest(signs)) found.push(`hidden: ${text} in ${element.className}`);
    } else if (!said.includes(text)) {
      found.push(`not said: ${text} in ${element.className}`);
    }
  }
  return found;
}, [heard, signs]);

const nameless = /^ *- '?(?:button|link|textbox|combobox|radio|checkbox|tab|tablist|region|navigation|group|slider|searchbox)\b(?! "| ')/gm;

for (const from of ["both", "client", "server", "listener"]) {
  test(`all that is seen is heard, and named: ${from}`, () => visit("en/#cram-md5@1", {}, async (page) => {
    await page.check(`#view-${from}`, { force: true });
    await page.evaluate(() => document.activeElement.blur());
    const last = Number(await page.textContent("#total"));
    for (let at = 1; at <= last; at++) {
      await page.waitForFunction((n) => document.querySelector("#position").textContent === String(n), at);
      const heard = await page.locator("body").ariaSnapshot();
      assert.deepEqual(heard.match(nameless), null, `step ${at}`);
      assert.deepEqual(await unheard(page, heard), [], `step ${at}`);
      await press(page, "ArrowRight");
    }
  }));
}

test("each new step is said: whose it is and what it says", () => visit("en/", {}, async (page) => {
  const en = await texts("en");
  const last = Number(await page.textContent("#total"));
  const said = new Set();
  for (let at = 2; at <= last; at++) {
    await press(page, "ArrowRight");
    await page.waitForFunction((n) => document.querySelector("#live").textContent.includes(` ${n} `), at);
    const live = await page.textContent("#live");
    const { side, kind, line } = await page.$eval("[aria-current=step][data-frame]", (e) => ({
      side: e.dataset.side, kind: e.dataset.kind, line: e.querySelector(".line")?.textContent,
    }));
    if (kind === "line" || kind === "check") assert.ok(live.toLowerCase().includes(en[`ui.${side}`].toLowerCase()), `${live} lacks ${side}`);
    const verb = kind === "line" && line?.match(/^(?:\d{3}|[A-Z]{4,})\b/)?.[0];
    if (verb) assert.ok(live.includes(verb), `${live} lacks ${verb}`);
    said.add(live);
  }
  assert.equal(said.size, last - 1, "no two steps are said alike");
}));
