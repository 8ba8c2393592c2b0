// The SPARQL page: an editor in place of the text field, and answers without leaving the page.
import { noChart, barsOf, showChart } from "./editor/chart.js";
import { completions } from "./editor/completion.js";
import { noMap, pointsOf, showMap } from "./editor/map.js";
import { Parameters } from "./editor/parameters.js";
import { Refused, TooLarge, run } from "./editor/run.js";
import { showTable } from "./editor/table.js";
import { tabs } from "./editor/tabs.js";
import { Names } from "./editor/terms.js";
import { queryEditor } from "./editor/view.js";
import { make, say } from "./messages.js";

const SHARED = 7000;
const RAW = 200_000;
const KINDS_OF_ANSWER = { table: ["csv", "tsv", "json", "xml"], graph: ["ttl", "jsonld", "nt", "rdf"] };

const find = (name) => document.querySelector(`[data-part="${name}"]`);
const form = document.querySelector("form[data-editor]");
const { base, endpoint, issued } = form.dataset;
const names = new Names(JSON.parse(form.dataset.prefixes), base);
const kinds = form.dataset.kinds.split(" ");
const field = form.querySelector("textarea");
const parts = Object.fromEntries(
  ["host", "stop", "load", "loading", "parameters", "answer", "status", "problem", "tabs", "downloads", "share", "format", "served"].map((n) => [n, find(n)]),
);
const panels = Object.fromEntries(["table", "map", "chart", "raw"].map((name) => [name, document.getElementById(`view-${name}`)]));

const parameters = new Parameters(parts.parameters, names, kinds);
const address = new URL(location.href);
let view = address.searchParams.get("view") ?? "table";
let stop = null;

const editor = queryEditor(parts.host, {
  text: field.value.trimEnd(),
  label: form.querySelector(`label[for="${field.id}"]`).textContent,
  complete: completions({ names, endpoint, kinds }),
  onRun: ask,
  onChange: () => parameters.show(editor.variables),
});
form.querySelector(`label[for="${field.id}"]`).addEventListener("click", (event) => {
  event.preventDefault();
  editor.focus();
});
const views = tabs(parts.tabs, (name) => {
  view = name;
  remember();
});

// ---------------------------------------------------------------- ask
async function ask() {
  parts.served?.remove();
  parts.answer.hidden = false;
  parts.problem.hidden = true;
  editor.mark();
  if (parameters.missing) return complain(parameters.missing);
  const query = editor.bound((name) => parameters.term(name));
  stop?.abort();
  const mine = (stop = new AbortController());
  const began = performance.now();
  const ticking = setInterval(() => tell("running", began), 500);
  busy(true);
  tell("running", began);
  try {
    const answer = await run(endpoint, query, mine);
    show(answer, began);
    share(query, answer);
  } catch (error) {
    if (mine === stop) failed(error, mine, began);
  } finally {
    clearInterval(ticking);
    if (mine === stop) busy(false);
  }
}

function busy(on) {
  parts.stop.hidden = !on;
  parts.answer.setAttribute("aria-busy", String(on));
}

const tell = (name, began, values = {}) => {
  parts.status.textContent = say(name, { s: ((performance.now() - began) / 1000).toFixed(1), ...values });
};

function failed(error, mine, began) {
  if (error instanceof Refused) {
    tell("refused", began);
    complain(error.message, error.hint, error.line, error.column);
  } else if (error instanceof TooLarge) {
    tell("large", began);
    download(editor.bound((name) => parameters.term(name)), "table");
  } else if (mine.signal.aborted) tell("stopped", began);
  else complain(say("unreachable"));
}

function complain(message, hint = "", line = 0, column = 0) {
  clear();
  parts.problem.replaceChildren(make("p", {}, make("strong", { text: message })));
  if (hint) parts.problem.append(make("p", { text: hint }));
  if (line) {
    const go = make("button", { type: "button", class: "quiet", text: say("position", { line, column }) });
    go.addEventListener("click", () => {
      editor.mark(line, column);
      editor.focus();
    });
    parts.problem.append(make("p", {}, go));
    editor.mark(line, column);
  }
  parts.problem.hidden = false;
}

// ---------------------------------------------------------------- show
function clear() {
  for (const panel of Object.values(panels)) panel.replaceChildren();
  parts.downloads.replaceChildren();
  parts.tabs.hidden = true;
}

function show(answer, began) {
  clear();
  const { table, boolean } = answer;
  parts.tabs.hidden = !table;
  const raw = answer.text.length > RAW ? `${answer.text.slice(0, RAW)}\n…` : answer.text;
  panels.raw.replaceChildren(make("pre", { class: "code", tabindex: "0", text: raw }));
  if (table) {
    tell("rows", began, { n: table.rows.length.toLocaleString(document.documentElement.lang) });
    showTable(panels.table, table, names);
    const points = pointsOf(table, names);
    if (points.length) showMap(panels.map, points);
    else noMap(panels.map);
    const bars = barsOf(table);
    if (bars) showChart(panels.chart, table, names, bars);
    else noChart(panels.chart);
    views.choose(view);
  } else {
    tell("done", began);
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== (boolean === undefined ? "raw" : "table");
    if (boolean !== undefined) panels.table.replaceChildren(make("p", { class: "boolean", text: say(boolean ? "yes" : "no") }));
  }
}

// ---------------------------------------------------------------- take with you
function download(query, form_) {
  const links = KINDS_OF_ANSWER[form_].map((format) => {
    const href = `${endpoint}?${new URLSearchParams({ query, format })}`;
    return href.length > SHARED ? null : make("a", { href, download: `answer.${format}`, text: format.toUpperCase() });
  });
  parts.downloads.replaceChildren(...links.filter(Boolean).flatMap((link, index) => (index ? [" · ", link] : [link])));
}

function share(query, answer) {
  download(query, answer.table || answer.boolean !== undefined ? "table" : "graph");
  const shared = new URL(endpoint, location.href);
  const lang = address.searchParams.get("lang");
  if (lang) shared.searchParams.set("lang", lang);
  shared.searchParams.set("query", query);
  parts.share.value = shared.href.length > SHARED ? "" : shared.href;
  parts.share.closest("p").hidden = !parts.share.value;
  remember();
}

function remember() {
  if (!parts.share.value) return;
  const shared = new URL(parts.share.value);
  if (view === "table") shared.searchParams.delete("view");
  else shared.searchParams.set("view", view);
  parts.share.value = shared.href;
  history.replaceState(null, "", shared);
}

// ---------------------------------------------------------------- ready-made questions
async function load() {
  const name = parts.load.value;
  if (!name) return;
  const [list, text] = await Promise.all([
    fetch("/queries.json").then((answer) => answer.json()),
    fetch(`/queries/${name}.rq`).then((answer) => answer.text()),
  ]);
  parameters.learn(list.find((query) => query.name === name)?.parameters ?? [], issued);
  editor.text = text.replace(/^#\+.*\n/gm, "").trim();
  parameters.show(editor.variables);
  ask();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
parts.stop.addEventListener("click", () => stop?.abort());
parts.load.addEventListener("change", load);

field.hidden = true;
parts.host.hidden = false;
parts.loading.hidden = false;
parts.format.hidden = true;
form.dataset.editor = "ready";
parameters.show(editor.variables);
if (address.searchParams.get("query")) ask();
