// A static host, as one would put the site on: no policy of its own (so that
// the page's own is what is tested), .br twins where the browser takes them,
// files kept for ten minutes. A test can make it slow or broken.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const types = {
  ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json",
  ".png": "image/png", ".svg": "image/svg+xml", ".gz": "application/gzip", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
};

// The name of a file without the digest in it.
export const bare = (name) => name.replace(/\.[0-9a-f]{12}(?=\.)/, "");

export class Server {
  // dir: the folder of the site, built to stand under base.
  constructor(dir, base) {
    // compresses: whether it sends twins by itself; twins: whether it has any;
    // readable: whether pages of other origins may read what it has.
    Object.assign(this, { dir, base, port: 0, faults: new Map(), compresses: true, twins: true, readable: false });
  }

  get url() { return `http://127.0.0.1:${this.port}${this.base}/`; }

  // Puts up what a folder has.
  async putUp(dir) {
    this.dir = dir;
    const files = await readdir(dir, { recursive: true });
    this.hashed = new Map(files.map((file) => [bare(file), file]));
  }

  // Starts, or starts again at the same port.
  async start() {
    await this.putUp(this.dir);
    this.http = createServer((request, response) => this.answer(request, response).catch((error) => response.destroy(error)));
    await new Promise((done, failed) => this.http.once("error", failed).listen(this.port, "127.0.0.1", done));
    this.port = this.http.address().port;
  }

  async stop() {
    const stopped = new Promise((done) => this.http.close(done));
    this.http.closeAllConnections();
    await stopped;
  }

  // From now on `fault(response, send)` answers for a file: "app.wasm", whatever
  // digest is in its name; without
  // one the file is whole again. send(body, headers) is what would be done.
  breakFile(file, fault) {
    if (fault) this.faults.set(file, fault);
    else this.faults.delete(file);
  }

  // Has a fault answer for a file, for as long as a test runs.
  async broken(file, fault, test) {
    this.breakFile(file, fault);
    try {
      await test();
    } finally {
      this.breakFile(file);
    }
  }

  async answer(request, response) {
    const { pathname } = new URL(request.url, "http://host");
    const within = pathname.startsWith(this.base + "/");
    let name = within ? normalize(pathname.slice(this.base.length + 1)) : "404.html";
    if (name === "." || name.endsWith("/")) name = join(name, "index.html");
    if (!extname(name)) return response.writeHead(301, { Location: pathname + "/" }).end();
    let status = within ? 200 : 404;
    let body = !this.twins && /\.(gz|br)$/.test(name) ? null : await this.read(name);
    if (!body) [status, name, body] = [404, "404.html", await this.read("404.html")];
    const headers = { "Content-Type": types[extname(name)], "Cache-Control": "max-age=600" };
    if (this.readable) headers["Access-Control-Allow-Origin"] = "*";
    const packed = this.compresses && /\bbr\b/.test(request.headers["accept-encoding"] ?? "") ? await this.read(name + ".br") : null;
    if (packed) Object.assign(headers, { "Content-Encoding": "br", Vary: "Accept-Encoding" });
    const send = (sent = packed ?? body, more = {}) => {
      response.writeHead(status, { ...headers, "Content-Length": sent.length, ...more }).end(sent);
    };
    const fault = this.faults.get(bare(name));
    return fault ? fault(response, send, { headers, body, packed }) : send();
  }

  // The content of a file, "app.wasm" or as it is called in the site.
  async read(name) {
    try {
      return await readFile(join(this.dir, this.hashed.get(name) ?? name));
    } catch {
      return null;
    }
  }
}
