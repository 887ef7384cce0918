// What the site answers at /clearview/TABLE.json, reckoned here: rows in their order, counts, facets, the next page.
import { getContract, tildeDecode, tildeEncode, writeAddress } from "./addresses.js";
import { BadRequest, chooseRows, quote } from "./choice.js";
import { ask } from "./engine.js";
import { chosenValues, isOf, toggleEmpty, toggleValue, withoutColumn } from "./values.js";

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
  const order = readOrder(table, pairs);
  const columns = chooseColumns(table, pairs);
  const place = await findPlace(table, name, order, first(pairs, "_next"));
  const where = place.condition ? `${chosen.where ? `${chosen.where} and` : " where"} ${place.condition}` : chosen.where;
  const terms = order.keys.map(([sql, down]) => sql + (down ? " desc" : "")).join(", ");
  // By its own guess SQLite would spell each name that the filters keep anew, and sort them.
  const by = table.indexed && order.name === table.indexed && !order.down ? ` indexed by order_of_${name}` : "";
  const sql = `select ${columns.map(quote).join(", ")} from ${quote(name)}${by}${where}${terms && ` order by ${terms}`} limit ${size < 0 ? -1 : size + 1}${place.offset}`;
  const parameters = { ...chosen.parameters, ...place.parameters };
  const found = await ask(sql, parameters);
  const isCut = size > 0 && found.rows.length > size;
  const rows = found.rows.slice(0, size < 0 ? undefined : size).map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  const next = isCut ? await nameNext(table, name, order, rows.at(-1), place, size) : null;
  const shape = first(pairs, "_shape");
  const isBare = ["array", "object"].includes(shape);
  const wanted = first(pairs, "_labels");
  const isLabelled = wanted === undefined ? labels : ["on", "true", "1"].includes(wanted.toLowerCase());
  return {
    table: name,
    rows: isLabelled ? await addLabels(table, rows) : rows,
    columns,
    primary_keys: table.keys,
    filtered_table_rows_count: isBare || first(pairs, "_nocount") ? null : (await ask(`select count(*) from ${quote(name)}${chosen.where}`, chosen.parameters)).rows[0][0],
    facet_results: isBare || first(pairs, "_nofacet") ? {} : await countFacets(contract, name, pairs),
    next,
    next_url: next === null ? null : writeAddress(`/clearview/${name}`, replaceArgs(pairs, { _next: next, ...(order.name && !table.is_view && { [order.down ? "_sort_desc" : "_sort"]: order.name }) })),
    query: { sql: sql.replace(by, ""), params: parameters },
    sort: order.down ? null : order.name,
    sort_desc: order.down ? order.name : null,
  };
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

