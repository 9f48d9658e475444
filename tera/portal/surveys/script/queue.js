// The queue of sealed answers, for the page and the service worker alike.
//
// An answer is sealed once: its key and its text never change, so sending it again cannot count twice. It stays here
// until the server has acknowledged or refused it; then what was answered is wiped, and the receipt or the reason
// stays until somebody has seen it.

const WAITING = "waiting", ARRIVED = "arrived", REFUSED = "refused";
const BOX = "queue", CLOCK = "clock", TURN = "tera-send", NEWS = "tera-queue";
const MOST_MS = 20_000;  // for one answer to be sent and acknowledged
const TRY_LATER = [408, 425, 429];

// The library's store, with the disk's own promise: by default some browsers call a record safe before it is.
const plain = idbKeyval.createStore("tera", BOX);
const store = async (mode, work) => plain("readonly", (box) =>
  work(box.transaction.db.transaction(BOX, mode, { durability: "strict" }).objectStore(BOX)));

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

const list = async (state) =>
  (await idbKeyval.values(store)).filter((record) => record && record.state === state);
const seal = (record) => change(record.key, (known) => known ?? { ...record, state: WAITING });
const forget = (key) => idbKeyval.del(key, store).then(() => news?.postMessage(key));

// What an acknowledgement ends is ended: a refusal that comes late, from another tab, changes nothing.
const settle = (key, { state, ...said }) => change(key, (known) => {
  if (!known || known.state === ARRIVED) return known;
  const { body, duration, ...rest } = known;
  return state === ARRIVED ? { ...rest, state, ...said } : { ...known, state, ...said };
});

// How long it took goes beside what was answered: the same answers are the same text in two tabs.
async function post({ url, body: answered, duration }) {
  const body = duration ? `${answered.slice(0, -1)},"duration":"${duration}"}` : answered;
  const given = new AbortController(), timer = setTimeout(() => given.abort(), MOST_MS);
  const headers = { "content-type": "application/json" };
  try {
    const reply = await fetch(url, {
      method: "POST", headers, body, cache: "no-store", credentials: "omit", redirect: "error", keepalive: true,
      signal: given.signal,
    });
    const type = reply.headers.get("content-type") ?? "";
    return { status: reply.status, type, text: await reply.text(), after: reply.headers.get("retry-after") };
  } catch { return { status: 0 }; } finally { clearTimeout(timer); }
}

// Return what became of an answer; nothing where it must be sent again. Only a receipt acknowledges and only a problem
// of our own refuses: what a portal of some Wi-Fi or a proxy says in between is no word of the server.
function verdict({ status, type, text }) {
  let said;
  try { said = JSON.parse(text); } catch { return undefined; }
  const isReceipt = (status === 200 || status === 201) && /^[0-9a-f]{64}$/.test(said?.commitment) && said.receipt;
  if (isReceipt) return { state: ARRIVED, proof: text };
  const isRefused = status >= 400 && status < 500 && !TRY_LATER.includes(status) && type.startsWith("application/problem+json");
  return isRefused ? { state: REFUSED, status, title: String(said?.title), item: String(said?.item ?? "") } : undefined;
}

// Do this while no other tab or worker does; whoever sleeps while it is their turn does not hold up the others.
async function inTurn(deed) {
  if (!navigator.locks) return deed();
  const given = new AbortController(), timer = setTimeout(() => given.abort(), MOST_MS);
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

// Send what waits, in no order, so that one that never gets through holds up no other. Return how many still wait, and
// how many seconds the server asked to be left alone.
const flush = (onSettled) => inTurn(async () => {
  let pause = 0;
  const waiting = await list(WAITING);
  for (let left = waiting.length; left > 0; left--) {
    const [record] = waiting.splice(Math.floor(Math.random() * left), 1);
    const reply = await post(record), end = verdict(reply);
    if (end) await settle(record.key, end).then(onSettled);
    else pause = Math.max(pause, Number(reply.after) || 0);
    if (!reply.status) break;  // no network: the others would fare no better
  }
  return { left: (await list(WAITING)).length, pause };
});

// The day at the front of a key is the server's, where a phone's clock is wrong and the worker could notice.
async function newKey() {
  const clock = await idbKeyval.get(CLOCK, store).catch(() => undefined);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const day = Math.floor((Date.now() + (clock?.wrongBy ?? 0)) / 86_400_000);
  bytes[0] = day >> 8;
  bytes[1] = day;
  return toBase64url(bytes);
}
const toBase64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
