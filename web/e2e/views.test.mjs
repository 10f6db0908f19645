// From where one looks: both sides, one side, or the wire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { press, sizes, tabTo, texts, use, visit } from "./harness.mjs";

use();

const en = await texts("en");
const password = "tanstaaftanstaaf";
const digest = "b913a602c7eda7a495b4e6e7334d3890";

const look = (page, from) => page.check(`#view-${from}`, { force: true });
const steps = async (page) => Number(await page.textContent("#total"));
const at = async (page) => Number(await page.textContent("#position"));

// Goes to a step, counted from 1.
async function go(page, step) {
  if (step === await steps(page)) await press(page, "End");
  for (let now = await at(page); now !== step; now = await at(page)) {
    await press(page, now < step ? "ArrowRight" : "ArrowLeft");
    await page.waitForFunction((n) => document.querySelector("#position").textContent !== String(n), now);
  }
}

// Leaves the field or the radio button, whose own the arrows are.
const blur = (page) => page.evaluate(() => document.activeElement.blur());

// Steps back from the last step to the first, within the page, and returns what
// of some secrets it holds at any step: in elements, attributes or fields.
const held = (page, secrets) => page.evaluate(async (secrets) => {
  const position = () => document.querySelector("#position").textContent;
  const found = [];
  for (;;) {
    const fields = [...document.querySelectorAll("input, select, textarea")].map((f) => f.value);
    const all = document.documentElement.outerHTML + fields.join("\n");
    const now = position();
    found.push(...secrets.filter((s) => all.includes(s)).map((s) => `step ${now}: ${s}`));
    if (document.querySelector("[aria-current=step].entry").dataset.frame !== String(now - 1)) found.push(`step ${now} is not the current one`);
    if (now === "1") return found;
    dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    while (position() === now) await new Promise((done) => setTimeout(done));
  }
}, secrets);

// What was sent in base64, what it spells and what was compared, as the view of
// both sides shows them at the end.
async function secrets(page) {
  await go(page, await steps(page));
  const found = await page.$$eval(".side-client .run-base64, .side-client .says-text, .pair-value", (all) => all.map((e) => e.textContent));
  const made = found.filter((text) => !/^[a-z.]+$/.test(text)); // for whom a token is, and for what, is no secret
  return [...new Set([password, btoa(password), digest, ...made])].filter((text) => text.length > 3);
}

async function choose(page, scenario) {
  await page.click("#scenario");
  await page.click(`[data-scenario="${scenario}"]`);
  await page.waitForFunction((title) => document.querySelector(".chooser-title").textContent === title &&
    document.querySelector("#position").textContent === "1", en[`scenario.${scenario}.title`]);
}

// Scenarios that are protected by TLS wherever anything secret is sent.
const sealed = ["cram-md5", "plain-initial", "plain", "plain-25", "plain-implicit",
  "scram-sha-256", "scram-sha-1", "scram-plus", "scram-plus-end-point", "digest-md5", "digest-again", "ntlm", "ntlm-v1", "srp", "srp-6a", "gssapi",
  "oauthbearer", "xoauth2", "xoauth2-expired", "oauth-audience", "oauth-scope", "oauth-foreign",
  "wrong-password", "unknown-user", "scram-wrong-password", "scram-errors", "scram-transition", "scram-iterations", "scram-plus-middle",
  "scram-downgrade", "ntlm-wrong-password", "ntlm-v1-refused", "srp-wrong-password",
  "gssapi-wrong-key", "cancelled", "relay", "sender"];

test("under TLS an eavesdropper’s page holds no secret, at no step of any scenario", (t) => visit("en/", {}, async (page) => {
  for (const scenario of sealed) {
    await t.test(scenario, async () => {
      await choose(page, scenario);
      await blur(page);
      const secret = await secrets(page);
      assert.notEqual((await held(page, secret)).length, 0, "nobody sees a secret: the test tests nothing");
      await look(page, "listener");
      await page.waitForSelector("#slot-password", { state: "detached" });
      await blur(page);
      await go(page, await steps(page));
      assert.deepEqual(await held(page, secret), []);
      await look(page, "both");
    });
  }
}));

test("login-clear: the password is struck, and said to be exposed", () => visit("en/", {}, async (page) => {
  await choose(page, "login-clear");
  await look(page, "listener");
  await blur(page);
  assert.equal(await page.locator("#concealed").count(), 1, "not heard yet");
  await go(page, 8);
  assert.equal(await page.textContent("mark.struck"), password);
  assert.equal(await page.textContent("mark.struck + .struck-word"), en["ui.tap.exposed"]);
  assert.equal(await page.textContent("#tap-has"), en["ui.tap.has.password"]);
  assert.equal(await page.textContent("#tap-lacks"), en["ui.tap.lacks.nothing"]);
  assert.equal(await page.inputValue("#slot-password"), password);
  await go(page, 7);
  assert.equal(await page.locator("mark.struck").count(), 0);
  assert.deepEqual(await held(page, [password]), []);
}));

