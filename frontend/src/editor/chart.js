// Numbers of an answer as bars.
import { make, say } from "../messages.js";
import { colour, draw, figure } from "./svg.js";
import { isNumber, shownColumns, wordsOf } from "./table.js";

const SHOWN = 40;
const [WIDTH, LINE, TEXT, GAP] = [900, 24, 300, 70];

/** The columns that can be drawn: one with numbers and one, if there is, that says of what. */
export function barsOf(table) {
  const columns = shownColumns(table);
  const numbers = columns.filter((name) => table.rows.some((row) => isNumber(row[name])));
  const naming = columns.find((name) => !numbers.includes(name));
  return numbers.length && naming ? { naming, numbers } : null;
}

const cut = (text) => ([...text].length > 42 ? `${[...text].slice(0, 41).join("")}…` : text);

function bars(rows, greatest, least) {
  const ink = colour("--ink", "#1b2328");
  const zero = TEXT + ((WIDTH - TEXT - GAP) * -Math.min(0, least)) / (greatest - Math.min(0, least) || 1);
  const per = (WIDTH - TEXT - GAP) / (greatest - Math.min(0, least) || 1);
  return rows.flatMap(({ text, value }, index) => {
    const y = index * LINE;
    const from = value < 0 ? zero + value * per : zero;
    return [
      draw("text", { x: TEXT - 8, y: y + 16, "text-anchor": "end", fill: ink, text: cut(text) }),
      draw("rect", { x: from.toFixed(1), y: y + 3, width: Math.max(1, Math.abs(value) * per).toFixed(1), height: LINE - 7, rx: 2, fill: colour("--accent", "#a85b00") }),
      draw("text", { x: (Math.max(zero, zero + value * per) + 6).toFixed(1), y: y + 16, fill: ink, text: value.toLocaleString(document.documentElement.lang) }),
    ];
  });
}

export function showChart(panel, table, names, { naming, numbers }, column = numbers[0]) {
  const all = table.rows.filter((row) => isNumber(row[column])).map((row) => ({ text: wordsOf(row, naming, names), value: Number(row[column].value) }));
  const rows = all.slice(0, SHOWN);
  const values = rows.map(({ value }) => value);
  const label = say("chart.label", { column, n: rows.length });
  const picture = draw("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${Math.max(1, rows.length) * LINE}`, role: "img", "aria-label": label,
    "font-family": "system-ui, sans-serif", "font-size": 13,
  }, ...bars(rows, Math.max(0, ...values), Math.min(0, ...values)));
  const caption = all.length > rows.length ? say("chart.first", { column, n: rows.length, all: all.length }) : label;
  panel.replaceChildren(figure(picture, caption, "chart.svg"));
  if (numbers.length < 2) return;
  const choose = make("select", {}, ...numbers.map((name) => make("option", { value: name, text: name, selected: name === column })));
  choose.addEventListener("change", () => {
    showChart(panel, table, names, { naming, numbers }, choose.value);
    panel.querySelector("select").focus();
  });
  panel.prepend(make("p", {}, make("label", {}, `${say("chart.column")} `, choose)));
}

export const noChart = (panel) => panel.replaceChildren(make("p", { class: "hint", text: say("chart.none") }));
