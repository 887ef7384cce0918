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
