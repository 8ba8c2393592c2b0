// What the editor offers while one types: variables, keywords, terms of the vocabulary, things by their names.
import { syntaxTree } from "@codemirror/language";
import { suggest } from "../combobox.js";
import { vocabulary } from "./vocabulary.js";

const KEYWORDS = ("ASK CONSTRUCT DESCRIBE SELECT DISTINCT REDUCED FROM NAMED WHERE PREFIX BASE OPTIONAL UNION MINUS GRAPH FILTER " +
  "BIND VALUES GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET AS EXISTS NOT IN UNDEF COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT " +
  "SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS " +
  "STRBEFORE STRAFTER YEAR MONTH DAY COALESCE IF SUBSTR REPLACE REGEX isIRI isLITERAL isNUMERIC sameTerm STRDT STRLANG").split(" ");
const LETTERS_FOR_NAMES = 3;
const TERMS_SHOWN = 40;

/** Insert a prefixed name, and declare its prefix where the query does not. */
function insertName(short, names) {
  return (view, _completion, from, to) => {
    const prefix = short.split(":")[0];
    const changes = [{ from, to, insert: short }];
    const known = new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(view.state.doc.toString());
    const line = `PREFIX ${prefix}: <${names.prefixes[prefix]}>\n`;
    const declared = known || !(prefix in names.prefixes) ? 0 : line.length;
    if (declared) changes.unshift({ from: 0, insert: line });
    view.dispatch({ changes, selection: { anchor: from + declared + short.length }, userEvent: "input.complete" });
  };
}

function variables(context) {
  const word = context.matchBefore(/[?$][\w]*/);
  if (!word) return null;
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
  found.delete(word.text);
  return { from: word.from, options: [...found].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
}

const asOption = (names) => (term) => ({
  label: term.short, displayLabel: term.short, detail: term.label, type: term.kind === "class" ? "class" : term.kind === "concept" ? "enum" : "property",
  info: term.about || undefined, apply: insertName(term.short, names),
});

/** Order: local name begins so, then label begins so, then either holds it. */
function rank(term, typed) {
  const local = term.short.split(":").pop().toLowerCase();
  const label = term.label.toLowerCase();
  if (local.startsWith(typed)) return 0;
  if (label.startsWith(typed)) return 1;
  return local.includes(typed) || label.includes(typed) ? 2 : -1;
}

function matching(terms, typed, prefix) {
  const mine = prefix === null ? terms : terms.filter((t) => t.short.startsWith(`${prefix}:`));
  const ranked = mine.map((term) => [rank(term, typed.toLowerCase()), term]).filter(([r]) => r >= 0);
  return ranked.sort(([a, s], [b, t]) => a - b || s.short.localeCompare(t.short)).slice(0, TERMS_SHOWN).map(([, term]) => term);
}

async function things(typed, kind, names, signal) {
  const found = await suggest(typed, kind, signal, 12);
  return found.map((thing) => {
    const short = names.shorten(thing.id);
    return { label: short, detail: thing.label === thing.matched ? thing.label : `${thing.label} · ${thing.matched}`, type: "constant", apply: insertName(short, names) };
  }).filter((option) => !option.label.includes("/"));
}

/** @param {{names: Names, endpoint: string, kinds: string[]}} site  kinds of things that have names */
export function completions({ names, endpoint, kinds }) {
  async function prefixed(context, word) {
    const [prefix, typed] = word.text.split(":");
    const aborter = new AbortController();
    context.addEventListener("abort", () => aborter.abort());
    const terms = matching(await vocabulary(endpoint, names), typed, prefix).map(asOption(names));
    const named = kinds.includes(prefix) && typed ? await things(typed, prefix, names, aborter.signal) : [];
    return { from: word.from, options: [...terms, ...named], filter: false };
  }

  async function bare(context, word) {
    const typed = word.text;
    const lower = typed.toLowerCase();
    const words = KEYWORDS.filter((k) => k.toLowerCase().startsWith(lower)).map((label) => ({ label, type: "keyword" }));
    const prefixes = Object.keys(names.prefixes).filter((p) => p.startsWith(lower))
      .map((p) => ({ label: `${p}:`, detail: names.prefixes[p], type: "namespace", apply: insertName(`${p}:`, names) }));
    const terms = matching(await vocabulary(endpoint, names), typed, null).map(asOption(names));
    const aborter = new AbortController();
    context.addEventListener("abort", () => aborter.abort());
    const named = typed.length >= LETTERS_FOR_NAMES ? await things(typed, "", names, aborter.signal) : [];
    return { from: word.from, options: [...words, ...prefixes, ...terms, ...named], filter: false };
  }

  return async (context) => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1).name;
    if (["String", "Comment", "IriRef", "Langtag"].includes(node)) return null;
    const variable = variables(context);
    if (variable) return variable;
    const name = context.matchBefore(/[\p{L}][\p{L}\p{N}_-]*:[\p{L}\p{N}_.-]*/u);
    if (name) return prefixed(context, name);
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_-]*/u);
    return word && (word.text.length > 1 || context.explicit) ? bare(context, word) : null;
  };
}
