// What is shown in place of the form. Every word comes from the templates of the page, in its language.

const said = document.getElementById("said").dataset;
const main = document.querySelector("main"), asked = [...main.children], languages = document.querySelector("nav");
const title = document.title;
const tell = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), said[name]);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

let view = "form", section = null;

// Show a template, whose buttons do what `deeds` say; without one the form is back.
function show(name, deeds = {}) {
  section?.remove();
  section = null;
  view = name;
  const template = document.getElementById(`view-${name}`);
  if (template) {
    section = element("section", {}, template.content.cloneNode(true));
    for (const [deed, run] of Object.entries(deeds)) {
      section.querySelector(`[data-do=${deed}]`)?.addEventListener("click", run);
    }
    main.append(section);
  }
  for (const part of [...asked, languages, main.querySelector(".settled")]) if (part) part.hidden = Boolean(section);
  const heading = section?.querySelector("h1");
  document.title = heading ? `${heading.textContent} · ${title.split(" · ").pop()}` : title;
  scrollTo(0, 0);
  if (heading) focusOn(heading);
  hush();
  refresh();
  return section;
}

function focusOn(part) {
  part.tabIndex = -1;
  part.focus();
}

// ---- What is missing or wrong, as the server's own page says it

function mark(place, text) {
  place.id ||= `place-${place.name}`;
  unfold(place);
  unmark(place);
  const error = element("p", { className: "error", id: `${place.id}-error`, textContent: text });
  if (place.tagName === "FIELDSET") {
    place.classList.add("wrong");
    place.querySelector(".options").before(error);
  } else place.before(error);
  place.setAttribute("aria-describedby", `${place.getAttribute("aria-describedby") ?? ""} ${error.id}`.trim());
}

function unmark(place) {
  const error = document.getElementById(`${place.id}-error`);
  if (!error) return;
  place.classList.remove("wrong");
  place.setAttribute("aria-describedby", place.getAttribute("aria-describedby").replace(error.id, "").trim());
  error.remove();
}

function showErrors(wrong) {
  main.querySelectorAll(".summary").forEach((one) => one.remove());
  [...questions, comment, ticket].forEach((place) => place && unmark(place));
  if (!wrong.length) return;
  const summary = document.getElementById("view-errors").content.cloneNode(true).firstElementChild;
  const links = wrong.map(({ place, text, isQuestion }) => {
    if (!place) return element("li", { textContent: text });
    mark(place, text);
    const link = element("a", { href: `#${place.id}` }, ...(isQuestion ? numbered(stemOf(place)) : [text]));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      place.scrollIntoView();
      (place.querySelector("input") ?? place).focus({ preventScroll: true });
    });
    return element("li", {}, link);
  });
  summary.querySelector("ul").append(...links);
  if (wrong.length > 4) summary.querySelector("ul").className = "many";
  form.before(summary);
  focusOn(summary);
  summary.scrollIntoView({ block: "nearest" });
}

function numbered(stem) {
  const [, number, rest] = stem.match(/^(\d+)(.*)$/s) ?? [null, "", stem];
  return number ? [number, element("span", { textContent: rest })] : [stem];
}

// ---- The review: what will be sent, as people read it

function fillReview(list) {
  const row = (term, text, kind = "") => {
    const value = text ? element("dd", { textContent: text }) : element("dd", {}, element("span", { className: "soft", textContent: tell("blank") }));
    if (kind === "tall") value.className = "lines";
    list.append(element("div", { className: kind }, element("dt", { textContent: term }), value));
  };
  const service = form.querySelector("input[name=service]:checked");
  if (service) row(tell("service"), labelOf(service));
  for (const set of questions) row(stemOf(set), chosenIn(set) && labelOf(chosenIn(set)));
  if (commentText()) row(labelFor(comment), commentText(), "tall");
  for (const select of form.querySelectorAll("select[name]")) {
    if (select.value) row(labelFor(select), select.selectedOptions[0].textContent);
  }
  if (ticket?.value.trim()) row(labelFor(ticket), ticket.value.trim());
  const notFree = form.querySelector("input[name=not_free]");
  if (notFree?.checked) row(labelOf(notFree), tell("yes"), "tall");
}
const labelFor = ({ labels }) => labels[0]?.firstChild.textContent.trim() ?? "";

// ---- The receipt, in the words of the server's own page

function readProof(proof) {
  const { receipt, campaign, day, commitment, signature } = JSON.parse(proof);
  const bytes = Uint8Array.from(commitment.match(/../g), (pair) => parseInt(pair, 16));
  return { receipt, compact: `${campaign}.${day}.${toBase64url(bytes)}.${signature}` };
}

function fillReceipt(place, { key, proof }, isReported) {
  const { receipt, compact } = readProof(proof);
  // A page that was kept from before may lack a part; the others are shown all the same.
  const put = (selector, values) => Object.assign(place.querySelector(selector) ?? {}, values);
  put(".code", { textContent: receipt });
  put('a[href^="/r/"]', { href: `/r/${receipt}` });
  put('a[href^="/hasil/"]', { href: `/hasil/verifikasi/#${compact}` });
  put("a[download]", { download: `tanda-terima-${receipt}.json`, href: `data:application/json;base64,${btoa(proof)}` });
  put("img", { src: `/r/kode.svg?isi=${compact}` });
  put("pre", { textContent: proof });
  put("code", { textContent: key });
  put("[data-report]", { hidden: !isReported });
}
