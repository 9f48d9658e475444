// Progress, text size, and questions read aloud: what a page can do only with a script, and nobody must have.

function addProgress() {
  const bar = element("progress", { max: questions.length, value: 0 }), text = element("span");
  const progress = element("div", { className: "progress" }, bar, text);
  form.before(progress);
  asked.push(progress);
  bar.setAttribute("aria-label", tell("progress"));
  return () => {
    bar.value = questions.filter(chosenIn).length;
    text.textContent = tell("answered", { n: bar.value, all: questions.length });
  };
}

// ---- Text size, kept for this visit

const SIZE = "tera-size";
function addSizes() {
  const group = document.getElementById("sizes").content.cloneNode(true).firstElementChild;
  const buttons = [...group.querySelectorAll("button")];
  const choose = (size) => {
    document.documentElement.dataset.size = size;
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", place === size));
    keep(SIZE, size);
  };
  buttons.forEach((button, place) => button.addEventListener("click", () => choose(place)));
  choose(kept(SIZE) ?? 0);
  main.prepend(group);
}

// ---- Reading aloud, by a voice of this device alone: others would send the text to whoever makes the browser

const speech = globalThis.speechSynthesis;
const SPELLINGS = { in: "id", jw: "jv" };  // as older devices call them
const languageOf = (tag) => {
  const first = tag.toLowerCase().split(/[-_]/)[0];
  return SPELLINGS[first] ?? first;
};
const voiceFor = (spoken) => speech.getVoices().find((voice) => voice.localService && languageOf(voice.lang) === spoken);

let speaking = null;
function hush() {
  if (!speaking) return;
  speech.cancel();
  speaking.setAttribute("aria-pressed", false);
  speaking = null;
}

function read(button, set, voice) {
  const wasOurs = speaking === button;
  hush();
  if (wasOurs) return;
  const help = set.querySelector(".help[id]")?.textContent ?? "";
  const parts = [stemOf(set), help, ...optionsOf(set).map(labelOf)].filter(Boolean);
  parts.forEach((text, place) => {
    const spoken = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang });
    if (place === parts.length - 1) spoken.onend = () => speaking === button && hush();
    speech.speak(spoken);
  });
  speaking = button;
  button.setAttribute("aria-pressed", true);
}

function addVoices() {
  if (!speech) return;
  const template = document.getElementById("speak").content.firstElementChild;
  const offer = () => {
    for (const set of form.querySelectorAll("fieldset")) {
      const voice = voiceFor(languageOf(set.lang || language));
      if (!voice || set.querySelector(".speak")) continue;
      const button = template.cloneNode(true);
      button.addEventListener("click", () => read(button, set, voiceFor(languageOf(set.lang || language)) ?? voice));
      set.classList.add("spoken");
      set.querySelector("legend").after(button);
    }
  };
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  addEventListener("pagehide", hush);
}
