// The Worker in the platform's own runtime: the cases that the native test asks,
// and what the platform answers beside it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const here = import.meta.dirname;
const testdata = join(here, "../../web/api/testdata");
let origin, wrangler, state;

before(async () => {
  const port = await new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); });
  });
  state = await mkdtemp(join(tmpdir(), "worker-"));
  wrangler = spawn(join(here, "node_modules/.bin/wrangler"),
    ["dev", "--ip", "127.0.0.1", "--port", String(port), "--persist-to", state, "--show-interactive-dev-session=false"],
    { cwd: here, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [wrangler.stdout, wrangler.stderr]) stream.on("data", (data) => { said += data; });
  origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (await fetch(`${origin}/robots.txt`).then((r) => r.ok, () => false)) return;
    if (tries === 200 || wrangler.exitCode !== null) throw new Error(`wrangler does not serve: ${said}`);
    await new Promise((done) => { setTimeout(done, 300); });
  }
});

after(async () => {
  if (!wrangler) return;
  const ended = new Promise((done) => { wrangler.once("exit", done); });
  process.kill(-wrangler.pid, "SIGTERM"); // and the runtime that it has started
  await ended;
  await rm(state, { recursive: true, force: true, maxRetries: 5 });
});

const secure = (response) => {
  assert.match(response.headers.get("Content-Security-Policy"), /^default-src 'none'; .*; frame-ancestors 'none'$/);
  assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal(response.headers.get("X-Frame-Options"), "DENY");
  assert.equal(response.headers.get("Referrer-Policy"), "no-referrer");
  assert.match(response.headers.get("Strict-Transport-Security"), /^max-age=\d+$/);
  assert.ok(response.headers.get("Permissions-Policy"));
};

let code = "";
for (const c of JSON.parse(await readFile(join(testdata, "cases.json"), "utf8"))) {
  test(c.name, async () => {
    let body = (c.text ?? "") + " ".repeat(c.size ?? 0);
    if (c.body) body = await readFile(join(testdata, c.body), "utf8");
    const ask = () => fetch(origin + c.path.replace("{code}", code), {
      method: c.method, headers: c.kind ? { "Content-Type": c.kind } : {}, body: c.method === "POST" ? Buffer.from(body) : undefined,
    });
    let response = await ask();
    for (let i = 1; i < (c.until ?? 0) && response.status !== c.status; i++) response = await ask();
    const said = await response.text();
    assert.equal(response.status, c.status, said);
    assert.equal(response.headers.get("Content-Type"), c.answers);
    for (const [name, value] of Object.entries(c.headers ?? {})) assert.equal(response.headers.get(name), value);
    secure(response);
    for (const has of c.has ?? []) assert.ok(said.includes(has), `no ${has} in ${said}`);
    for (const not of c.hasNot ?? []) assert.ok(!said.includes(not), `${not} is in it`);
    const location = response.headers.get("Location");
    if (location) code = location.split("/").pop();
  });
}

test("the files are served with the same headers, without the program", async () => {
  const page = await fetch(`${origin}/en/`);
  assert.equal(page.status, 200);
  secure(page);
  const embedded = await fetch(`${origin}/en/embed/`);
  assert.match(embedded.headers.get("Content-Security-Policy"), /^default-src 'none'; [^,]*; frame-ancestors \*$/);
  assert.equal(embedded.headers.get("X-Frame-Options"), null);
  assert.equal(embedded.headers.get("X-Content-Type-Options"), "nosniff");
  const [, program] = /data-program="([^"]+)"/.exec(await page.text());
  const wasm = await fetch(`${origin}/${program}`);
  assert.equal(wasm.headers.get("Content-Type"), "application/wasm");
  assert.equal(wasm.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  await wasm.body.cancel();
  const missing = await fetch(`${origin}/nowhere`);
  assert.equal(missing.status, 404);
  assert.ok((await missing.text()).includes("There is no page at this address."));
});
