// A second build of a site: another sentence, so another file of sentences, other
// pages and another service worker, as web/cmd/playground would write them.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bare } from "./server.mjs";

const sha256 = (octets) => createHash("sha256").update(octets).digest("hex");

// Writes it into a folder of its own: { dir, build, sentences, remove }. title is
// the English page's.
export async function secondBuild(site, title) {
  const dir = await mkdtemp(join(tmpdir(), "playground-second-"));
  await cp(site, dir, { recursive: true });
  const files = await readdir(dir, { recursive: true });
  const read = (file) => readFile(join(dir, file), "utf8");
  const write = async (file, text) => {
    for (const twin of [".br", ".gz"]) await rm(join(dir, file + twin), { force: true });
    await writeFile(join(dir, file), text);
  };
  const before = files.find((file) => bare(file) === "web/i18n/en.json");
  const texts = (await read(before)).replace(/("page\.title": ?)"[^"]*"/, `$1"${title}"`);
  const sentences = `web/i18n/en.${sha256(texts).slice(0, 12)}.json`;
  await Promise.all([before, `${before}.br`, `${before}.gz`].map((file) => rm(join(dir, file), { force: true })));
  await write(sentences, texts);

  const worker = await read("sw.js");
  const [, build] = /const BUILD = "(\w+)"/.exec(worker), second = sha256(title).slice(0, 12);
  const [list] = /(?<=const FILES = ).*(?=;\n)/.exec(worker);
  const kept = JSON.parse(list);
  kept[sentences] = [sha256(texts), Buffer.byteLength(texts)];
  delete kept[before];
  for (const page of files.filter((file) => file.endsWith("index.html"))) {
    const text = (await read(page)).replaceAll(before, sentences).replaceAll(build, second);
    await write(page, text);
    const path = page.slice(0, -"index.html".length) || "./";
    if (kept[path]) kept[path][0] = sha256(text);
  }
  await write("sw.js", worker.replace(build, second).replace(list, () => JSON.stringify(kept)));
  return { dir, build: second, sentences, remove: () => rm(dir, { recursive: true }) };
}