test("one button shows the same log-in without TLS, and goes back", () => visit("en/", {}, async (page) => {
  await go(page, 11);
  await look(page, "listener");
  const under = await page.innerText("#entry-10");
  assert.match(under, /application_data/);
  await page.click("#swap");
  await page.getByText(en["ui.tap.back"], { exact: true }).waitFor();
  const current = page.locator("[aria-current=step].tap");
  assert.match(await current.innerText(), new RegExp(`tim ${digest}`));
  assert.equal(await page.locator(".tap-bar").count(), 0);
  assert.equal(await page.locator("mark.struck-proof").textContent(), digest);
  assert.equal(await page.textContent("#tap-lacks"), en["ui.tap.lacks.password"]);
  assert.equal(await page.inputValue("#slot-protection"), "none");
  await page.click("#swap");
  await page.getByText(en["ui.tap.clear"], { exact: true }).waitFor();
  assert.equal(await at(page), 11);
  assert.equal(await page.innerText("#entry-10"), under);
  assert.equal(await page.locator(".chooser-edited").count(), 0);
}));

// The rows of the table: name, then what the four have.
const rows = (page) => page.$$eval("#knows tbody tr", (all) => Object.fromEntries(all.map((tr) => [
  tr.querySelector("th").textContent, [...tr.querySelectorAll("td")].map((td) => td.dataset.holding)])));

test("who knows what: CRAM-MD5 in clear text, the eavesdropper can guess", () => visit("en/", {}, async (page) => {
  await page.selectOption("#slot-protection", "none");
  await page.waitForFunction(() => document.querySelector("#total").textContent !== "24");
  await page.click("#tab-knows");
  await blur(page);
  await go(page, 6);
  const known = await rows(page);
  assert.deepEqual(known[en["label.password"]], ["has", "not", "has", "guess"]);
  assert.deepEqual(known[en["label.digest"]], ["has", "has", "not", "has"]);
  assert.equal(await page.textContent("#verdict p"), en["ui.knows.guess"]);
  const marked = await page.$$eval("#knows .holding-new", (all) => all.map((td) => td.textContent));
  assert.ok(marked.length > 0 && marked.every((text) => text.endsWith(en["ui.knows.new"])), "what is new says so");
}));

test("who knows what: PLAIN under TLS, the eavesdropper has nothing", () => visit("en/", {}, async (page) => {
  await choose(page, "plain");
  await page.click("#tab-knows");
  await blur(page);
  await go(page, await steps(page));
  const known = await rows(page);
  assert.deepEqual(known[en["label.password"]], ["has", "has", "guess", "not"]);
  assert.equal(await page.textContent("#verdict p"), en["ui.knows.sealed"]);
  assert.deepEqual(Object.values(known).filter((cells) => cells[3] !== "not"), []);
}));

for (const [from, own, others] of [["client", "#state-client", "#state-server"], ["server", "#state-server", "#state-client"]]) {
  test(`the ${from}’s view tells an unknown user from a wrong password only at the server’s side`, () => visit("en/", {}, async (page) => {
    for (const scenario of ["wrong-password", "unknown-user"]) {
      await choose(page, scenario);
      await look(page, from);
      await blur(page);
      await go(page, 12);
      const text = await page.innerText("main");
      assert.equal(text.includes(en["reason.wrong-password"]), from === "server" && scenario === "wrong-password");
      assert.equal(text.includes(en["reason.unknown-user"]), from === "server" && scenario === "unknown-user");
      assert.notEqual(await page.textContent(own), "");
      assert.equal(await page.textContent(others), "");
    }
  }));
}

test("the end says what was proved and leads on", () => visit("en/", {}, async (page) => {
  await press(page, "End");
  assert.match(await page.innerText("#ending"), /without sending it[^]*mail\.example\.org/);
  assert.equal(await page.textContent("#ending-heard"), en["ui.got.sizes"]);
  await page.click("#way-letter");
  await page.locator("#entry-11[aria-current=step] mark").first().waitFor();
  await press(page, "End");
  assert.match(await page.innerText("#ending"), /535 proves only/);
  await page.click("#way-right");
  await page.locator("#entry-11[aria-current=step] .outcome-right").waitFor();
  await press(page, "End");
  await page.click("#way-clear");
  await page.getByText(en["ui.got.proof"], { exact: true }).waitFor();
  await page.click("#way-heard");
  await page.locator("#tap-has").waitFor();
  assert.equal(await page.isChecked("#view-listener"), true);
  await page.click("#way-all");
  await page.locator("#state-server").waitFor();
  assert.equal(await page.isChecked("#view-both"), true);
}));

test("views are chosen by keyboard, and the focus stays", () => visit("en/", {}, async (page) => {
  await tabTo(page, "#view-both");
  for (const from of ["client", "server", "listener", "both"]) {
    await press(page, "ArrowRight");
    await page.waitForFunction((id) => document.activeElement.id === id && document.activeElement.checked, `view-${from}`);
    await page.locator("#tap-has").waitFor({ state: from === "listener" ? "attached" : "detached" });
    assert.equal(await at(page), 1, "an arrow steps while the views have the focus");
  }
  await tabTo(page, "#tab-made");
  await press(page, "ArrowRight");
  await page.waitForFunction(() => document.activeElement.id === "tab-octets" && document.activeElement.ariaSelected === "true");
  assert.equal(await at(page), 1, "an arrow steps while the tabs have the focus");
}));
