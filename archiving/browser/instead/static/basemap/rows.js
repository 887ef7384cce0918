// In the archive, in the place of the site's file of this name: a map's rows stand in a file beside its page, or are
// reckoned here where the page has filters or shows the result of SQL.
const COPY = new URL("../../copy/", import.meta.url);
const MOST = 10000; // rows; a phone draws these in a second or two

async function readHere(mapSrc) {
  const [{ readPairs, toSite }, { readRows }] = await Promise.all(["addresses.js", "row_files.js"].map((name) => import(new URL(name, COPY).href)));
  const isResult = mapSrc !== "map.json";
  const address = isResult ? toSite(mapSrc) : toSite(location.href);
  const [, table, search] = /^\/clearview(?:\/(\w+))?(?:\.json)?\?(.*)$/s.exec(address);
  const pairs = readPairs(search).filter(([name]) => !["_next", "_col", "_nocol", "_size", "_facet", "_all"].includes(name));
  const { rows } = await readRows(table, isResult ? pairs : [...pairs, ["_labels", "on"]]);
  return { rows: rows.slice(0, MOST), total: rows.length };
}

/** Returns {rows, total} of an element. */
export async function fetchRows({ dataset: { mapSrc } }) {
  const isChosen = location.search && document.body.matches(".table, .query");
  if (mapSrc !== "map.json" || isChosen) return readHere(mapSrc);
  const answer = await fetch(new URL("map.json", location.href));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.json();
}

const isWithin = (degrees, limit) => typeof degrees === "number" && Math.abs(degrees) <= limit;
const write = (count) => count.toLocaleString("en");

/** Returns whether a row says where it stands. */
export const hasPlace = ({ latitude, longitude }) => isWithin(latitude, 90) && isWithin(longitude, 180);

/** Returns a sentence on the rows that a map leaves out, for whatever reason; "" where it shows them all. */
export function tellMissing(placed, rows, total) {
  const missing = rows - placed;
  const unplaced = missing ? `${write(missing)} of the ${write(rows)} rows have no known place and are not on the map.` : "";
  if (rows === total) return unplaced;
  const of = total === null ? "there are more" : `there are ${write(total)}`;
  return `The map is of the first ${write(rows)} rows; ${of}. ${unplaced}`.trim();
}

const GAIN = 90; // degrees of empty map, for which the Pacific may stand in the middle

/**
 * Returns the longitude at which the map's left edge may stand: the westernmost place, or the one east of a much wider
 * gap, so that two places on both sides of the 180th meridian stand beside one another.
 */
export function findSeam(longitudes) {
  const sorted = [...new Set(longitudes)].sort((one, other) => one - other);
  let [seam, widest] = [sorted[0], sorted[0] + 360 - sorted.at(-1) + GAIN];
  for (let i = 1; i < sorted.length; i += 1) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > widest) [seam, widest] = [sorted[i], gap];
  }
  return seam;
}
