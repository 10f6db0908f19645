// Hosts that people use, on this machine: nginx with the lines of the playground's README,
// and a file server that knows nothing but files.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const here = import.meta.dirname;
const top = join(here, "../..");
const { SITE = "../../.out/site", BASE = "" } = process.env;
export const prefix = BASE.replace(/\/$/, "");

// Makes a folder that holds the site at its top, and another that holds it
// under the prefix, as a host's root would.
export async function roots() {
  const dir = await mkdtemp(join(tmpdir(), "playground-"));
  const atRoot = join(dir, "root"), underPrefix = join(dir, "prefix");
  await promisify(execFile)(join(top, ".bin/playground"), ["site", "-out", atRoot, "-twins", resolve(here, SITE), "-wasm", join(top, ".bin/app.wasm")]);
  await mkdir(dirname(underPrefix + prefix), { recursive: true });
  await symlink(resolve(here, SITE), underPrefix + prefix);
  return { dir, atRoot, underPrefix, remove: () => rm(dir, { recursive: true }) };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// Starts a program that serves a port, and resolves when it does.
async function serving(port, program, ...args) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => { said += data; });
  const ended = new Promise((done) => { child.once("error", (error) => { said += error; done(); }); child.once("exit", done); });
  for (let tries = 0; ; tries++) {
    const open = await new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () => { socket.destroy(); done(true); });
      socket.once("error", () => done(false));
    });
    if (open) break;
    if (tries === 600 || child.exitCode !== null || child.pid === undefined) throw new Error(`${program} does not serve: ${said}`);
    await new Promise((done) => { setTimeout(done, 100); });
  }
  const origin = `http://127.0.0.1:${port}`;
  await fetch(origin); // one that listens may still be building what it serves
  return { origin, stop: async () => { child.kill(); await ended; } };
}

// The README's lines, with this root, this port and this prefix in place of theirs.
export async function nginx(root, dir, under) {
  const readme = await readFile(join(top, "web/cmd/playground/README.md"), "utf8");
  const port = await freePort();
  const [, lines] = /```nginx\n([^]*?)```/.exec(readme);
  const site = lines.replace("listen 80;", `listen 127.0.0.1:${port};`).replace("/srv/www;", `${root};`).replaceAll("/smtp-auth-playground", under);
  const file = join(dir, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(" ");
  await writeFile(file, `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr;
events {}
http { include /etc/nginx/mime.types; access_log off; ${temporary}
${site} }
`);
  return serving(port, "/usr/sbin/nginx", "-p", dir, "-e", "stderr", "-c", file);
}

export async function plain(root) {
  const port = await freePort();
  return serving(port, "python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", root, String(port));
}

// What make run starts.
export async function local() {
  const port = await freePort();
  return serving(port, join(top, ".bin/playground"), "serve", "-addr", `127.0.0.1:${port}`, "-wasm", join(top, ".bin/app.wasm"));
}
