// What the site answers at /search.json, reckoned here.
import { get, getContract, tildeEncode } from "./addresses.js";
import { ask } from "./engine.js";
import { Matcher, NOT_EXACT } from "./matching.js";

export const KINDS = ["agency", "source", "regulatory_action"];
export const [FIRST, MOST, LONGEST] = [10, 500, 200];

/** Returns a query as it is searched for: white space and control characters made single blanks. */
export const readQuery = (text) => text.replace(/[\x00-\x1f\x7f-\x9f]/g, " ").split(/\s+/).filter(Boolean).join(" ");

let asking;
/** Returns what answers {query, kind, limit} and {words}: a worker, from a memory stick the page itself. */
function getMatcher() {
  asking ??= Promise.all([get("search.json", "json"), get("letters.json", "json")]).then(([told, letters]) => {
    if (location.protocol !== "file:") return startWorker(told, letters);
    const matcher = new Matcher(told, letters);
    return (asked) => (asked.kind ? matcher.find(asked) : matcher.count(asked));
  });
  return asking;
}

function startWorker(told, letters) {
  const worker = new Worker(new URL("search_worker.js", import.meta.url), { type: "module" });
  const waiting = [];
  worker.addEventListener("message", ({ data: { number, answer } }) => waiting[number].resolve(answer));
  worker.addEventListener("error", ({ message }) => waiting.forEach(({ reject }) => reject(new Error(message || "The search did not start"))));
  worker.postMessage({ told, letters });
  return (asked) => new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage({ number: waiting.length - 1, asked });
  });
}

/** Returns a group for each kind that matches: its kind, count and first results with their facts. */
export async function search(query, kinds, limit) {
  const find = await getMatcher();
  const groups = [];
  for (const kind of kinds) {
    const { count, matches } = await find({ query, kind, limit });
    if (count) groups.push({ kind, count, exact: matches[0].score > NOT_EXACT, results: await addFacts(kind, matches) });
  }
  return [...groups.filter(({ exact }) => exact), ...groups.filter(({ exact }) => !exact)];
}

async function addFacts(kind, matches) {
  const { found } = await getContract();
  const { columns, rows } = await ask(found[kind], { ids: JSON.stringify(matches.map(({ id }) => id)) });
  const facts = new Map(rows.map((row) => [row[columns.indexOf("id")], Object.fromEntries(columns.map((column, at) => [column, row[at]]))]));
  return matches.map(({ id, score, reason }) => ({ kind, score, reason, ...facts.get(id), url: `${facts.get(id).url}/${tildeEncode(String(id))}` }));
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
  const count = await getMatcher();
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])];
  return words.length > 1 ? count({ words }) : [];
}
