// The rows that an address chooses, by the places and counts that stand ready in prepared.db.
import { quote } from "./choice.js";
import { ask, keep } from "./engine.js";
import { sayOrder } from "./orders.js";

export const rowsOf = (name) => `prepared.${quote(`${name} rows`)}`;
const combosOf = (name) => `prepared.${quote(`${name} combos`)}`;
const where = (clauses) => (clauses.length ? ` where ${clauses.join(" and ")}` : "");

/** Returns {combos, rows}: the combinations of facets with their counts, and the clauses for rows, under all but the facets' filters. */
async function keepOthers(table, name, { ofRows, parameters }) {
  if (!ofRows.length) return { combos: combosOf(name), rows: [] };
  const key = JSON.stringify([name, ...ofRows.map((clause) => clause.replace(/:(\w+)/g, (_, one) => JSON.stringify(parameters[one])))]);
  const number = await keep({ key, sql: `select rowid from ${quote(name)}${where(ofRows)}`, parameters, rows: rowsOf(name) });
  const facets = ["_combo", ...table.facets.map(quote)].map((column) => `${column}, `).join("");
  return { combos: `(select ${facets}kept._n from temp.kept_combos_${number} as kept join ${combosOf(name)} using (_combo))`, rows: [`_id in (select _id from temp.kept_${number})`] };
}

/** Returns how many rows are chosen. */
export async function countRows(table, name, chosen) {
  const { combos } = await keepOthers(table, name, chosen);
  return (await ask(`select ifnull(sum(_n), 0) from ${combos} as combos${where(chosen.ofFacets)}`, chosen.parameters)).rows[0][0];
}

/** Returns the FROM that gives each value of a facet with its rows, as value and count. */
export async function countValues(table, name, chosen, column) {
  const { combos } = await keepOthers(table, name, chosen);
  const [at, asked] = [quote(column), `(select combos.* from ${combos} as combos${where(chosen.ofFacets)}) as asked`];
  const counted = table.lists.includes(column) ? `(select value as ${at}, _n from ${asked}, json_each(asked.${at}))` : asked;
  return `select ${at} as value, sum(_n) as count from ${counted} group by ${at}`;
}

/** Returns the chosen rows in their order, so many of them (-1: all) from a place on, as arrays. */
export async function readRows(table, name, chosen, { columns, order, place, most }) {
  const { rows } = await keepOthers(table, name, chosen);
  const ofFacets = chosen.ofFacets.length ? [`_combo in (select _combo from ${combosOf(name)} as combos${where(chosen.ofFacets)})`] : [];
  const clauses = [...rows, ...ofFacets, ...(place.condition ? [place.condition] : [])];
  const by = sayOrder(order.places);
  const sql = `select ${columns.map((column) => `shown.${quote(column)}`).join(", ")} from (select * from ${rowsOf(name)}${where(clauses)} order by ${by} limit ${most}) as placed cross join ${quote(name)} as shown on shown.rowid = placed._id order by ${by}`;
  return (await ask(sql, { ...chosen.parameters, ...place.parameters })).rows;
}
