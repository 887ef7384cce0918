// What may come next in a statement: keywords, tables, columns, functions, values of categories.
import { KEYWORDS, findSources, nameOf, splitWords } from "./words.js";

const CLAUSES = new Set("select from join where on group order having limit with using by and or".split(" "));
const BEFORE_VALUE = new Set(["=", "<", ">", "!", "in", "not", "like", "is", "(", ","]);
const COMPARING = new Set(["=", ">", "in", "like", "is", "("]);

/** Returns {from, options} for a place in a statement, or null; an option has label, type, detail, info and insert. */
export function suggest(schema, sql, place, explicit) {
  const before = splitWords(sql.slice(0, place));
  const last = before.at(-1);
  if (last?.kind === "comment" && last.end === place) return null;
  const all = splitWords(sql).filter(({ kind }) => kind !== "comment");
  const words = before.filter(({ kind }) => kind !== "comment");
  const sources = findSources(all, schema.tables);
  if (isOpenText(last, place)) return suggestValues(schema, words.slice(0, -1), sources, last.text.slice(1), last.start);
  const isTyping = last?.end === place && (last.kind === "name" || last.kind === "quoted");
  const typed = isTyping ? last.text : "";
  const from = place - typed.length;
  const earlier = isTyping ? words.slice(0, -1) : words;
  const values = suggestValues(schema, earlier, sources, typed, from);
  if (values && (explicit || !typed)) return values;
  if (earlier.at(-1)?.text === "." && earlier.at(-1).end === from) return suggestColumnsOf(nameOf(earlier.at(-2)), sources, from);
  if (!typed && !explicit) return null;
  const options = suggestNames(schema, earlier, sources);
  return { from, options: [...(values?.options ?? []), ...options], validFor: /^\w*$/ };
}

function isOpenText(word, place) {
  return word?.kind === "text" && word.end === place && word.text.split("'").length % 2 === 0;
}

function suggestValues(schema, words, sources, typed, from) {
  let place = words.length - 1;
  if (!COMPARING.has(words[place]?.text.toLowerCase()) && words[place]?.text !== ",") return null;
  while (place >= 0 && (words[place].kind === "text" || BEFORE_VALUE.has(words[place].text.toLowerCase()))) place -= 1;
  const name = nameOf(words[place]);
  const tables = sources.size ? [...sources.values()] : schema.tables;
  const column = tables.flatMap(({ columns }) => columns).find((each) => each.name === name && each.values);
  const compared = words.slice(place + 1).map(({ text }) => text.toLowerCase());
  if (!column || !["=", "<", ">", "!", "in", "not", "like", "is"].includes(compared[0])) return null;
  const wanted = typed.toLowerCase();
  const found = schema.values[column.values].filter((pair) => pair.some((text) => text.toLowerCase().includes(wanted)));
  const options = found.map(([code, label]) => ({
    label, type: "constant", boost: 9, insert: `'${code.replaceAll("'", "''")}'`, ...(code !== label && { detail: code }),
  }));
  return options.length ? { from, options, filter: false } : null;
}

function suggestColumnsOf(alias, sources, from) {
  const table = sources.get(alias) ?? [...sources.values()].find(({ name }) => name === alias);
  return table ? { from, options: table.columns.map((column) => describeColumn(column, [table.name])), validFor: /^\w*$/ } : null;
}

function suggestNames(schema, words, sources) {
  const clause = words.findLast((word) => CLAUSES.has(word.text.toLowerCase()));
  const isClause = words.at(-1) === clause || words.at(-1)?.text === ",";
  const keywords = [...new Set(KEYWORDS)].map((label) => ({ label, type: "keyword" }));
  if (["from", "join"].includes(clause?.text.toLowerCase())) return isClause ? schema.tables.map(describeTable) : keywords;
  const tables = sources.size ? [...new Set(sources.values())] : schema.tables;
  return [...suggestColumns(tables), ...Object.entries(schema.functions).map(describeFunction), ...keywords];
}

function suggestColumns(tables) {
  const having = new Map();
  for (const table of tables) {
    for (const column of table.columns) having.set(column.name, [...(having.get(column.name) ?? []), { column, table: table.name }]);
  }
  return [...having.values()].map((found) => ({ ...describeColumn(found[0].column, found.map(({ table }) => table)), boost: 1 }));
}

function describeColumn({ name, type, description }, tables) {
  const where = tables.slice(0, 3).join(", ") + (tables.length > 3 ? ", …" : "");
  return { label: name, type: "property", detail: [type, where].filter(Boolean).join(" · "), ...(description && { info: description }) };
}

function describeTable({ name, rows, description }) {
  return { label: name, type: "class", detail: rows === null ? "many rows" : `${rows.toLocaleString("en")} rows`, ...(description && { info: description }) };
}

function describeFunction([name, [call, gives]]) {
  return { label: name, type: "function", detail: call, info: gives, insert: `${name}(` };
}
