// Points of an answer on a map. Equal Earth: Šavrič, Patterson and Jenny (2019), equations 3 to 6.
import land from "../../../src/hansa/serve/pictures/land/coarse.json";
import { make, say } from "../messages.js";
import { colour, draw, figure } from "./svg.js";
import { wordsOf } from "./table.js";

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const WIDTH = 900;
const LEAST = 0.35;
const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)/i;

function project([longitude, latitude]) {
  const theta = Math.asin(M * Math.sin((latitude * Math.PI) / 180));
  const t2 = theta * theta;
  const t6 = t2 * t2 * t2;
  const x = (((longitude * Math.PI) / 180) * Math.cos(theta)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  return [x, -theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))];
}

/** Find where the positions stand: a column of points in WKT, or two of latitude and longitude. */
function positions({ columns, rows }) {
  const wkt = columns.find((name) => rows.some((row) => POINT.test(row[name]?.value ?? "")));
  if (wkt) {
    return (row) => {
      const found = POINT.exec(row[wkt]?.value ?? "");
      return found && [Number(found[1]), Number(found[2])];
    };
  }
  const lat = columns.find((name) => /^_?(lat|latitude)$/i.test(name));
  const long = columns.find((name) => /^_?(lon|lng|long|longitude)$/i.test(name));
  if (!lat || !long) return null;
  return (row) => (row[lat] && row[long] ? [Number(row[long].value), Number(row[lat].value)] : null);
}

export function pointsOf(table, names) {
  const at = positions(table);
  if (!at) return [];
  const naming = table.columns.find((name) => table.rows.some((row) => row[name]?.type === "uri")) ?? table.columns[0];
  const found = new Map();
  for (const row of table.rows) {
    const position = at(row);
    if (!position?.every(Number.isFinite)) continue;
    const term = row[naming];
    const text = wordsOf(row, naming, names);
    found.set(`${position} ${text}`, { position, text, href: term?.type === "uri" ? names.href(term.value) : "" });
  }
  return [...found.values()];
}

/** Each ring is a list of differences in hundredths of a degree. */
function outline() {
  return land.map((ring) => {
    let [x, y] = [0, 0];
    const steps = [];
    for (let i = 0; i < ring.length; i += 2) {
      x += ring[i];
      y += ring[i + 1];
      steps.push(project([x / 100, y / 100]).map((n) => n.toFixed(4)).join(" "));
    }
    return `M${steps.join("L")}Z`;
  }).join("");
}

function boxAround(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const width = Math.min(5.5, Math.max(LEAST, right - left, (bottom - top) * 1.6) * 1.2);
  const height = Math.min(2.7, Math.max(width / 2, (bottom - top) * 1.2));
  return [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
}

export function showMap(panel, points) {
  const placed = points.map((point) => ({ ...point, at: project(point.position) }));
  const [left, top, width, height] = boxAround(placed.map(({ at }) => at));
  const scale = WIDTH / width;
  const size = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${Math.round(height * scale)}`, role: "group", "aria-label": say("map.label", { n: points.length }) };
  const picture = draw("svg", size, draw("path", {
    d: outline(), transform: `scale(${scale}) translate(${-left} ${-top})`, fill: colour("--land", "#e4e0d5"), stroke: colour("--shore", "#b9b3a3"),
    "stroke-width": 0.6, "vector-effect": "non-scaling-stroke",
  }));
  for (const { at: [x, y], text, href } of placed) {
    const dot = draw("circle", { cx: ((x - left) * scale).toFixed(1), cy: ((y - top) * scale).toFixed(1), r: 5, fill: colour("--accent", "#a85b00"), "fill-opacity": 0.85, stroke: "#fff", "stroke-width": 1 }, draw("title", { text }));
    picture.append(href ? draw("a", { href, "aria-label": text }, dot) : dot);
  }
  panel.replaceChildren(figure(picture, say("map.caption", { n: points.length }), "map.svg"));
}

export const noMap = (panel) => panel.replaceChildren(make("p", { class: "hint", text: say("map.none") }));
