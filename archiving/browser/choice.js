// Which rows an address chooses, as SQL: its filters, searches and conditions, as Datasette reads them.
import { splitValues } from "./values.js";

/** Says why an address has no answer. */
export class BadRequest extends Error {}

const FOLDED = ["contains", "startswith", "endswith"];

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

/**
 * Returns {where, parameters, ofFacets, ofRows} of the pairs of an address: the condition as the site writes it, and its
 * clauses as prepared.db answers them, by the facets' combinations or row by row. Tests are those of tables.json.
 */
export function chooseRows(table, name, pairs, tests) {
  const [clauses, ofFacets, ofRows, parameters] = [[], [], [], {}];
  let count = 0;
  const add = (value) => {
    parameters[`p${count}`] = value;
    count += 1;
    return `:p${count - 1}`;
  };
  for (const [filter, value] of listFilters(pairs)) {
    const [column, key] = readFilter(filter);
    const test = tests.find((one) => one.key === key);
    if (!test) continue;
    const isListed = table.lists.includes(column) && LISTED.includes(key);
    const clause = isListed ? writeListed(key, `${quote(name)}.${quote(column)}`, value, add) : writeClause(test, quote(column), quote(name), value, add);
    clauses.push(clause);
    if (isListed && table.facets.includes(column)) ofFacets.push(clause.replace(`(${quote(name)}.`, () => "(combos."));
    else if (table.facets.includes(column) && !test.sql?.includes("{t}")) ofFacets.push(clause);
    else ofRows.push(FOLDED.includes(key) && !/[%_]/.test(value) ? readFolded(clause, quote(column)) : clause);
  }
  const more = pairs.filter(([filter]) => filter === "_where").map(([, value]) => value);
  addSearches(table, pairs, more, parameters);
  const all = [...clauses, ...more];
  return { where: all.length ? ` where ${all.join(" and ")}` : "", parameters, ofFacets, ofRows: [...ofRows, ...more.map((one) => `(${one})`)] };
}

// For a text in ASCII SQLite's own "like" does what spelling it in plain letters does; others have them in prepared.db.
function readFolded(clause, column) {
  const pattern = clause.slice(clause.indexOf(" like "));
  return `(${column}${pattern} or ${column} in (select text from prepared.folds where plain${pattern}))`;
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
