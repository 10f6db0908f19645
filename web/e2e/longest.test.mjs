// The longest values that a set-up may hold, in every field at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { fits, press, screenshot, settled, sizes, use, visit } from "./harness.mjs";

use();

const text = (letter) => letter.repeat(1024); // octets of a name or password
const host = `${["h", "o", "s", "t"].map((letter) => letter.repeat(61)).join(".")}.example`; // 255: RFC 5321 §4.5.3.1.2
const mail = text("f").slice(0, 64); // a local part: RFC 5321 §4.5.3.1.1

const setUp = (mechanism, tls) => ({
  version: 1, seed: text("s"), start: "2026-01-15T09:30:00Z", meeting: text("m"),
  client: {
    name: "client.example.net", host, tls: tls ? "implicit" : "none", auth: "first", mechanisms: [mechanism], clear_mechanisms: [mechanism],
    user: { authcid: text("u"), authzid: text("z"), password: text("p"), token: "t".repeat(8192) },
    mail: { from: `${mail}@${host.slice(-180)}`, to: [`${mail}@${host.slice(-180)}`], text: `${"w".repeat(998)}\r\n` },
    realm: text("r"), dialect: text("d"), prompts: { username: [text("n")], password: [text("q")] },
  },
  server: {
    host, role: tls ? "submissions" : "submission", extensions: ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"], max_size: 10485760,
    mechanisms_before_tls: [mechanism], mechanisms_after_tls: [mechanism], auth_without_tls: "not-offered", require_auth: true,
    local_domains: [text("l")],
    accounts: [{ name: text("u"), password: text("p"), stored: "clear", act_as: [text("z")], senders: [text("e")], realm: text("r") }],
    login: { username: text("n"), password: text("q"), third: text("o") }, challenge: `<${text("c").slice(0, 900)}>`, limits: {},
    realm: text("r"), dialect: text("d"), tokens: { issuer: text("i"), audience: text("a"), scope: text("g") },
  },
  token: { subject: text("j"), audience: text("a"), scope: text("g") },
  tls: { client: "k".repeat(64) },
});

const tallest = 15_000; // px of a phone: lines of 1,024 letters take 30 of its own each

async function neat(page, where) {
  await fits(page).catch((error) => assert.fail(`${where}: ${error.message}`));
  const { tall, wide } = await page.evaluate(() => ({
    tall: document.documentElement.scrollHeight,
    wide: [...document.querySelectorAll("dialog[open]")].filter((d) => d.scrollWidth > d.clientWidth + 1).map((d) => d.id),
  }));
  assert.ok(tall < tallest, `${where}: ${tall} px tall`);
  assert.deepEqual(wide, [], where);
}

for (const size of ["phone", "wide"]) {
  for (const mechanism of size === "phone" ? ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-256", "NTLM"] : ["PLAIN", "SCRAM-SHA-256"]) {
    const tls = ["PLAIN", "LOGIN"].includes(mechanism);
    const link = `en/#1.${deflateRawSync(JSON.stringify(setUp(mechanism, tls))).toString("base64url")}@1`;
    test(`the longest values: ${mechanism}, ${size}`, () => visit(link, { size: sizes[size] }, async (page) => {
      assert.equal(await page.locator("#notice").count(), 0);
      while (await page.getAttribute("#step", "aria-disabled") !== "true") {
        const step = await page.textContent("#position");
        for (const tab of ["How it was made", "Who knows what"]) {
          await page.click(`[role=tab]:text-is("${tab}")`);
          await neat(page, `step ${step}, ${tab}`);
        }
        await page.click("#step");
      }
      assert.ok(Number(await page.textContent("#position")) > 9, "it logs in");
      await neat(page, "the end");
      await screenshot(page, `longest-${mechanism}-${size}`);
      for (const opener of await page.$$(".opener")) {
        if (!await opener.isVisible()) continue;
        await opener.click();
        await settled(page);
        await neat(page, await opener.getAttribute("id"));
        await screenshot(page, `longest-${await opener.getAttribute("id")}-${size}`);
        await press(page, "Escape");
      }
    }));
  }
}
