// Checks a receipt in this browser: docs/protocol.md section 6, checks 14 and 15, and the note of check 1.
// The server only hands out files that convince by themselves; whoever has saved them can check offline.
const utf8 = (text) => new TextEncoder().encode(text);
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const fromBase64 = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const same = (one, other) => hex(one) === hex(other);

class Wrong extends Error {}
const require = (fact, otherwise) => { if (!fact) throw new Wrong(otherwise); };

// A receipt as JSON, or as its QR code writes it: campaign.day.commitment.signature
function readReceipt(text) {
  const compact = text.trim().match(/^([a-z0-9-]{1,64})\.(\d{4}-\d\d-\d\d)\.([\w-]{43})\.([\w-]{86})$/);
  const said = compact
    ? { campaign: compact[1], day: compact[2], commitment: hex(fromBase64(compact[3])), signature: compact[4] }
    : JSON.parse(text);
  require(/^[0-9a-f]{64}$/.test(said.commitment) && /^[\w-]{86}$/.test(said.signature), "form");
  require(/^[\x21-\x7e]{1,64}$/.test(said.campaign) && /^\d{4}-\d\d-\d\d$/.test(said.day), "form");
  return { ...said, commitment: fromHex(said.commitment), signature: fromBase64(said.signature) };
}

// The first 128 bits of the commitment in Crockford base32, in groups of five.
function codeOf(commitment) {
  let number = BigInt(`0x${hex(commitment.slice(0, 16))}`), digits = "";
  for (let place = 0; place < 26; place++, number >>= 5n) {
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number(number & 31n)] + digits;
  }
  return digits.match(/.{1,5}/g).join("-");
}

// A key is written name+id+base64(0x01 ‖ public key), and its id follows from the rest.
async function readKey(text) {
  const [, name, id, key] = text.trim().match(/^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/) ?? [];
  const bytes = key ? fromBase64(key) : new Uint8Array();
  require(bytes.length === 33 && bytes[0] === 1, "key");
  require(hex((await sha256(utf8(`${name}\n`), bytes)).slice(0, 4)) === id, "key");
  return { name, id, bytes: bytes.slice(1) };
}

async function isSigned(key, message, signature) {
  const loaded = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", loaded, signature, message);
}

// RFC 6962: the root to which an inclusion proof leads, hashes from below upwards.
async function rootFrom({ index, size, proof }, leaf) {
  require(Number.isSafeInteger(index) && index >= 0 && index < size, "place");
  if (size === 1) { require(!proof.length, "place"); return leaf; }
  require(proof.length, "place");
  let half = 1;
  while (half * 2 < size) half *= 2;
  const last = fromHex(proof.at(-1)), below = proof.slice(0, -1);
  return index < half
    ? sha256([1], await rootFrom({ index, size: half, proof: below }, leaf), last)
    : sha256([1], last, await rootFrom({ index: index - half, size: size - half, proof: below }, leaf));
}

// An old receipt was signed by an old key: all that ever signed are there, the newest first.
async function checkSignature(receipt, keys) {
  const day = Date.parse(`${receipt.day}T00:00:00Z`) / 86_400_000, code = utf8(receipt.campaign);
  require(Number.isInteger(day) && day >= 0 && day < 65_536, "form");
  require(!receipt.receipt || receipt.receipt === codeOf(receipt.commitment), "code");
  const message = joined(utf8("tera/receipt/v1"), receipt.commitment, [day >> 8, day & 255], [code.length], code);
  const signed = await Promise.all(keys.map((key) => isSigned(key, message, receipt.signature)));
  require(signed.some(Boolean), "signature");
  return codeOf(receipt.commitment);
}

async function checkBlock(receipt, proof) {
  require(proof.format === "tera/proof/v1" && proof.commitment === hex(receipt.commitment), "other");
  const said = JSON.parse(proof.statement);
  require(["sealed", "imported"].includes(said.kind) && said.campaign === receipt.campaign, "campaign");
  require(said.count === proof.block.size, "place");
  const root = await rootFrom(proof.block, await sha256([0], receipt.commitment));
  require(hex(root) === said.root, "root");
  return said;
}

