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

/** Returns words in their order, as one text. */
export const sortWords = (words) => words.join(" ").split(/\s+/).filter(Boolean).sort().join(" ");

/** How alike other texts are to one (0 to 100): twice the common letters of all. Both have their words sorted. */
export class Likeness {
  constructor(text) {
    this.length = text.length;
    this.count = Math.ceil(text.length / 32);
    this.places = new Map(); // of a letter: where it stands, a bit for each place (Hyyrö: 32 places in one step)
    for (let place = 0; place < text.length; place += 1) {
      if (!this.places.has(text[place])) this.places.set(text[place], new Uint32Array(this.count));
      this.places.get(text[place])[place >> 5] |= 1 << (place & 31);
    }
    this.known = new Map();
  }

  /** Returns how alike a text is. */
  to(other) {
    if (!this.known.has(other)) {
      const letters = this.length + other.length;
      this.known.set(other, letters ? (200 * this.countCommon(other)) / letters : 100);
    }
    return this.known.get(other);
  }

  countCommon(other) {
    const row = new Uint32Array(this.count).fill(0xffffffff);
    for (const letter of other) {
      const places = this.places.get(letter);
      if (!places) continue;
      let carry = 0;
      for (let at = 0; at < this.count; at += 1) {
        const met = (row[at] & places[at]) >>> 0;
        const sum = row[at] + met + carry;
        carry = sum > 0xffffffff ? 1 : 0;
        row[at] = (sum | (row[at] - met)) >>> 0;
      }
    }
    let common = 0;
    for (let place = 0; place < this.length; place += 1) common += (row[place >> 5] >>> (place & 31)) & 1 ? 0 : 1;
    return common;
  }
}

/** Returns a number rounded as Python rounds it: halves to the even digit. */
export function round(number, digits) {
  const scaled = number * 10 ** digits;
  if (Math.abs(scaled - Math.trunc(scaled)) === 0.5 && scaled / 10 ** digits === number) return (2 * Math.round(scaled / 2)) / 10 ** digits;
  return Number(number.toFixed(digits));
}
