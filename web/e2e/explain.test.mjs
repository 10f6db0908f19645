// What explains itself: words of the conversation, rules, states; the keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, fits, press, sizes, tabTo, texts, use, visit } from "./harness.mjs";

use();

const en = await texts("en");
const frame = (at) => `[data-frame="${at - 1}"]`;
const shown = (page) => page.$$eval(".gloss-note", (all) => all.filter((e) => e.checkVisibility()).map((e) => e.innerText.trim()));
const word = (page, at, text) => page.locator(`${frame(at)} .gloss`, { hasText: new RegExp(`^${text}\\s?$`) }).first();

// Waits until just these sentences are shown; none: nothing is.
async function explains(page, ...ids) {
  const want = ids.map((id) => en[id]).join("\n");
  await page.waitForFunction((w) => [...document.querySelectorAll(".gloss-note")].filter((e) => e.checkVisibility())
    .map((e) => e.innerText.trim().replace(/\n+/g, "\n")).join("|") === w, want)
    .catch(async () => assert.fail(`shows ${JSON.stringify(await shown(page))}, want ${JSON.stringify(want)}`));
}

const code = (n, end = "last") => [`gloss.code.${n}`, `gloss.class.${String(n)[0]}`, `gloss.${end}`];

test("a word explains itself when it is pointed at, and goes with Escape or the pointer", () => visit("en/#cram-md5@10", {}, async (page) => {
  await explains(page);
  await word(page, 10, "334").hover();
  await explains(page, ...code(334));
  await page.hover(`${frame(10)} .gloss-note`); // it can be pointed at
  await page.waitForTimeout(500);
  await explains(page, ...code(334));
  await press(page, "Escape"); // the pointer stays
  await explains(page);
  await word(page, 8, "250-").hover();
  await explains(page, ...code(250, "more"));
  await word(page, 8, "8BITMIME").hover();
  await explains(page, "gloss.keyword.8BITMIME");
  await word(page, 9, "CRAM-MD5").hover();
  await explains(page, "gloss.mechanism.CRAM-MD5");
  await page.hover("h1");
  await explains(page);
}));

