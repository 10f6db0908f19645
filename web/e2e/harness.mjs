// What the browser tests share: the site on a static host, Chromium, and a
// visit that fails when the page complains, breaks its policy or asks another
// host for anything.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

export { tidy } from "./tidy.mjs";

const here = import.meta.dirname;
const { SITE = "../../.out/site", BASE = "", CHROMIUM = "/usr/bin/chromium-headless-shell", SCREENSHOTS } = process.env;

export const languages = ["en", "zh", "ru"];
export const sizes = { wide: [1440, 900], laptop: [1280, 720], zoomed: [853, 480], phone: [390, 844] };

let world;

// Starts host and browser; use does it for a test file.
export async function launch() {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--process-per-site"], // pages of one profile share the program once it is compiled
  });
  const server = new Server(join(here, SITE), BASE.replace(/\/$/, ""));
  await server.start();
  world = { server, browser, close: async () => { await browser.close(); await server.stop(); } };
  return world;
}

// Call it once in a test file: gives it a server and a browser of its own. Where
// alone is set, so is the profile of each page: a page is loaded as at a first
// visit, and its service worker keeps files.
export function use({ alone = false } = {}) {
  before(async () => { Object.assign(await launch(), { alone }); });
  after(() => world?.close());
  return { get server() { return world.server; } };
}

// Opens a page in the profile that those of a file share; one after the other,
// should tests run at the same time.
let opened = Promise.resolve();
const shared = () => opened = opened.catch(() => {}).then(another);

// In that profile nothing is kept by the page before: no storage, and no service
// worker, which would fetch the site again behind each test. Its first page
// compiles the program, and those that it opens run that.
async function another() {
  if (!world.shared) {
    const context = await world.browser.newContext();
    await context.addInitScript(() => {
      if (navigator.serviceWorker) navigator.serviceWorker.register = () => Promise.reject(new Error("none here")); // about:blank has none
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (response, imports) => {
        const module = opener?.compiled;
        if (module) return { module, instance: await WebAssembly.instantiate(module, imports) };
        const made = await instantiateStreaming(response, imports);
        globalThis.compiled = made.module;
        return made;
      };
    });
    const first = await context.newPage();
    await first.goto(new URL("en/", world.server.url).href);
    await untilReady(first);
    world.shared = first;
  }
  const [page] = await Promise.all([world.shared.waitForEvent("popup"), world.shared.evaluate(() => {
    localStorage.clear();
    globalThis.open("about:blank");
  })]);
  return page;
}

// The sentences of a language: (await texts("ru"))["page.title"].
export async function texts(lang) {
  return JSON.parse(await readFile(join(here, "../i18n", `${lang}.json`), "utf8"));
}

// Opens a page. path is below the base: "en/"; options:
//   theme   "light" or "dark", of the system
//   size    [width, height]
//   locales what the browser asks for: ["ru-RU", "en"]
//   script  whether scripts run
//   ready   whether to wait for the program (true)
//   prepare function of the page, called before it goes anywhere
//   host    address of another host than the tests' own
//   alone   whether in a profile of its own, which the three above need (as use says)
// page.complaints collects what must not happen; page.done closes the page.
export async function open(path, options = {}) {
  const { theme = "light", size = sizes.laptop, locales, script = true, ready = true, prepare, host = world.server.url } = options;
  const alone = options.alone ?? (world.alone || !script || locales || host !== world.server.url);
  const page = alone ? await (await world.browser.newContext({ javaScriptEnabled: script, locale: locales?.[0] })).newPage() : await shared();
  page.done = () => (alone ? page.context() : page).close();
  await page.setViewportSize({ width: size[0], height: size[1] });
  await page.emulateMedia({ colorScheme: theme });
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  (alone ? page.context() : page).on("request", (request) => {
    if (new URL(request.url()).host !== new URL(host).host) page.complaints.push(`asked ${request.url()}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  if (locales) {
    await page.addInitScript((l) => Object.defineProperty(navigator, "languages", { get: () => l }), locales);
  }
  for (const act of script ? ["click", "check", "uncheck", "selectOption", "fill"] : []) {
    const done = page[act].bind(page);
    page[act] = async (...of) => { await done(...of); await settled(page); };
  }
  await prepare?.(page);
  await page.goto(new URL(path, host).href);
  if (ready && script) await untilReady(page);
  return page;
}

export const untilReady = (page) => page.waitForSelector("[data-ready]", { state: "attached" });

// Waits until the program has drawn what an action led to. It draws at the next
// of its ticks, 60 a second, and once more where drawing led to something; the
// page's timers run in the order in which they are due, however slow it is.
export async function settled(page) {
  await page.evaluate(async () => {
    for (let tick = 0; tick < 3; tick++) await new Promise((due) => setTimeout(due, 20));
  }).catch((e) => { if (!/context was destroyed|Target.*closed/.test(e.message)) throw e; }); // the page went elsewhere
}

// Opens a page, calls test with it, and fails on complaints, but for those that
// options.expect matches; when it is given, one at least must.
export async function visit(path, options, test) {
  const page = await open(path, options);
  try {
    await test(page);
    const expected = page.complaints.filter((c) => options.expect?.test(c));
    assert.deepEqual(page.complaints.filter((c) => !expected.includes(c)), []);
    if (options.expect) assert.notEqual(expected.length, 0, `no complaint like ${options.expect}`);
  } finally {
    await page.done();
  }
}

// Presses keys one after the other, press(page, "Tab", "Enter"), and waits for
// what came of them.
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
  await settled(page);
}

// Moves the focus with Tab until it is on the element; fails where no key leads.
export async function tabTo(page, selector) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

// Those of them that depend on colours.
export const ofColours = ["color-contrast", "link-in-text-block"];

// Fails on what axe-core finds against WCAG 2.2 AA, on the page or in a part.
export async function accessible(page, part = "html", runOnly = rules) {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(([part, runOnly]) => globalThis.axe.run(part, {
    runOnly, resultTypes: ["violations"],
  }), [part, runOnly]);
  assert.notEqual(passes.length, 0, "axe-core looked at nothing");
  assert.deepEqual(violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target}: ${n.failureSummary}`)), []);
}

// Nothing may be cut off at the side.
export async function fits(page) {
  const { wide, window } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: innerWidth }));
  assert.ok(wide <= window, `the page is ${wide} px wide in a window of ${window}`);
}

// Keeps a picture for a person to look at, where SCREENSHOTS=1 asks for it.
export async function screenshot(page, name, options) {
  if (!SCREENSHOTS) return;
  await mkdir(join(here, "screenshots"), { recursive: true });
  await page.screenshot({ path: join(here, "screenshots", `${name}.png`), ...options });
}
