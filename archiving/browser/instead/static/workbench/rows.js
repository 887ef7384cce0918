// In the archive, in the place of the site's file of this name: rows and schema come from SQLite in the browser.
import { PATH, getContract, readPairs, toFile, toSite, writeAddress } from "../../copy/addresses.js";
import { ask, stop } from "../../copy/engine.js";

/** What a refused statement is told. */
export class Refusal extends Error {
  constructor(told) {
    super(told.error);
    Object.assign(this, told);
  }
}

/** Returns the tables, the values of categories, the functions and the limits. */
export const fetchSchema = () => getContract().then(({ schema }) => schema);

/** Returns {columns, rows, truncated} of a question {sql, parameters} or {path, parameters}; throws a Refusal. */
export async function fetchRows({ sql, path, parameters }) {
  const contract = await getContract();
  const name = path && toSite(new URL(path, location.href).href).split("/")[2];
  const given = { ...parameters, ...Object.fromEntries(readPairs(location.search).filter(() => path)) };
  const hide = showStop();
  try {
    return await ask(sql ?? contract.questions[name].sql, given, contract.most_rows);
  } catch (error) {
    throw new Refusal({ error: error.message });
  } finally {
    hide();
  }
}

/** Shows the button that ends a statement while it runs; returns what takes it away. */
function showStop() {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: "Stop", className: "stop" });
  button.addEventListener("click", stop);
  document.querySelector(".run .run-state")?.after(" ", button);
  return () => button.remove();
}

// However its address is written: a second entry in the browser's history would lead a reader who goes back to this page.
function isHere({ sql, parameters }) {
  const { sql: asked, ...given } = Object.fromEntries(readPairs(location.search));
  const isSame = ([name, value]) => (given[name] ?? "") === value;
  return asked !== undefined && asked.replace(/\r\n?/g, "\n") === sql && Object.entries(parameters).every(isSame);
}

/** Returns the address of a question's page, for a reader. */
export function namePage({ sql, path, parameters }) {
  if (isHere({ sql, parameters })) return location.pathname + location.search;
  const page = new URL(path ? writeAddress(path, Object.entries(parameters)) : toFile(writeAddress(PATH, [["sql", sql], ...Object.entries(parameters)])), location.href);
  return page.pathname + page.search;
}

/** Returns the address of a question's answer as a file, which is made when it is followed. */
export function nameAnswer({ sql, path, parameters }, form, options = {}) {
  const site = path ? toSite(new URL(path, location.href).href) : PATH;
  return toFile(writeAddress(`${site}.${form}`, Object.entries({ ...(sql && { sql }), ...parameters, ...options, _size: "max" })));
}
