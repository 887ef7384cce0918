// SQLite in a worker, started when it is first asked; stopped by ending the worker, whatever it is at.
import { ROOT, get, getContract } from "./addresses.js";
import { sayState } from "./state.js";

const SHORT = 2_000_000; // bytes, whose arrival is not told of
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

let parts, worker;
const waiting = new Map();
let asked = 0;

/** What a statement is refused with. */
export class Refused extends Error {}

function fetchParts() {
  parts ??= Promise.all([get("sqlite3.wasm", "arrayBuffer"), findFiles(), get("letters.json", "text")]);
  return parts;
}

/** Returns the databases: their addresses where the host sends parts of a large file, else their bytes. */
async function findFiles() {
  const { sizes, by_range: isLarge } = await getContract();
  const [main, prepared] = Object.entries(sizes).map(([name, size]) => ({ address: new URL(name, ROOT).href, size }));
  const stop = new AbortController();
  if (isLarge) {
    const answer = await fetch(main.address, { headers: { range: "bytes=0-99" }, signal: stop.signal });
    const isPart = answer.status === 206 && answer.headers.get("content-range")?.endsWith(`/${main.size}`);
    stop.abort();
    if (isPart) return { main, prepared };
  }
  const fetchOne = async (file) => ({ bytes: await (isLarge || file.size > SHORT ? fetchSlowly : fetchWhole)(file) });
  return { main: await fetchOne(main), prepared: await fetchOne(prepared) };
}

async function fetchFile(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} did not arrive: ${answer.status}`);
  return answer;
}

const fetchWhole = ({ address }) => fetchFile(address).then((answer) => answer.arrayBuffer());

async function fetchSlowly({ address, size }) {
  const answer = await fetchFile(address);
  const bytes = new Uint8Array(size);
  let done = 0;
  try {
    for (const reader = answer.body.getReader(); ;) {
      const { value } = await reader.read();
      if (!value) return bytes.buffer;
      bytes.set(value, done);
      done += value.length;
      sayState(`The database is on its way: ${megabytes(done)} of ${megabytes(size)} MB.`);
    }
  } finally {
    sayState("");
  }
}

async function open() {
  const [wasm, files, letters] = await fetchParts();
  const opened = new Worker(new URL("worker.js", import.meta.url));
  opened.addEventListener("message", ({ data: { number, error, ...answer } }) => {
    const { resolve, reject } = waiting.get(number) ?? {};
    waiting.delete(number);
    if (error === undefined) resolve?.(answer);
    else reject?.(new Refused(error));
  });
  opened.addEventListener("error", ({ message }) => endAll(message || "SQLite did not start"));
  opened.postMessage({ wasm, files, letters });
  return opened;
}

async function send(message) {
  worker ??= open();
  const opened = await worker;
  const number = (asked += 1);
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    opened.postMessage({ number, ...message });
  });
}

/** Returns {columns, rows, truncated} of a statement; rows are arrays, at most so many; throws Refused. */
export const ask = (sql, parameters = {}, most = Infinity) => send({ sql, parameters, most });

/** Returns the number under which the rows that a statement finds are kept (worker.js). */
export const keep = (told) => send({ keep: told }).then(({ kept }) => kept);

/** Ends what is running; the next statement starts anew. */
export async function stop() {
  const opened = await worker;
  worker = undefined;
  opened?.terminate();
  endAll("Stopped");
}

function endAll(reason) {
  for (const { reject } of waiting.values()) reject(new Refused(reason));
  waiting.clear();
}
