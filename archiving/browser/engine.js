// SQLite in a worker, started when it is first asked; stopped by ending the worker, whatever it is at.
import { get, getContract } from "./addresses.js";

let parts, worker;
const waiting = new Map();
let asked = 0;

/** What a statement is refused with. */
export class Refused extends Error {}

function fetchParts() {
  parts ??= Promise.all([get("sqlite3.wasm", "arrayBuffer"), get("../exports/clearview.db", "arrayBuffer"), get("letters.json", "json"), getContract()]);
  return parts;
}

async function open() {
  const [wasm, database, letters, { indexes }] = await fetchParts();
  const opened = new Worker(new URL("worker.js", import.meta.url));
  opened.addEventListener("message", ({ data: { number, error, ...answer } }) => {
    const { resolve, reject } = waiting.get(number) ?? {};
    waiting.delete(number);
    if (error === undefined) resolve?.(answer);
    else reject?.(new Refused(error));
  });
  opened.addEventListener("error", ({ message }) => endAll(message || "SQLite did not start"));
  opened.postMessage({ wasm, database, letters, indexes });
  return opened;
}

/** Returns {columns, rows, truncated} of a statement; rows are arrays, at most so many; throws Refused. */
export async function ask(sql, parameters = {}, most = Infinity) {
  worker ??= open();
  const opened = await worker;
  const number = (asked += 1);
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    opened.postMessage({ number, sql, parameters, most });
  });
}

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
