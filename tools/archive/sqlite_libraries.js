// What archiving/browser/worker.js takes from SQLite: openSqlite(bytes of sqlite3.wasm) gives the library.
import start from "@sqlite.org/sqlite-wasm";

globalThis.openSqlite = (wasmBinary) => start({ wasmBinary, print: () => {}, printErr: () => {} });
