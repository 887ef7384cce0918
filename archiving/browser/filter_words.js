// The filters in force as words, each with the address without it, as plugins/pages/filter_words.py says them.
import { PATH, writeAddress } from "./addresses.js";
import { spell } from "./cells.js";
import { listFilters, readFilter } from "./choice.js";
import { ask } from "./engine.js";
import { chooseValues, joinValues, splitValues } from "./values.js";

const MOST_CHIPS = 8;
const NEGATED = ["not", "notin"];
const EMPTY = { isnull: "empty", isblank: "empty", notnull: "not empty", notblank: "not empty" };
// What Datasette says of a test that does not name values.
const SAID = {
  contains: '{c} contains "{v}"', endswith: '{c} ends with "{v}"', startswith: '{c} starts with "{v}"', gt: "{c} > {v}", gte: "{c} ≥ {v}",
  lt: "{c} < {v}", lte: "{c} ≤ {v}", like: '{c} like "{v}"', notlike: '{c} not like "{v}"', glob: '{c} glob "{v}"',
  arraycontains: '{c} contains "{v}"', arraynotcontains: '{c} does not contain "{v}"', date: '"{c}" is on date {v}',
};

const isSame = (one) => (other) => one[0] === other[0] && one[1] === other[1];

function replacePair(path, pairs, pair, given) {
  const kept = pairs.flatMap((one) => (isSame(pair)(one) ? given : [one]));
  return writeAddress(path, kept.filter(([name]) => name !== "_next"));
}

function withValues(column, test, values) {
  if (!values.length) return [];
  if (!NEGATED.includes(test)) return chooseValues(column, values);
  return values.length > 1 ? [[`${column}__notin`, joinValues(values)]] : [[`${column}__not`, values[0]]];
}

/** Returns [{text, remove}] of the filters of a table's address. */
export async function sayFilters(table, name, pairs) {
  const path = `${PATH}/${name}`;
  const said = pairs.filter(([one, value]) => one.startsWith("_search") && one !== "_searchmode" && value)
    .map((pair) => ({ text: `Search: “${pair[1]}”`, remove: replacePair(path, pairs, pair, []) }));
  for (const pair of listFilters(pairs)) {
    const [column, test] = readFilter(pair[0]);
    const heading = table.headings[column] ?? spell(column);
    if (["exact", "in", ...NEGATED].includes(test)) {
      said.push(...(await sayValues(table, path, pairs, pair, heading)));
      continue;
    }
    const words = SAID[test]?.replace(/\{(\w)\}/g, (_, letter) => (letter === "c" ? heading : pair[1])) ?? `${pair[0]}: ${pair[1]}`;
    said.push({ text: test in EMPTY ? `${heading}: ${EMPTY[test]}` : words, remove: replacePair(path, pairs, pair, []) });
  }
  return said;
}

async function sayValues(table, path, pairs, pair, heading) {
  const [column, test] = readFilter(pair[0]);
  const isNot = NEGATED.includes(test);
  const values = [...new Set(["in", "notin"].includes(test) ? splitValues(pair[1]) : [pair[1]])];
  if (values.length > MOST_CHIPS) return [{ text: `${heading}: ${isNot ? "not " : ""}one of ${values.length.toLocaleString("en")}`, remove: replacePair(path, pairs, pair, []) }];
  const labels = await readLabels(table, column, values);
  return values.map((value, place) => {
    const label = labels.get(value) || value || "empty text";
    const text = place ? `${isNot ? "nor" : "or"} ${label}` : `${heading}: ${isNot ? "not " : ""}${label}`;
    return { text, remove: replacePair(path, pairs, pair, withValues(column, test, values.filter((other) => other !== value))) };
  });
}

async function readLabels(table, column, values) {
  if (!table.links[column]) return new Map();
  const [other, key, label] = table.links[column];
  return new Map((await ask(`select "${key}", "${label ?? key}" from "${other}" where "${key}" in (select value from json_each(:keys))`, { keys: JSON.stringify(values) })).rows);
}
