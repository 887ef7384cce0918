// Which rows of a map have a place, what is to be said of those that have none, and where the map's edge may stand.
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
