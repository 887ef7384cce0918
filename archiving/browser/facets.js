// How many of the chosen rows have each value of a facet.
import { PATH, writeAddress } from "./addresses.js";
import { chooseRows, quote } from "./choice.js";
import { countValues } from "./chosen_rows.js";
import { ask } from "./engine.js";
import { readLabels } from "./labels.js";
import { chosenValues, isOf, toggleEmpty, toggleValue, withoutColumn } from "./values.js";

/** Returns the facets of a table and those that an address asks for. */
export async function countFacets(contract, name, pairs) {
  const table = contract.tables[name];
  const asked = pairs.find(([one]) => one === "_facet_size")?.[1];
  const size = Math.min(asked === "max" ? contract.most_rows : /^\d+$/.test(asked ?? "") ? Number(asked) : table.facet_size, contract.most_rows);
  const columns = [...table.facets, ...pairs.filter(([one]) => one === "_facet").map(([, value]) => value)];
  const counts = await Promise.all(columns.map((column) => countFacet(contract, name, column, pairs, size)));
  const facets = {};
  for (const [place, column] of columns.entries()) {
    let key = column;
    for (let number = 2; key in facets; number += 1) key = `${column}_${number}`;
    facets[key] = counts[place];
  }
  return facets;
}

async function countFacet(contract, name, column, pairs, size) {
  const table = contract.tables[name];
  const others = pairs.some(isOf(column)) ? withoutColumn(pairs, column) : pairs;
  const chosen = chooseRows(table, name, others, contract.tests);
  const at = quote(column);
  const isReady = table.facets.includes(column) && !table.is_view;
  const counted = isReady ? await countValues(table, name, chosen, column) : countHere(table, name, chosen, at, column);
  const { rows } = await ask(
    `select * from (${counted} order by ifnull(${at}, '') = '' desc, count desc, value limit ${size + 3}) order by count desc, value`,
    chosen.parameters,
  );
  const isEmpty = ([value]) => value === null || value === "";
  const found = rows.filter((row) => !isEmpty(row));
  const empty = rows.filter(isEmpty).reduce((sum, [, count]) => sum + count, 0);
  const labels = await readLabels(table, column, found.map(([value]) => value));
  const selected = chosenValues(pairs, column);
  const link = (given) => writeAddress(`${PATH}/${name}`, given.filter(([, value]) => value));
  const results = found.slice(0, size).map(([value, count]) => ({
    value, label: labels.get(value) ?? value, count, toggle_url: link(toggleValue(pairs, column, String(value))), selected: selected.includes(String(value)),
  }));
  if (empty) {
    const isSelected = pairs.some(([one, value]) => one === `${column}__isblank` && value === "1");
    results.push({ value: null, label: "empty", count: empty, toggle_url: link(toggleEmpty(pairs, column)), selected: isSelected });
  }
  return { name: column, results, truncated: found.length > size };
}

function countHere(table, name, chosen, at, column) {
  const asked = `(select * from ${quote(name)}${chosen.where})`;
  const values = table.lists.includes(column) ? `(select value as ${at} from ${asked} as asked, json_each(asked.${at}))` : asked;
  return `select ${at} as value, count(*) as count from ${values} group by ${at}`;
}
