// The table of all mechanisms, and the groups in which they are chosen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, press, screenshot, sizes, tabTo, texts, use, visit } from "./harness.mjs";

use();

const en = await texts("en");

async function compare(page) {
  await page.click("#open-compare");
  await page.waitForSelector("#compare[open]");
}

// What is wider than the dialog that it is in.
const cut = (page) => page.$$eval("#compare, #compare *", (all) => all.filter((e) => {
  const { left, right } = document.querySelector("#compare").getBoundingClientRect();
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && box.width > 1 && (box.left < left - 1 || box.right > right + 1);
}).slice(0, 3).map((e) => e.outerHTML.slice(0, 80)));

test("the table says of each mechanism what it declares", () => visit("en/", {}, async (page) => {
  await compare(page);
  const groups = await page.$$eval("#compared tbody", (all) => Object.fromEntries(all.map((body) => [
    body.dataset.status, [...body.querySelectorAll("[data-mechanism]")].map((b) => b.textContent)])));
  assert.deepEqual(Object.keys(groups), ["today", "legacy", "historic", "gone"]);
  assert.ok(groups.today.includes("SCRAM-SHA-256-PLUS") && groups.legacy.includes("LOGIN") && groups.historic.includes("NTLM"));
  assert.deepEqual(groups.gone, ["KERBEROS_V4", "SKEY", "OTP", "CRAM-SHA1", "SECURID"]);
  const chosen = await page.$$eval("#slot-mechanism optgroup", (all) => all.map((g) => [g.label, [...g.children].map((o) => o.value)]));
  assert.deepEqual(chosen, Object.entries(groups).map(([status, names]) => [en[`status.${status}`], names]));
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "PLAIN", exact: true }) });
  assert.deepEqual(await row.getByRole("cell").allInnerTexts(), [en["crossing.password"], en["gain.password"], en["gain.guesses"],
    en["ui.compare.no"], en["ui.compare.no"], "RFC 4616"]);
  assert.equal(await page.getByRole("columnheader").count(), 7);
  assert.equal(await page.locator(".compare-here").count(), 1);
}));

test("by keyboard: a name leads to its scenario, Escape back to the button", () => visit("en/", {}, async (page) => {
  await tabTo(page, "#open-compare");
  await press(page, "Enter");
  await page.waitForSelector("#compare[open]");
  await press(page, "Escape");
  await page.waitForSelector("#compare", { state: "detached" });
  await page.waitForFunction(() => document.activeElement.id === "open-compare");
  for (const [mechanism, title, reply] of [["SRP", "scenario.srp.title", "235"], ["SKEY", "scenario.cram-md5.title", "504"]]) {
    await tabTo(page, "#open-compare");
    await press(page, "Enter");
    await page.waitForSelector("#compare[open]");
    await tabTo(page, `#try-${mechanism}`);
    await press(page, "Enter");
    await page.waitForSelector("#compare", { state: "detached" });
    await page.waitForFunction(([title, mechanism]) => document.querySelector(".chooser-title").textContent === title &&
      document.querySelector("#slot-mechanism").value === mechanism, [en[title], mechanism]);
    await press(page, "End");
    await page.locator(".entry .line").filter({ hasText: new RegExp(`^${reply} `) }).first().waitFor();
  }
}));

for (const lang of languages) {
  for (const theme of ["light", "dark"]) {
    test(`the table is accessible and fits, ${lang}, ${theme}`, () => visit(`${lang}/`, { theme, size: sizes.wide }, async (page) => {
      await compare(page);
      for (const [name, [width, height]] of Object.entries({ ...sizes, narrow: [320, 640] })) {
        await page.setViewportSize({ width, height });
        await fits(page);
        assert.deepEqual(await cut(page), [], name);
        await screenshot(page, `compare-${lang}-${theme}-${name}`);
        if (name !== "laptop") await accessible(page);
      }
    }));
  }
}
