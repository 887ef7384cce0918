// Starts the modules of a page. From a memory stick (file:) a browser lets no page read the files beside it, and no module:
// there they come out of stick_files.js, which a classic script may load, and are started from memory.
const asked = document.currentScript;
const modules = asked.dataset.modules.split(" ").map((name) => new URL(name, location.href).href);

function startModules() {
  for (const src of modules) document.head.append(Object.assign(document.createElement("script"), { type: "module", async: false, src }));
}

const needsMore = () => location.search || document.querySelector("form.sql");
const root = new URL("..", asked.src).href;
const unpacked = new Map();

/** Called by stick_files.js with files, compressed, as base64. */
async function takeFiles(files) {
  const unpack = async ([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    unpacked.set(root + name, await new Response(stream).arrayBuffer());
  };
  await Promise.all(Object.entries(files).map(unpack));
  serveFromMemory();
  for (const src of modules) if (unpacked.has(src)) await import(nameModule(src));
}

const textOf = (address) => new TextDecoder().decode(unpacked.get(address));
const nameBlob = (parts) => URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
const named = new Map();

/** Returns the address in memory of a module, in which those that it imports have theirs. */
function nameModule(address) {
  if (!named.has(address)) {
    const imported = /\b(from\s*|import\s*\(?\s*)"(\.[^"]+)"/g;
    const name = (whole, before, path) => {
      const other = new URL(path, address).href;
      return unpacked.has(other) ? `${before}"${nameModule(other)}"` : whole;
    };
    named.set(address, nameBlob([textOf(address).replace(imported, name).replaceAll("import.meta.url", JSON.stringify(address))]));
  }
  return named.get(address);
}

function serveFromMemory() {
  const { Worker: start, fetch: fetchFile } = window;
  window.fetch = (asked, ...more) => {
    const found = unpacked.get(new URL(asked, location.href).href);
    return found ? Promise.resolve(new Response(found)) : fetchFile(asked, ...more);
  };
  window.Worker = function startWorker(address) {
    return new start(nameBlob([textOf(`${root}copy/sqlite_libraries.js`), "\n", textOf(new URL(address).href)]));
  };
}

function sayWhatIsLeftOut(box) {
  box.querySelector("p").textContent = "From a memory stick a browser draws no map; the table has the same rows.";
}

if (location.protocol !== "file:") startModules();
else {
  document.querySelectorAll("[data-map-src]").forEach(sayWhatIsLeftOut);
  if (needsMore()) document.head.append(Object.assign(document.createElement("script"), { src: `${root}copy/stick_files.js` }));
}
