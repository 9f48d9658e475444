// The service worker of the page of a visit: once opened, it opens without a network too, and what waits is sent after
// the tab was closed, where the browser knows how (Background Sync).
//
// It keeps pages of visits, the script and the looks that they name, nothing else: no result, no photo, no other page.

const PATIENCE_MS = 3_000;
const PARTS = /(?:src|href)="(\/(?:static\/|tinjauan\/kunjungan\.)[^"]+)"/g;

self.addEventListener("install", () => self.skipWaiting());

// The page that registered this worker was not fetched by it, so it is fetched once more.
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await self.clients.claim();
  const open = await self.clients.matchAll({ type: "window" });
  const paths = open.map(({ url }) => new URL(url).pathname).filter((path) => VISIT.test(path));
  await Promise.allSettled([...new Set(paths)].map(async (path) => keep(path, await fetch(path))));
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && VISIT.test(pathname)) event.respondWith(open(event, pathname, search));
  else if (["script", "style", "image"].includes(request.destination)) event.respondWith(part(request));
});

self.addEventListener("sync", (event) => event.waitUntil(flush().then((left) => {
  if (left) throw new Error("some still wait");  // the browser asks again
})));

// Keep a page with the parts that it names, and forget one that is gone. Only a page of ours says whose it is; those
// of others are forgotten, and all of them when the server sends us to log in.
async function keep(path, reply, mayKeep = true) {
  const cache = await caches.open(CACHE);
  if (reply.type === "opaqueredirect" || reply.redirected) return forgetPages();
  if (reply.status === 403 || reply.status === 404) await cache.delete(path);
  if (reply.status !== 200) return;
  const text = await reply.clone().text(), [, name] = text.match(WHO) ?? [];
  if (!name) return;
  await forgetPages(name);
  if (!mayKeep) return;
  for (const [, address] of text.matchAll(PARTS)) {
    const url = address.replaceAll("&amp;", "&");
    if (!await cache.match(url)) await cache.add(url);
  }
  await cache.put(path, reply);
}

// The network first, for a while; then what is kept, also where a server in between only says that it is in trouble.
// What is behind the ? is told once: the page is kept without it.
async function open(event, path, search) {
  const asked = fetch(event.request).then((reply) => {
    event.waitUntil(keep(path, reply.clone(), !search).catch(() => {}));
    return reply;
  });
  const kept = await caches.match(path, { cacheName: CACHE, ignoreVary: true });
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([asked.then((reply) => (reply.status < 500 ? reply : kept), () => kept), late]);
}

async function part(request) {
  const cache = await caches.open(CACHE), kept = await cache.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  const asked = fetch(request).then(async (reply) => {
    if (reply.ok) await cache.put(request, reply.clone());
    return reply.ok ? reply : kept;
  }, () => kept);
  return Promise.race([asked, late]);
}
