// Bundles SQLite for the archive into a folder, as one classic script and its WebAssembly: node build_libraries.mjs FOLDER
// The same bytes each time.
import { build } from "esbuild";
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(process.argv[2]);
process.chdir(import.meta.dirname);
await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["./sqlite_libraries.js"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  define: { "import.meta.url": JSON.stringify("https://sqlite.invalid/") }, // nothing is fetched: the bytes are given
  banner: { js: "// SQLite (public domain; wrapped by @sqlite.org/sqlite-wasm, Apache-2.0) as bundled by `make archive-libraries`." },
});
copyFileSync("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm", join(folder, "sqlite3.wasm"));
