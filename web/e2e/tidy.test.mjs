// Whether the check of cut and overlapping text sees them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, use } from "./harness.mjs";
import { tidy } from "./tidy.mjs";

use();

// Each is a page and what is said of it; nothing: it is tidy.
const pages = {
  "two texts in one place": [
    `<div style="display: grid"><p style="grid-area: 1 / 1">under</p><p style="grid-area: 1 / 1">over</p></div>`,
    /"under" in p lies over "over" in p|"over" in p lies over "under" in p/],
  "a line pushed into the next": [`<p style="margin: 0">first</p><p style="margin: -14px 0 0">second</p>`, /"first" in p lies over "second" in p/],
  "cut off at the side": [`<p style="width: 50px; overflow: hidden; white-space: nowrap">far too long for this</p>`, /cut off at the side by p/],
  "cut off below": [`<div style="height: 10px; overflow: clip"><p>hangs down</p></div>`, /cut off above or below by div: "hangs down"/],
  "gone altogether": [`<div style="height: 0; overflow: hidden"><p>hangs down</p></div>`, /cut off above or below by div/],
  "before the left edge": [`<p style="position: absolute; left: -30px">outside</p>`, /outside the window: "outside"/],
  "fixed beyond the window": [`<p style="position: fixed; top: 100vh">outside</p>`, /outside the window: "outside"/],
  "a choice in a narrow field": [`<select style="width: 60px"><option>a very long choice</select>`, /cut off by its field: "a very long choice"/],
  "a request in a narrow field": [`<input style="width: 60px" placeholder="a very long request">`, /cut off by its field: "a very long request"/],
  "words side by side, an ellipsis, what scrolls, what is heard": [`
    <p>one <b>two</b></p>
    <p style="width: 50px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">far too long for this</p>
    <div style="height: 40px; overflow: auto"><p>one<p>two<p>three</div>
    <p style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">only heard</p>
    <p style="position: absolute; top: 0; left: 0; margin: 0; background: white">a window over the page</p>
    <div style="width: 50px; height: 50px; overflow: hidden"><p style="position: absolute">laid out elsewhere</p></div>
    <select><option>short</select>`],
};

test("the check of text sees what it is for, and nothing else", async (t) => {
  const page = await open("404.html", { ready: false });
  await page.goto("about:blank"); // the site's policy lets no style of ours in
  for (const [name, [body, said]] of Object.entries(pages)) {
    await t.test(name, async () => {
      await page.setContent(`<!doctype html><style>body { font: 16px/1.2 sans-serif }</style>${body}`);
      if (said) await assert.rejects(tidy(page), (error) => said.test(error.message));
      else await tidy(page);
    });
  }
  await page.done();
});
