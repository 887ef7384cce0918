// The rows that a map shows, and what is to be said of those that it does not.
const MOST = 10000; // rows; a phone draws these in a second or two

/** Returns the address of a map's rows, all of them and with every column; only a table's have labels. */
function nameRows({ mapSrc, mapLabels }) {
  const address = new URL(mapSrc || `${location.pathname}.json${location.search}`, location.origin);
  for (const name of ["_next", "_col", "_nocol", "_size", "_facet", "_all"]) address.searchParams.delete(name);
  const wanted = { _shape: "objects", _size: "max", _nofacet: "1" };
  if (mapLabels !== undefined) Object.assign(wanted, { _labels: "on", _nosuggest: "1" });
  for (const [name, value] of Object.entries(wanted)) address.searchParams.set(name, value);
  return address;
}

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.json();
}

/** Returns {rows, total} of an element: page after page up to MOST; total is null where more rows are not counted. */
export async function fetchRows({ dataset }) {
  const address = nameRows(dataset);
  const first = await ask(address);
  const rows = first.rows;
  let next = first.next;
  address.searchParams.set("_nocount", "1");
  while (next && rows.length < MOST) {
    address.searchParams.set("_next", next);
    const page = await ask(address);
    rows.push(...page.rows);
    next = page.next;
  }
  return { rows, total: next || first.truncated ? (first.filtered_table_rows_count ?? null) : rows.length };
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
