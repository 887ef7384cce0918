// Where things stand: the site's own addresses (/clearview/agencies?country=CA) and the files of this archive.

const { database, large = "{}" } = document.documentElement.dataset;

/** The folder of the archive, wherever it was put. */
export const ROOT = new URL("..", import.meta.url);
/** The site's address of the data. */
export const PATH = `/${database}`;
const LARGE = JSON.parse(large); // tables whose rows have no pages of their own, with their keys

/** Returns the file of an address of the site, with its question. */
export function toFile(address) {
  const [, path, rest] = /^([^?#]*)(.*)$/s.exec(address);
  const names = path.split("/").filter(Boolean);
  if (names.length === 3 && names[0] === database && names[1] in LARGE) return toFile(nameRow(names));
  if (!names.at(-1)?.includes(".")) names.push("index.html");
  return ROOT.href + names.join("/") + rest;
}

// A row without a page of its own stands in its table, alone and whole.
function nameRow([, table, key]) {
  const values = key.split(",").map(tildeDecode);
  return writeAddress(`${PATH}/${table}`, [...LARGE[table].map((name, at) => [name, values[at]]), ["_all", "on"]]);
}

/** Returns the site's address of a file of the archive, without fragment; null where it is none. */
export function toSite(href) {
  const { href: whole, search } = new URL(href, location.href);
  const file = whole.replace(/[?#].*$/s, "");
  if (!file.startsWith(ROOT.href)) return null;
  return `/${file.slice(ROOT.href.length)}`.replace(/\/(index\.html)?(?=$|\.\w+$)/, "") + search || "/";
}

/** Returns the pairs of a question, in its order. */
export const readPairs = (search) => [...new URLSearchParams(search)];

/** Returns an address with pairs, written as the site writes them. */
export function writeAddress(path, pairs) {
  const query = pairs.map((pair) => pair.map(encode).join("=")).join("&");
  return query ? `${path}?${query}` : path;
}

function encode(text) {
  const escape = (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!*'()]/g, escape).replaceAll("%20", "+");
}

/** Returns a row's key as its address has it. */
export function tildeEncode(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const write = (byte) => (/[\w-]/.test(String.fromCharCode(byte)) && byte < 128 ? String.fromCharCode(byte) : byte === 32 ? "+" : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  return bytes.map(write).join("");
}

/** Returns what tildeEncode was given. */
export function tildeDecode(text) {
  return decodeURIComponent(text.replaceAll("%", "%25").replaceAll("+", " ").replace(/~([0-9A-F]{2})/g, "%$1"));
}

/** Fetches a file of the folder copy/ or above it; raises where it did not arrive. */
export async function get(name, form) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} did not arrive: ${answer.status}`);
  return answer[form]();
}

let told;
/** Returns what is known of the tables (tables.json), asked for once. */
export function getContract() {
  told ??= get("tables.json", "json");
  return told;
}
