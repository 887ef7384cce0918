// The order of a table's rows, and where in it a page begins.
import { tildeDecode, tildeEncode } from "./addresses.js";
import { BadRequest, quote } from "./choice.js";
import { ask } from "./engine.js";

const BEYOND = 2 ** 40; // of a place in an order (prepared.db): it is not known

/** Returns {name, down, keys, places, identity}: the terms of an order, and those of prepared.db that give the same. */
export function readOrder(table, up, down) {
  if (!up && !down) [up, down] = [table.sort, table.sort_desc];
  if (up && down) throw new BadRequest("Cannot use _sort and _sort_desc at the same time");
  const name = up || down;
  const identity = table.is_view ? [] : table.keys.length ? table.keys : ["rowid"];
  const last = identity.map((key) => [quote(key), false]);
  if (!name) return { name: null, keys: last, places: [["_last", false]], identity };
  if (![...table.columns, ...identity].includes(name)) throw new BadRequest(`Cannot sort table by ${name}`);
  if (table.is_view || (identity.length === 1 && identity[0] === name)) return { name, down: !up, keys: [[quote(name), !up]], places: [["_last", !up]], identity };
  const place = table.places[name];
  const places = up ? [[place, false]] : [[`(${place} >= ${BEYOND})`, false], [place, true]];
  return { name, down: !up, keys: [...table.orders[name][up ? 0 : 1], ...last], places: [...places, ["_last", false]], identity };
}

/** Returns the terms of an "order by". */
export const sayOrder = (keys) => keys.map(([sql, down]) => sql + (down ? " desc" : "")).join(", ");

/** Returns {condition, parameters, offset, from} of the rows after the one that a token names; source holds the keys' terms. */
export async function findPlace(table, keys, identity, token, source) {
  if (!token) return { condition: "", parameters: {}, offset: "", from: 0 };
  const from = Number.parseInt(token, 10) || 0;
  if (table.is_view) return { condition: "", parameters: {}, offset: ` offset ${from}`, from };
  const values = token.split(",").map(tildeDecode).slice(-identity.length);
  const { rows: [row] } = await ask(`select ${keys.map(([sql]) => sql).join(", ")} from ${source}`, Object.fromEntries(values.map((value, at) => [`key_${at}`, value])));
  if (!row || values.length !== identity.length) throw new BadRequest("_next names no row of this table; begin again with its first page");
  let condition = "";
  for (const [at, [sql, down]] of [...keys.entries()].reverse()) {
    const beyond = `${sql} ${down ? "<" : ">"} :after_${at}`;
    condition = condition ? `(${beyond} or (${sql} = :after_${at} and ${condition}))` : `(${beyond})`;
  }
  return { condition, parameters: Object.fromEntries(row.map((value, at) => [`after_${at}`, value])), offset: "" };
}

/** Returns the condition that names one row by its keys. */
export const nameRow = (identity) => identity.map((one, at) => `${quote(one)} = :key_${at}`).join(" and ");

/** Returns the token of the page after a row. */
export async function nameNext(table, name, { name: sort, identity }, row, place, size) {
  if (table.is_view) return String(place.from + size);
  const key = identity.map((one) => tildeEncode(String(row[one]))).join(",");
  if (!sort) return key;
  const value = sort in row ? row[sort] : (await ask(`select ${quote(sort)} from ${quote(name)} where ${nameRow(identity)}`, Object.fromEntries(identity.map((one, at) => [`key_${at}`, row[one]])))).rows[0][0];
  return `${value === null ? "$null" : tildeEncode(String(value))},${key}`;
}
