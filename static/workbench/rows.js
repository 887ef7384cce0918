// Where rows and the schema come from. Everything else on the SQL page asks here, so that an archive without a server
// can answer from SQLite in the browser by replacing this one file.
const DATABASE = `/${document.documentElement.dataset.database}`;
let schema;

/** What a refused statement is told: the error, and where known start, end, line, column, hint and did_you_mean. */
export class Refusal extends Error {
  constructor(told) {
    super(told.error);
    Object.assign(this, told);
  }
}

/** Returns the tables, the values of categories, the functions and the limits; asked for once. */
export function fetchSchema() {
  schema ??= ask("/workbench/schema.json");
  return schema;
}

/** Returns {columns, rows, truncated} of a question {sql, parameters} or {path, parameters}; throws a Refusal. */
export async function fetchRows(question) {
  const { columns, rows, truncated } = await ask(nameAnswer(question, "json", { _shape: "arrays" }));
  return { columns, rows, truncated };
}

/** Returns the address of a question's page, for a reader. */
export function namePage({ sql, path, parameters }) {
  return `${path ?? DATABASE}${write({ ...(sql && { sql }), ...parameters })}`;
}

/** Returns the address of a question's answer as a file: csv or json. */
export function nameAnswer({ sql, path, parameters }, form, options = {}) {
  return `${path ?? DATABASE}.${form}${write({ ...(sql && { sql }), ...parameters, ...options, _size: "max" })}`;
}

function write(pairs) {
  const query = new URLSearchParams(pairs).toString();
  return query && `?${query}`;
}

async function ask(address) {
  let answer, told;
  try {
    answer = await fetch(address);
    told = await answer.json();
  } catch {
    throw new Refusal({ error: "The result did not arrive. Try again" });
  }
  if (!answer.ok) throw new Refusal(told);
  return told;
}