function readOrder(table, pairs) {
  let [up, down] = [first(pairs, "_sort"), first(pairs, "_sort_desc")];
  if (!up && !down) [up, down] = [table.sort, table.sort_desc];
  if (up && down) throw new BadRequest("Cannot use _sort and _sort_desc at the same time");
  const name = up || down;
  const identity = table.is_view ? [] : table.keys.length ? table.keys : ["rowid"];
  const last = identity.map((key) => [quote(key), false]);
  if (!name) return { name: null, keys: last, identity };
  if (![...table.columns, ...identity].includes(name)) throw new BadRequest(`Cannot sort table by ${name}`);
  if (table.is_view || (identity.length === 1 && identity[0] === name)) return { name, down: !up, keys: [[quote(name), !up]], identity };
  return { name, down: !up, keys: [...table.orders[name][up ? 0 : 1], ...last], identity };
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

async function findPlace(table, name, { keys, identity }, token) {
  if (!token) return { condition: "", parameters: {}, offset: "", from: 0 };
  if (table.is_view) return { condition: "", parameters: {}, offset: ` offset ${Number.parseInt(token, 10) || 0}`, from: Number.parseInt(token, 10) || 0 };
  const values = token.split(",").map(tildeDecode).slice(-identity.length);
  const named = identity.map((key, at) => `${quote(key)} = :key_${at}`).join(" and ");
  const { rows: [row] } = await ask(`select ${keys.map(([sql]) => sql).join(", ")} from ${quote(name)} where ${named}`, Object.fromEntries(values.map((value, at) => [`key_${at}`, value])));
  if (!row || values.length !== identity.length) throw new BadRequest("_next names no row of this table; begin again with its first page");
  let condition = "";
  for (const [at, [sql, down]] of [...keys.entries()].reverse()) {
    const beyond = `${sql} ${down ? "<" : ">"} :after_${at}`;
    condition = condition ? `(${beyond} or (${sql} = :after_${at} and ${condition}))` : `(${beyond})`;
  }
  return { condition, parameters: Object.fromEntries(row.map((value, at) => [`after_${at}`, value])), offset: "" };
}

async function nameNext(table, name, { name: sort, identity }, row, place, size) {
  if (table.is_view) return String(place.from + size);
  const key = identity.map((one) => tildeEncode(String(row[one]))).join(",");
  if (!sort) return key;
  const named = identity.map((one, at) => `${quote(one)} = :key_${at}`).join(" and ");
  const value = sort in row ? row[sort] : (await ask(`select ${quote(sort)} from ${quote(name)} where ${named}`, Object.fromEntries(identity.map((one, at) => [`key_${at}`, row[one]])))).rows[0][0];
  return `${value === null ? "$null" : tildeEncode(String(value))},${key}`;
}

async function readLabels(table, column, values) {
  const link = table.links[column];
  if (!link) return new Map();
  const [other, key, label] = link;
  const { rows } = await ask(`select ${quote(key)}, ${quote(label ?? key)} from ${quote(other)} where ${quote(key)} in (select value from json_each(:keys))`, { keys: JSON.stringify([...new Set(values)]) });
  return new Map(rows);
}

async function addLabels(table, rows) {
  if (!rows.length) return rows;
  for (const column of Object.keys(table.links).filter((one) => one in rows[0])) {
    const labels = await readLabels(table, column, rows.map((row) => row[column]));
    for (const row of rows) if (labels.has(row[column])) row[column] = { value: row[column], label: labels.get(row[column]) };
  }
  return rows;
}

async function countFacets(contract, name, pairs) {
  const table = contract.tables[name];
  const asked = first(pairs, "_facet_size");
  const size = Math.min(asked === "max" ? contract.most_rows : /^\d+$/.test(asked ?? "") ? Number(asked) : table.facet_size, contract.most_rows);
  const facets = {};
  for (const column of [...table.facets, ...all(pairs, "_facet")]) {
    let key = column;
    for (let number = 2; key in facets; number += 1) key = `${column}_${number}`;
    facets[key] = await countFacet(contract, name, column, pairs, size);
  }
  return facets;
}

async function countFacet(contract, name, column, pairs, size) {
  const table = contract.tables[name];
  const others = pairs.some(isOf(column)) ? withoutColumn(pairs, column) : pairs;
  const chosen = chooseRows(table, name, others, contract.tests);
  const at = quote(column);
  const asked = `(select * from ${quote(name)}${chosen.where})`;
  const counted = table.lists.includes(column) ? `(select value as ${at} from ${asked} as asked, json_each(asked.${at}))` : asked;
  const { rows } = await ask(
    `select * from (select ${at} as value, count(*) as count from ${counted} group by ${at} order by ifnull(${at}, '') = '' desc, count desc, value limit ${size + 3}) order by count desc, value`,
    chosen.parameters,
  );
  const isEmpty = ([value]) => value === null || value === "";
  const found = rows.filter((row) => !isEmpty(row));
  const empty = rows.filter(isEmpty).reduce((sum, [, count]) => sum + count, 0);
  const labels = await readLabels(table, column, found.map(([value]) => value));
  const selected = chosenValues(pairs, column);
  const link = (given) => writeAddress(`/clearview/${name}`, given.filter(([, value]) => value));
  const results = found.slice(0, size).map(([value, count]) => ({
    value, label: labels.get(value) ?? value, count, toggle_url: link(toggleValue(pairs, column, String(value))), selected: selected.includes(String(value)),
  }));
  if (empty) {
    const isSelected = pairs.some(([one, value]) => one === `${column}__isblank` && value === "1");
    results.push({ value: null, label: "empty", count: empty, toggle_url: link(toggleEmpty(pairs, column)), selected: isSelected });
  }
  return { name: column, results, truncated: found.length > size };
}
