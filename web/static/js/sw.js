// The service worker: after the first visit the site works without a network.
// The build puts BUILD (a digest of all that went into it) and FILES (paths
// relative to this file, with the size of those that have a twin) before these
// lines, so a new build is a new worker, with a cache of its own.
"use strict";

const ours = `playground ${registration.scope} `; // other sites may share the origin
const name = ours + BUILD;

// Tells whether a file never changes: its name holds a digest of it.
const lasting = (path) => /\.[0-9a-f]{12}\.[a-z]+$/.test(path);

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, url, mode, cache } = event.request;
  if (method !== "GET" || cache === "reload" || !url.startsWith(registration.scope)) return;
  event.respondWith(mode === "navigate" ? page(event.request) : file(event.request));
});

async function install() {
  const cache = await caches.open(name);
  await Promise.all(Object.entries(FILES).map(async ([path, size]) => {
    const url = new URL(path, registration.scope);
    const kept = lasting(path) && await caches.match(url);
    const response = kept || await playgroundGet(url, size, { cache: lasting(path) ? "default" : "reload" });
    if (!response.ok) throw new Error(`${response.status}: ${path}`);
    await cache.put(url, response);
  }));
  await skipWaiting(); // pages and files of two builds never mix, see page and file
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
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { cacheName: name, ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const where = lasting(new URL(request.url).pathname) ? {} : { cacheName: name };
  return await caches.match(request, where) ?? fetch(request);
}
