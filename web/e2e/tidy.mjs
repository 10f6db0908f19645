// Whether text can be read: by the rectangles of its letters.
import assert from "node:assert/strict";

// Fails where text is cut off or lies over other text. It may go on behind the
// edge of what can be scrolled, and end in an ellipsis; what is only heard
// (a box of 1 px) is let alone.
export async function tidy(page) {
  assert.deepEqual(await page.evaluate(untidy), []);
}

function untidy() {
  const room = 2; // px that two texts may share, or that may be cut: letters do not fill their rectangles
  const found = new Set();
  const groups = new Map();
  const styles = new Map();
  const style = (e) => styles.get(e) ?? styles.set(e, getComputedStyle(e)).get(e);
  const name = (e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`}${[...e.classList].map((c) => `.${c}`).join("")}`;
  const visible = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const unseen = (e) => style(e).clipPath === "inset(50%)";
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  const holdsFixed = (s) => s.transform !== "none" || s.filter !== "none" || /layout|paint|strict|content/.test(s.contain);

  // The box that an element is laid out in: its parent, or for what is
  // positioned the next one that holds such.
  function around(e) {
    const { position } = style(e);
    let up = e.parentElement;
    if (position !== "absolute" && position !== "fixed") return up;
    while (up && !holdsFixed(style(up)) && (position === "fixed" || style(up).position === "static")) up = up.parentElement;
    return up;
  }

  // The part of a text's rectangle that is not behind an edge; null: nothing.
  // Notes what is cut off on the way.
  function seen(rect, element, text) {
    let { left, top, right, bottom } = rect;
    let fixed = false;
    for (let e = element; e && e !== document.documentElement; e = around(e)) {
      const s = style(e);
      if (unseen(e)) return null;
      fixed ||= s.position === "fixed";
      if (e === document.body || s.display === "inline" || s.display === "contents" || (s.overflowX === "visible" && s.overflowY === "visible")) continue;
      const box = e.getBoundingClientRect();
      const inner = { left: box.left + e.clientLeft, top: box.top + e.clientTop, right: box.left + e.clientLeft + e.clientWidth, bottom: box.top + e.clientTop + e.clientHeight };
      const beside = left < inner.left - room || right > inner.right + room;
      const beyond = top < inner.top - room || bottom > inner.bottom + room;
      if (beside && !scrolls(s.overflowX) && s.textOverflow !== "ellipsis") found.add(`cut off at the side by ${name(e)}: ${text}`);
      if (beyond && !scrolls(s.overflowY)) found.add(`cut off above or below by ${name(e)}: ${text}`);
      [left, top, right, bottom] = [Math.max(left, inner.left), Math.max(top, inner.top), Math.min(right, inner.right), Math.min(bottom, inner.bottom)];
      if (right - left < 1 || bottom - top < 1) return null;
    }
    if (left + scrollX < -room || (fixed && (left < -room || right > innerWidth + room || top < -room || bottom > innerHeight + room))) found.add(`outside the window: ${text}`);
    return { left, top, right, bottom };
  }

  // What moves as one: texts over another are meant where one is positioned.
  function group(element) {
    for (let e = element; e; e = e.parentElement) {
      const s = style(e);
      if (["fixed", "sticky", "absolute"].includes(s.position) || (s.display !== "inline" && (scrolls(s.overflowX) || scrolls(s.overflowY)))) return e;
    }
    return document.documentElement;
  }

  const range = document.createRange();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement, text = node.textContent.trim();
    if (!text || element.closest("script, style, select, textarea") || !visible(element)) continue;
    range.selectNodeContents(node);
    const size = parseFloat(style(element).fontSize);
    const into = group(element);
    if (!groups.has(into)) groups.set(into, []);
    for (const rect of range.getClientRects()) {
      // As high as its letters are, whatever the font says of itself.
      const spare = Math.max(0, rect.height - size) / 2;
      const letters = { left: rect.left, right: rect.right, top: rect.top + spare, bottom: rect.bottom - spare };
      if (rect.width < 1 || rect.height < 1) continue;
      const part = seen(letters, element, `${JSON.stringify(text.slice(0, 40))} in ${name(element)}`);
      if (part) groups.get(into).push({ ...part, node, text: JSON.stringify(text.slice(0, 40)), element });
    }
  }

  for (const all of groups.values()) {
    all.sort((a, b) => a.top - b.top);
    all.forEach((a, i) => {
      for (let k = i + 1; k < all.length && all[k].top < a.bottom - room; k++) {
        const b = all[k];
        if (a.node === b.node || Math.min(a.right, b.right) - Math.max(a.left, b.left) <= room || Math.min(a.bottom, b.bottom) - b.top <= room) continue;
        found.add(`${a.text} in ${name(a.element)} lies over ${b.text} in ${name(b.element)}`);
      }
    });
  }

  // What is chosen or asked for in a field is drawn by the browser.
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("select, input[placeholder]")) {
    const text = field.tagName === "SELECT" ? field.selectedOptions[0]?.text : field.value ? "" : field.placeholder;
    if (!text || !visible(field)) continue;
    const s = style(field);
    pen.font = s.font;
    const free = field.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight);
    if (pen.measureText(text).width > free + room) found.add(`cut off by its field: ${JSON.stringify(text)} in ${name(field)}`);
  }
  return [...found];
}
