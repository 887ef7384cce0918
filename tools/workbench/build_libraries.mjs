// Bundles the libraries of the SQL page into a folder, with their licences: node build_libraries.mjs FOLDER
// The same bytes each time.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(process.argv[2]);
process.chdir(import.meta.dirname);
const { metafile } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["./editor_libraries.js", "./format_libraries.js"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  banner: { js: "// Libraries as bundled by `make workbench`; their licences are in LICENSES.txt." },
});

const packages = Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
const licences = [...new Set(packages)].filter(Boolean).sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf-8"));
  const file = readdirSync(join("node_modules", name)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join("node_modules", name, file), "utf-8").trim() : license;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(join(folder, "LICENSES.txt"), licences.join("\n\n"));
