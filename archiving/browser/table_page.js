// The page of a table with filters, an order, a search or a later page: its rows are reckoned here and written as the
// site writes them, into the page of all rows that stands in the file.
import { PATH, getContract, readPairs, toFile, toSite, writeAddress } from "./addresses.js";
import { answerTable, first, replaceArgs } from "./answers.js";
import { escape, link, lookOf, many, spell, write, writeRows } from "./cells.js";
import { listFilters } from "./choice.js";
import { sayFilters } from "./filter_words.js";
import { sayState, watchShown } from "./state.js";

const MOST = { csv: [], json: [["_shape", "array"], ["_stream", "on"]], ndjson: [["_stream", "on"]], geojson: [["_stream", "on"]] };
const FORMS = { csv: "CSV", json: "JSON", ndjson: "NDJSON", geojson: "GeoJSON" };
const NO_FILE = ["_next", "_size", "_all", "_nofacet", "_facet", "_facet_size", "_facet_array", "_facet_date", "_nocount", "_stream", "_labels", "_shape", "_dl"];

/** Returns where a form for a filter by any column leads, null for another address. */
export function redirect(pairs) {
  const column = first(pairs, "_filter_column");
  if (column === undefined && first(pairs, "_filter_op") === undefined) return null;
  let [test, value] = [first(pairs, "_filter_op") ?? "", first(pairs, "_filter_value") ?? ""];
  if (test.includes("__")) [test, value] = [test.slice(0, test.indexOf("__")), test.slice(test.indexOf("__") + 2)];
  const kept = pairs.filter(([name]) => !["_filter_column", "_filter_op", "_filter_value"].includes(name));
  return column ? [...kept, [`${column}__${test}`, value]] : kept;
}

/** Shows the rows that the page's address asks for. */
export async function showTable() {
  const path = toSite(location.href).replace(/\?.*/s, "");
  const name = path.split("/")[2];
  const pairs = readPairs(location.search);
  const moved = redirect(pairs);
  if (moved) {
    history.replaceState(null, "", toFile(writeAddress(path, moved)));
    await showTable();
    return;
  }
  const isShown = watchShown();
  const contract = await getContract();
  const table = contract.tables[name];
  const slow = setTimeout(() => isShown() && sayState("Looking for the rows…"), 500);
  const answer = await answerTable(name, pairs, { labels: true }).finally(() => {
    clearTimeout(slow);
    if (isShown()) sayState("");
  });
  const chips = await sayFilters(table, name, pairs);
  if (!isShown()) return;
  const view = { contract, table, name, path, pairs, answer, chips };
  document.title = document.title.replace(" – ", () => `${chips.map(({ text }, place) => (place ? ", " : " – ") + text).join("")} – `);
  showChips(view);
  showFacets(view);
  showForm(view);
  showRows(view);
}

function showChips({ name, pairs, path, chips }) {
  const wheres = pairs.filter(([one]) => one === "_where");
  if (!chips.length && !wheres.length) return;
  const line = (remove, what, html) => `<li>${link(remove, `<span class="sr">Remove the ${what} </span>${html}<span aria-hidden="true"> ×</span>`, ' rel="nofollow"')}</li>\n`;
  const without = (pair) => writeAddress(path, pairs.filter((one) => one !== pair && one[0] !== "_next"));
  document.querySelector(".about-table").insertAdjacentHTML("afterend", `<ul class="chips" aria-label="Filters in force">\n${
    chips.map(({ text, remove }) => line(remove, "filter", escape(text))).join("")}${
    wheres.map((pair) => line(without(pair), "condition", `<code>${escape(pair[1])}</code>`)).join("")
  }<li>${link(`${PATH}/${name}`, "Remove all", ' class="clear"')}</li>\n</ul>`);
}

function drawFacet({ table, path, pairs }, facet, number) {
  const most = Math.max(1, ...facet.results.map(({ count }) => count));
  const heading = table.headings[facet.name] ?? spell(facet.name);
  const draw = ({ toggle_url, selected, label, count }) => {
    const said = `${selected ? '<span aria-hidden="true">✓ </span>' : ""}${escape(label || "empty")}${selected ? '<span class="sr"> (chosen; remove)</span>' : ""}`;
    return `<li>${link(toggle_url, said, ` rel="nofollow"${selected ? ' class="chosen" aria-current="true"' : ""}`)} <span class="count">${write(count)}</span><svg class="bar" aria-hidden="true" focusable="false"><rect width="${((100 * count) / most).toFixed(1)}%" height="100%"/></svg></li>\n`;
  };
  const more = first(pairs, "_facet_size") === "max" ? "More values than fit here; the files have them all."
    : link(writeAddress(path, replaceArgs(pairs, { _facet_size: "max", _next: null })), `${facet.results.length === 1 ? "One value" : `The ${facet.results.length} most frequent`} of more; show all<span class="sr"> values of ${escape(table.headings[facet.name] ?? facet.name.replaceAll("_", " "))}</span>`, ' rel="nofollow"');
  return `<h2 id="facet-${number}">${escape(heading)}</h2>\n<ul class="bars" aria-labelledby="facet-${number}">\n${facet.results.map(draw).join("")}${facet.truncated ? `<li>${more}</li>` : ""}\n</ul>\n`;
}

