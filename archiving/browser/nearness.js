// How near two texts are, as rapidfuzz measures it for the site's search.

/** Returns the number of typing errors between two words, two swapped letters being one; above most, any number above. */
export function countErrors(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [before, last, row] = [[], [], Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= one.length; i += 1) {
    [before, last, row] = [last, row, [i]];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return row[other.length];
}

/** Returns how alike two texts are (0 to 100), whatever the order of their words: twice the common letters of all. */
export function likeness(one, other) {
  const [first, second] = [one, other].map((text) => text.split(/\s+/).filter(Boolean).sort().join(" "));
  const letters = first.length + second.length;
  return letters ? (200 * countCommon(first, second)) / letters : 100;
}

function countCommon(one, other) {
  let row = new Uint16Array(other.length + 1);
  for (const letter of one) {
    const next = new Uint16Array(other.length + 1);
    for (let j = 1; j <= other.length; j += 1) next[j] = letter === other[j - 1] ? row[j - 1] + 1 : Math.max(row[j], next[j - 1]);
    row = next;
  }
  return row[other.length];
}

/** Returns a number rounded as Python rounds it: halves to the even digit. */
export function round(number, digits) {
  const scaled = number * 10 ** digits;
  if (Math.abs(scaled - Math.trunc(scaled)) === 0.5 && scaled / 10 ** digits === number) return (2 * Math.round(scaled / 2)) / 10 ** digits;
  return Number(number.toFixed(digits));
}
