// Fields of a form that hold a thing: a combobox that shows names and sends identifiers.
import { combobox, suggest } from "./combobox.js";
import { make } from "./messages.js";

const SHOWN = 50;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Read the choices that the page already holds: options of a select, or of the datalist of a text field. */
function choicesOf(field) {
  const holder = field.matches("select") ? field : field.list;
  return [...(holder?.options ?? [])]
    .filter((option) => option.value)
    .map((option) => ({ value: option.value, label: option.label || option.text, lang: option.lang }));
}

function among(choices, text) {
  const wanted = plain(text);
  return choices.filter((c) => plain(`${c.label} ${c.value}`).includes(wanted)).slice(0, SHOWN);
}

/** Things that have the name in any language or spelling come from the site; the rest is looked for here. */
function sourceOf(field, choices) {
  const { kind = "", prefix = "", namespace = "" } = field.dataset;
  const known = new Map(choices.map((choice) => [choice.value, choice]));
  const short = ({ id, type }) => (id.startsWith(namespace) ? `${prefix}:${id.slice(namespace.length)}` : `${type}:${id.split("/").pop()}`);
  return async (text, signal) => {
    if (!text || !prefix) return among(choices, text);
    const found = (await suggest(text, kind, signal, 20)).map((thing) => ({
      value: short(thing), label: thing.label, lang: thing.lang, other: thing.matched, otherLang: thing.matchedLang,
    }));
    const here = known.size ? found.filter((option) => known.has(option.value)) : found;
    return here.length ? here : among(choices, text);
  };
}

export function pickers(root) {
  for (const field of root.querySelectorAll("[data-picker]")) pick(field);
}

function pick(field) {
  const choices = choicesOf(field);
  const chosen = choices.find((choice) => choice.value === field.value);
  const sent = make("input", { type: "hidden", name: field.name, value: field.value });
  const shown = make("input", {
    type: "text", id: field.id, value: chosen?.label ?? field.value, placeholder: field.getAttribute("placeholder"),
    required: field.required, spellcheck: "false", "aria-describedby": field.getAttribute("aria-describedby"),
  });
  const label = field.dataset.label;
  if (label && !chosen) shown.value = label;
  const source = sourceOf(field, choices);
  field.replaceWith(sent, shown);
  // What was typed is sent as it is until something is chosen: the server says what is wrong with it.
  shown.addEventListener("input", () => {
    const same = choices.find((choice) => plain(choice.label) === plain(shown.value.trim()));
    sent.value = same?.value ?? shown.value.trim();
  });
  combobox(shown, source, (option) => {
    shown.value = option.label;
    sent.value = option.value;
    sent.dispatchEvent(new Event("change", { bubbles: true }));
  }, { openEmpty: true });
  shown.addEventListener("focus", () => shown.select());
}
