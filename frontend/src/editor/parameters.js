// Fields for the parameters of a query: variables whose name begins with an underscore, as in the ready-made questions.
import { combobox, suggest } from "../combobox.js";
import { make, say } from "../messages.js";
import { termOf } from "./terms.js";

const FIELD = { date: "date", integer: "number" };
const KINDS = { iri: /_iri$/, date: /_date$/, integer: /_integer$/ };

const typeOf = (variable) => Object.keys(KINDS).find((type) => KINDS[type].test(variable)) ?? "string";

export class Parameters {
  /** @param {HTMLElement} box the field set  @param {Names} names  @param {string[]} kinds that have names */
  constructor(box, names, kinds) {
    Object.assign(this, { box, names, kinds, known: {}, values: {}, shown: "" });
  }

  /** Learn what a ready-made question says of its parameters. */
  learn(parameters, issued) {
    const variable = ({ name, type }) => `_${name}${type in KINDS ? `_${type}` : ""}`;
    for (const parameter of parameters) {
      const start = parameter.default === "release" ? issued : (parameter.default ?? parameter.example);
      this.known[variable(parameter)] = { ...parameter, start };
    }
    this.values = {};
    this.shown = "";
  }

  /** Show a field for each parameter that the query has now. */
  show(variables) {
    const wanted = variables.filter((name) => name.startsWith("_"));
    if (wanted.join() === this.shown) return;
    this.shown = wanted.join();
    this.box.hidden = wanted.length === 0;
    const legend = this.box.querySelector("legend");
    this.box.replaceChildren(legend, ...wanted.map((variable) => this.#field(variable)));
    for (const input of this.box.querySelectorAll("input[data-kind]")) this.#pick(input);
  }

  #field(variable) {
    const about = this.known[variable] ?? { name: variable, type: typeOf(variable), example: "" };
    this.values[variable] ??= about.start ?? "";
    const id = `parameter-${variable}`;
    const kind = about.type === "iri" ? (about.example.split(":")[0] ?? "") : null;
    const input = make("input", {
      id, type: FIELD[about.type] ?? "text", value: this.values[variable], placeholder: about.example || null,
      "data-kind": kind === null ? null : this.kinds.includes(kind) ? kind : "", spellcheck: "false",
    });
    input.addEventListener("input", () => (this.values[variable] = input.value.trim()));
    return make("p", {}, make("label", { for: id, text: about.summary || about.name }), input);
  }

  #pick(input) {
    const variable = input.id.slice("parameter-".length);
    const source = async (text, signal) => (await suggest(text, input.dataset.kind, signal)).map((thing) => ({
      label: thing.label, lang: thing.lang, other: thing.matched, otherLang: thing.matchedLang,
      note: this.names.shorten(thing.id), value: this.names.shorten(thing.id),
    }));
    combobox(input, source, ({ value }) => {
      input.value = value;
      this.values[variable] = value;
    });
  }

  /** The term for a variable; nothing for a variable that is no parameter or has no value. */
  term(variable) {
    const text = this.values[variable];
    if (!variable.startsWith("_") || !text) return undefined;
    const about = this.known[variable] ?? { type: typeOf(variable), example: "" };
    return termOf(about.type, text, this.names, about.example);
  }

  /** What is missing, in words, or nothing. */
  get missing() {
    const empty = this.shown.split(",").filter((variable) => variable && !this.values[variable]);
    return empty.length ? say("parameter.missing", { name: empty.map((v) => this.known[v]?.name ?? v).join(", ") }) : "";
  }
}
