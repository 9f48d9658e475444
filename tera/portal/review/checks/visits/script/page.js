// The page of a visit: what is entered is kept at once, sent when there is a network, and told plainly. Where this
// cannot run, or the phone keeps nothing, the form is posted as ever.

const FIRST_PAUSE_MS = 3_000, LAST_PAUSE_MS = 60_000, LAST_LOOK_MS = 5_000;
const form = document.getElementById("visit"), said = document.getElementById("said").dataset;
const { who, title, most } = form.dataset, path = location.pathname;
const phone = document.getElementById("on-phone"), state = document.getElementById("draft-state");
const tell = (name, values = {}) => said[name.replace(/-(\w)/g, (whole, letter) => letter.toUpperCase())].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const toBase64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const newKey = () => toBase64url(crypto.getRandomValues(new Uint8Array(32)));
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

// ---- The draft

let draft = { key: newKey(), photos: [] };
const NOT_KEPT = ["csrfmiddlewaretoken", "key"], GIVEN = ["visited_on", "checklist"];
let isOthers = false;  // somebody else is logged in: nothing is written under this name
const fields = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) =>
  typeof value === "string" && !NOT_KEPT.includes(name)));
const isEmpty = () => !draft.photos.length && !Object.entries(fields()).some(([name, value]) =>
  value.trim() && !GIVEN.includes(name));

// Each change is written at once; what comes while one is being written is written together after it.
let writing = Promise.resolve(), asked;
function save() {
  if (isOthers) return writing;
  if (!isEmpty()) state.textContent = tell("keeping");
  asked ??= writing = writing.then(async () => {
    asked = undefined;
    const told = await write().catch(() => tell("full"));
    if (!asked) state.textContent = told;
  });
  return asked;
}

async function write() {
  const { key, photos } = draft;
  if (isEmpty()) return forget(key).then(() => "");
  await change(key, (known) => known && known.state !== DRAFT ? known
    : { key, who, path, title, state: DRAFT, fields: fields(), photos: [...photos], at: Date.now() });
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  return tell("kept", { time });
}

