// A result on the page: its head with downloads, and the same rows as a table, a chart, a map, or text to copy.
import { toCsv, toMarkdown } from "./copies.js";
import { make, makeButton } from "./elements.js";
import { nameAnswer, namePage } from "./rows.js";

const WIDE = 9; // columns; from here on print sets a row as a card
const many = (count) => `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
const head = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

/** Shows a result that has just come. */
export function showResult(section, result, question, schema) {
  const { rows, truncated } = result;
  const count = make("p", { className: "row-count", id: "row-count" }, make("strong", {}, `${truncated ? "More than " : ""}${many(rows.length)}`));
  if (!rows.length) {
    section.replaceChildren(make("div", { className: "empty" }, make("p", {}, make("strong", {}, "No rows."))));
    return;
  }
  const link = (form, text, options) => make("a", { href: nameAnswer(question, form, options) }, text);
  count.append(`. Download ${truncated ? `the first ${rows.length.toLocaleString("en")}` : "these rows"}: `, link("csv", "CSV"), ", ", link("json", "JSON", { _shape: "array" }), ".");
  if (truncated) count.append(` A result holds at most ${rows.length.toLocaleString("en")} rows: ask for fewer, or take `, make("a", { href: "/downloads" }, "whole tables"), ".");
  const wrapper = make("div", { className: "table-wrapper", role: "group", tabIndex: 0, "aria-labelledby": "row-count" });
  section.replaceChildren(count, wrapper);
  wrapper.append(drawTable(result));
  if (["latitude", "longitude"].every((name) => result.columns.includes(name))) showMap(section, question);
  addTools(section, question, schema, () => result);
}

/** Adds the tools above a table: charts, labels, copies. ask() gives the result, when it is first needed. */
export function addTools(section, question, schema, ask) {
  const wrapper = section.querySelector(".table-wrapper");
  const table = wrapper.querySelector("table");
  const said = make("span", { role: "status" });
  const picture = make("div", { className: "picture", hidden: true });
  const tell = (act) => async () => {
    try {
      said.textContent = (await act(await ask())) ?? "";
    } catch (error) {
      said.textContent = `${error.message}.`;
    }
  };
  const show = (isChart) => {
    wrapper.hidden = isChart;
    picture.hidden = !isChart;
    asTable.setAttribute("aria-pressed", String(!isChart));
    asChart.setAttribute("aria-pressed", String(isChart));
  };
  const asTable = makeButton("Table", () => show(false), { "aria-pressed": "true" });
  const asChart = makeButton("Chart", tell(async (result) => {
    const { drawPicture } = await import("./picture.js");
    show(true);
    drawPicture(picture, result);
  }), { "aria-pressed": "false" });
  const copy = (name, write) => makeButton(name, tell(async (result) => {
    if (!navigator.clipboard) throw new Error("A browser copies only from pages reached by https");
    await navigator.clipboard.writeText(write(result));
    return `${name} copied.`;
  }));
  const copies = [copy("CSV", toCsv), copy("Markdown", toMarkdown), copy("Link", () => new URL(namePage(question), location.origin).href)];
  const labels = schema && holdsCodes(table, schema) ? [offerLabels(wrapper, table, schema, tell)] : [];
  const tools = make("div", { className: "tools no-print" },
    make("span", { role: "group", "aria-label": "Show as" }, asTable, asChart), ...labels,
    make("span", { role: "group", "aria-label": "Copy" }, "Copy as ", ...copies), said);
  wrapper.before(tools);
  wrapper.after(picture);
}

function holdsCodes(table, { tables }) {
  const coded = new Set(tables.flatMap(({ columns }) => columns).filter(({ values }) => values).map(({ name }) => head(name)));
  return [...table.querySelectorAll("th")].some(({ textContent }) => coded.has(textContent));
}

function offerLabels(wrapper, table, schema, tell) {
  const box = make("input", { type: "checkbox" });
  box.addEventListener("change", tell((result) => {
    wrapper.replaceChildren(box.checked ? drawTable(putLabels(result, schema)) : table);
  }));
  return make("label", {}, box, " Labels instead of codes");
}

/** Returns the result with the label of each code, in the columns that hold codes by their name. */
export function putLabels({ columns, rows, ...rest }, { tables, values }) {
  const all = tables.flatMap((table) => table.columns);
  const words = columns.map((name) => new Map(values[all.find((column) => column.name === name && column.values)?.values]));
  return { ...rest, columns, rows: rows.map((row) => row.map((value, place) => words[place].get(String(value)) ?? value)) };
}

function drawTable({ columns, rows }) {
  const cell = (value, place) => {
    const isNumber = typeof value === "number";
    return make("td", { ...(isNumber && { className: "num" }), "data-label": head(columns[place]) }, value === null ? "" : String(value));
  };
  return make("table", { className: columns.length >= WIDE ? "cards cards-wide" : "cards" },
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, head(name))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))));
}

async function showMap(section, question) {
  const box = make("div", { className: "map", role: "region", "aria-label": "Map of these rows" }, make("p", { className: "muted" }, "The map is being drawn."));
  box.dataset.mapSrc = nameAnswer(question, "json", { _shape: "array" });
  section.prepend(box);
  const looks = new URL("../basemap/basemap.css", import.meta.url).href;
  if (!document.querySelector('link[href*="basemap.css"]')) document.head.append(make("link", { rel: "stylesheet", href: looks }));
  const { drawMap } = await import("../basemap/drawn_map.js");
  if (box.isConnected) await drawMap(box);
}
