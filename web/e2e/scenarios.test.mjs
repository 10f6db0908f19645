// Every scenario by keyboard: chosen, stepped to its end, read off the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, press, tabTo, use, visit } from "./harness.mjs";

use();

// The replies that the server gives, in order, and lines that must be read.
const scenarios = {
  "cram-md5": ["220 250 220 250 334 235 250 250 354 250 221",
    "tim b913a602c7eda7a495b4e6e7334d3890", "<1896.697170952@postoffice.reston.mci.net>",
    "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"],
  "plain-initial": ["220 250 220 250 235 250 250 354 250 221", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm", "␀tim␀tanstaaftanstaaf"],
  "plain": ["220 250 220 250 334 235 250 250 354 250 221", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"],
  "plain-25": ["220 250 220 250 235 250 250 354 250 221", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"],
  "plain-implicit": ["220 250 235 250 250 354 250 221", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"],
  "login-clear": ["220 250 334 334 235 250 250 354 250 221", "Username:", "Password:", "dGFuc3RhYWZ0YW5zdGFhZg=="],
  "scram-sha-256": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="],
  "scram-sha-1": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="],
  "scram-plus": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "AUTH SCRAM-SHA-256-PLUS", "p=tls-exporter,,n=user"],
  "scram-plus-end-point": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "p=tls-server-end-point,,n=user"],
  "digest-md5": ["220 250 220 250 334 334 235 250 250 354 250 221", "response=52ff44907f72314481b5c098c708ebf3",
    "rspauth=84106ee5cb85c426e7ef928db0e49bfa"],
  "digest-again": ["220 250 220 250 334 235 250 250 354 250 221", "nc=00000002", "rspauth=1b21a13ea6558d2547c51a5f64f83fbc"],
  "ntlm": ["220 250 220 250 334 334 235 250 250 354 250 221", "AUTH NTLM", "TlRMTVNTUAABAAAABYIIAAAAAAAA"],
  "ntlm-v1": ["220 250 220 250 334 334 235 250 250 354 250 221", "TlRMTVNTUAABAAAABYIAAAAAAAAA"],
  "srp": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "AUTH SRP", "AAAACgADdGltAAAAAAA="],
  "srp-6a": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "AUTH SRP", "AAAACgADdGltAAAAAAA="],
  "gssapi": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "AUTH GSSAPI", "KoZIhvcSAQICAQBu"],
  "oauthbearer": ["220 250 220 250 334 235 250 250 354 250 221", "AUTH OAUTHBEARER", "auth=Bearer "],
  "xoauth2": ["220 250 220 250 334 235 250 250 354 250 221", "AUTH XOAUTH2", "user=tim"],
  "xoauth2-expired": ["220 250 220 250 334 334 535 221", '{"status":"401","schemes":"bearer","scope":"smtp"}'],
  "oauth-audience": ["220 250 220 250 334 334 535 221", '"status":"invalid_token"', "AQ=="],
  "oauth-scope": ["220 250 220 250 334 334 535 221", '"status":"insufficient_scope"', "AQ=="],
  "oauth-foreign": ["220 250 220 250 334 334 535 221", '"status":"invalid_token"', "AQ=="],
  "external": ["220 250 220 250 235 250 250 354 250 221", "AUTH EXTERNAL ="],
  "external-without": ["220 250 220 250 504 221", "AUTH EXTERNAL =", "504 5.5.4"],
  "anonymous": ["220 250 220 250 235 250 550 221", "AUTH ANONYMOUS c2lyaGM=", "sirhc", "550 5.7.1 Relaying denied to anonymous users"],
  "wrong-password": ["220 250 220 250 334 535 221", "535 5.7.8"],
  "unknown-user": ["220 250 220 250 334 535 221", "535 5.7.8"],
  "unknown-mechanism": ["220 250 220 250 504 221", "AUTH FOOBAR", "504 5.5.4"],
  "scram-wrong-password": ["220 250 220 250 334 334 535 221", "535 5.7.8"],
  "scram-errors": ["220 250 220 250 334 334 334 535 221", "e=invalid-proof", "535 5.7.8"],
  "scram-transition": ["220 250 220 250 334 334 432 221", "432 4.7.12 A password transition is needed"],
  "scram-iterations": ["220 250 220 250 334 334 501 221", "i=1000000000", "*"],
  "scram-impostor": ["220 250 334 334", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="],
  "scram-middle": ["220 250 220 250 334 334 334 235 250 250 354 250 221", "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="],
  "scram-plus-middle": ["220 250 220 250 334 334 535 221", "p=tls-exporter,,n=user", "535 5.7.8"],
  "scram-downgrade": ["220 250 220 250 334 535 221", "y,,n=user", "535 5.7.8"],
  "ntlm-wrong-password": ["220 250 220 250 334 334 535 221", "535 5.7.8"],
  "ntlm-v1-refused": ["220 250 220 250 334 334 535 221", "TlRMTVNTUAABAAAABYIAAAAAAAAA", "535 5.7.8"],
  "srp-wrong-password": ["220 250 220 250 334 334 535 221", "535 5.7.8"],
  "gssapi-wrong-password": ["220 250 220 250 334 501 221", "AUTH GSSAPI", "*", "501 5.7.0"],
  "gssapi-wrong-key": ["220 250 220 250 334 535 221", "KoZIhvcSAQICAQBu", "535 5.7.8"],
  "cancelled": ["220 250 220 250 334 501 221", "501 5.7.0"],
  "auth-before-tls": ["220 250 530 221", "530 5.7.0 Must issue a STARTTLS command first"],
  "relay": ["220 250 220 250 250 550 250 334 235 250 250 354 250 221", "550 5.7.1 Relaying denied", "RSET"],
  "sender": ["220 250 220 250 334 235 553 221", "MAIL FROM:<boss@example.org>"],
  "wrong-host": ["220 250 220"],
  "stripped-insist": ["220 250 221"],
  "stripped": ["220 250 503 221", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"],
  "mox-v0.0.11": ["220 250 334 501 221", "*"],
  "mox-v0.0.12": ["220 250 334 334 235 250 250 354 250 221", "Username:", "Password:"],
};

// Chooses a scenario as somebody without a mouse does: from the one that is
// there, or from the first on.
async function choose(page, id) {
  await tabTo(page, "#scenario");
  await press(page, "Enter");
  await page.waitForSelector(`[data-scenario="${id}"]`);
  if (id === Object.keys(scenarios)[0]) await press(page, "End", "Home");
  const focused = () => page.evaluate(() => document.activeElement.dataset.scenario);
  for (let at = await focused(); at !== id; at = await focused()) {
    await page.keyboard.press("ArrowDown"); // the last row leads nowhere, and that takes too long
    await page.waitForFunction((at) => document.activeElement.dataset.scenario !== at, at);
  }
  await press(page, "Enter");
  await page.waitForSelector("#scenarios", { state: "detached" });
  await page.evaluate(() => document.activeElement.blur());
}

const current = async (page) => Number(await page.getAttribute('[data-frame][aria-current="step"]', "data-frame"));

// Presses → until nothing more comes, and returns how many frames there are.
async function stepThrough(page) {
  for (let last = await current(page); ; last++) {
    assert.ok(last < 100, "it ends");
    if (await page.isDisabled("#step")) return last + 1;
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector(`[data-frame="${last + 1}"][aria-current="step"]`);
  }
}

const lines = (page) => page.$$eval("[data-frame] .line, [data-frame] .says-text", (all) => all.map((e) => e.textContent));

// The code that ends each reply: "250 ", not "250-".
const replies = (page) => page.$$eval('[data-side="server"][data-kind="line"]', (all) => all.map((entry) =>
  [...entry.querySelectorAll(".line")].map((l) => l.textContent.match(/^\d{3}(?= |$)/)?.[0]).filter(Boolean).at(-1)).join(" "));

test("by keyboard", (t) => visit("en/", {}, async (page) => {
  for (const [id, [codes, ...read]] of Object.entries(scenarios)) await t.test(id, async () => {
    await choose(page, id);
    const frames = await stepThrough(page);
    assert.equal(await replies(page), codes);
    const shown = await lines(page);
    for (const line of read) assert.ok(shown.some((l) => l.includes(line)), `${JSON.stringify(shown)} lacks ${line}`);
    await press(page, "Home");
    await page.waitForSelector('[data-frame="0"][aria-current="step"]');
    assert.equal(await page.locator("[data-frame]").count(), 1);
    await press(page, "End");
    await page.waitForSelector(`[data-frame="${frames - 1}"][aria-current="step"]`);
    assert.deepEqual(await lines(page), shown);
    await press(page, "ArrowLeft");
    await page.waitForSelector(`[data-frame="${frames - 2}"][aria-current="step"]`);
    assert.equal(await page.locator("[data-frame]").count(), frames - 1);
    await accessible(page);
  });
}));

test("every scenario of the chooser is tried", () => visit("en/", {}, async (page) => {
  await page.click("#scenario");
  const ids = await page.$$eval("[data-scenario]", (all) => all.map((e) => e.dataset.scenario));
  assert.deepEqual(ids, Object.keys(scenarios));
}));

test("a changed password changes the digest, and 235 becomes 535, at the same step", () => visit("en/", {}, async (page) => {
  const digest = "b913a602c7eda7a495b4e6e7334d3890";
  for (let i = 0; i < 10; i++) await press(page, "ArrowRight");
  await page.waitForSelector('[data-frame="10"][aria-current="step"]');
  assert.ok((await lines(page)).some((l) => l.includes(digest)));
  await page.fill("#slot-password", "tanstaaftanstaaF");
  await page.waitForFunction((d) => !document.querySelector('[data-frame="10"]').textContent.includes(d), digest);
  assert.equal(await current(page), 10);
  const changed = (await lines(page)).find((l) => l.startsWith("tim "));
  assert.match(changed, /^tim [0-9a-f]{32}$/);
  await page.evaluate(() => document.activeElement.blur());
  await press(page, "ArrowRight", "ArrowRight");
  await page.waitForSelector('[data-frame="12"][aria-current="step"]');
  assert.match(await page.textContent('[data-frame="12"] .line'), /^535 5\.7\.8/);
  await page.fill("#slot-password", "tanstaaftanstaaf");
  await page.waitForFunction(() => document.querySelector('[data-frame="12"] .line')?.textContent.startsWith("235"));
}));