function fill({ key, photos, fields: values }) {
  form.reset();
  draft = { key, photos: [...photos] };
  for (const [name, value] of Object.entries(values)) {
    if (name === "checklist") continue;  // what this page asks is what will be sent
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
  form.querySelectorAll("details").forEach((part) => { part.open ||= Boolean(part.querySelector("textarea")?.value); });
  return showPhotos();
}

const begin = () => fill({ key: newKey(), photos: [], fields: { visited_on: today() } });

// ---- Photos

const showPhotos = async () => {
  for (const place of form.querySelectorAll("[data-photos]")) {
    const mine = draft.photos.filter(({ item }) => item === place.dataset.photos);
    place.replaceChildren(...await Promise.all(mine.map(async (photo) => {
      const box = document.createElement("span"), away = document.createElement("button");
      Object.assign(away, { type: "button", className: "plain", textContent: tell("remove") });
      away.addEventListener("click", async () => {
        draft.photos = draft.photos.filter((one) => one !== photo);
        await showPhotos();
        await save();
        await idbKeyval.del(photo.id, shots);
      });
      box.append(await small(photo), away);
      return box;
    })));
  }
};

async function take({ target }) {
  const item = target.name.replace("photo-", ""), files = [...target.files], wrong = [];
  target.value = "";
  for (const file of files) {
    if (draft.photos.length >= most) { wrong.push(tell("most", { most })); break; }
    try { draft.photos.push(await keepPhoto(item, file)); } catch { wrong.push(tell("unreadable", { name: file.name })); }
  }
  complain(wrong);
  await showPhotos();
  await save();
}

// ---- What waits, as people see it

function row(record) {
  const entry = document.getElementById("on-phone-row").content.cloneNode(true).firstElementChild;
  const find = (name) => entry.querySelector(`[data-${name}]`);
  const { day } = record, count = record.count ?? record.photos.length;
  entry.dataset.state = record.state;
  find("title").textContent = tell("visited", { title: record.title, day, count });
  find("chip").textContent = tell(record.state);
  find("chip").className = `chip ${{ [ARRIVED]: "yes", [REFUSED]: "no" }[record.state] ?? "wait"}`;
  find("why").textContent = record.state === REFUSED ? record.problem
    : record.state === WAITING && record.why ? tell(record.why, { who: record.who }) : "";
  find("login").hidden = !(record.state === WAITING && [LOGIN, OTHER].includes(record.why));
  find("login").href += encodeURIComponent(record.path);
  find("again").hidden = record.state !== WAITING;
  find("again").addEventListener("click", hurry);
  const isToMend = record.state === REFUSED || (record.state === WAITING && record.why === PHOTO);
  find("mend").hidden = !(isToMend && record.path === path);
  find("mend").addEventListener("click", async () => {
    if (!isEmpty()) return complain([tell("other-draft")]);
    await change(record.key, ({ problem, why, ...known }) => ({ ...known, state: DRAFT }));
    await fill(record);
    refresh();
  });
  find("seen").hidden = record.state !== ARRIVED;
  find("seen").addEventListener("click", () => forget(record.key).then(refresh));
  return entry;
}

let looking = Promise.resolve();
const refresh = () => (looking = looking.then(async () => {
  const records = (await idbKeyval.values(store)).filter((one) => one.state !== DRAFT && one.who === who);
  phone.querySelector("ul").replaceChildren(...records.sort((one, other) => other.at - one.at).map(row));
  phone.hidden = !records.length;
}).catch(() => {}));

let running, timer, pause = FIRST_PAUSE_MS;
function deliver() {
  clearTimeout(timer);
  running ??= flush(refresh).catch(() => 1).then(async (left) => {
    running = undefined;
    await refresh();
    if (left) timer = setTimeout(deliver, pause * (1 + Math.random() / 2));
    pause = left ? Math.min(pause * 2, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
  });
  return running;
}

function hurry() {
  pause = FIRST_PAUSE_MS;
  return deliver();
}

// ---- Sending

function complain(problems) {
  const place = document.getElementById("problems");
  place.hidden = !problems.length;
  place.textContent = problems.join(" ");
  if (problems.length) place.scrollIntoView({ block: "center" });
}

// Compare for whom this page was kept with who is logged in, as far as the network says.
async function notice(patience) {
  const { why, token } = await lookIn({ path, who }, patience);
  if (isOthers && token) complain([]);
  if (token) isOthers = false;
  if (why !== OTHER) return;
  isOthers = true;
  complain([tell("not-you", { who })]);
}

let isSealing = false;
async function seal(event) {
  event.preventDefault();
  const wrong = [isEmpty() && tell("empty"), !fields().visited_on && tell("noday"), fields().visited_on > today() && tell("future")];
  complain(wrong.filter(Boolean));
  if (wrong.some(Boolean) || isSealing) return;
  isSealing = true;
  await notice(LAST_LOOK_MS);
  if (isOthers) return void (isSealing = false);
  await save();
  const { visited_on: day } = fields();
  const kept = await change(draft.key, (known) => known && { ...known, state: WAITING, day }).catch(() => undefined);
  isSealing = false;
  if (!kept) return complain([tell("full")]);
  state.textContent = "";
  await begin();
  await refresh();
  phone.scrollIntoView();
  askForSync();
  hurry();
}

async function askForSync() {
  try {
    navigator.storage?.persist?.();
    await (await navigator.serviceWorker.ready).sync.register(TURN);
  } catch { /* the page sends by itself */ }
}

async function start() {
  const known = (await list(DRAFT)).filter((one) => one.who === who && one.path === path).sort((one, other) => other.at - one.at);
  form.noValidate = true;
  form.addEventListener("submit", seal);
  form.addEventListener("input", save);
  form.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", take));
  if (known[0]) await fill(known[0]);
  else if (isEmpty()) await begin();
  document.getElementById("offline-told").hidden = false;
  news?.addEventListener("message", refresh);
  const look = () => { notice(); hurry(); };
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  await refresh();
  look();
  navigator.serviceWorker?.register("/tinjauan/kerja.js", { scope: path }).catch(() => {});
  await forgetStrays();
}
start().catch(() => {});  // this phone keeps nothing: the form is posted as ever
