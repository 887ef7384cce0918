// SQLite over files that nobody writes to. The first message brings what they are made of, each later one a statement.
if (typeof openSqlite === "undefined") importScripts("sqlite_libraries.js", "range_files.js");

const FLOAT = 2; // of sqlite3_column_type
const MOST_KEPT = 8; // lists of rows
const kept = new Map();
let opened, count = 0;

self.onmessage = async ({ data }) => {
  if (data.wasm) {
    opened = open(data);
    return;
  }
  try {
    const answer = data.keep ? keepRows : run;
    self.postMessage({ number: data.number, ...answer(await opened, data) });
  } catch (error) {
    self.postMessage({ number: data.number, error: tell(error) });
  }
};

const tell = (error) => String(error.message ?? error).replace(/^.*sqlite3 result code \d+: /s, "");

async function open({ wasm, files, letters }) {
  const sqlite3 = await openSqlite(wasm);
  const plainLetters = JSON.parse(letters); // here, where nobody waits to scroll
  const db = files.main.bytes ? openWhole(sqlite3, files) : openParts(sqlite3, files);
  db.createFunction("plain", (_, text) => (text === null ? null : plain(String(text), plainLetters)), { deterministic: true });
  db.createFunction("escape_fts", (_, text) => escapeFts(String(text)), { deterministic: true });
  db.exec("pragma query_only = on; pragma temp_store = memory; pragma cache_size = -64000");
  return { sqlite3, db };
}

function openWhole({ oo1, capi, wasm }, { main, prepared }) {
  const db = new oo1.DB();
  db.exec("attach ':memory:' as prepared");
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  for (const [name, { bytes }] of Object.entries({ main, prepared })) {
    const place = wasm.allocFromTypedArray(new Uint8Array(bytes));
    db.checkRc(capi.sqlite3_deserialize(db.pointer, name, place, bytes.byteLength, bytes.byteLength, flags));
  }
  return db;
}

function openParts(sqlite3, files) {
  serveParts(sqlite3, files);
  const db = new sqlite3.oo1.DB({ filename: "file:main?immutable=1", flags: "r", vfs: "parts" });
  db.exec("attach 'file:prepared?immutable=1&vfs=parts' as prepared");
  return db;
}

function plain(text, letters) {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  const write = (letter) => (letter.codePointAt(0) < 128 ? letter : (letters[letter.codePointAt(0) - 128] ?? ""));
  return Array.from(text, write).join("").toLowerCase();
}

// As Datasette does it: each word a text of its own, so that no word is taken for an operator.
function escapeFts(text) {
  const whole = (text.match(/"/g) ?? []).length % 2 ? `${text}"` : text;
  const words = whole.match(/".*?"|[^\s"]+/g) ?? [];
  return words.filter((word) => word !== '""').map((word) => (word.startsWith('"') ? word : `"${word}"`)).join(" ");
}

/** Keeps the rows that a statement finds, and how many each combination of the facets' values has; returns their number. */
function keepRows({ db }, { keep: { key, sql, parameters, rows } }) {
  if (kept.has(key)) return { kept: kept.get(key) };
  const place = (count += 1);
  db.exec("pragma query_only = off");
  try {
    if (kept.size === MOST_KEPT) forget(db, kept.keys().next().value);
    db.exec(`create temp table kept_${place} (_id integer primary key)`);
    const statement = db.prepare(`insert into temp.kept_${place} ${sql}`);
    try {
      bind(statement, parameters).step();
    } finally {
      statement.finalize();
    }
    db.exec(`create temp table kept_combos_${place} as select _combo, count(*) as _n from temp.kept_${place} join ${rows} using (_id) group by _combo`);
  } finally {
    db.exec("pragma query_only = on");
  }
  kept.set(key, place);
  return { kept: place };
}

function forget(db, key) {
  db.exec(`drop table temp.kept_${kept.get(key)}; drop table temp.kept_combos_${kept.get(key)}`);
  kept.delete(key);
}

function bind(statement, parameters) {
  const names = Object.keys(parameters).filter((name) => statement.getParamIndex(`:${name}`));
  if (names.length) statement.bind(Object.fromEntries(names.map((name) => [`:${name}`, parameters[name]])));
  return statement;
}

function run({ sqlite3, db }, { sql, parameters, most }) {
  const statement = db.prepare(sql);
  try {
    bind(statement, parameters);
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
