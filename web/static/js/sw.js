// The service worker: after the first visit the site works without a network.
// The build puts BUILD (a digest of all that went into it) and FILES (by paths
// relative to this file the SHA-256, in hexadecimal, and the size of those that
// have a twin) before these lines, so a new build is a new worker, with a cache
// of its own.
"use strict";

const ours = `playground ${registration.scope} `; // other sites may share the origin
const name = ours + BUILD;

// Tells whether a file never changes: its name holds a digest of it.
const lasting = (path) => /\.[0-9a-f]{12}\.[a-z]+$/.test(path);

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, url, mode, cache } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  if (cache === "reload") event.waitUntil(again(url));
  else event.respondWith(mode === "navigate" ? page(event.request) : file(event));
});

// A build is kept whole or not at all: a host may be in the midst of putting it
// up, or the browser may have no room. Then the worker before stays, if there is
// one, and the browser tries again at the next visit.
async function install() {
  const ends = await Promise.allSettled(Object.keys(FILES).map(keep));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) {
    await caches.delete(name);
    throw failed.reason;
  }
  await skipWaiting(); // pages and files of two builds never mix, see page and file
}

// What hosts call the files; some have no name for a few of them.
const types = {
  css: "text/css", html: "text/html", js: "text/javascript", json: "application/json", png: "image/png",
  svg: "image/svg+xml", wasm: "application/wasm", webmanifest: "application/manifest+json",
};

// Keeps a file, if it is the one that was built: of the build before, from the
// network, or from there past all that lies between.
async function keep(path) {
  const [digest, size] = FILES[path];
  const url = new URL(path, registration.scope).href;
  const type = types[path.split(".").at(-1)] ?? types.html;
  const before = () => lasting(path) && caches.match(url);
  const anew = () => playgroundGet(url, size, { cache: "reload" });
  const network = () => lasting(path) ? playgroundGet(url, size) : anew();
  let reason;
  for (const way of [before, network, anew]) {
    try {
      const response = await way();
      if (!response?.ok) throw new Error(`${response ? response.status : "none"}: ${path}`);
      const octets = await response.arrayBuffer();
      if (!await playgroundFits(octets, digest)) {
        await playgroundForget(url);
        throw new Error(`not what was built: ${path}`);
      }
      return (await caches.open(name)).put(url, new Response(octets, { headers: { "Content-Type": type } }));
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

// The build before keeps its files: it may still run in some tab. Every tab is
// told which build there is now.
async function activate() {
  const others = (await caches.keys()).filter((key) => key.startsWith(ours) && key !== name);
  for (const key of others.slice(0, -1)) await caches.delete(key);
  await clients.claim();
  for (const client of await clients.matchAll()) client.postMessage({ build: BUILD });
}

// A page is asked of the network first, so that a new build shows at once.
async function page(request) {
  const response = await fetch(request).catch((error) => error);
  if (response.status < 500) return response;
  const kept = await caches.match(request, { cacheName: name, ignoreSearch: true });
  if (!kept && response instanceof Error) throw response;
  return kept ?? response;
}

async function file(event) {
  const { url } = event.request;
  const kept = await caches.match(url, lasting(url) ? {} : { cacheName: name });
  if (!kept) event.waitUntil(again(url));
  return kept ?? fetch(event.request);
}

// A file of this build that is not kept was another one when the page looked at
// it, and is kept anew.
async function again(url) {
  const path = url.slice(registration.scope.length);
  if (Object.hasOwn(FILES, path) && !await caches.match(url)) await keep(path).catch(() => {}); // at its next use, then
}
