// Checks a receipt in this browser: docs/protocol.md section 6, checks 14 and 15, and the note of check 1.
// The server only hands out files that convince by themselves; whoever has saved them can check offline.

const utf8 = (text) => new TextEncoder().encode(text);
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const fromBase64 = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const fromHash = (text) => Uint8Array.from(text.match(/^[0-9a-f]{64}$/)[0].match(/../g), (pair) => parseInt(pair, 16));

// Why a check ends. Only what this site itself said may speak against it ("no"); what somebody entered may be
// mistyped or foreign ("input"), and whatever could not be had or read says nothing ("unknown").
class Stop { constructor(state, why, link) { Object.assign(this, { state, why, link }); } }
const require = (fact, state, why, link) => { if (!fact) throw new Stop(state, why, link); };

// ---- What people enter

// A receipt as JSON or as its QR code writes it (campaign.day.commitment.signature, after the # of a link), also as
// mail leaves it: no value of a receipt holds a space, so line breaks, quoting and curly quotes can be undone.
function readReceipt(text) {
  const plain = text.replace(/^[>\s]+/gm, "").replace(/[\s\u00ad\u200b-\u200f\u2060\ufeff]/g, "").replace(/[“”„‟]/g, '"');
  const compact = plain.match(/(?:^|#)([a-z0-9-]{1,64})\.(\d{4}-\d\d-\d\d)\.([\w-]{43})\.([\w-]{86})$/);
  const code = plain.replace(/^.*\/r\//, "").toUpperCase().replace(/-/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  require(!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(code), "input", "code", ["lookup", `/r/${code}`]);
  const said = compact
    ? { campaign: compact[1], day: compact[2], commitment: hex(fromBase64(compact[3])), signature: compact[4] }
    : JSON.parse(plain.slice(plain.indexOf("{"), plain.lastIndexOf("}") + 1));
  require(said.format !== "tera/proof/v1", "input", "proofhere");
  const isWhole = typeof said.campaign === "string" && /^[\x21-\x7e]{1,64}$/.test(said.campaign)
    && /^[0-9a-f]{64}$/.test(said.commitment) && /^[\w-]{86}$/.test(said.signature) && /^\d{4}-\d\d-\d\d$/.test(said.day);
  const date = new Date(`${said.day}T00:00:00Z`), day = date / 86_400_000;
  require(isWhole && day >= 0 && day < 65_536 && date.toISOString().startsWith(said.day), "input", "form");
  const commitment = fromHash(said.commitment), own = codeOf(commitment);
  require(said.receipt === undefined || said.receipt === own, "input", "mismatch");
  return { campaign: said.campaign, day, date, commitment, signature: fromBase64(said.signature), code: own };
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
async function readKey(line) {
  const [, name, id, key] = line.match(/^([^\s+]+)\+([0-9a-f]{8})\+([\w+/=-]+)$/);
  const bytes = fromBase64(key);
  const own = hex((await sha256(utf8(`${name}\n`), bytes)).slice(0, 4));
  if (bytes.length !== 33 || bytes[0] !== 1 || own !== id) throw new SyntaxError("this is no key");
  return { name, id, bytes: bytes.slice(1) };
}
const readKeys = (text) => Promise.all(text.split(/\s+/).map(readKey));

function readProof(text) {
  const proof = JSON.parse(text);
  if (proof.format !== "tera/proof/v1") throw new SyntaxError("this is no proof");
  const [, origin, size, root] = proof.checkpoint.match(/^(.+)\n(\d+)\n(\S+)\n/);
  const said = { ...JSON.parse(proof.statement) };
  return { ...proof, said, head: { origin, size: Number(size), root: hex(fromBase64(root)) } };
}

// Read what somebody entered, who hears `why` where that fails, or what this site gave: its nonsense says nothing.
async function read(reader, isEntered, why) {
  try { return await reader(); } catch (error) {
    if (error instanceof Stop) throw error;
    throw isEntered ? new Stop("input", why) : new Stop("unknown", "answer");
  }
}

// ---- The checks

async function isSigned(key, message, signature) {
  try {
    const loaded = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", loaded, signature, message);
  } catch { throw new Stop("unknown", "browser"); }
}

// RFC 6962: the root to which an inclusion proof leads, hashes from below upwards; none where it cannot.
async function rootFrom({ index, size, proof }, leaf) {
  const isPlace = [index, size].every(Number.isSafeInteger) && index >= 0 && index < size;
  if (!isPlace || (size === 1) !== !proof.length) return undefined;
  if (size === 1) return leaf;
  let half = 1;
  while (half * 2 < size) half *= 2;
  const last = fromHash(proof.at(-1)), below = proof.slice(0, -1), isLeft = index < half;
  const inner = isLeft ? { index, size: half } : { index: index - half, size: size - half };
  const root = await rootFrom({ ...inner, proof: below }, leaf);
  return root && (isLeft ? sha256([1], root, last) : sha256([1], last, root));
}
const leads = async (part, size, leaf, root) =>
  part.size === size && hex((await rootFrom(part, await sha256([0], leaf))) ?? []) === root;

// An old receipt was signed by an old key: all that ever signed are in the list, the newest first.
async function isOfOperator({ campaign, day, commitment, signature }, keys) {
  const code = utf8(campaign);
  const message = joined(utf8("tera/receipt/v1"), commitment, [day >> 8, day & 255], [code.length], code);
  return (await Promise.all(keys.map((key) => isSigned(key, message, signature)))).some(Boolean);
}

const isInBlock = async ({ block, said }, commitment) =>
  ["sealed", "imported"].includes(said.kind) && leads(block, said.count, commitment, said.root);
const isInLog = async ({ log, head, statement }) => leads(log, head.size, utf8(statement), head.root);

async function isNote({ checkpoint }, key) {
  const end = checkpoint.indexOf("\n\n"), text = checkpoint.slice(0, end + 1), below = checkpoint.slice(end + 2);
  const line = below.split("\n").find((one) => one.startsWith(`— ${key.name} `));
  if (end < 0 || !text.startsWith(`${key.name}\n`) || !line) return false;
  const signature = fromBase64(line.split(" ")[2]);
  return hex(signature.slice(0, 4)) === key.id && isSigned(key, utf8(text), signature.slice(4));
}

// ---- The four steps. `enter` reads what was entered, before anything is asked; `ask` fetches what is missing.

async function enter({ receipt, proof, key, keys }) {
  return {
    receipt: await read(() => readReceipt(receipt), true, "form"),
    proof: proof && await read(() => readProof(proof), true, "proof"),
    keys: keys && await read(() => readKeys(keys), true, "keys"),
    key: key && await read(() => readKey(key), true, "key"),
  };
}

async function ask(url, reader, signal) {
  let reply, text;
  try { reply = await fetch(url, { signal }); text = await reply.text(); } catch { throw new Stop("unknown", "offline"); }
  require(reply.status !== 429, "unknown", "often");
  require(reply.ok || reply.status === 404, "unknown", "answer");  // 404 says what a proof waits for
  return read(() => reader(text.trim()), false);
}

// `step` shows what came of a check; its result is nothing where that is not "yes".
async function checkAll({ receipt, proof, key, keys }, step, signal) {
  const address = `/r/${receipt.code}/bukti.json`, isSaved = Boolean(proof);
  const holds = async (check, why, isEntered = isSaved, entered = "proof") => {
    const fact = await read(check, isEntered, entered);
    require(fact, isEntered ? "input" : "no", isEntered ? entered : why, isEntered ? undefined : ["keep", address]);
  };

  const signed = await step("signed", async () => {
    const list = keys || await ask("/log/receipt-key", readKeys, signal);
    require(await isOfOperator(receipt, list), keys ? "input" : "no", keys ? "keysigned" : "signature");
    return { code: receipt.code, day: receipt.date };
  }, keys && "trusted");
  // Only a receipt that this site's own keys signed can show that the site is wrong about it.
  const blame = signed && !keys ? "no" : "unknown";

  const block = await step("sealed", async () => {
    proof ||= await ask(address, (text) => {
      const { state } = JSON.parse(text);
      require(state !== "waiting", "unknown", "waiting");
      require(state !== "unknown", blame, blame === "no" ? "gone" : signed ? "strange" : "unsigned");
      return readProof(text);
    }, signal);
    const isOther = proof.commitment !== hex(receipt.commitment) || proof.said.campaign !== receipt.campaign;
    require(!isOther, isSaved ? "input" : blame, isSaved ? "other" : "swapped", isSaved ? undefined : ["keep", address]);
    await holds(() => isInBlock(proof, receipt.commitment), "block");
    return { block: proof.said.block ?? 1, count: proof.said.count };
  });
  const log = block && await step("logged", async () => {
    await holds(() => isInLog(proof), "log");
    return { place: proof.log.index + 1, size: proof.log.size };
  });
  const note = log && await step("noted", async () => {
    const signer = key || await ask("/log/key", readKey, signal);
    await holds(() => isNote(proof, signer), "note", isSaved || key, key ? "keynoted" : "proof");
    return { origin: proof.head.origin };
  }, key && "trusted");
  return signed && note;
}

// ---- The page

const page = document.querySelector("[data-verify]");
const find = (selector) => page.querySelector(selector);
const written = (value) =>
  value.toLocaleString(document.documentElement.lang, value instanceof Date ? { dateStyle: "long", timeZone: "UTC" } : {});
const told = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, written(value)), page.dataset[name]);

function show(name, state, text = "") {
  const row = find(`[data-step=${name}]`);
  row.dataset.state = state;
  row.querySelector("[data-said]").textContent = told(`state${state}`);
  row.querySelector("[data-found]").textContent = text;
}

function conclude(state, text, link) {
  const summary = find("[data-summary]"), anchor = document.createElement("a");
  summary.dataset.state = state;
  summary.replaceChildren(text);
  if (link) summary.append(" ", Object.assign(anchor, { href: link[1], textContent: told(link[0]) }));
  if (text) summary.focus();
}

let current;  // the check that may write on the page; a newer one takes its place
async function verify() {
  current?.abort();
  const running = current = new AbortController(), isCurrent = () => running === current;
  const timer = setTimeout(() => running.abort(), 15_000), ends = [];
  conclude("", "");
  page.querySelectorAll("[data-step]").forEach((row) => show(row.dataset.step, "none"));
  find("[data-steps]").hidden = true;
  find("[data-result]").hidden = false;

  const step = async (name, check, how = "") => {
    if (isCurrent()) show(name, "wait");
    const end = await read(check, false).then((result) => ({ state: "yes", result }), (stop) => stop);
    if (isCurrent()) show(name, end.state, end.result ? told(name + how, end.result) : told(`why${end.why}`));
    ends.push(end);
    if (end.state === "input") throw end;
    return end.result;
  };
  try {
    const chosen = find("#proof").files[0];
    const proof = chosen && await read(() => chosen.text(), true, "proof");
    const [receipt, keys, key] = ["#receipt", "#keys", "#key"].map((field) => find(field).value.trim());
    const entered = await enter({ receipt, proof, keys, key });
    if (isCurrent()) find("[data-steps]").hidden = false;
    const isAll = await checkAll(entered, step, running.signal);
    const wrong = ends.find((end) => end.state === "no"), state = wrong ? "no" : isAll ? "yes" : "unknown";
    if (isCurrent()) conclude(state, told(`all${wrong?.why}`) ?? told(`all${state}`), wrong?.link);
  } catch (error) {
    if (isCurrent()) conclude("input", `${told("allinput")} ${told(`why${error.why}`)}`, error.link);
  }
  clearTimeout(timer);
}

// A receipt may stand behind the #, where no server sees it. (What names a part of the page is none.)
function takeFragment() {
  const fragment = location.hash.slice(1);
  if (!fragment || document.getElementById(fragment)) return;
  try { find("#receipt").value = decodeURIComponent(fragment); } catch { find("#receipt").value = fragment; }
  verify();
}

if (page) {
  const form = find("form"), languages = document.querySelector("form.languages");
  form.hidden = false;
  // A redirect keeps the fragment of the address that was asked for.
  languages?.addEventListener("submit", () => {
    languages.action = `${languages.action.split("#")[0]}#${encodeURIComponent(find("#receipt").value)}`;
  });
  if (globalThis.crypto?.subtle) {
    form.addEventListener("submit", (event) => { event.preventDefault(); verify(); });
    find("#file").addEventListener("change", async ({ target }) => {
      if (target.files[0]) find("#receipt").value = await target.files[0].text().catch(() => "");
    });
    window.addEventListener("hashchange", takeFragment);
    takeFragment();
  } else {
    find("[data-insecure]").hidden = false;
    form.querySelector("button").disabled = true;
  }
}
