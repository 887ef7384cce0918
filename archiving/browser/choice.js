// Which rows an address chooses, as SQL: its filters, searches and conditions, as Datasette reads them.
import { splitValues } from "./values.js";

/** Says why an address has no answer. */
export class BadRequest extends Error {}

/** Returns a name as it stands in SQL. */
export const quote = (name) => `"${name.replaceAll('"', '""')}"`;

// Tests that look at each value of a list, as service/list_columns.py writes them.
const LISTED = ["exact", "not", "in", "notin"];
const isFilter = ([name]) => !name.startsWith("_") || name.includes("__");
const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** Returns the filters of an address, sorted as the site sorts them: pairs of name and value. */
export function listFilters(pairs) {
  return pairs.filter(isFilter).sort((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]));
}

/** Returns column and test of a filter. */
export function readFilter(name) {
  const place = name.lastIndexOf("__");
  return place < 0 ? [name, "exact"] : [name.slice(0, place), name.slice(place + 2)];
}

/** Returns {where, parameters} of the pairs of an address; tests are those of tables.json. */
export function chooseRows(table, name, pairs, tests) {
  const clauses = [];
  const parameters = {};
  let count = 0;
  const add = (value) => {
    parameters[`p${count}`] = value;
    count += 1;
    return `:p${count - 1}`;
  };
  for (const [filter, value] of listFilters(pairs)) {
    const [column, key] = readFilter(filter);
    const test = tests.find((one) => one.key === key);
    if (test && table.lists.includes(column) && LISTED.includes(key)) clauses.push(writeListed(key, `${quote(name)}.${quote(column)}`, value, add));
    else if (test) clauses.push(writeClause(test, quote(column), quote(name), value, add));
  }
  for (const [filter, value] of pairs) if (filter === "_where") clauses.push(value);
  addSearches(table, pairs, clauses, parameters);
  return { where: clauses.length ? ` where ${clauses.join(" and ")}` : "", parameters };
}

function writeListed(key, column, value, add) {
  const values = key.endsWith("in") ? splitValues(value) : [value];
  return `${key.startsWith("not") ? "not " : ""}exists (select 1 from json_each(${column}) where value in (${values.map(add).join(", ")}))`;
}

function writeClause(test, column, table, value, add) {
  if (!test.sql) return `${column} ${test.key === "in" ? "in" : "not in"} (${splitValues(value).map(add).join(", ")})`;
  const put = (template, values) => template.replace(/\{(\w)\}/g, (_, letter) => values[letter]);
  if (test.no_argument) return put(test.sql, { c: column });
  const converted = test.format.replace("{}", () => value);
  const place = add(test.numeric && /^\d+$/.test(converted) ? Number(converted) : converted).slice(1);
  return put(test.sql, { c: column, p: place, t: table });
}

function addSearches(table, pairs, clauses, parameters) {
  const searches = pairs.filter(([name]) => name.startsWith("_search") && name !== "_searchmode");
  if (!table.search || !searches.length) return;
  const isRaw = pairs.some(([name, value]) => name === "_searchmode" && value === "raw");
  const found = (column, parameter) => `rowid in (select rowid from ${quote(table.search)} where ${quote(column)} match ${isRaw ? `:${parameter}` : `escape_fts(:${parameter})`})`;
  const whole = searches.find(([name]) => name === "_search");
  if (whole) {
    clauses.push(found(table.search, "search"));
    parameters.search = whole[1];
    return;
  }
  for (const [place, [name, text]] of searches.entries()) {
    const column = name.replace(/^_search_/, "");
    if (!table.searched.includes(column)) throw new BadRequest("Cannot search by that column");
    clauses.push(found(column, `search_${place}`));
    parameters[`search_${place}`] = text;
  }
}
