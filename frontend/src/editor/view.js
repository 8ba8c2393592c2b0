// The text field of the query. It lives in a shadow root: only there can its styles be constructed sheets, which the
// content security policy of the site allows, where it forbids style elements.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { HighlightStyle, LanguageSupport, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import { SparqlLanguage } from "codemirror-lang-sparql";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.variableName], color: "var(--code-variable)" },
  { tag: [tags.string, tags.integer, tags.float, tags.bool], color: "var(--code-literal)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
]);

const language = SparqlLanguage.configure({ props: [styleTags({ "Pname_ln Pname_ns": tags.namespace })] });

const look = EditorView.theme({
  "&": { backgroundColor: "var(--code-paper)", color: "inherit", fontSize: "0.95rem", height: "100%" },
  ".cm-content": { fontFamily: "var(--mono, monospace)", caretColor: "currentColor", padding: "0.6rem 0" },
  ".cm-scroller": { fontFamily: "var(--mono, monospace)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--code-comment)", border: "none" },
  "&.cm-focused": { outline: "3px solid var(--code-focus)", outlineOffset: "2px" },
  ".cm-cursor": { borderLeftColor: "currentColor" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--code-selection)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)", outline: "none" },
  ".cm-tooltip": { backgroundColor: "var(--code-panel)", color: "var(--code-ink)", border: "1px solid var(--code-comment)", borderRadius: "0.3rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono, monospace)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--code-selected)", color: "var(--code-on-selected)" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionDetail": { color: "var(--code-comment)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "22rem", padding: "0.4rem 0.6rem" },
  ".cm-problem": { textDecoration: "underline wavy var(--code-alert)", textUnderlineOffset: "0.2em", backgroundColor: "var(--code-alert-paper)" },
});

// ---------------------------------------------------------------- the place of an error
const setProblem = StateEffect.define();
const problemField = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) return effect.value ? Decoration.set([effect.value]) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Find the word at a line and column, both counted from 1; at the end of a line, the character before. */
function rangeAt(doc, line, column) {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  const from = Math.min(at.from + Math.max(0, [...at.text].slice(0, column - 1).join("").length), at.to);
  const word = /^[^\s]+/.exec(at.text.slice(from - at.from))?.[0].length ?? 0;
  return word ? { from, to: from + word } : { from: Math.max(at.from, from - 1), to: Math.max(from, at.from) };
}

/** Find the variables of a query, wherever they stand but in strings and comments. */
function variablesIn(source) {
  const found = [];
  SparqlLanguage.parser.parse(source).iterate({
    enter: ({ name, from, to }) => { if (name === "Var") found.push({ name: source.slice(from + 1, to), from, to }); },
  });
  return found;
}

// ---------------------------------------------------------------- the editor
/**
 * @param {HTMLElement} host where it stands
 * @param {{text: string, label: string, complete: Function, onRun: Function, onChange: Function}} given
 */
export function queryEditor(host, { text, label, complete, onRun, onChange }) {
  const root = host.attachShadow({ mode: "open" });
  const run = { key: "Mod-Enter", run: () => (onRun(), true) };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([run])),
        minimalSetup, lineNumbers(), bracketMatching(), closeBrackets(),
        autocompletion({ override: [complete], icons: false }),
        keymap.of([...closeBracketsKeymap, ...completionKeymap]),
        new LanguageSupport(language), syntaxHighlighting(colours), look, problemField,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
  });
  return {
    view,
    get text() { return view.state.doc.toString(); },
    set text(value) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } }); },
    focus: () => view.focus(),
    /** Mark where the server found something wrong, or nothing. */
    mark(line, column) {
      if (!line) return view.dispatch({ effects: setProblem.of(null) });
      const { from, to } = rangeAt(view.state.doc, line, column || 1);
      const mark = from < to ? Decoration.mark({ class: "cm-problem" }).range(from, to) : null;
      view.dispatch({ effects: setProblem.of(mark), selection: { anchor: from }, scrollIntoView: true });
    },
    /** Replace whole variables by what `value(name)` gives; strings and comments stay as they are. */
    bound(value) {
      const source = view.state.doc.toString();
      return variablesIn(source).reverse().reduce((made, { name, from, to }) => {
        const term = value(name);
        return term === undefined ? made : made.slice(0, from) + term + made.slice(to);
      }, source);
    },
    /** The names of all variables, in the order in which they first stand. */
    get variables() { return [...new Set(variablesIn(view.state.doc.toString()).map(({ name }) => name))]; },
  };
}
