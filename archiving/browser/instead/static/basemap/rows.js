// In the archive, in the place of the site's file of this name: a map's rows stand in a file beside its page, or are
// reckoned here where the page has filters or shows the result of SQL.
const COPY = new URL("../../copy/", import.meta.url);
const IN_A_FILE = /(^|\/)map\.json$/;
const MOST = 10000; // rows; a phone draws these in a second or two

async function readHere(mapSrc) {
  const { href } = location; // before anything is waited for: the reader may turn to something else
  const [{ readPairs, toSite }, { readRows }] = await Promise.all(["addresses.js", "row_files.js"].map((name) => import(new URL(name, COPY).href)));
  const isResult = !IN_A_FILE.test(mapSrc);
  const address = isResult ? toSite(mapSrc) : toSite(href);
  const [, table, search] = /^\/\w+(?:\/(\w+))?(?:\.json)?\?(.*)$/s.exec(address);
  const pairs = readPairs(search).filter(([name]) => !["_next", "_col", "_nocol", "_size", "_facet", "_all"].includes(name));
  const { rows } = await readRows(table, isResult ? pairs : [...pairs, ["_labels", "on"]]);
  return { rows: rows.slice(0, MOST), total: rows.length };
}

/** Returns {rows, total} of an element. */
export async function fetchRows({ dataset: { mapSrc } }) {
  const isChosen = location.search && document.body.matches(".table, .query");
  if (!IN_A_FILE.test(mapSrc) || isChosen) return readHere(mapSrc);
  const answer = await fetch(new URL(mapSrc, location.href));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.json();
}
