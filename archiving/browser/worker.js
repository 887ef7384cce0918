// SQLite over one file, which nobody writes to. The first message brings what it is made of, each later one a statement.
if (typeof openSqlite === "undefined") importScripts("sqlite_libraries.js");

const FLOAT = 2; // of sqlite3_column_type
let opened;

self.onmessage = async ({ data }) => {
  if (data.wasm) {
    opened = open(data);
    return;
  }
  try {
    self.postMessage({ number: data.number, ...run(await opened, data) });
  } catch (error) {
    self.postMessage({ number: data.number, error: tell(error) });
  }
};

const tell = (error) => String(error.message ?? error).replace(/^.*sqlite3 result code \d+: /s, "");

async function open({ wasm, database, letters, indexes }) {
  const sqlite3 = await openSqlite(wasm);
  const bytes = new Uint8Array(database);
  const db = new sqlite3.oo1.DB();
  const place = sqlite3.wasm.allocFromTypedArray(bytes);
  const flags = sqlite3.capi.SQLITE_DESERIALIZE_FREEONCLOSE | sqlite3.capi.SQLITE_DESERIALIZE_RESIZEABLE;
  db.checkRc(sqlite3.capi.sqlite3_deserialize(db.pointer, "main", place, bytes.length, bytes.length, flags));
  db.createFunction("plain", (_, text) => (text === null ? null : plain(String(text), letters)), { deterministic: true });
  db.createFunction("escape_fts", (_, text) => escapeFts(String(text)), { deterministic: true });
  for (const sql of indexes) db.exec(sql);
  db.exec("pragma query_only = on; pragma temp_store = memory");
  return { sqlite3, db };
}

function plain(text, letters) {
  const write = (letter) => (letter.codePointAt(0) < 128 ? letter : (letters[letter.codePointAt(0) - 128] ?? ""));
  return Array.from(text, write).join("").toLowerCase();
}

// As Datasette does it: each word a text of its own, so that no word is taken for an operator.
function escapeFts(text) {
  const whole = (text.match(/"/g) ?? []).length % 2 ? `${text}"` : text;
  const words = whole.match(/".*?"|[^\s"]+/g) ?? [];
  return words.filter((word) => word !== '""').map((word) => (word.startsWith('"') ? word : `"${word}"`)).join(" ");
}

function run({ sqlite3, db }, { sql, parameters, most }) {
  const statement = db.prepare(sql);
  try {
    const names = Object.keys(parameters).filter((name) => statement.getParamIndex(`:${name}`));
    if (names.length) statement.bind(Object.fromEntries(names.map((name) => [`:${name}`, parameters[name]])));
    const columns = statement.getColumnNames();
    const rows = [];
    while (statement.step()) {
      if (rows.length === most) return { columns, rows, truncated: true };
      rows.push(columns.map((_, place) => read(sqlite3, statement, place)));
    }
    return { columns, rows, truncated: false };
  } finally {
    statement.finalize();
  }
}

function read(sqlite3, statement, place) {
  const value = statement.get(place);
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return { $base64: true, encoded: btoa(String.fromCharCode(...value)) };
  return typeof value === "number" && !Number.isFinite(value) && sqlite3.capi.sqlite3_column_type(statement.pointer, place) === FLOAT ? null : value;
}
