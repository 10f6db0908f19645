// How soon the page is ready on a slow line, beside a page of the same library
// with nothing on it, and on a host that compresses nothing; then what
// Lighthouse says. Medians of three first visits, in milliseconds.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const here = import.meta.dirname;
const { SITE = "../../.out/site", BARE = "../../.out/bare", BASE = "", CHROMIUM = "/usr/bin/chromium" } = process.env;

// 1.6 Mbit/s, 150 ms, a processor four times slower.
const slow = { line: { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 }, cpu: 4 };
const fast = { line: null, cpu: 1 };

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });

// Resolves to when the page could be read and when it was ready, after the
// start of a first visit.
async function visit(address, { line, cpu }) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    if (line) await devtools.send("Network.emulateNetworkConditions", line);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("playground:ready").length > 0, null, { timeout: 180_000, polling: 100 });
    return await page.evaluate(() => ({
      read: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      ready: performance.getEntriesByName("playground:ready")[0].startTime,
    }));
  } finally {
    await context.close();
  }
}

async function measure(name, address, way) {
  const times = [];
  for (let i = 0; i < 3; i++) times.push(await visit(address, way));
  const ready = median(times.map((t) => t.ready));
  console.log(`${name}: ready after ${Math.round(ready)} ms, read after ${Math.round(median(times.map((t) => t.read ?? NaN)))} ms`);
  return ready;
}

const site = new Server(join(here, SITE), BASE.replace(/\/$/, ""));
const bare = new Server(join(here, BARE), "");
const plain = new Server(join(here, SITE), BASE.replace(/\/$/, ""));
plain.compresses = false;
const untwinned = new Server(join(here, SITE), BASE.replace(/\/$/, ""));
untwinned.compresses = false;
untwinned.twins = false;
const servers = [site, bare, plain, untwinned];
for (const server of servers) await server.start();
try {
  const ours = await measure("on a slow line", `${site.url}en/`, slow);
  const theirs = await measure("a bare go-app page there", bare.url, slow);
  console.log(`${(ours / theirs).toFixed(2)} times as long, of at most 1.9`);
  await measure("on a slow line, from a host that compresses nothing", `${plain.url}en/`, slow);
  await measure("on a fast line, from a host that compresses", `${site.url}en/`, fast);
  await measure("on a fast line, from one that compresses nothing, by the .gz twin", `${plain.url}en/`, fast);
  await measure("the same without a twin", `${untwinned.url}en/`, fast);
  await browser.close();

  const dir = await mkdtemp(join(tmpdir(), "lighthouse-"));
  const report = join(dir, "report.json");
  await promisify(execFile)(join(here, "lighthouse/node_modules/.bin/lighthouse"), [`${site.url}en/`, "--quiet", "--output=json", `--output-path=${report}`,
    "--only-categories=performance,accessibility,best-practices,seo", `--chrome-flags=${flags.join(" ")}`],
  { env: { ...process.env, CHROME_PATH: CHROMIUM } });
  const { categories, audits } = JSON.parse(await readFile(report, "utf8"));
  await rm(dir, { recursive: true });
  console.log(`Lighthouse: ${Object.values(categories).map((c) => `${c.title} ${Math.round(c.score * 100)}`).join(", ")}`);
  for (const category of Object.values(categories).filter((c) => c.id !== "performance")) {
    for (const { id, weight } of category.auditRefs) {
      if (weight > 0 && audits[id].score !== null && audits[id].score < 1) console.log(`  ${category.id}: ${id}: ${audits[id].title}`);
    }
  }
} finally {
  for (const server of servers) await server.stop();
}
