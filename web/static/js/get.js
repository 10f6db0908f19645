// Gets a file of the site, for the page and for the service worker: the build
// puts this before boot.js and sw.js.
"use strict";

// Resolves to a response whose body is the file. size is how many octets the
// file has, 0 for one without a twin. A host that announces just as many
// compresses nothing: then the file's .gz twin is asked for and inflated here,
// a quarter of the octets. Where there is no twin, the file goes on as it came.
globalThis.playgroundGet = async (url, size, options) => {
  const stop = new AbortController();
  const response = await fetch(url, { ...options, signal: stop.signal });
  const packed = !response.ok || Number(response.headers.get("Content-Length")) !== size;
  if (!size || packed || typeof DecompressionStream !== "function") return response;
  const twin = await fetch(`${url}.gz`, options).catch(() => null);
  if (!twin?.ok) return response;
  stop.abort();
  // Some hosts know what a .gz is, and the browser has inflated it.
  const body = twin.headers.has("Content-Encoding") ? twin.body : twin.body.pipeThrough(new DecompressionStream("gzip"));
  return new Response(body, { headers: { "Content-Type": response.headers.get("Content-Type") ?? "" } });
};

// Tells whether octets are the file that was built: whether their SHA-256, in
// hexadecimal, begins with a digest. Only a secure page can compute one;
// elsewhere no service worker keeps files either, and the size must do.
globalThis.playgroundFits = async (octets, digest, size = octets.byteLength) => {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return octets.byteLength === size;
  const sum = new Uint8Array(await subtle.digest("SHA-256", octets));
  return Array.from(sum, (octet) => octet.toString(16).padStart(2, "0")).join("").startsWith(digest);
};

// Takes a file out of all that service workers keep.
globalThis.playgroundForget = async (url) => {
  for (const key of await caches.keys()) await (await caches.open(key)).delete(url);
};