test("by keyboard, in the current entry only, equal words once", () => visit("en/#cram-md5@8", {}, async (page) => {
  await page.focus("#conversation");
  const words = [];
  for (let i = 0; i < 40; i++) {
    await press(page, "Tab");
    const active = await page.evaluate(() => {
      const e = document.activeElement;
      return e.matches(".gloss") ? [e.closest("[data-frame]").dataset.frame, e.textContent] : null;
    });
    if (active) words.push(active);
    else if (words.length) break;
  }
  assert.deepEqual(words.map(([at]) => at), words.map(() => "7"));
  assert.deepEqual(words.map(([, text]) => text), ["250-", "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "SIZE", "250", "AUTH", "PLAIN", "LOGIN", "CRAM-MD5"]);
  await page.focus(`${frame(8)} button.gloss`);
  await explains(page, ...code(250, "more"));
  const described = await page.$eval("button.gloss:focus", (e) => e.ariaDescription);
  assert.equal(described, code(250, "more").map((id) => en[id]).join(" "));
  await press(page, "Escape");
  await explains(page);
  await press(page, "Enter");
  await explains(page, ...code(250, "more"));
  await press(page, "Tab");
  await explains(page, "gloss.keyword.PIPELINING");
  await accessible(page);
  await press(page, "ArrowRight"); // steps on from there
  await page.waitForSelector(`${frame(9)}[aria-current="step"]`);
}));

test("by a tap, without leaving the step", () => visit("en/#wrong-password@13", { size: sizes.phone }, async (page) => {
  await word(page, 13, "5\\.7\\.8").click();
  await explains(page, "gloss.enhanced.5.7.8", "gloss.subject.7");
  await word(page, 9, "AUTH").click();
  await explains(page, "gloss.verb.AUTH");
  assert.equal(await page.textContent("#position"), "13");
  await fits(page);
}));

test("the rule that decided stands among those that were tested", () => visit("en/#unknown-mechanism@10", {}, async (page) => {
  await page.click("#tab-rule");
  const rows = await page.$$eval("#rules > li", (all) => all.map((e) => `${e.querySelector(".rule-id").textContent} ${e.className.replace("rule rule-", "")}`));
  assert.deepEqual(rows, ["AUTH-10 passed", "AUTH-11 passed", "AUTH-05 passed", "AUTH-07 passed", "AUTH-08 passed", "AUTH-33 passed",
    "AUTH-33 passed", "AUTH-06 passed", "AUTH-09 decided"]);
  assert.equal(await page.textContent('#rules > [aria-current="true"] .rule-text'), en["rule.AUTH-09"]);
  assert.equal(await page.getAttribute('#rules > [aria-current="true"] a', "href"), "https://www.rfc-editor.org/rfc/rfc4954#section-4");
  await page.click(".rules-passed summary");
  assert.ok(await page.isVisible(`text=${en["rule.CMD-23"]}`));
}));

test("the machine stands where the session does", () => visit("en/#cram-md5@8", {}, async (page) => {
  await page.click("#tab-states");
  const here = () => page.textContent('#machine > [aria-current="true"] .state-name > :first-child');
  assert.equal(await here(), en["server.phase.ready"]);
  const verbs = (list) => page.$$eval(`#${list} .command-verb`, (all) => all.map((e) => e.textContent).join(" "));
  assert.equal(await verbs("commands"), "EHLO HELO AUTH RSET NOOP VRFY QUIT");
  assert.equal(await verbs("refused"), "STARTTLS MAIL RCPT DATA HELP");
  await page.evaluate(() => document.activeElement.blur());
  await press(page, "ArrowRight", "ArrowRight");
  await page.waitForSelector(`${frame(10)}[aria-current="step"]`);
  assert.equal(await here(), en["server.phase.exchange"]);
  assert.equal(await page.textContent(".move-taken .move-verb"), "AUTH");
  await page.click("#states-client");
  assert.equal(await here(), en["client.phase.auth"]);
  await page.check("#view-server", { force: true });
  await page.waitForSelector("#states-client", { state: "detached" });
  assert.equal(await here(), en["server.phase.exchange"]);
}));

test("? lists the keys and can switch them off, for later visits too", () => visit("en/", {}, async (page) => {
  const kept = () => page.evaluate(() => localStorage.getItem("playground keys"));
  await tabTo(page, "#step");
  await press(page, "?");
  await page.waitForSelector("#help[open]");
  await accessible(page);
  await press(page, "ArrowRight"); // in a dialog nothing steps
  assert.equal(await page.textContent("#position"), "1");
  assert.equal(await kept(), null);
  await press(page, "Escape");
  await page.waitForSelector("#help", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "step", "the focus is where it was");
  await press(page, "ArrowRight");
  await page.waitForSelector(`${frame(2)}[aria-current="step"]`);
  await press(page, "?");
  await page.uncheck("#help-keys");
  await page.click("#help-close");
  await page.waitForSelector("#help", { state: "detached" });
  for (let visits = 0; visits < 2; visits++) {
    await press(page, "End", "ArrowLeft", "r", "?");
    await page.waitForTimeout(300);
    assert.equal(await page.locator("#help").count(), 0);
    assert.equal(await page.textContent("#position"), visits ? "1" : "2");
    assert.equal(await kept(), "off");
    if (!visits) {
      await page.reload();
      await page.waitForSelector("[data-ready]", { state: "attached" });
    }
  }
  await page.click("#open-help");
  await page.check("#help-keys");
  await press(page, "Escape");
  await page.waitForSelector("#help", { state: "detached" });
  await page.evaluate(() => document.activeElement.blur());
  await press(page, "ArrowRight");
  await page.waitForSelector(`${frame(2)}[aria-current="step"]`);
  assert.equal(await kept(), null);
}));

test("the session runs at the pace that is chosen, and only when it is asked to", () => visit("en/", {
  prepare: (page) => page.emulateMedia({ reducedMotion: "reduce" }),
}, async (page) => {
  await page.waitForTimeout(1500);
  assert.equal(await page.textContent("#position"), "1");
  await page.selectOption("#pace", "fast");
  const start = Date.now();
  await page.click("#run");
  await page.waitForFunction(() => Number(document.querySelector("#position").textContent) >= 4);
  assert.ok(Date.now() - start < 3300, `three steps took ${Date.now() - start} ms`);
  await page.click("#run");
}));

test("the chooser finds by reply code, mechanism and word", () => visit("en/", {}, async (page) => {
  const ids = () => page.$$eval("[data-scenario]", (all) => all.map((e) => e.dataset.scenario).join(" "));
  await page.click("#scenario");
  for (const [query, want] of [["553", "sender"], ["scram 535", "scram-wrong-password scram-errors scram-plus-middle scram-downgrade"], ["mox", "mox-v0.0.11 mox-v0.0.12"], ["relay 550", "anonymous relay"], ["xyzzy", ""]]) {
    await page.fill("#scenario-filter", query);
    await page.waitForFunction((n) => document.querySelectorAll("[data-scenario]").length === n, want.split(" ").filter(Boolean).length);
    assert.equal(await ids(), want);
    await accessible(page);
  }
  assert.equal(await page.textContent("#scenarios-found"), en["ui.scenarios.nothing"]);
  await page.fill("#scenario-filter", "");
  await page.focus("[data-scenario]");
  await press(page, "m", "o", "x", "ArrowDown", "ArrowDown"); // what is typed on a row goes into the filter
  assert.equal(await page.inputValue("#scenario-filter"), "mox");
  await press(page, "Enter");
  await page.waitForFunction((t) => document.querySelector(".chooser-title").textContent === t, en["scenario.mox-v0.0.12.title"]);
}));

test("a handshake can be stepped through record by record", () => visit("en/#cram-md5@6", {}, async (page) => {
  await tabTo(page, "#tab-made");
  await press(page, "ArrowRight");
  await page.waitForSelector("#tab-octets[aria-selected=true]");
  const total = await page.locator("#inspector [data-record]").count();
  assert.ok(total > 5, `${total} records`);
  const seen = [];
  await tabTo(page, "#inspector .record-next");
  for (let n = 1; n <= total; n++) {
    await page.waitForFunction((n) => document.querySelector(`#inspector [data-record="${n - 1}"]`).ariaCurrent === "true", n);
    const [head, what, dump] = await page.$eval("#inspector .record", (e) => [e.querySelector("h4"), e.querySelector(".record-what"), e.querySelector(".dump-offset + pre")].map((e) => e.innerText));
    assert.ok(head.includes(`${n} of ${total}`), head);
    assert.match(dump.slice(0, 8), /^1[4-7] 03 0[13]$/, "a record begins with its type and version");
    seen.push(what);
    await press(page, "Enter");
  }
  assert.equal(await page.getAttribute("#inspector .record-next", "aria-disabled"), "true");
  assert.ok(seen[0].startsWith("client_hello") && seen[1].startsWith("server_hello") && seen.some((s) => s.startsWith("certificate_verify")), seen.join());
  assert.equal(await page.textContent("#position"), "6", "the session stands still");
  await accessible(page);
}));

test("nothing is lost of what is typed quickly into the list of scenarios or a field", () => visit("en/", {}, async (page) => {
  const typed = "channel binding and somebody in the mid ";
  await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await page.click("#scenario");
  await page.waitForFunction(() => document.activeElement.id === "scenario-here");
  await page.keyboard.type(typed);
  await page.waitForFunction((t) => document.querySelector("#scenario-filter").value === t, typed);
  await page.keyboard.press("Escape");
  await page.fill("#slot-password", "");
  await page.focus("#slot-password");
  await page.keyboard.type(` ${typed}`);
  await page.waitForFunction((t) => document.querySelector("#slot-password").value === t, ` ${typed}`);
  await page.click("#open-drawer");
  assert.equal(await page.inputValue("#set-password"), ` ${typed}`, "blanks at the edges are kept");
}));
