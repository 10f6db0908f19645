// What a host with a program of its own adds: short links, and pages in frames
// with headers that say where. make run has both.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { accessible, open, press, screenshot, texts, untilReady, use, visit } from "./harness.mjs";
import { local } from "./hosts.mjs";

use();

const en = await texts("en");
let host;
before(async () => { host = await local(); });
after(() => host?.stop());

const at = () => ({ host: `${host.origin}/` });
const talk = (page) => page.$$eval("[data-frame] .line", (all) => all.map((e) => e.textContent));

async function short(page) {
  await page.click("#short-make");
  return (await page.waitForSelector("#short-link")).inputValue();
}

test("a short link leads to the same place; a typed password stays in the page", () => visit("ru/#wrong-password@13", at(), async (page) => {
  let posted = "";
  page.on("request", (request) => { if (request.method() === "POST") posted = request.postData(); });
  await page.fill("#slot-user", "anna");
  await page.fill("#slot-password", "nobody else knows");
  await page.waitForSelector(".chooser-edited");
  const before = await talk(page);
  await page.click("#open-share");
  assert.equal(posted, "", "nothing is sent before it is asked for");
  const withheld = await short(page);
  assert.match(withheld, new RegExp(`^${host.origin}/s/[a-z2-9]{12}$`));
  assert.ok(posted.includes("anna") && !posted.includes("nobody else knows"));
  await page.waitForFunction(() => document.activeElement.id === "short-link");
  await accessible(page);
  await screenshot(page, "short");
  await page.check("#share-made-up");
  await page.waitForSelector("#short-make");
  const whole = await short(page);
  assert.notEqual(whole, withheld);
  await visit(whole, { ...at(), ready: false }, async (other) => {
    await untilReady(other);
    assert.equal(new URL(other.url()).pathname, "/ru/");
    assert.equal(await other.textContent("#position"), "13");
    assert.deepEqual(await talk(other), before);
    assert.equal(await other.inputValue("#slot-password"), "nobody else knows");
  });
  await visit(withheld, { ...at(), ready: false }, async (other) => {
    await untilReady(other);
    assert.equal(await other.inputValue("#slot-password"), "stand-in-1");
  });
}));

for (const [status, id] of [[429, "ui.short.often"], [503, "ui.short.failed"], [0, "ui.short.failed"]]) {
  test(`a host that makes no short link, ${status}: the long one stays`, () => visit("en/#relay@7", { ...at(), expect: /429|503|ERR_/ }, async (page) => {
    await page.route("**/api/links?*", (route) => status ? route.fulfill({ status }) : route.abort());
    await page.click("#open-share");
    await page.click("#short-make");
    await page.waitForFunction((t) => document.querySelector("#short-said").textContent === t, en[id]);
    assert.equal(await page.inputValue("#share-link"), `${host.origin}/en/#relay@7`);
    assert.ok(await page.isVisible("#short-make"));
  }));
}

test("a host without one: nothing is offered and nothing is asked", () => visit("en/", {}, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.click("#open-share");
  await page.waitForSelector("#share-link");
  assert.equal(await page.locator(".share-short").count(), 0);
  assert.deepEqual(asked, []);
}));

test("a page in a frame steps; only the embedded one may be there", async () => {
  const course = createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(
    `<!doctype html><title>Course</title><iframe src="${host.origin}/en/${request.url.slice(1)}#plain@4" width="900" height="600" title="SMTP AUTH"></iframe>`));
  await new Promise((done) => course.listen(0, "127.0.0.1", done));
  const outside = `http://127.0.0.1:${course.address().port}/`;
  const page = await open("embed/", { host: outside, ready: false });
  try {
    const frame = page.frameLocator("iframe");
    await frame.locator("html[data-ready]").waitFor({ state: "attached" });
    assert.equal(await frame.locator("#position").textContent(), "4");
    await frame.locator("#step").click();
    await frame.locator("#position", { hasText: "5" }).waitFor();
    assert.equal(await frame.locator("#open-share").count(), 0);
    const [whole] = await Promise.all([page.context().waitForEvent("page"), frame.locator("#whole").click()]);
    await whole.waitForURL(/\/en\/#plain@5$/);
    await untilReady(whole);
    await screenshot(page, "embed");
    await page.goto(outside);
    await page.waitForFunction(() => performance.getEntriesByType("resource").length > 0 || document.readyState === "complete");
    assert.equal(await page.frameLocator("iframe").locator("#step").count(), 0);
    assert.deepEqual(page.complaints.filter((c) => !c.startsWith(`asked ${host.origin}/`) && !/frame/i.test(c)), []);
    assert.ok(page.complaints.some((c) => /frame/i.test(c)), "the browser says that the page may not be framed");
  } finally {
    await page.done();
    await new Promise((done) => { course.close(done); course.closeAllConnections(); });
  }
});

test("the embedded page by itself is accessible", () => visit("zh/embed/", {}, async (page) => {
  await press(page, "ArrowRight");
  await page.waitForFunction(() => document.querySelector("#position").textContent === "2");
  await accessible(page);
}));
