// The service worker: a form that was opened once opens without a network too, and what waits is sent after the tab
// was closed, where the browser knows how (Background Sync).
//
// It keeps empty forms and the script, nothing else: replies to answers, receipts and results pass by. SCRIPT is the
// address of the script that goes with this worker; a new script makes a new worker with a cache of its own.

const CACHE = `tera ${SCRIPT}`;
const PATIENCE_MS = 3_000;
const FORM = /^\/s\/[\w-]+(\/[\w-]+)?\/?$/, SCRIPTS = /\/s\/isi\.[0-9a-f]+\.js/;
const MINUTE_MS = 60_000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(prepare());
});

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await self.clients.claim();
  await keepAll(await openForms());  // one may have been opened meanwhile
  const isOld = (name) => name.startsWith("tera /s/") && name !== CACHE;  // other pages of the portal have caches too
  for (const name of (await caches.keys()).filter(isOld)) await caches.delete(name);
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url), { origin, pathname } = url;
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && FORM.test(pathname)) event.respondWith(open(event, url));
  else if (SCRIPTS.test(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});

self.addEventListener("sync", (event) => event.waitUntil(flush().then(({ left }) => {
  if (left) throw new Error("some still wait");  // the browser asks again
})));

// The page that registered a new worker was not fetched by it, so it is fetched once more; usually that is a 304.
async function prepare() {
  await (await caches.open(CACHE)).add(SCRIPT);
  const known = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  const paths = known.flat().map(({ url }) => new URL(url).pathname).filter((path) => FORM.test(path));
  await keepAll([...paths, ...await openForms()]);
}

async function openForms() {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return open.map(({ url }) => new URL(url).pathname).filter((path) => FORM.test(path));
}

const keepAll = (paths) => Promise.allSettled([...new Set(paths)].map(async (path) =>
  keep(path, await fetch(path, { cache: "no-cache" }))));

// Keep a form with the script that it names, and forget one that is gone.
async function keep(path, reply) {
  const cache = await caches.open(CACHE), isShared = /no-store/.test(reply.headers.get("cache-control"));
  await compareClocks(reply.headers.get("date"));
  if (reply.status === 404 || reply.status === 410) await cache.delete(path);
  if (reply.status !== 200 || reply.redirected || isShared) return;
  const [script] = (await reply.clone().text()).match(SCRIPTS) ?? [];
  if (script && !await cache.match(script)) await cache.add(script);
  await cache.put(path, reply);
}

// The network first, for a while; then what is kept, also where a server in between only says that it is in trouble.
// What a link says behind the ? is for this visit: the form is kept without it.
async function open(event, { pathname: path, search }) {
  const asked = fetch(event.request).then((reply) => {
    event.waitUntil(search ? keepAll([path]) : keep(path, reply.clone()).catch(() => {}));
    const [, , code, language] = path.split("/");
    if (language) event.waitUntil(keepAll([`/s/${code}`]));  // which is in the language that was chosen now
    return reply;
  });
  const kept = await caches.match(path);
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([asked.then((reply) => (reply.status < 500 ? reply : kept), () => kept), late]);
}

async function compareClocks(date) {
  const wrongBy = Date.parse(date) - Date.now();
  if (Number.isNaN(wrongBy)) return;
  await idbKeyval.set(CLOCK, { wrongBy: Math.abs(wrongBy) < MINUTE_MS ? 0 : wrongBy }, store).catch(() => {});
}
