// Tables whose columns can be sorted by a button in their heading: https://www.w3.org/WAI/ARIA/apg/patterns/table/
import { make } from "./messages.js";

const NUMBER = /^[-+−]?\d[\d\s.,\u00a0\u202f]*$/;
const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true, sensitivity: "base" });

const keyOf = (row, column) => {
  const cell = row.cells[column];
  return (cell?.dataset.sort ?? cell?.textContent ?? "").trim();
};
const asNumber = (text) => Number(text.replace("−", "-").replace(/[\s,\u00a0\u202f]/g, ""));

/** Compare two keys; what is empty comes last in either direction. */
function comparison(keys, direction) {
  const given = keys.filter(Boolean);
  const numeric = given.length > 0 && given.every((key) => NUMBER.test(key));
  const compare = numeric ? (a, b) => asNumber(a) - asNumber(b) : collator.compare;
  return (a, b) => (a === "") - (b === "") || direction * compare(a, b);
}

function sort(table, column, heading) {
  const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  for (const body of table.tBodies) {
    const rows = [...body.rows].map((row) => [keyOf(row, column), row]);
    const compare = comparison(rows.map(([key]) => key), direction);
    rows.sort(([a], [b]) => compare(a, b));
    body.append(...rows.map(([, row]) => row));
  }
}

export function sortableTables(root) {
  for (const table of root.querySelectorAll("table[data-sortable]")) {
    const row = table.tHead?.rows[0];
    if (!row || (table.tBodies[0]?.rows.length ?? 0) < 2) continue;
    [...row.cells].forEach((heading, column) => {
      if (!heading.textContent.trim() || "unsorted" in heading.dataset) return;
      const button = make("button", { type: "button", class: "sort" });
      // Without scripts the heading is a link that sorts on the server.
      button.append(...(heading.querySelector("a") ?? heading).childNodes);
      heading.replaceChildren(button);
      button.addEventListener("click", () => sort(table, column, heading));
    });
  }
}
