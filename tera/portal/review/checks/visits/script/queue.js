// Visits that this phone keeps, for the page and the service worker alike.
//
// A visit has its key from the first letter on. It is a draft until somebody sends it; then neither its key nor what
// it says changes any more, so sending it again cannot count twice. It stays here until the server has said that it
// has it; only then its answers and photos are wiped, and that it arrived is told until somebody has seen it.

const DRAFT = "draft", WAITING = "waiting", ARRIVED = "arrived", REFUSED = "refused";
const NETWORK = "network", LOGIN = "login", OTHER = "other", FORBIDDEN = "forbidden", SERVER = "server", PHOTO = "photo";
const CACHE = "tera visits", VISIT = /^\/tinjauan\/[\w-]+\/kunjungan\/$/, WHO = / data-who="([^"]*)"/;
const TURN = "tera-visits", NEWS = "tera-visits";
const LOOK_MS = 20_000, SEND_MS = 180_000, DAY_MS = 86_400_000;

// The library's stores, with the disk's own promise: by default some browsers call a record safe before it is. Photos
// have one of their own, so that not all of them are written again with each letter.
function strict(name, box) {
  const plain = idbKeyval.createStore(name, box);
  return async (mode, work) => plain("readonly", (any) =>
    work(any.transaction.db.transaction(box, mode, { durability: "strict" }).objectStore(box)));
}
const store = strict("tera-visits", "visits"), shots = strict("tera-visit-photos", "photos");
const news = globalThis.BroadcastChannel && new BroadcastChannel(NEWS);

// Change one record in one transaction, and return what is there afterwards.
async function change(key, next) {
  let after;
  await store("readwrite", (box) => {
    box.get(key).onsuccess = ({ target }) => {
      after = next(target.result);
      if (after && after !== target.result) box.put(after, key);
    };
    return idbKeyval.promisifyRequest(box.transaction);
  });
  news?.postMessage(key);
  return after;
}

const list = async (state) => (await idbKeyval.values(store)).filter((record) => record.state === state);
const forget = (key) => idbKeyval.del(key, store).then(() => news?.postMessage(key));

// What an acknowledgement ends is ended: a refusal that comes late changes nothing.
async function settle({ key, photos }, said) {
  await change(key, (known) => {
    if (!known || known.state === ARRIVED) return known;
    if (said.state !== ARRIVED) return { ...known, ...said };
    const { fields, why, problem, ...rest } = known;
    return { ...rest, ...said, count: photos.length, photos: [] };
  });
  if (said.state === ARRIVED) await idbKeyval.delMany(photos.map(({ id }) => id), shots);
}

// Photos that no visit names any more: the tab ended between the two.
async function forgetStrays() {
  const named = (await idbKeyval.values(store)).flatMap(({ photos }) => photos.map(({ id }) => id));
  const kept = await idbKeyval.entries(shots);
  const strays = kept.filter(([id, { at }]) => !named.includes(id) && at < Date.now() - DAY_MS);
  await idbKeyval.delMany(strays.map(([id]) => id), shots);
}

async function ask(url, patience, options) {
  const given = new AbortController(), timer = setTimeout(() => given.abort(), patience);
  try {
    const reply = await fetch(url, { cache: "no-store", credentials: "same-origin", signal: given.signal, ...options });
    return { status: reply.status, url: reply.url, type: reply.headers.get("content-type") ?? "", text: await reply.text() };
  } catch { return { status: 0 }; } finally { clearTimeout(timer); }
}

// Forget the pages of visits that were kept, but for those of the one who is logged in: nobody fills in another's.
async function forgetPages(name) {
  const cache = await caches.open(CACHE), pages = (await cache.keys()).filter(({ url }) => VISIT.test(new URL(url).pathname));
  await Promise.all(pages.map(async (page) => {
    const [, whose] = (await (await cache.match(page)).text()).match(WHO) ?? [];
    if (!name || whose !== name) await cache.delete(page);
  }));
}

// Who is logged in, and the token without which the server takes nothing: that of the page that was kept may be old.
async function lookIn({ path, who }, patience = LOOK_MS) {
  const { status, url, text } = await ask(path, patience);
  if (!status) return { why: NETWORK };
  if (status === 403) return { why: FORBIDDEN };
  const [, name] = text.match(WHO) ?? [], [, token] = text.match(/name="csrfmiddlewaretoken" value="(\w+)"/) ?? [];
  if (new URL(url).pathname !== path) return { why: LOGIN };
  if (status !== 200 || !name || !token) return { why: SERVER };
  if (name === who) return { token };
  await forgetPages(name).catch(() => {});
  return { why: OTHER };
}

// Send one visit, and return what became of it. Only our own words acknowledge or refuse: what the portal of some
// Wi-Fi says in between is no word of the server.
async function send(record) {
  const { why, token } = await lookIn(record);
  if (why) return { why };
  const body = new FormData();
  for (const [name, value] of Object.entries(record.fields)) body.append(name, value);
  body.append("csrfmiddlewaretoken", token);
  body.append("key", record.key);
  for (const { item, id } of record.photos) {
    const shot = await idbKeyval.get(id, shots);
    if (!shot) return { why: PHOTO };
    const { bytes, type } = shot;
    body.append(`photo-${item}`, new Blob([bytes], { type }), "foto.jpg");
  }
  const headers = { accept: "application/json" };
  const { status, type, text } = await ask(record.path, SEND_MS, { method: "POST", body, headers, redirect: "error" });
  let said;
  try { said = JSON.parse(text); } catch { /* not ours */ }
  if ((status === 200 || status === 201) && said?.key === record.key) return { state: ARRIVED };
  const isOurs = type?.startsWith("application/json") && said?.problem;
  if (status === 400 && isOurs) return { state: REFUSED, problem: String(said.problem), why: "" };
  return { why: status ? SERVER : NETWORK };
}

// What this phone cannot read itself waits for a person, and holds up nothing else.
const sendOrTell = (record) => send(record).catch(() => ({ why: PHOTO }));

// Do this while no other tab or worker does. What makes it safe is the key; this saves traffic only, so whoever sleeps
// while it is their turn does not hold up the others.
async function inTurn(deed) {
  if (!navigator.locks) return deed();
  const given = new AbortController(), timer = setTimeout(() => given.abort(), LOOK_MS);
  let isOurs = false;
  try {
    return await navigator.locks.request(TURN, { signal: given.signal }, () => {
      isOurs = true;
      clearTimeout(timer);
      return deed();
    });
  } catch (error) {
    if (isOurs) throw error;
    return deed();
  }
}

// Send what waits, and return how many still wait for anything but a person.
const flush = (onSettled = () => {}) => inTurn(async () => {
  for (const record of await list(WAITING)) {
    const end = await sendOrTell(record);
    await settle(record, end);
    await onSettled();
    if (end.why === NETWORK) break;  // the others would fare no better
  }
  return (await list(WAITING)).filter(({ why }) => why !== PHOTO).length;
});
