// A value that is pointed at lights up what it comes from and where it goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, press, tabTo, use, visit } from "./harness.mjs";

use();

const digest = "b913a602c7eda7a495b4e6e7334d3890";
const challenge = "<1896.697170952@postoffice.reston.mci.net>";

const lit = (page, class_) => page.$$eval(`.${class_}`, (all) => all.map((e) => e.textContent));
const hmac = ".card[data-op=hmac] .card-head";

test("by pointer: from a card to the conversation, and away again", () => visit("en/#cram-md5@11", {}, async (page) => {
  await page.hover(hmac);
  await page.waitForSelector(".lit-here");
  assert.ok((await lit(page, "lit-from")).includes(challenge), "the challenge in the conversation");
  assert.ok((await lit(page, "lit-to")).some((text) => text.includes("b913a602")), "the card that writes the digest");
  assert.equal(await page.locator("#entry-10 .lit-from").count(), 0);
  const styles = await page.$$eval(".lit-here, .lit-from, .lit-to", (all) => all.map((e) =>
    [...e.classList].find((c) => c.startsWith("lit")) + getComputedStyle(e).outlineStyle + getComputedStyle(e, "::after").content));
  assert.equal(new Set(styles).size, 3, `told apart without colour: ${[...new Set(styles)]}`);
  await accessible(page);
  await page.hover(".header-title");
  assert.equal(await page.locator(".lit-here, .lit-from, .lit-to").count(), 0);
}));

test("by pointer: from the conversation to the cards", () => visit("en/#cram-md5@11", {}, async (page) => {
  await page.hover(`.spoken:has-text("${digest}")`);
  await page.waitForSelector(".card-head.lit-from");
  assert.ok((await lit(page, "lit-from")).some((text) => text.includes("hexadecimal") || text.includes("b913a602")));
  assert.equal(await page.locator(`.spoken.lit-from:has-text("tim")`).count(), 0);
}));

test("by keyboard: the focus lights up, a step puts it out, a link leads back", () => visit("en/#cram-md5@11", {}, async (page) => {
  await tabTo(page, hmac);
  await page.waitForSelector(".spoken.lit-from");
  assert.ok((await lit(page, "lit-from")).includes(challenge));
  await press(page, "Enter"); // opens the card
  await page.waitForSelector(".card-open[data-op=hmac]");
  await tabTo(page, ".card-open .operand-link");
  await page.waitForSelector(".operand.lit-here");
  assert.ok((await lit(page, "lit-from")).includes(challenge), "the operand comes from the challenge");
  await press(page, "ArrowRight");
  await page.waitForSelector("#entry-11[aria-current=step]");
  assert.equal(await page.locator(".lit-here, .lit-from, .lit-to").count(), 0);
  await page.locator(hmac).click();
  await page.locator(".card-open[data-op=hmac] [data-step]").first().click();
  await page.waitForSelector("#entry-9[aria-current=step]");
}));

test("by touch: a tap lights up and stays lit", () => visit("en/#cram-md5@11", {}, async (page) => {
  await page.locator(hmac).dispatchEvent("click");
  await page.waitForSelector(".card-head.lit-here");
  assert.ok((await lit(page, "lit-from")).includes(challenge));
}));
