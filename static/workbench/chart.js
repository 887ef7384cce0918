// Draws a result as SVG. What is not known is not drawn as a number: a bar is left out, a line has a gap, an interval
// stays open.
import { scaleLinear, scaleLog, toYears } from "./scales.js";

const MOST_BARS = 60;
const ROW = 26; // pixels
const HEIGHT = 340;
const WIDE = 1000; // times: from here on an interval chart is logarithmic
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (sign) => SIGNS[sign]);
const write = (number) => number.toLocaleString("en", { maximumFractionDigits: 2 });
const known = (value) => typeof value === "number" && Number.isFinite(value);
const mend = (number) => Number(number.toFixed(2));

/** Returns {svg, note}: the chart of a result at a width in pixels, and what it leaves out; svg is "" for an empty one. */
export function drawChart(chart, { rows }, width) {
  return { bar: drawBars, interval: drawIntervals, line: drawLine, scatter: drawScatter }[chart.kind](chart, rows, width);
}

function wrap(chart, width, height, body, count) {
  const text = `${chart.said}. ${count} drawn. The table has the numbers.`;
  return `<svg class="drawn drawn-${chart.kind}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(text)}">${body}</svg>`;
}

function tellLeftOut(given, drawn, most, noun) {
  const unknown = given.length - drawn.length;
  const cut = drawn.length - most;
  const said = [unknown && `${unknown} of ${given.length} rows have no number and are not drawn.`, cut > 0 && `Only the first ${most} ${noun} are drawn.`];
  return said.filter(Boolean).join(" ");
}

function drawRows(chart, rows, width, scale, drawMark) {
  const words = Math.min(260, width * 0.4);
  const room = width - words - 70;
  const at = (number) => mend(words + 10 + scale.place(number) * room);
  const height = rows.length * ROW + 30;
  const step = Math.ceil((scale.marks.length * 60) / room);
  const grid = scale.marks.filter((_, place) => place % step === 0).map((mark) =>
    `<line class="grid" x1="${at(mark)}" x2="${at(mark)}" y1="22" y2="${height}"/><text class="tick" x="${at(mark)}" y="14" text-anchor="middle">${write(mark)}</text>`);
  const marks = rows.map((row, place) => {
    const middle = 30 + place * ROW + ROW / 2;
    const name = String(row[chart.label.place] ?? "not stated");
    const room = Math.floor(words / 7.4);
    const short = name.length > room ? `${name.slice(0, room - 1)}…` : name;
    return `<g><title>${escape(name)}</title><text class="name" x="${words}" y="${middle + 5}" text-anchor="end">${escape(short)}</text>${drawMark(row, middle, at)}</g>`;
  });
  return wrap(chart, width, height + 6, grid.join("") + marks.join(""), rows.length);
}

function drawBars(chart, rows, width) {
  const found = rows.filter((row) => known(row[chart.y.place]));
  const shown = found.slice(0, MOST_BARS);
  if (!shown.length) return { svg: "", note: "No row has a number to draw." };
  const scale = scaleLinear(shown.map((row) => row[chart.y.place]), { withZero: true });
  const svg = drawRows(chart, shown, width, scale, (row, middle, at) => {
    const value = row[chart.y.place];
    const [left, right] = [at(Math.min(0, value)), at(Math.max(0, value))];
    return `<rect class="bar-1" x="${left}" y="${middle - 8}" width="${mend(right - left)}" height="16"/><text class="value" x="${right + 5}" y="${middle + 5}">${write(value)}</text>`;
  });
  return { svg, note: tellLeftOut(rows, found, MOST_BARS, "bars") };
}

function drawIntervals(chart, rows, width) {
  const ends = (row) => [row[chart.y.place], row[chart.high.place]];
  const found = rows.filter((row) => ends(row).some(known));
  const shown = found.slice(0, MOST_BARS);
  const numbers = shown.flatMap(ends).filter(known);
  if (!numbers.length) return { svg: "", note: "No row has a number to draw." };
  const isWide = Math.min(...numbers) >= 0 && Math.max(...numbers) > WIDE * Math.max(1, Math.min(...numbers));
  const scale = isWide ? scaleLog(numbers) : scaleLinear(numbers, { withZero: true });
  const svg = drawRows(chart, shown, width, scale, (row, middle, at) => drawInterval(...ends(row), middle, at, scale));
  const open = shown.some((row) => !ends(row).every(known)) ? "A dashed end is open: no limit is known there." : "";
  const log = isWide ? "Each step of the scale is ten times the one before." : "";
  return { svg, note: [tellLeftOut(rows, found, MOST_BARS, "intervals"), open, log].filter(Boolean).join(" ") };
}

