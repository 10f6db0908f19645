// Links that nobody sends in good faith: those that are kept for ever (see
// web/view/testdata/hostile.json, which says what its fields are), and good ones
// that were damaged.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

const kept = join(import.meta.dirname, "../view/testdata");

const percent = (octet) => `%${octet.toString(16).padStart(2, "0")}`;

// A browser takes white space out of an address, and octets that are not UTF-8
// can stand in one only as their numbers.
function written(part) {
  const { of = "", base64, times = 1 } = typeof part === "string" ? { of: part } : part;
  const text = of.replace(/[\t\n\r]/g, (c) => percent(c.charCodeAt()));
  return (text + Array.from(Buffer.from(base64 ?? "", "base64"), percent).join("")).repeat(times);
}

function octets(part) {
  const { of = "", base64, times = 1 } = typeof part === "string" ? { of: part } : part;
  const one = Buffer.concat([Buffer.from(of), Buffer.from(base64 ?? "", "base64")]);
  return Buffer.alloc(one.length * times, one);
}

const forms = {
  fragment: (parts) => parts.map(written).join(""),
  deflate: (parts) => `1.${Buffer.concat(parts.map(octets)).toString("base64url")}@1`,
  "set-up": (parts) => `1.${deflateRawSync(Buffer.concat(parts.map(octets)), { level: 1 }).toString("base64url")}@1`,
};

// [{ name, fragment, says }]: what the page says, "" for nothing.
export async function corpus() {
  const { cases } = JSON.parse(await readFile(join(kept, "hostile.json"), "utf8"));
  return cases.map(({ name, form, says, parts }) => ({ name, fragment: forms[form](parts), says }));
}

const bad = ["%", "%%", "%E0%A4%A", "%2", "%00", "%ff", "%zz", "#", "?", "\ud800", "\u202e", "\u200b", "<b>", "\"", "'", "\\", "@", "@@", ".", "1.", " ", "😀", "/../", ":", "&amp;", "=", "+", "-", "9".repeat(400)];

// n good links, each damaged at a place or two; the same ones each time.
export async function damaged(n) {
  const good = (await readFile(join(import.meta.dirname, "../link/testdata/links.txt"), "utf8")).split("\n").map((line) => line.split(/\s/)[0]).filter((link) => /@\d+$/.test(link));
  let state = 1;
  const any = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0; // that of POSIX's rand
    return (state >>> 8) % below;
  };
  return Array.from({ length: n }, (_, i) => {
    let link = good[any(good.length)];
    for (let times = any(2); times >= 0; times--) {
      const at = any(link.length + 1), end = at + any(4), what = bad[any(bad.length)];
      link = [link.slice(0, at) + what + link.slice(at), link.slice(0, at) + what + link.slice(end), link.slice(0, at) + link.slice(end)][any(3)];
    }
    return { name: `damaged ${i}`, fragment: link };
  });
}
