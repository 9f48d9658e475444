// From the form to the receipt, without leaving the page. Where this cannot run, the form is posted as ever.

const FIRST_PAUSE_MS = 2_000, LAST_PAUSE_MS = 60_000, SOON_MS = 1_500, SHOWN_MS = 600;
const SEEN_MS = 2_000;  // a page that was open for less was not read
const MENDABLE = [413, 422];  // as the server has it

// ---- What waits is sent: now, when there is a network again, when the page is looked at, and again and again

let running, isAsked, timer, pause = FIRST_PAUSE_MS;
function deliver() {
  isAsked = true;
  running ??= (async () => {
    while (isAsked) {
      isAsked = false;
      await attempt();
    }
    running = undefined;
  })();
  return running;
}

async function attempt() {
  clearTimeout(timer);
  const { left, pause: told } = await flush(refresh).catch(() => ({ left: 1, pause: 0 }));
  await refresh();
  if (left) timer = setTimeout(deliver, Math.max(pause, told * 1000) * (1 + Math.random() / 2));
  pause = left ? Math.min(pause * 2, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
}

function hurry() {
  pause = FIRST_PAUSE_MS;
  return deliver();
}

// Somebody presses the button: they see that it is tried, for a moment at least.
async function retry() {
  note = tell("sending");
  refresh();
  await Promise.all([hurry(), new Promise((resolve) => setTimeout(resolve, SHOWN_MS))]);
  note = "";
  refresh();
}

// ---- The queue as people see it

let sealed = null;  // the key of the answer that this page sealed last
let isReported = false;  // whether it tells of corruption
let note = "";  // what there is to say besides
const banner = element("p", { className: "queue", hidden: true });
banner.setAttribute("role", "status");

let looking = Promise.resolve();
const refresh = () => (looking = looking.then(look).catch(() => {}));  // one look after the other

async function look() {
  const records = (await idbKeyval.values(store)).filter(({ key }) => key);
  const waiting = records.filter(({ state }) => state === WAITING).length;
  const text = [note, waiting ? tell("waiting", { n: waiting }) : navigator.onLine || !form ? "" : tell("offline")].join(" ").trim();
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = !text;
  const ours = records.find(({ key }) => key === sealed);
  if (ours && ours.state !== WAITING) await conclude(ours);
  await showSettled(records.filter(({ key, state }) => state !== WAITING && key !== ours?.key));
}

async function markSeen(keys) {
  for (const key of keys) await change(key, (known) => known && (known.shown ? known : { ...known, shown: true }));
}

// What was settled while nobody looked is shown until somebody says that they have seen it; to the next visit it is not.
async function showSettled(settled) {
  if (section || document.visibilityState !== "visible") return;  // nobody is shown two receipts at once
  const isPast = (record) => record.shown && !isOwn(record.key) && !isMendable(record);
  for (const { key } of settled.filter(isPast)) await forget(key);
  const unseen = settled.filter((record) => !isPast(record));
  const keys = unseen.map(({ key }) => key), known = document.querySelector(".settled");
  if (known?.dataset.keys === `${keys}` || !known && !keys.length) return;
  known?.remove();
  if (!keys.length) return;
  const place = document.getElementById("settled").content.cloneNode(true).firstElementChild;
  place.dataset.keys = keys;
  for (const record of unseen) {
    const list = place.querySelector(`[data-${record.state}]`), row = list.querySelector("template").content.cloneNode(true);
    if (record.state === ARRIVED) {
      const { receipt, compact } = readProof(record.proof);
      row.querySelector("b").textContent = receipt;
      row.querySelector("a").href += compact;
      row.querySelector("code").textContent = record.key;
    } else {
      row.querySelector("b").textContent = reasonOf(record);
      const button = row.querySelector("button"), isHere = form && record.url.split("/")[2] === code;
      button.hidden = !(isHere && isMendable(record));
      button.addEventListener("click", () => mend(record));
    }
    list.hidden = false;
    list.querySelector("ul").append(row);
  }
  place.querySelector("[data-do=done]").addEventListener("click", async () => {
    for (const key of keys) await forget(key);
    refresh();
  });
  banner.after(place);
  keys.filter((key) => !isOwn(key)).forEach(claim);
  setTimeout(markSeen, SEEN_MS, keys);
}

// ---- One answer: form, review, sealed, and what became of it

function check() {
  const wrong = questions.filter(isMissing).map((place) => ({ place, text: tell("missing"), isQuestion: true }));
  const count = charactersIn(commentText());
  if (count > MOST_CHARACTERS) wrong.push({ place: comment, text: tell("toolong", { most: MOST_CHARACTERS, count }) });
  const code = ticket?.value.trim();
  if (code && !isTicket(code)) wrong.unshift({ place: ticket, text: tell("noticket") });
  if (!code && ticket?.required) wrong.unshift({ place: ticket, text: tell("needsticket") });
  showErrors(wrong);
  return !wrong.length;
}

async function review() {
  if (!check()) return;
  const fresh = draftKey ?? await newKey();
  if (view !== "form") return;  // it was pressed twice
  draftKey ??= fresh;
  saveDraft();
  const place = show("review", { send, edit: () => history.back() });
  fillReview(place.querySelector("dl"));
  history.pushState({ tera: "review" }, "");
}

let isSending = false;
async function send() {
  if (isSending) return undefined;
  isSending = true;
  const answers = readAnswers(), key = draftKey, day = new Date().toISOString().slice(0, 10), took = duration();
  section.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  section.querySelector("[role=status]").textContent = tell("sending");
  const body = JSON.stringify({ key, ...answers });
  let record;
  try {
    record = await seal({ key, url: `/s/${code}/${language}`, body, day, duration: took });
  } catch {
    keep(DRAFT, null);
    form.append(element("input", { type: "hidden", name: "key", value: key }));
    form.submit();  // this browser keeps nothing, or said so too late: the same key counts once
    return undefined;
  }
  sealed = key;
  isReported = tellsOfCorruption();
  claim(key);
  dropDraft();
  progressed();
  if (record.body !== body) {  // another tab, from which this one was copied, was first: is it the same answer?
    const end = record.body ? undefined : verdict(await post({ url: record.url, body }));
    isSending = false;
    if (end?.state === ARRIVED) return conclude({ ...record, ...end });
    sealed = null;
    show("refused", { again: startAgain }).querySelector("[data-reason]").textContent = tell("sent");
    return undefined;
  }
  askForSync();
  await Promise.race([deliver(), new Promise((resolve) => setTimeout(resolve, SOON_MS))]);
  isSending = false;
  if (sealed === key && view === "review") show("waiting", { send: retry, again: startAgain });
  return undefined;
}

const isMendable = ({ state, status, item }) => state === REFUSED && (MENDABLE.includes(status) || item === "ticket");
const reasonOf = ({ item, title }) => (item === "key" ? tell("sent") : title);

function conclude(record) {
  if (isMendable(record)) return mend(record);
  if (view === "thanks" || view === "refused") return undefined;
  if (record.state === ARRIVED) fillReceipt(show("thanks", { again: startAgain }), record, isReported);
  else show("refused", { again: startAgain }).querySelector("[data-reason]").textContent = reasonOf(record);
  return setTimeout(markSeen, SEEN_MS, [record.key]);
}

// Back to the form, with all that was given and the server's own words at the place that they are about.
async function mend({ key, body, item, title }) {
  sealed = null;
  await forget(key);
  show("form");
  fill(fieldsOf(JSON.parse(body)));
  draftKey = key;
  begunAt = NaN;  // how long it took is not kept
  saveDraft();
  progressed();
  const field = form.querySelector(`[name="${CSS.escape(item)}"]`), isQuestion = questions.some(({ id }) => id === item);
  showErrors([{ place: field?.closest("fieldset") ?? field, text: title, isQuestion }]);
}

// What was shown is done with; what arrived just now and was not shown is shown above the form.
async function startAgain() {
  const key = sealed, isShown = view === "thanks" || view === "refused";
  sealed = null;
  if (isShown && key) await forget(key);
  empty();
}

// The form, for whoever comes next.
function empty() {
  sealed = null;
  dropDraft();
  showErrors([]);
  show("form");
  progressed();
}

async function askForSync() {
  try {
    navigator.storage?.persist?.();
    await (await navigator.serviceWorker.ready).sync.register(TURN);
  } catch { /* the page sends by itself */ }
}

// ---- The page

let progressed = () => {}, usedAt = Date.now();

// A device may be shared: what nobody touched for ten minutes is not for the next one to read.
function emptyIfIdle() {
  if (Date.now() - usedAt < IDLE_MS) return;
  if (["thanks", "refused"].includes(view)) empty();
  if (sealed || isEmpty() || hasTicketOnly()) return;
  empty();
  note = tell("emptied");
  refresh();
}

function countComment() {
  const count = charactersIn(commentText());
  counter.hidden = count < COUNTED_FROM;
  counter.textContent = tell("characters", { n: count, most: MOST_CHARACTERS });
  counter.classList.toggle("error", count > MOST_CHARACTERS);
}
const counter = element("p", { className: "help", hidden: true });

function takeTicket() {
  const fragment = location.hash.slice(1);
  if (!ticket || !fragment || document.getElementById(fragment)) return;
  if (!isTicket(fragment)) return;
  ticket.value = fragment;
  unfold(ticket);
  history.replaceState(null, "", location.pathname + location.search);
  saveDraft();
}

async function startForm() {
  form.autocomplete = "off";
  form.noValidate = true;
  comment.removeAttribute("maxlength");  // which would cut without a word
  comment.after(counter);
  const count = addProgress();
  progressed = () => {
    count();
    countComment();
  };
  addVoices();
  listen();
  await restoreDraft();
  chooseService();
  takeTicket();
  progressed();
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    review();
  });
  form.addEventListener("input", ({ target }) => {
    saveDraft();
    progressed();
    note = "";
    const place = target.closest("fieldset[id]") ?? target;
    if (place.id && place !== comment) unmark(place);
  });
  addEventListener("hashchange", takeTicket);
  addEventListener("popstate", () => {
    if (view === "review" && !isSending) show("form");
    else if (["thanks", "refused"].includes(view)) empty();  // a slip: what was shown is shown above the form
  });
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => {
      usedAt = Date.now();
      if (kind !== "scroll") begunAt ??= usedAt;  // a page scrolls by itself too
    }, { passive: true });
  }
  setInterval(emptyIfIdle, 15_000);
}

addSizes();
main.prepend(banner);
if (form) startForm();
deliver();
news?.addEventListener("message", refresh);
addEventListener("online", hurry);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && isSending) location.reload();  // back from the server's own review: the form is empty
  else hurry();
});
addEventListener("offline", refresh);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (form) emptyIfIdle();
  hurry();
});
navigator.serviceWorker?.register("/s/kerja.js").catch(() => {});  // without one the page still works online
