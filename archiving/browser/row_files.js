// Rows as a file, made here as the site makes it: CSV, JSON, JSON Lines, GeoJSON.
import { getContract, readPairs } from "./addresses.js";
import { answerTable } from "./answers.js";
import { ask } from "./engine.js";

const KINDS = { csv: "text/csv", json: "application/json", ndjson: "application/x-ndjson", geojson: "application/geo+json" };
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

/** Returns {name, blob} of an address such as /clearview/agencies.csv?country=CA. */
export async function makeFile(address) {
  const [, table, form, search] = /^\/\w+(?:\/(\w+))?\.(\w+)\?(.*)$/s.exec(address);
  const { columns, rows } = await readRows(table, readPairs(search));
  return { name: `${table ?? "result"}.${form}`, blob: new Blob([write(form, columns, rows)], { type: `${KINDS[form]};charset=utf-8` }) };
}

/** Returns {columns, rows} of a table, a ready question or SQL; rows are objects. */
export async function readRows(table, pairs) {
  const contract = await getContract();
  if (table in contract.tables) return answerTable(table, [...pairs, ["_nofacet", "1"]], { all: true });
  const given = Object.fromEntries(pairs);
  const { columns, rows } = await ask(table ? contract.questions[table].sql : given.sql, given, contract.most_rows);
  return { columns, rows: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]))) };
}

/** Returns rows in a form. */
export function write(form, columns, rows) {
  if (form === "csv") return writeCsv(columns, rows);
  if (form === "json") return JSON.stringify(rows);
  if (form === "ndjson") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const features = rows.map((row) => {
    const { latitude, longitude, ...properties } = row;
    const isPlaced = [latitude, longitude].every((degrees) => typeof degrees === "number");
    return { type: "Feature", ...("id" in row && { id: row.id }), geometry: isPlaced ? { type: "Point", coordinates: [longitude, latitude] } : null, properties };
  });
  return JSON.stringify({ type: "FeatureCollection", features });
}

function writeCsv(columns, rows) {
  const labelled = columns.filter((column) => rows.some((row) => typeof row[column] === "object" && row[column] !== null));
  const heads = columns.flatMap((column) => (labelled.includes(column) ? [column, `${column}_label`] : [column]));
  const lines = rows.map((row) => columns.flatMap((column) => {
    const value = row[column];
    if (!labelled.includes(column)) return [value];
    return value === null ? ["", ""] : [value?.value ?? value, value?.label ?? ""];
  }));
  return [heads, ...lines].map((line) => line.map(writeCell).join(",")).join("\r\n") + "\r\n";
}

function writeCell(value) {
  const text = String(value ?? "");
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
