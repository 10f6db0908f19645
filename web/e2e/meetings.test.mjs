// Meetings: stories of a server and a client. One is chosen in the dialog, the
// session stands at its line with the story above, and a link keeps both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, screenshot, sizes, texts, use, visit } from "./harness.mjs";

use();

const words = async (lang) => ({ ...await texts(lang), ...await texts(`dialects/${lang}`) });

async function choose(page, act) {
  await page.click("#open-acts");
  await page.click("#tab-meetings");
  await page.click(`#acts li:has([data-meeting="${act}"]) .meeting-title`);
  await page.click(`#acts [data-meeting="${act}"]`);
  await page.waitForSelector("#acts", { state: "detached" });
}

for (const lang of languages) {
  test(`mox and Authelia in three acts, ${lang}`, () => visit(`${lang}/`, { size: sizes.wide }, async (page) => {
    const says = await words(lang);
    await choose(page, "mox-authelia/v0.0.11");
    await page.waitForSelector("#meeting");
    assert.equal(await page.textContent("#meeting .meeting-story"), says["meeting.mox-authelia.story"]);
    assert.equal(await page.textContent(".chooser-title"), says["meeting.mox-authelia.title"]);
    const step = await page.locator(".entry-current").textContent();
    assert.match(step, /\*/);
    assert.equal(await page.locator("#meeting .meeting-act[aria-current]").getAttribute("data-meeting"), "mox-authelia/v0.0.11");
    await page.click('#meeting [data-meeting="mox-authelia/v0.0.12"]');
    await page.waitForSelector('#meeting [data-meeting="mox-authelia/v0.0.12"][aria-current]');
    assert.match(await page.locator(".entry-current").textContent(), /235 2\.7\.0 hello ancient smtp implementation/);
    await page.click("#open-share");
    const link = await page.inputValue("#share-link");
    assert.match(link, /#1\..*@\d+$/);
    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForSelector("#meeting");
    assert.equal(await page.textContent("#meeting .meeting-story"), says["meeting.mox-authelia.story"]);
    assert.match(await page.locator(".entry-current").textContent(), /235 2\.7\.0 hello ancient smtp implementation/);
  }));

  test(`list and story are accessible and fit, ${lang}`, () => visit(`${lang}/`, { size: sizes.wide }, async (page) => {
    await page.click("#open-acts");
    await page.click("#tab-meetings");
    await page.click("#acts .meetings li:nth-child(2) .meeting-title");
    const all = Object.entries({ ...sizes, narrow: [320, 640] });
    for (const [name, [width, height]] of all) {
      await page.setViewportSize({ width, height });
      await fits(page);
      await screenshot(page, `meetings-${lang}-${name}`);
      if (name !== "laptop") await accessible(page);
    }
    await page.click('#acts [data-meeting="nul/refused"]');
    await page.waitForSelector("#meeting");
    for (const [name, [width, height]] of all) {
      await page.setViewportSize({ width, height });
      await fits(page);
      await screenshot(page, `meeting-${lang}-${name}`);
      if (name !== "laptop") await accessible(page);
    }
  }));
}

test("a story by dark, with its sources; it leaves with one of the two", () => visit("en/", { theme: "dark", size: sizes.wide }, async (page) => {
  const en = await words("en");
  await choose(page, "dotnet/swallowed");
  await page.click(".meeting-sources summary");
  assert.match(await page.textContent(".meeting-sources"), /mjl-\/mox issue 387/);
  await accessible(page);
  await screenshot(page, "meeting-dark-wide");
  await page.setViewportSize({ width: sizes.phone[0], height: sizes.phone[1] });
  await fits(page);
  await screenshot(page, "meeting-dark-phone");
  await page.click("#open-acts");
  await page.click("#tab-acts");
  await page.click("#acts [data-side=server] [data-act=exim]");
  await page.waitForSelector("#meeting", { state: "detached" });
  assert.notEqual(await page.textContent(".chooser-title"), en["meeting.dotnet.title"]);
}));
