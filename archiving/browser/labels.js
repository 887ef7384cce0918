// What the values of a column are called, where they are keys of another table.
import { quote } from "./choice.js";
import { ask } from "./engine.js";

/** Returns a map from keys to their labels; empty where the column names no other table. */
export async function readLabels(table, column, values) {
  const link = table.links[column];
  if (!link) return new Map();
  const [other, key, label] = link;
  const { rows } = await ask(`select ${quote(key)}, ${quote(label ?? key)} from ${quote(other)} where ${quote(key)} in (select value from json_each(:keys))`, { keys: JSON.stringify([...new Set(values)]) });
  return new Map(rows);
}

/** Puts {value, label} in the place of the keys of rows. */
export async function addLabels(table, rows) {
  if (!rows.length) return rows;
  for (const column of Object.keys(table.links).filter((one) => one in rows[0])) {
    const labels = await readLabels(table, column, rows.map((row) => row[column]));
    for (const row of rows) if (labels.has(row[column])) row[column] = { value: row[column], label: labels.get(row[column]) };
  }
  return rows;
}
