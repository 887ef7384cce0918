// The search of service/matching.py in the browser: the same names, words and weights, so the same finds.
import { Likeness, countErrors, round, sortWords } from "./nearness.js";

const COVERED = 0.6;
const [WORD_START, ONE_ERROR, TWO_ERRORS] = [0.95, 0.9, 0.8];
export const NOT_EXACT = 95;
const OWN_NAME = 0.9;
const REGION_CODE = "abbreviation of ";
const CAPITALS = /(?<![\p{L}\p{N}_])[A-Z]{2,3}(?![\p{L}\p{N}_])/gu;

/** Reads texts: their letters in plain Latin, their words in their common meaning. */
class Reader {
  constructor(words, letters) {
    this.words = new Map(Object.entries(words));
    this.letters = letters;
  }

  plain(text) {
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    const write = (letter) => (letter.codePointAt(0) < 128 ? letter : (this.letters[letter.codePointAt(0) - 128] ?? ""));
    return Array.from(text, write).join("").toLowerCase();
  }

  fold(text) {
    const words = this.plain(text).replaceAll("'s ", " ").replaceAll("'", " ").replace(/\b(\w)\.(?=\w\b)/g, "$1");
    return words.match(/[a-z0-9]+/g) ?? [];
  }

  read(text) {
    const folded = this.fold(text);
    const meanings = [];
    for (let at = 0; at < folded.length;) {
      const pair = folded.slice(at, at + 2).join(" ");
      const taken = this.words.has(pair) ? Math.min(2, folded.length - at) : 1;
      const word = folded.slice(at, at + taken).join(" ");
      meanings.push(this.words.get(word) ?? word);
      at += taken;
    }
    const telling = meanings.filter(Boolean);
    return telling.length ? telling : folded;
  }
}

/** The words of all entries of one kind, and which names hold them. */
class Index {
  constructor(entries, reader) {
    this.entries = entries;
    this.reader = reader;
    const read = new Map();
    const readOnce = (text) => {
      if (!read.has(text)) {
        const [folded, phrase] = [reader.fold(text), reader.read(text)];
        read.set(text, [folded, phrase, sortWords(phrase)]);
      }
      return read.get(text);
    };
    this.holders = new Map(); // of a word: of an entry's place, of its name's number, what the name counts
    this.codes = new Set();
    for (const [place, entry] of entries.entries()) {
      entry.read = entry.names.map(({ text }) => readOnce(text));
      for (const [number, { text, label, weight }] of entry.names.entries()) {
        if (label.startsWith(REGION_CODE)) this.codes.add(text.toLowerCase());
        const [folded, phrase] = entry.read[number];
        for (const word of [...phrase, ...folded.filter((one) => reader.words.get(one) === "")]) this.hold(word, place, number, weight);
      }
    }
    const known = [...reader.words].filter(([word, meaning]) => this.holders.has(meaning) && !word.includes(" ")).map(([word]) => word);
    this.vocabulary = [...new Set([...this.holders.keys(), ...known])].sort((one, other) => (one < other ? -1 : 1));
  }

  hold(word, place, number, weight) {
    if (!this.holders.has(word)) this.holders.set(word, new Map());
    const places = this.holders.get(word);
    if (!places.has(place)) places.set(place, new Map());
    places.get(place).set(number, weight);
  }

  readQuery(query) {
    const isUpper = query === query.toUpperCase() && query !== query.toLowerCase();
    const capitals = isUpper ? [] : (query.match(CAPITALS) ?? []).map((code) => code.toLowerCase());
    const codes = capitals.filter((code) => this.reader.words.get(code) === "" && this.codes.has(code));
    return [...new Set([...this.reader.read(query), ...codes])];
  }

  weight(word) {
    return Math.log(1 + this.entries.length / (this.holders.get(word)?.size ?? 0.5));
  }

  findWords(word) {
    const found = new Map(this.startingWith(word));
    if (this.holders.has(word)) return new Map([[word, 1], ...found]);
    const errors = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
    for (const known of errors ? this.vocabulary : []) {
      const distance = countErrors(word, known, errors);
      if (distance > errors || !(distance < 2 || word.length > 7 || known[0] === word[0])) continue;
      const meaning = this.reader.words.get(known) ?? known;
      found.set(meaning, Math.max(found.get(meaning) ?? 0, distance < 2 ? ONE_ERROR : TWO_ERRORS));
    }
    return found;
  }

  startingWith(word) {
    if (word.length < 3) return [];
    return this.vocabulary.filter((known) => known > word && known.startsWith(word)).map((known) => [this.reader.words.get(known) ?? known, WORD_START]);
  }

  weigh(word, readings) {
    if (!readings.size) return this.weight(word);
    const best = Math.max(...readings.values());
    return Math.min(...[...readings].filter(([, quality]) => quality === best).map(([known]) => this.weight(known)));
  }

