// The answer as a table.
import { make, say } from "../messages.js";
import { sortableTables } from "../sortable.js";

const SHOWN = 500;
const NUMERIC = /#(integer|decimal|double|float|int|long|nonNegativeInteger|gYear)$/;

export const isNumber = (term) => term?.type === "literal" && NUMERIC.test(term.datatype ?? "");

/** Columns for people: `?cityLabel` beside `?city` is the text of its link. */
export const shownColumns = ({ columns }) => columns.filter((name) => !(name.endsWith("Label") && columns.includes(name.slice(0, -5))));

/** The words for a cell: the label that was selected beside a thing, else its short name or its text. */
export function wordsOf(row, column, names) {
  const term = row[column];
  if (!term) return "";
  return row[`${column}Label`]?.value ?? (term.type === "uri" ? names.shorten(term.value) : term.value);
}

function cell(row, column, names) {
  const term = row[column];
  if (!term) return make("td");
  const label = row[`${column}Label`];
  const lang = (label ?? term)["xml:lang"];
  const text = make("span", { text: wordsOf(row, column, names), lang, dir: "auto" });
  const href = term.type === "uri" ? names.href(term.value) : "";
  const shown = href ? make("a", { href, title: term.value }, text) : text;
  const tag = lang && lang !== document.documentElement.lang ? make("small", { class: "lang", text: lang }) : null;
  return make("td", isNumber(term) ? { class: "number" } : {}, shown, tag ? " " : null, tag);
}

function body(table, columns, names, count) {
  return table.rows.slice(0, count).map((row) => make("tr", {}, ...columns.map((column) => cell(row, column, names))));
}

export function showTable(panel, table, names) {
  const columns = shownColumns(table);
  const head = make("thead", {}, make("tr", {}, ...columns.map((text) => make("th", { scope: "col", text }))));
  const rows = make("tbody", {}, ...body(table, columns, names, SHOWN));
  const made = make("table", { "data-sortable": true }, head, rows);
  panel.replaceChildren(make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": say("answer") }, made));
  sortableTables(panel);
  if (table.rows.length <= SHOWN) return;
  const more = make("button", { type: "button", text: say("all", { n: table.rows.length }) });
  more.addEventListener("click", () => {
    rows.replaceChildren(...body(table, columns, names, table.rows.length));
    more.remove();
  });
  panel.append(make("p", {}, more));
}
