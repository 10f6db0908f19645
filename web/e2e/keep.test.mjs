// What is kept for later visits is what was built, or nothing; and what is not
// what was built does no harm for longer than the host sends it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { press, texts, untilReady, use, visit } from "./harness.mjs";
import { secondBuild } from "./second.mjs";

const world = use({ alone: true });
const en = await texts("en");

let second; // made once one needs it
after(() => second?.remove());

// Puts up a second build for as long as a test runs.
async function putUp(test) {
  const { server } = world, first = server.dir;
  second ??= await secondBuild(first, "The second build");
  await server.putUp(second.dir);
  try {
    await test();
  } finally {
    await server.putUp(first);
  }
}

const builds = (page) => page.evaluate(async () => (await caches.keys()).map((key) => key.split(" ").at(-1)));

// Waits until a function of the page resolves to something; waitForFunction takes a
// promise for that itself.
async function until(page, test, of) {
  for (let tries = 0; !await page.evaluate(test, of); tries++) {
    assert.ok(tries < 400, `never: ${test}`);
    await page.waitForTimeout(50);
  }
}

const kept = (page, build) => until(page, async (build) => {
  const { active, installing, waiting } = await navigator.serviceWorker.getRegistration() ?? {};
  return active?.state === "activated" && !installing && !waiting && (await caches.keys()).some((key) => key.endsWith(` ${build}`));
}, build);

// Has the browser look for a new worker, and waits for how that ends.
const look = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  const found = new Promise((done) => { registration.onupdatefound = () => done(registration.installing); });
  await registration.update();
  const worker = await found;
  return new Promise((done) => {
    const tell = () => { if (["activated", "redundant"].includes(worker.state)) done(worker.state); };
    worker.onstatechange = tell;
    tell();
  });
});

async function offline(test) {
  await world.server.stop();
  try {
    await test();
  } finally {
    await world.server.start();
  }
}

const anotherBody = { "Content-Encoding": "identity" };
const faults = {
  wrong: (response, send) => send(Buffer.from("<!doctype html><title>Soon</title>"), { ...anotherBody, "Content-Type": "text/html" }),
  cut: (response, send, { body }) => send(body.subarray(0, body.length / 2), anotherBody),
  mistyped: (response, send, { body }) => send(body, { ...anotherBody, "Content-Type": "text/html" }),
};

const isSecond = async (page) => {
  await page.reload();
  await untilReady(page);
  assert.equal(await page.textContent("h1"), "The second build");
};

// The host has the pages and the worker of a new build, and not yet one of its files.
for (const [kind, fault] of Object.entries(faults)) {
  test(`a new build with a file whose body is ${kind}`, () => visit("en/#plain@4", {}, async (page) => {
    const build = await page.evaluate(() => document.documentElement.dataset.build);
    await kept(page, build);
    await putUp(async () => {
      await world.server.broken("web/i18n/en.json", fault, async () => {
        assert.equal(await look(page), kind === "mistyped" ? "activated" : "redundant");
        await press(page, "ArrowRight");
        assert.equal(await page.textContent("#position"), "5", "the open page goes on");
        if (kind === "mistyped") return isSecond(page);
        assert.deepEqual(await builds(page), [build], "no half of a build is kept");
        await page.reload();
        await page.waitForSelector(".load-failure:not(:empty)");
        assert.equal(await page.textContent(".load-failure"), en["load.altered"].replace("{file}", "en.json"));
        assert.equal(await page.getAttribute("html", "data-ready"), null);
      });
      await isSecond(page);
      await kept(page, second.build);
      await offline(() => isSecond(page));
    });
  }));
}

// Of these a visit needs each; a service worker of an earlier build may have kept anything.
for (const file of ["app.wasm", "web/i18n/en.json", "wasm_exec.js", "app.js", "newer.js", "app.css"]) {
  const expect = /\.(js|css)$/.test(file) ? /integrity/ : undefined; // the others are found by ours, without a complaint
  test(`a kept file is another one: ${file}`, () => visit("en/#plain@4", { expect }, async (page) => {
    await kept(page, await page.evaluate(() => document.documentElement.dataset.build));
    const name = world.server.hashed.get(file);
    await page.evaluate(async (name) => {
      const [key] = await caches.keys();
      await (await caches.open(key)).put(new URL(`../${name}`, location.href), new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }));
    }, name);
    await page.reload();
    await untilReady(page);
    assert.equal(await page.textContent("#position"), "4");
    await until(page, async (name) => {
      const response = await caches.match(new URL(`../${name}`, location.href));
      return response && !(await response.text()).startsWith("<!doctype");
    }, name);
    await offline(async () => {
      await page.reload();
      await untilReady(page);
    });
  }));
}

test("a script of an embedded page is another file at first", async () => {
  let asked = 0;
  const once = (response, send) => asked++ ? send() : faults.wrong(response, send);
  await world.server.broken("app.js", once, () => visit("en/embed/#plain@4", { expect: /Unexpected token/ }, async (page) => {
    assert.equal(await page.textContent("#position"), "4");
  }));
});

for (const file of ["programs.js", "dialects/programs.json"]) {
  const prepare = (page) => page.addInitScript(() => { navigator.serviceWorker.register = () => Promise.reject(new Error("none here")); }); // it fetches them too
  test(`what is fetched later is another file at first: ${file}`, () => visit("en/", { prepare, expect: file === "programs.js" ? /MIME/ : undefined }, async (page) => {
    let asked = 0;
    const once = (response, send) => asked++ ? send() : faults.wrong(response, send);
    await world.server.broken(file, once, async () => {
      await page.click("#open-acts");
      await page.waitForFunction(() => document.querySelector("dialog[open]")?.textContent.includes("Postfix"));
    });
    assert.ok(asked > 1);
  }));
}

test("no room to keep anything: the page works, and half a build is not kept", () => visit("en/", { ready: false }, async (page) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: new URL(world.server.url).origin, quotaSize: 500_000 });
  await page.reload();
  await untilReady(page);
  const ended = await page.evaluate(async () => {
    let registration;
    for (; !registration; await new Promise((due) => setTimeout(due, 20))) registration = await navigator.serviceWorker.getRegistration();
    const worker = registration.installing;
    for (; worker && worker.state !== "redundant"; await new Promise((due) => setTimeout(due, 20))) if (worker.state === "activated") return "activated";
    return "redundant";
  });
  assert.equal(ended, "redundant");
  assert.deepEqual(await builds(page), []);
  await press(page, "ArrowRight");
  assert.equal(await page.textContent("#position"), "2");
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: new URL(world.server.url).origin });
  await page.reload();
  await untilReady(page);
  await kept(page, await page.evaluate(() => document.documentElement.dataset.build));
}));

test("two builds at once: the page before goes on with its own files", () => visit("en/", {}, async (page) => {
  const build = await page.evaluate(() => document.documentElement.dataset.build);
  await kept(page, build);
  await putUp(async () => {
    assert.equal(await look(page), "activated");
    assert.deepEqual(await builds(page), [build, second.build]);
    const newer = await page.context().newPage();
    await newer.goto(page.url());
    await isSecond(newer);
    await offline(async () => {
      assert.equal(await page.textContent("h1"), en["page.title"]);
      await page.click("#open-acts"); // fetches what it has not had yet
      await page.waitForFunction(() => document.querySelector("dialog[open]")?.textContent.includes("Postfix"));
      await isSecond(newer);
    });
  });
}));
