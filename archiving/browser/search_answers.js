// What the site answers at /search.json, reckoned here.
import { getContract, tildeEncode } from "./addresses.js";
import { ask } from "./engine.js";
import { NOT_EXACT, getMatcher } from "./matching.js";

export const KINDS = ["agency", "source", "regulatory_action"];
export const [FIRST, MOST, LONGEST] = [10, 500, 200];

/** Returns a query as it is searched for: white space and control characters made single blanks. */
export const readQuery = (text) => text.replace(/[\x00-\x1f\x7f-\x9f]/g, " ").split(/\s+/).filter(Boolean).join(" ");

/** Returns a group for each kind that matches: its kind, count and first results with their facts. */
export async function search(query, kinds, limit) {
  const matcher = await getMatcher();
  const groups = [];
  for (const kind of kinds) {
    const matches = matcher.match(query, kind);
    if (matches.length) groups.push({ kind, count: matches.length, exact: matches[0].score > NOT_EXACT, results: await addFacts(kind, matches.slice(0, limit)) });
  }
  return [...groups.filter(({ exact }) => exact), ...groups.filter(({ exact }) => !exact)];
}

async function addFacts(kind, matches) {
  const { found } = await getContract();
  const { columns, rows } = await ask(found[kind], { ids: JSON.stringify(matches.map(({ id }) => id)) });
  const facts = new Map(rows.map((row) => [row[columns.indexOf("id")], Object.fromEntries(columns.map((column, at) => [column, row[at]]))]));
  return matches.map(({ id, score, reason }) => ({ kind, score, reason: reason(), ...facts.get(id), url: `${facts.get(id).url}/${tildeEncode(String(id))}` }));
}

/** Returns {query, counts, results} as /search.json does. */
export async function tellSearch(text, kinds = KINDS, limit = FIRST) {
  const query = readQuery(text);
  const groups = await search(query, kinds, limit);
  const counts = Object.fromEntries(kinds.map((kind) => [kind, groups.find((group) => group.kind === kind)?.count ?? 0]));
  return { query, counts, results: groups.flatMap(({ results }) => results) };
}

/** Returns the single words of a query that do find agencies, each with how many. */
export async function suggestWords(query) {
  const matcher = await getMatcher();
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])];
  return (words.length > 1 ? words : []).map((word) => ({ word, count: matcher.match(word, "agency").length })).filter(({ count }) => count);
}
