// What the site answers at /clearview/TABLE.json, reckoned here: rows in their order, counts, facets, the next page.
import { PATH, getContract, writeAddress } from "./addresses.js";
import { BadRequest, chooseRows, quote } from "./choice.js";
import { countRows, readRows, rowsOf } from "./chosen_rows.js";
import { ask } from "./engine.js";
import { countFacets } from "./facets.js";
import { addLabels } from "./labels.js";
import { findPlace, nameNext, nameRow, readOrder, sayOrder } from "./orders.js";

/** Returns the first value of a name among pairs. */
export const first = (pairs, name) => pairs.find(([one]) => one === name)?.[1];
const all = (pairs, name) => pairs.filter(([one]) => one === name).map(([, value]) => value);

/** Returns the table's answer to the pairs of an address; all: every row, whatever page is asked for. */
export async function answerTable(name, pairs, { labels = false, all: isAll = false } = {}) {
  const contract = await getContract();
  const table = contract.tables[name];
  if (!table) throw new BadRequest(`There is no table ${name} here`);
  const size = isAll ? -1 : readSize(table, pairs, contract.most_rows);
  const chosen = chooseRows(table, name, pairs, contract.tests);
  const order = readOrder(table, first(pairs, "_sort"), first(pairs, "_sort_desc"));
  const columns = chooseColumns(table, pairs);
  const token = first(pairs, "_next");
  const place = await findPlace(table, order.keys, order.identity, token, `${quote(name)} where ${nameRow(order.identity)}`);
  const query = writeQuery(name, columns, chosen, order, place, size);
  const isBare = ["array", "object"].includes(first(pairs, "_shape"));
  const isUncounted = isBare || first(pairs, "_nocount") || table.is_uncounted;
  const [found, counted, facets] = await Promise.all([
    findRows(table, name, chosen, { columns, order, token, query, most: size < 0 ? -1 : size + 1 }),
    isUncounted ? null : count(table, name, chosen),
    isBare || first(pairs, "_nofacet") ? {} : countFacets(contract, name, pairs),
  ]);
  const isCut = size > 0 && found.length > size;
  const rows = found.slice(0, size < 0 ? undefined : size).map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  const next = isCut ? await nameNext(table, name, order, rows.at(-1), place, size) : null;
  const wanted = first(pairs, "_labels");
  const isLabelled = wanted === undefined ? labels : ["on", "true", "1"].includes(wanted.toLowerCase());
  return {
    table: name,
    rows: isLabelled ? await addLabels(table, rows) : rows,
    columns,
    primary_keys: table.keys,
    filtered_table_rows_count: counted,
    facet_results: facets,
    next,
    next_url: next === null ? null : writeAddress(`${PATH}/${name}`, replaceArgs(pairs, { _next: next, ...(order.name && !table.is_view && { [order.down ? "_sort_desc" : "_sort"]: order.name }) })),
    query,
    sort: order.down ? null : order.name,
    sort_desc: order.down ? order.name : null,
  };
}

/** Returns the SQL and the parameters that the site would ask, for readers to change. */
function writeQuery(name, columns, chosen, order, place, size) {
  const where = place.condition ? `${chosen.where ? `${chosen.where} and` : " where"} ${place.condition}` : chosen.where;
  const terms = sayOrder(order.keys);
  const sql = `select ${columns.map(quote).join(", ")} from ${quote(name)}${where}${terms && ` order by ${terms}`} limit ${size < 0 ? -1 : size + 1}${place.offset}`;
  return { sql, params: { ...chosen.parameters, ...place.parameters } };
}

async function findRows(table, name, chosen, { columns, order, token, query, most }) {
  if (table.is_view) return (await ask(query.sql, query.params)).rows;
  const source = `${rowsOf(name)} where _id = (select rowid from ${quote(name)} where ${nameRow(order.identity)})`;
  return readRows(table, name, chosen, { columns, order, most, place: await findPlace(table, order.places, order.identity, token, source) });
}

async function count(table, name, chosen) {
  if (!table.is_view) return countRows(table, name, chosen);
  return (await ask(`select count(*) from ${quote(name)}${chosen.where}`, chosen.parameters)).rows[0][0];
}

/** Returns pairs with others in the place of those of the same names; null leaves a name out. */
export function replaceArgs(pairs, given) {
  const kept = pairs.filter(([name, value]) => !(name in given) && value !== "");
  return [...kept, ...Object.entries(given).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)])];
}

function readSize(table, pairs, most) {
  const asked = first(pairs, "_size") || table.size;
  const size = asked === "max" ? most : Number(asked);
  if (!Number.isInteger(size) || size < 0) throw new BadRequest("_size must be a positive integer");
  if (size > most) throw new BadRequest(`_size must be <= ${most}`);
  return size;
}

function chooseColumns(table, pairs) {
  const refuse = (name, wrong) => {
    if (wrong.length) throw new BadRequest(`${name}=${wrong.join(", ")} - invalid columns`);
  };
  const [wanted, unwanted] = [all(pairs, "_col"), all(pairs, "_nocol")];
  refuse("_col", wanted.filter((name) => !table.columns.includes(name)));
  refuse("_nocol", unwanted.filter((name) => !table.columns.includes(name) || table.keys.includes(name)));
  const columns = wanted.length ? [...table.keys, ...new Set(wanted)] : table.columns;
  const left = columns.filter((name) => !unwanted.includes(name));
  return table.keys.length || table.is_view ? left : ["rowid", ...left];
}