function drawInterval(low, high, middle, at, { marks }) {
  const [start, end] = [known(low) ? at(low) : at(marks[0]), known(high) ? at(high) : at(marks.at(-1))];
  const line = known(low) && known(high) ? "span" : "open";
  const dots = [low, high].filter(known).map((number) => `<circle class="mark" cx="${at(number)}" cy="${middle}" r="4"/>`);
  const said = known(low) && known(high) ? (low === high ? write(low) : `${write(low)} to ${write(high)}`) : known(low) ? `at least ${write(low)}` : `at most ${write(high)}`;
  return `<g class="interval"><title>${said}</title><line class="${line}" x1="${start}" x2="${end}" y1="${middle}" y2="${middle}"/>${dots.join("")}</g>`;
}

function drawPlane(chart, width, x, y, body) {
  const [left, right, top, bottom] = [64, 16, 14, 44];
  const atX = (number) => mend(left + x.place(number) * (width - left - right));
  const atY = (number) => mend(HEIGHT - bottom - y.place(number) * (HEIGHT - top - bottom));
  const step = Math.ceil((x.marks.length * 70) / (width - left));
  const grid = [
    ...y.marks.map((mark) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${atY(mark)}" y2="${atY(mark)}"/><text class="tick" x="${left - 8}" y="${atY(mark) + 4}" text-anchor="end">${write(mark)}</text>`),
    ...x.marks.filter((_, place) => place % step === 0).map((mark) => `<text class="tick" x="${atX(mark)}" y="${HEIGHT - bottom + 18}" text-anchor="middle">${x.say(mark)}</text>`),
    `<text class="tick" x="${width - right}" y="${HEIGHT - 6}" text-anchor="end">${escape(chart.x.name)}</text>`,
  ];
  return grid.join("") + body(atX, atY);
}

function drawLine(chart, rows, width) {
  const sorted = rows.filter((row) => row[chart.x.place]).sort((one, other) => toYears(one[chart.x.place]) - toYears(other[chart.x.place]));
  const found = sorted.filter((row) => known(row[chart.y.place]));
  if (!found.length) return { svg: "", note: "No row has a number to draw." };
  const years = sorted.map((row) => toYears(row[chart.x.place]));
  const body = drawPlane(chart, width, scaleYears(years), scaleLinear(found.map((row) => row[chart.y.place]), { withZero: true }), (atX, atY) => {
    const spot = (row) => `${atX(toYears(row[chart.x.place]))},${atY(row[chart.y.place])}`;
    const runs = sorted.reduce((all, row) => (known(row[chart.y.place]) ? all.at(-1).push(spot(row)) : all.push([]), all), [[]]);
    const dots = found.map((row) => `<circle class="dot" cx="${spot(row).replace(",", '" cy="')}" r="4"><title>${escape(row[chart.x.place])}: ${write(row[chart.y.place])}</title></circle>`);
    return runs.filter((run) => run.length > 1).map((run) => `<polyline class="path" points="${run.join(" ")}"/>`).join("") + dots.join("");
  });
  return { svg: wrap(chart, width, HEIGHT, body, found.length), note: tellLeftOut(rows, found, Infinity, "") };
}

function scaleYears(years) {
  const [first, last] = [Math.floor(Math.min(...years)), Math.ceil(Math.max(...years))];
  const end = Math.max(last, first + 1);
  const step = Math.ceil((end - first) / 10);
  const marks = Array.from({ length: Math.floor((end - first) / step) + 1 }, (_, place) => first + place * step);
  return { place: (year) => (year - first) / (end - first), marks, say: String };
}

function drawScatter(chart, rows, width) {
  const found = rows.filter((row) => known(row[chart.x.place]) && known(row[chart.y.place]));
  if (!found.length) return { svg: "", note: "No row has a number to draw." };
  const [x, y] = [chart.x, chart.y].map(({ place }) => ({ ...scaleLinear(found.map((row) => row[place])), say: write }));
  const body = drawPlane(chart, width, x, y, (atX, atY) => found.map((row) => {
    const [across, up] = [row[chart.x.place], row[chart.y.place]];
    const name = chart.label ? `${row[chart.label.place]}: ` : "";
    return `<circle class="dot" cx="${atX(across)}" cy="${atY(up)}" r="4.5"><title>${escape(name)}${write(across)}, ${write(up)}</title></circle>`;
  }).join(""));
  return { svg: wrap(chart, width, HEIGHT, body, found.length), note: tellLeftOut(rows, found, Infinity, "") };
}
