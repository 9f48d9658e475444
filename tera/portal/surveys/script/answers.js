// What stands in the form: the answers as the server takes them, what is still missing, and the draft.
//
// The page decides what is asked. A question is a fieldset with an id and radio inputs of that name; an option without
// a value means "does not apply", and a question that has none must be answered.

const form = document.querySelector("form[method=post]");
const code = location.pathname.split("/")[2].toLowerCase(), language = document.documentElement.lang;
const IDLE_MS = 10 * 60_000, MOST_CHARACTERS = 1000, COUNTED_FROM = 900;
const link = new URLSearchParams(location.search), CHANNELS = ["WEB", "QR", "KIOSK"];
const DRAFT = `tera:${code}`, OWN = "tera-own";

const questions = form ? [...form.querySelectorAll("fieldset[id]")].filter((set) => set.querySelector("input[type=radio]")) : [];
const comment = form?.querySelector("#comment"), ticket = form?.querySelector("input[name=ticket]");
const optionsOf = (set) => [...set.querySelectorAll("input[type=radio]")];
const chosenIn = (set) => optionsOf(set).find((option) => option.checked);
const labelOf = (option) => option.closest("label").textContent.trim();
const stemOf = (set) => set.querySelector("legend").textContent.trim();
const isMissing = (set) => !chosenIn(set) && !optionsOf(set).some((option) => option.value === "");

// No database stores the null character or half of one, and nobody can see them.
const commentText = () => comment.value.replace(/\r\n?/g, "\n").replace(/\0|\p{Surrogate}/gu, "").trim();
const charactersIn = (text) => [...text].length;  // as the server counts: 👍 is one

// A link may say how somebody came; the server puts that into the page, but not into the one that is kept.
const cameBy = (name) => (name === "channel" && CHANNELS.includes(link.get(name)) ? link.get(name) : "");
function chooseService() {
  const options = [...form.querySelectorAll("input[name=service]")];
  const asked = options.find(({ value }) => value === link.get("service"));
  if (asked && !options.some(({ checked }) => checked)) asked.checked = asked.defaultChecked = true;
}

function readAnswers() {
  const given = new FormData(form), body = { answers: {}, profile: {}, language };
  for (const set of questions) {
    const score = chosenIn(set)?.value;
    if (score) body.answers[set.id] = Number(score);
  }
  for (const { name, value } of form.querySelectorAll("select[name]")) if (value) body.profile[name] = value;
  for (const name of ["service", "channel", "ticket"]) {
    const text = (given.get(name) || cameBy(name)).trim();
    if (text) body[name] = text;
  }
  if (given.get("not_free")) body.not_free = true;
  if (commentText()) body.comment = commentText();
  return body;
}

// As response.read_code reads it, or nothing where it is no code.
function isTicket(text) {
  const digits = text.toUpperCase().replace(/[- ]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(digits);
}

// Who met corruption is shown where to report it; nothing of that is kept. As tera.engine.reporting has it.
function tellsOfCorruption() {
  const met = ({ dataset: { best } }, chosen) => best && chosen?.value && chosen.value !== best;
  const words = new RegExp(`(^|\\P{L})(${comment.dataset.report})($|\\P{L})`, "iu");
  return questions.some((set) => met(set, chosenIn(set))) || words.test(commentText());
}

const fieldsOf = ({ answers, profile, not_free, language, key, ...rest }) =>
  [...Object.entries({ ...answers, ...profile, ...rest }).map(([name, value]) => [name, String(value)]),
    ...(not_free ? [["not_free", "1"]] : [])];

const optionLike = ({ type }) => type === "radio" || type === "checkbox";
const unfold = (place) => place.closest("details")?.setAttribute("open", "");

function fill(fields) {
  const given = new Map(fields);
  for (const field of form.querySelectorAll("[name]:not([type=hidden])")) {
    const value = given.get(field.name);
    if (optionLike(field)) field.checked = value === field.value;
    else if (field.name) field.value = value ?? "";
    if (field.value && !optionLike(field)) unfold(field);
  }
}

// ---- Kept for this tab only. A browser may forbid even that; then there is no draft, and all else works.

function kept(name) {
  try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
}
function keep(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch { /* as above */ }
}
const isOwn = (key) => (kept(OWN) ?? []).includes(key);
const claim = (key) => keep(OWN, [...kept(OWN) ?? [], key]);

// How long it took, in seconds, as one of the bands that the server counts: since the form was shown, or since whoever
// came next on the same page began. Nothing where nobody knows.
const BANDS = [[30, "0-29"], [60, "30-59"], [180, "60-179"], [600, "180-599"], [Infinity, "600+"]];
let begunAt = Date.now();
const duration = () => BANDS.find(([below]) => Date.now() - begunAt < below * 1000)?.[1];

// The draft knows the key under which it will be sealed. A tab that crashed, was copied, or comes back with an old
// draft, sends under the same key, so that the same person never counts twice.
let draftKey = null;
const isEmpty = () => [...form.querySelectorAll("[name]")].every((field) =>
  (optionLike(field) ? field.checked === field.defaultChecked : field.value === (field.defaultValue ?? "")));
const hasTicketOnly = () => ticket?.value && !questions.some(chosenIn) && !comment.value;
const saveDraft = () =>
  keep(DRAFT, isEmpty() ? null : { key: draftKey, at: Date.now(), begunAt, fields: [...new FormData(form)] });

function dropDraft() {
  draftKey = begunAt = null;
  keep(DRAFT, null);
  form.reset();
}

async function restoreDraft() {
  const draft = kept(DRAFT);
  if (!draft) return;
  const isSealed = draft.key && await idbKeyval.get(draft.key, store).catch(() => undefined);
  if (isSealed || Date.now() - draft.at > IDLE_MS) {
    dropDraft();
    return;
  }
  draftKey = draft.key;
  begunAt = draft.begunAt ?? NaN;
  if (!questions.some(chosenIn)) fill(draft.fields);  // what was tapped while the script came is newer
}
