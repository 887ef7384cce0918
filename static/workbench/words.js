// The words of a statement, each with its kind and place: as service/sql_words.py reads them.
const WORD = /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S])))|(?<text>'(?:[^']|'')*'?)|(?<quoted>"[^"]*"?|\[[^\]]*\]?|`[^`]*`?)|(?<name>[\p{L}_][\w$]*)|(?<number>\d[\w.]*)|(?<parameter>[:@$]\w+)|(?<other>\S)/gu;
const BEFORE_TABLE = new Set(["from", "join", ","]);

export const KEYWORDS = (
  "select distinct from where group by having order by limit offset join left join inner join cross join on using as " +
  "and or not in like glob between is null case when then else end union all intersect except with recursive over " +
  "partition by rows range exists cast asc desc collate nocase values filter window"
).replaceAll(/(group|order|partition|left|inner|cross) (by|join)/g, "$1_$2").split(" ").map((word) => word.replace("_", " "));

/** Returns the words of a statement as {kind, text, start, end}, comments among them. */
export function splitWords(sql) {
  return [...sql.matchAll(WORD)].map((found) => {
    const [kind] = Object.entries(found.groups).find(([, text]) => text !== undefined);
    return { kind, text: found[0], start: found.index, end: found.index + found[0].length };
  });
}

/** Returns a word's name in lower case without its quotes; "" where it is none. */
export function nameOf(word) {
  return word?.kind === "name" || word?.kind === "quoted" ? word.text.replaceAll(/["[\]`]/g, "").toLowerCase() : "";
}

/** Returns the tables that a statement takes rows from: a Map from the name each goes by to the table. */
export function findSources(words, tables) {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sources = new Map();
  words.forEach((word, place) => {
    const table = byName.get(nameOf(word));
    if (!table || !BEFORE_TABLE.has(words[place - 1]?.text.toLowerCase())) return;
    const [next] = words.slice(place + 1, place + 3).filter(({ text }) => text.toLowerCase() !== "as");
    const alias = KEYWORDS.some((keyword) => keyword.split(" ")[0] === nameOf(next)) ? "" : nameOf(next);
    sources.set(alias || table.name, table);
  });
  return sources;
}

/** Returns the names of a statement's parameters (:name), each once. */
export function findParameters(sql) {
  const found = splitWords(sql).filter(({ kind, text }) => kind === "parameter" && text[0] === ":");
  return [...new Set(found.map(({ text }) => text.slice(1)))];
}
