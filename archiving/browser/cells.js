// The rows of a table as HTML, as plugins/pages/table_rows.py and labelled_cells.py write them.
import { PATH, tildeEncode, toFile } from "./addresses.js";

const COUNTED = document.documentElement.dataset.counted;
const LONG = 80; // characters
const WIDE = 9; // columns
const LINKED = { agency: "agencies", country: "countries", source: "sources" };
const TITLES = ["label", "publisher", "action"];
const NAMED_BY_NUMBER = ["no", "row"];
const DATES = ["date", "published", "first_reported", "last_reported"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** Returns a text as HTML. */
export const escape = (text) => String(text).replace(/[&<>"']/g, (letter) => ESCAPED[letter]);

/** Returns a number with separators; texts stay. */
export const write = (value) => (typeof value === "number" && Number.isInteger(value) ? value.toLocaleString("en") : escape(value));

/** Returns "12 rows", "1 row". */
export const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** Returns a date in words, as precise as it is; what is no date stays. */
export function sayDate(text) {
  if (!text) return "no date";
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text) ?? [];
  if (!year || (month && !MONTHS[month - 1])) return text;
  return [day && Number(day), month && MONTHS[month - 1], year].filter(Boolean).join(" ");
}

/** Returns a heading for a column without one. */
export const spell = (column) => capitalize(column.replaceAll("_", " "));
const capitalize = (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();

/** Returns a link to an address of the site. */
export const link = (address, html, attributes = "") => `<a href="${escape(toFile(address))}"${attributes}>${html}</a>`;

const mark = (marked, key) => (key in marked ? ` <span class="use">${escape(marked[key])}</span>` : "");
const sayBeside = (key) => {
  const text = key?.value ?? key;
  return text ? `<span class="sr"> (${escape(text)})</span>` : "";
};
const linkRow = (table, key, text) => link(`${PATH}/${table}/${tildeEncode(String(key))}`, escape(text));

function writePlain(value, row) {
  const host = typeof value === "string" && /^https?:\/\/([^/\s]+)/i.exec(value);
  if (host) return `<a class="out" href="${escape(value)}">${escape(host[1])}${sayBeside(row.id || row.source)}</a>`;
  return write(value);
}

function writeLabel(column, value, marked) {
  if (!(column in LINKED)) return escape(value.label);
  const shown = linkRow(LINKED[column], value.value, value.label);
  return (column === "source" ? shown.replace("</a>", `${sayBeside(value)}</a>`) : shown) + mark(marked, value.value);
}

function chooseWriter(name, { keys, lists }, column, marked) {
  if (lists.includes(column)) return (value) => escape(JSON.parse(value).join("; "));
  const isNamed = keys.length === 1 && keys[0] === "id";
  if (name === "agencies" && column === "name") {
    return (value, row) => linkRow("agencies", row.id, value) + mark(marked, row.id) + (row.native_name ? `<br><small>${escape(row.native_name)}</small>` : "");
  }
  if (name === "agencies" && column === COUNTED) return (value, row) => escape(value) + (row.figures_conflict ? ' <span class="conflict">reports conflict</span>' : "");
  if (keys.length === 1 && keys[0] === column) return (value) => linkRow(name, value, value);
  if (column === "publisher" && name === "sources") return (value, row) => linkRow(name, row.id, value).replace("</a>", `${sayBeside(row.id)}</a>`);
  if (TITLES.includes(column) && isNamed) return (value, row) => linkRow(name, row.id, value);
  if (DATES.includes(column)) return (value) => escape(typeof value === "string" ? sayDate(value) : value);
  if (column === "query") return (value, row) => (value[0] === "/" ? link(value, `show ours<span class="sr">: ${escape(row.measure || "")}</span>`) : escape(value));
  return NAMED_BY_NUMBER.includes(column) ? (value) => escape(value) : writePlain;
}

function openCell(value) {
  if (typeof value === "number") return "num";
  return [...value].length > LONG && value.includes(" ") ? "long" : "";
}

/** Returns the body of a table with each cell labelled; the first of a row names it. */
export function writeRows(rows, shown, name, table, marked, labels) {
  const writers = shown.map((column) => chooseWriter(name, table, column, marked));
  return rows.map((row) => {
    const cells = shown.map((column, at) => {
      const value = row[column];
      const tag = at ? "td" : "th";
      const opened = (look) => `<${tag} data-label="${labels[at]}"${at ? "" : ' scope="row"'}${look && ` class="${look}"`}>`;
      if (value === null || value === "") return `${opened("")}<span class="muted">–</span></${tag}>`;
      if (typeof value === "object") return `${opened("")}${writeLabel(column, value, marked)}</${tag}>`;
      return `${opened(openCell(value))}${writers[at](value, row)}</${tag}>`;
    });
    return `<tr>${cells.join("\n")}\n</tr>\n`;
  }).join("");
}

/** Returns the look of a table of so many columns. */
export const lookOf = (columns) => (columns >= WIDE ? "cards cards-wide" : "cards");
