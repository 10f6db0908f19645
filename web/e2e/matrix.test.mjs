// All servers with all clients: a grid that the arrows walk, or the list of one
// of them; each pair opens its session, which comes to what the cell says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, languages, press, screenshot, settled, sizes, texts, use, visit } from "./harness.mjs";

use();

const cells = 39 * 34;

// Opens the tab and waits until its last row is there.
async function matrix(page) {
  await page.click("#open-acts");
  await page.waitForSelector("#acts[open]");
  await page.click("#tab-matrix");
  await page.waitForFunction((n) => document.querySelectorAll("#crossings .cross").length === n || document.getElementById("matrix-list"), cells);
}

// The cell of a pair, by what it is called.
const cell = (page, server, client) => page.locator(`#crossings .cross[aria-label^="${server} and ${client}: "]`);

// What was said in the session so far, a line each.
const lines = (page) => page.locator(".entry .line").allTextContents();

test("a pair's session comes to what its cell says", () => visit("en/", { size: sizes.wide }, async (page) => {
  const en = await texts("dialects/en");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  for (const [server, client, outcome, mechanism, how, said, unsaid] of [
    ["Postfix with Dovecot SASL", "curl 7.88.1", "sent", "CRAM-MD5", "clear", /^235 2\.7\.0 .*\n[^]*^250 2\.0\.0 Ok: queued/m, /^STARTTLS$/m],
    ["Exim", "Go 1.26 net/smtp", "sent", "PLAIN", "tls", /^AUTH PLAIN [^]*^235 [^]*^354 /m],
    ["mox (before the AUTH LOGIN fix)", "Authelia up to 4.38.16", "given-up", "LOGIN", "tls", /^\*\n501 /m, /^235/m],
    ["Dovecot submission service", "Ruby net-smtp 0.3.1", "refused", "PLAIN", "readable", /^AUTH PLAIN [^]*^523 /m, /^(235|MAIL)/m],
    ["Sendmail", "Perl Net::SMTP 3.14 with Authen::SASL", "unsent", "DIGEST-MD5", "clear", /^235 /m, /^354/m],
    ["Dovecot submission service", "Webmail in a browser", "barred", "", "clear", /^MAIL FROM[^]*^530 /m, /^AUTH/m],
  ]) {
    await matrix(page);
    const it = cell(page, server, client);
    const what = en[mechanism ? "matrix.with" : "matrix.without"].replace("{outcome}", en[`matrix.${outcome}`])
      .replace("{mechanism}", mechanism).replace("{how}", en[`matrix.${how}`]);
    assert.equal(await it.getAttribute("aria-label"), `${server} and ${client}: ${what}`);
    await it.click();
    await page.waitForSelector("#acts", { state: "detached" });
    await settled(page);
    const last = (await lines(page)).at(-1);
    await page.keyboard.press("End");
    await settled(page);
    const all = await lines(page);
    assert.ok(last === all.at(-1) || outcome !== "sent", `the page stands at ${last}`);
    if (outcome === "given-up") assert.equal(last, "*", "the page stands where the client gave up");
    const text = all.join("\n");
    assert.match(text, said, `${server}, ${client}`);
    if (unsaid) assert.doesNotMatch(text, unsaid, `${server}, ${client}`);
    await accessible(page);
  }
  assert.equal(asked.filter((path) => path.includes("/dialects/matrix.")).length, 1, "once is enough");
}));

test("the arrows walk the grid, and Enter opens", () => visit("en/", { size: sizes.wide }, async (page) => {
  await matrix(page);
  const here = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  const stops = () => page.locator("#crossings [tabindex='0']").count();
  const names = await page.evaluate(() => ["cross-server", "cross-client"].map((c) => [...document.querySelectorAll(`.${c}`)].map((h) => h.textContent)));
  const is = async (row, column) => assert.ok((await here()).startsWith(`${names[0].at(row)} and ${names[1].at(column)}: `), `${await here()} at ${row}, ${column}`);
  await page.focus("#matrix-client");
  await press(page, "Tab");
  await is(0, 0);
  await press(page, "ArrowLeft", "ArrowUp");
  await is(0, 0);
  await press(page, "ArrowRight", "ArrowDown", "ArrowDown");
  await is(2, 1);
  assert.equal(await stops(), 1);
  assert.ok((await page.textContent("#matrix-told")).startsWith(await here()));
  await press(page, "End");
  await is(2, -1);
  await press(page, "Control+End");
  await is(-1, -1);
  const seen = await page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === document.activeElement;
  });
  assert.ok(seen, "the cell with the focus is in sight");
  await press(page, "Home", "Control+Home");
  await is(0, 0);
  await page.fill("#matrix-server", "postfix cyrus");
  await page.fill("#matrix-client", "nodemailer");
  await page.waitForFunction(() => document.querySelectorAll("#crossings .cross").length === 1);
  assert.equal(await stops(), 1);
  await page.fill("#matrix-client", "no such client");
  await page.waitForFunction(() => document.querySelectorAll("#crossings .cross").length === 0);
  await page.fill("#matrix-client", "");
  await page.waitForFunction(() => document.querySelectorAll("#crossings .cross").length === 34);
  await page.focus("#matrix-client");
  await press(page, "Tab", "ArrowRight", "Enter");
  await page.waitForSelector("#acts", { state: "detached" });
  await page.locator(".entry .line").filter({ hasText: /^235 / }).first().waitFor();
}));

test("on a phone one program's pairs are a list", () => visit("en/", { size: sizes.phone }, async (page) => {
  const en = await texts("dialects/en");
  await matrix(page);
  assert.equal(await page.locator("#matrix-list .acts-row").count(), 34);
  await page.selectOption("#matrix-choice", "client authelia-4.38.16");
  const rows = page.locator("#matrix-list .acts-row");
  assert.equal(await rows.count(), 39);
  const mox = rows.filter({ hasText: "mox (before the AUTH LOGIN fix)" });
  assert.match(await mox.textContent(), new RegExp(en["matrix.given-up"]));
  await page.setViewportSize({ width: 1440, height: 900 });
  await settled(page);
  assert.equal(await rows.count(), 39, "what was chosen stays");
  await mox.click();
  await page.waitForSelector("#acts", { state: "detached" });
  await page.keyboard.press("End");
  await page.locator(".entry .line").filter({ hasText: /^501 5\.5\.0 authentication aborted/ }).first().waitFor();
}));

for (const lang of languages) {
  test(`the matrix is accessible and fits, ${lang}`, () => visit(`${lang}/`, { size: sizes.wide, theme: lang === "ru" ? "dark" : "light" }, async (page) => {
    await matrix(page);
    for (const [name, [width, height]] of Object.entries({ ...sizes, narrow: [320, 640] })) {
      await page.setViewportSize({ width, height });
      await page.waitForSelector(width < 700 || height <= 480 ? "#matrix-list" : "#crossings");
      await settled(page);
      await fits(page);
      await screenshot(page, `matrix-${lang}-${name}`);
      if (name !== "laptop") await accessible(page, "#acts");
    }
  }));
}