function showFacets(view) {
  const facets = Object.values(view.answer.facet_results);
  let box = document.querySelector("details.facets");
  if (!facets.length) return;
  if (!box) {
    document.querySelector(".rows").insertAdjacentHTML("beforebegin", '<aside aria-label="Filters"><a class="skip skip-filters" href="#row-count">Skip the filters</a><details class="facets"></details></aside>');
    document.querySelector(".rows").parentElement.className = "with-facets";
    box = document.querySelector("details.facets");
  }
  const count = view.chips.length ? ` (${view.chips.length} in force)` : "";
  box.innerHTML = `<summary>Filter the list${count}</summary>\n<p class="quiet">You can choose several values of a kind. The numbers say how many rows each has under your other filters.</p>\n${facets.map((facet, place) => drawFacet(view, facet, place + 1)).join("\n")}`;
}

function showForm({ pairs }) {
  const form = document.querySelector(".rows form.search");
  const box = form.querySelector("#_search");
  if (box) box.value = first(pairs, "_search") ?? "";
  form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
  const isKept = ([name]) => name.startsWith("_") && !["_sort", "_sort_desc", "_search", "_next"].includes(name) && !name.includes("__");
  const kept = [...pairs.filter(isKept), ...listFilters(pairs)];
  form.querySelector("details").insertAdjacentHTML("beforebegin", kept.map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join(""));
}

/** Returns the links to the files of just these rows, as the site writes them. */
export function listFiles({ table, path, pairs, answer }) {
  const kept = pairs.filter(([name]) => !NO_FILE.includes(name));
  const labelled = Object.keys(table.links).length ? [...kept, ["_labels", "on"]] : kept;
  const isPlaced = ["latitude", "longitude"].every((column) => answer.columns.includes(column));
  return Object.entries(FORMS).filter(([form]) => form !== "geojson" || isPlaced).map(([form, called]) => link(writeAddress(`${path}.${form}`, [...labelled, ...MOST[form]]), called));
}

function showRows(view) {
  const { contract, table, name, path, pairs, answer, chips } = view;
  const { rows, filtered_table_rows_count: count } = answer;
  const wrapper = document.querySelector(".rows > .table-wrapper, .rows > .empty");
  const isMarked = chips.length ? ` match${count === 1 ? "es" : ""} the filters` : "";
  const all = count === null || count > 2 ? `all${count === null ? "" : ` ${write(count)}`} rows` : count === 2 ? "both rows" : "this row";
  const toggle = first(pairs, "_all") ? ["Fewer columns", null] : ["All columns", "on"];
  document.querySelector("#row-count").innerHTML = [
    count === null ? "" : `<strong>${many(count, "row", "rows")}</strong>${isMarked}.`,
    rows.length ? `${count !== null && rows.length < count ? `This page shows ${write(rows.length)} of them. ` : ""}Download ${all}: ${listFiles(view).join(", ")}.` : "",
    Object.keys(table.headings).length ? link(writeAddress(path, replaceArgs(pairs, { _all: toggle[1] })), toggle[0], ' rel="nofollow"') : "",
  ].join("\n");
  document.querySelector(".rows > .next")?.remove();
  if (answer.next_url) wrapper.insertAdjacentHTML("afterend", `<p class="next">${link(answer.next_url, "Next page", ' class="button" rel="next nofollow"')}</p>`);
  const edit = document.querySelector('#content > p.no-print > a[rel="nofollow"]');
  if (edit) edit.href = toFile(writeAddress(PATH, [["sql", answer.query.sql], ...Object.entries(answer.query.params)]));
  if (!rows.length) {
    const map = document.querySelector(".rows > .map");
    map?.replaceWith(Object.assign(document.createElement("p"), { className: "map-note muted", textContent: "There are no rows, so there is no map." }));
    wrapper.outerHTML = `<div class="empty"><p><strong>No rows match these filters.</strong> That no report is listed does not mean that nothing happened.</p><p>${link(`${PATH}/${name}`, "Show all rows")}</p></div>`;
    return;
  }
  wrapper.outerHTML = drawTable(view, contract.marked);
}

function drawTable({ table, name, path, pairs, answer }, marked) {
  const { columns, rows, sort_desc: down } = answer;
  const sort = answer.sort || (down ? null : table.keys.length === 1 ? table.keys[0] : table.keys.length || table.is_view ? null : "rowid");
  const chosen = first(pairs, "_all") || first(pairs, "_col") ? [] : Object.keys(table.headings).filter((column) => columns.includes(column));
  const shown = chosen.length ? chosen : columns;
  const headings = shown.map((column) => table.headings[column] ?? spell(column));
  const head = shown.map((column, at) => {
    const turned = column === sort ? { _sort_desc: column, _sort: null, _next: null } : { _sort: column, _sort_desc: null, _next: null };
    const arrow = column === sort ? ' <span aria-hidden="true">↑</span>' : column === down ? ' <span aria-hidden="true">↓</span>' : "";
    const said = column === sort ? ' aria-sort="ascending"' : column === down ? ' aria-sort="descending"' : "";
    const heading = table.is_view ? escape(headings[at]) : link(writeAddress(path, replaceArgs(pairs, turned)), escape(headings[at]) + arrow, ' rel="nofollow"');
    return `<th scope="col"${said}>${heading}</th>\n`;
  }).join("");
  return `<div class="table-wrapper" role="group" aria-labelledby="row-count" tabindex="0">\n<table class="${lookOf(shown.length)}">\n<caption class="sr">${escape(table.title)}: the rows of this page</caption>\n<thead><tr>\n${head}</tr></thead>\n<tbody>\n${writeRows(rows, shown, name, table, marked, headings.map(escape))}</tbody>\n</table>\n</div>`;
}