async function checkLog(proof) {
  const [, origin, size, root] = proof.checkpoint.match(/^(.+)\n(\d+)\n(\S+)\n/) ?? [];
  require(Number(size) === proof.log.size, "place");
  require(same(await rootFrom(proof.log, await sha256([0], utf8(proof.statement))), fromBase64(root)), "root");
  return { origin, size };
}

async function checkNote(proof, key) {
  const end = proof.checkpoint.indexOf("\n\n");
  const [text, below] = [proof.checkpoint.slice(0, end + 1), proof.checkpoint.slice(end + 2)];
  require(end > 0 && text.startsWith(`${key.name}\n`), "origin");
  const line = below.split("\n").find((one) => one.startsWith(`— ${key.name} `));
  const signature = line ? fromBase64(line.split(" ")[2]) : new Uint8Array();
  require(hex(signature.slice(0, 4)) === key.id, "signature");
  require(await isSigned(key, utf8(text), signature.slice(4)), "signature");
}

// ---- The page

const page = document.querySelector("[data-verify]");
const field = (name) => page.querySelector(`[name=${name}]`);
const show = (step, state, text) => {
  const row = page.querySelector(`[data-step=${step}]`);
  row.dataset.state = state;
  row.querySelector("[data-found]").textContent = text;
};
const told = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), page.dataset[name] ?? page.dataset.whyform);
const fetched = async (url) => {
  const reply = await fetch(url);
  require(reply.ok, reply.status === 429 ? "often" : "missing");
  return reply.text();
};

// Make one check and show what came of it; return its result, or nothing where it does not hold.
async function attempt(step, check, explain) {
  show(step, "wait", "…");
  try {
    const result = (await check()) ?? {};
    show(step, "yes", explain(result));
    return result;
  } catch (error) {
    const isUnable = error.name === "NotSupportedError" || error.message === "missing" || error.message === "often";
    show(step, isUnable ? "unknown" : "no", told(`why${error instanceof Wrong ? error.message : error.name}`));
    return undefined;
  }
}

async function verify() {
  page.querySelectorAll("[data-step]").forEach((row) => show(row.dataset.step, "", ""));
  page.querySelector("[data-result]").hidden = false;
  let receipt, proof;
  const code = await attempt("signed", async () => {
    try { receipt = readReceipt(field("receipt").value); } catch { throw new Wrong("form"); }
    const lines = (await fetched("/log/receipt-key")).trim().split("\n");
    return { code: await checkSignature(receipt, await Promise.all(lines.map(readKey))) };
  }, ({ code: found }) => told("signed", { code: found, day: receipt.day }));
  const block = receipt && await attempt("sealed", async () => {
    const saved = field("proof").files[0];
    proof = JSON.parse(saved ? await saved.text() : await fetched(`/r/${codeOf(receipt.commitment)}/bukti.json`));
    return checkBlock(receipt, proof);
  }, (said) => told("sealed", { block: said.block, count: said.count }));
  const log = block && await attempt("logged", () => checkLog(proof), ({ size }) => told("logged", { place: proof.log.index + 1, size }));
  const trusted = field("key").value.trim();
  const note = log && await attempt("noted", async () => checkNote(proof, await readKey(trusted || await fetched("/log/key"))),
    () => told(trusted ? "notedtrusted" : "noted", { origin: log.origin }));
  const state = [code, block, log, note].every(Boolean) ? "yes" : "no";
  const summary = page.querySelector("[data-summary]");
  const states = [...page.querySelectorAll("[data-step]")].map((row) => row.dataset.state);
  summary.dataset.state = states.includes("no") ? "no" : state === "yes" ? "yes" : "unknown";
  summary.textContent = told(`all${summary.dataset.state}`);
}

if (page) {
  if (!globalThis.crypto?.subtle) page.querySelector("[data-insecure]").hidden = false;
  page.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); verify(); });
  field("file").addEventListener("change", async () => { field("receipt").value = await field("file").files[0].text(); });
  if (location.hash.length > 1) { field("receipt").value = decodeURIComponent(location.hash.slice(1)); verify(); }
}
