// The service worker: after the first visit the site works without a network.
// The build puts BUILD (a digest of all files) and FILES (relative to this file,
// with ?v=BUILD where a page asks for them so) before these lines, so a new
// build is a new worker, with a cache of its own.
"use strict";

const ours = `playground ${registration.scope} `; // other sites may share the origin
const name = ours + BUILD;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  event.respondWith(mode === "navigate" ? page(event.request) : file(event.request));
});

// What has the build in its address may come from the browser's own cache.
async function install() {
  const cache = await caches.open(name);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: path.includes("?v=") ? "default" : "reload" })));
  await skipWaiting();
}

async function activate() {
  for (const key of await caches.keys()) {
    if (key.startsWith(ours) && key !== name) await caches.delete(key);
  }
  await clients.claim();
}

// A page is asked of the network first, so that a new build shows at once; it
// names its files with their build, so a page and its files belong together.
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
  return await caches.match(request, { cacheName: name }) ?? fetch(request);
}