  /** Returns of each entry's place, of its name's number, the quality times the name's and the word's weight. */
  findHolders(readings, weight) {
    const held = new Map();
    for (const [word, quality] of readings) {
      for (const [place, numbers] of this.holders.get(word) ?? []) {
        if (!held.has(place)) held.set(place, new Map());
        const own = held.get(place);
        for (const [number, counts] of numbers) own.set(number, Math.max(own.get(number) ?? 0, quality * counts * weight));
      }
    }
    return held;
  }

  search(query) {
    const words = this.readQuery(query);
    const readings = words.map((word) => this.findWords(word));
    const weights = words.map((word, at) => this.weigh(word, readings[at]));
    const held = readings.map((one, at) => this.findHolders(one, weights[at]));
    const covered = new Map();
    for (const holders of held) for (const [place, numbers] of holders) covered.set(place, (covered.get(place) ?? 0) + Math.max(...numbers.values()));
    const asked = { plain: this.reader.fold(query).join(" "), likeness: new Likeness(sortWords(words)), weight: weights.reduce((sum, one) => sum + one, 0), held };
    const found = [...covered].filter(([, value]) => value >= COVERED * asked.weight).map(([place, value]) => this.judge(asked, place, value));
    return found.length ? found : this.searchRunTogether(words);
  }

  judge(asked, place, covered) {
    const entry = this.entries[place];
    const own = [...entry.names.keys()].filter((number) => entry.names[number].weight >= OWN_NAME && asked.held.some((holders) => holders.get(place)?.has(number)));
    const exact = own.filter((number) => entry.read[number][0].join(" ") === asked.plain).map((number) => entry.names[number]);
    if (exact.length) {
      const best = exact.reduce((one, other) => (other.weight > one.weight ? other : one));
      return { score: 100 * best.weight, entry, findNames: () => [best] };
    }
    const alike = Math.max(0, ...own.map((number) => asked.likeness.to(entry.read[number][2])));
    const score = round(Math.min(NOT_EXACT, (75 * covered) / asked.weight + alike / 4), 1);
    return { score, entry, findNames: () => this.findReasons(asked, place) };
  }

  findReasons(asked, place) {
    const entry = this.entries[place];
    const found = entry.names.map((_, number) => {
      const carried = asked.held.map((holders) => holders.get(place)?.get(number) ?? 0);
      const sum = carried.reduce((all, one) => all + one, 0);
      return { number, carried, sum: round(sum, 6), alike: sum && asked.likeness.to(entry.read[number][2]) };
    }).filter(({ sum }) => sum);
    found.sort((one, other) => other.sum - one.sum || other.alike - one.alike || one.number - other.number);
    const held = new Set();
    return found.filter(({ carried }) => {
      const columns = carried.flatMap((value, column) => (value ? [column] : []));
      const isNew = columns.some((column) => !held.has(column));
      columns.forEach((column) => held.add(column));
      return isNew;
    }).map(({ number }) => entry.names[number]);
  }

  searchRunTogether(words) {
    const typed = words.join("");
    if (typed.length <= 6) return [];
    return this.entries.flatMap((entry) => {
      const number = entry.names.findIndex(({ weight }, at) => weight >= OWN_NAME && countErrors(typed, entry.read[at][1].join(""), 1) <= 1);
      return number < 0 ? [] : [{ score: round(90 * entry.names[number].weight, 1), entry, findNames: () => [entry.names[number]] }];
    });
  }
}

const explain = (names) => {
  const ordered = [...names].sort((one, other) => other.weight - one.weight || (one.text < other.text ? -1 : 1));
  return `matched ${ordered.map(({ label, text }) => `the ${label} “${text}”`).join(" and ")}`;
};

/** All that can be searched for. find() and count() answer what search_answers.js asks. */
export class Matcher {
  constructor({ labels, entries, words }, letters) {
    this.reader = new Reader(words, letters);
    this.indexes = new Map();
    for (const [id, kind, title, names] of entries) {
      if (!this.indexes.has(kind)) this.indexes.set(kind, []);
      this.indexes.get(kind).push({ id, kind, title, names: names.map(([text, label, weight]) => ({ text, label: labels[label], weight })) });
    }
  }

  /** Returns {count, matches} of a question: how many match, and the best {id, score, reason}. */
  find({ query, kind, limit }) {
    const hits = this.match(query, kind);
    return { count: hits.length, matches: hits.slice(0, limit).map(({ score, entry, findNames }) => ({ id: entry.id, score, reason: explain(findNames()) })) };
  }

  /** Returns the words that find agencies, each with how many. */
  count({ words }) {
    return words.map((word) => ({ word, count: this.match(word, "agency").length })).filter(({ count }) => count);
  }

  match(query, kind) {
    if (!/[\p{L}\p{N}_]/u.test(query) || !this.indexes.has(kind)) return [];
    if (Array.isArray(this.indexes.get(kind))) this.indexes.set(kind, new Index(this.indexes.get(kind), this.reader));
    const hits = this.indexes.get(kind).search(query);
    const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
    const nameOf = ({ entry }) => (entry.sorted ??= this.reader.plain(entry.title));
    return hits.sort((one, other) => other.score - one.score || compare(nameOf(one), nameOf(other)) || compare(one.entry.id, other.entry.id));
  }
}
