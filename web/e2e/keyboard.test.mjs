// The page by keyboard alone: all of it can be reached and used, and where the
// focus is can be seen (WCAG 2.2: 2.1.1, 2.4.7, 2.4.11).
import assert from "node:assert/strict";
import { test } from "node:test";
import { press, sizes, tabTo, use, visit } from "./harness.mjs";

use();

const all = { ...sizes, narrow: [320, 640] };

// What of the focused element shows that it is, and what is wrong with its
// place: outside the window, cut off by what scrolls around it, or covered.
// Keeps the element for the next call, which says whether its looks have
// changed with the focus. Null: nothing has the focus, or what has had it.
function focused() {
  const looks = (e) => [e, ...(e.labels ?? []), ...(e.type === "radio" ? [e.nextElementSibling] : [])].map((one) => {
    const s = getComputedStyle(one);
    const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && !/, 0\)|transparent/.test(s.outlineColor);
    return { outlined, edge: `${s.borderTopColor} ${s.borderTopWidth} ${s.boxShadow}` };
  });
  const name = (e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`}${[...e.classList].map((c) => `.${c}`).join("")} ${JSON.stringify(e.textContent.trim().slice(0, 20))}`;
  const been = globalThis.been ??= { seen: new Set() };
  const e = document.activeElement;
  const found = [];
  if (been.last?.isConnected && been.last !== e) {
    const now = looks(been.last);
    if (!been.looks.some((l, i) => l.outlined !== now[i]?.outlined || l.edge !== now[i]?.edge)) found.push(`${name(been.last)} looks as it does without the focus`);
  }
  if (e === document.body || been.seen.has(e)) return { end: true, found };
  been.seen.add(e);
  been.last = e;
  been.looks = looks(e);
  if (!been.looks.some((l) => l.outlined)) found.push(`${name(e)} has no outline of 2 px`);
  const rects = [...e.getClientRects()].filter((r) => r.width > 0 && r.height > 0);
  if (!rects.length) found.push(`${name(e)} has no place`);
  const area = e.matches(".panel, textarea"); // they scroll, and may reach behind the edge: enough of it must be there
  const edges = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (const r of rects) {
    const [left, top, right, bottom] = area ? [Math.max(r.left, 0), Math.max(r.top, 0), Math.min(r.right, innerWidth), Math.min(r.bottom, innerHeight)] : [r.left, r.top, r.right, r.bottom];
    if (left < edges.left - 1 || top < edges.top - 1 || right > edges.right + 1 || bottom > edges.bottom + 1 || bottom - top < 8) found.push(`${name(e)} lies outside the window: ${[left, top, right, bottom].map(Math.round)}`);
    if (area) continue;
    for (const [x, y] of [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]]) {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      if (hit && hit !== e && !e.contains(hit) && ![...(e.labels ?? [])].some((l) => l.contains(hit)) && !hit.contains(e)) {
        found.push(`${name(e)} is covered by ${name(hit)}`);
        break;
      }
    }
    for (let around = e.parentElement; around && around !== document.body; around = around.parentElement) {
      const s = getComputedStyle(around);
      if (s.overflowY === "visible" && s.overflowX === "visible") continue;
      const box = around.getBoundingClientRect();
      if (top < box.top - 1 || bottom > box.bottom + 1 || left < box.left - 1 || right > box.right + 1) found.push(`${name(e)} is cut off by ${name(around).split(" ")[0]}`);
      if (s.position === "fixed") break;
    }
  }
  return { end: false, found };
}

// Goes through the whole page with a key and returns what is wrong at its stops.
async function walk(page, key) {
  await page.evaluate(() => { delete globalThis.been; document.activeElement.blur(); });
  const found = [];
  for (let stops = 0; stops < 300; stops++) {
    await press(page, key);
    const here = await page.evaluate(focused);
    found.push(...here.found.map((f) => `${key}: ${f}`));
    if (!here.end) continue;
    assert.ok(stops > 20, `only ${stops} stops`);
    return found;
  }
  assert.fail("Tab leads nowhere");
}

for (const [name, size] of Object.entries(all)) {
  for (const theme of ["laptop", "phone"].includes(name) ? ["light", "dark"] : ["light"]) {
    test(`the focus is seen at every stop, ${theme}, ${name}`, () => visit(`${name === "narrow" ? "ru" : "en"}/#cram-md5@10`, { size, theme }, async (page) => {
      await page.waitForSelector('[aria-current=step][data-frame="9"] .gloss');
      const found = await walk(page, "Tab");
      if (theme === "light") found.push(...await walk(page, "Shift+Tab"));
      await page.click("#open-drawer");
      await page.waitForSelector("#drawer[open]");
      found.push(...await walk(page, "Tab"));
      assert.deepEqual(found, []);
    }));
  }
}

test("the focus that is not seen is found", () => visit("en/#cram-md5@10", {}, async (page) => {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("#restart { outline: 0 !important } #back { position: fixed; top: -99px } .bar-next { position: fixed; inset: 4.5rem 0 0; z-index: 99 }");
    document.adoptedStyleSheets = [sheet];
  });
  const found = (await walk(page, "Tab")).join("\n");
  for (const wrong of [/#restart.* has no outline/, /#restart.* looks as it does/, /#back.* outside the window/, /#step.* is covered by/]) assert.match(found, wrong);
}));

// Presses a key and fails where it leaves no focus, or one that is not seen.
async function key(page, name) {
  await press(page, name);
  await page.evaluate(() => { delete globalThis.been; });
  assert.deepEqual(await page.evaluate(focused), { end: false, found: [] }, `after ${name}`);
}

for (const name of ["laptop", "phone"]) {
  test(`the default scenario by keyboard alone, ${name}`, () => visit("en/", { size: all[name] }, async (page) => {
    const last = Number(await page.textContent("#total"));
    await tabTo(page, "#step");
    for (let at = 2; at <= last; at++) {
      await key(page, at % 3 ? at % 3 === 1 ? "Enter" : "Space" : "ArrowRight");
      await page.waitForFunction((n) => document.querySelector("#position").textContent === String(n), at);
      assert.equal(await page.evaluate(() => document.activeElement.id), "step", `step ${at}: the focus stays`);
    }
    await key(page, "ArrowLeft");
    for (let at = last - 1; at > 11; at--) await key(page, "ArrowLeft");
    await page.waitForSelector('[aria-current=step][data-frame="10"]');

    await tabTo(page, "#tab-made");
    for (const tab of ["octets", "knows", "rule", "states", "made"]) {
      await key(page, "ArrowRight");
      await page.waitForFunction((id) => document.activeElement.id === id && document.activeElement.ariaSelected === "true", `tab-${tab}`);
    }
    await tabTo(page, ".card-head[aria-expanded=false]");
    await key(page, "Enter");
    await page.waitForFunction(() => document.activeElement.ariaExpanded === "true");
    await key(page, "Space");
    await page.waitForFunction(() => document.activeElement.ariaExpanded === "false");

    await tabTo(page, "#open-drawer");
    await key(page, "Enter");
    await page.waitForSelector("#drawer[open]");
    await tabTo(page, "#set-initial");
    await key(page, "Space");
    await page.waitForSelector(".chooser-edited");
    await key(page, "Space");
    await page.waitForSelector(".chooser-edited", { state: "detached" });
    await key(page, "Escape");
    await page.waitForSelector("#drawer", { state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "open-drawer");

    await tabTo(page, "#scenario");
    await key(page, "Enter");
    await page.waitForSelector("#scenario-filter");
    await key(page, "ArrowDown");
    await key(page, "Escape");
    await page.waitForSelector("#scenario-filter", { state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "scenario");

    await tabTo(page, "#view-both");
    for (const from of ["client", "server", "listener"]) {
      await key(page, "ArrowRight");
      await page.waitForSelector(`#view-${from}:checked:focus`);
    }
  }));
}
