// A database read page by page from a host that answers requests for parts of a file, for worker.js. SQLite asks and waits,
// so the requests are synchronous. No library fits: sql.js-httpvfs and sqlite-wasm-http are years old and bring a SQLite
// of their own, and SQLite's own build has no file system over HTTP.
const PART = 65_536; // bytes
const MOST_PARTS = 32; // in one request, where parts are read one after another

/** A file elsewhere, of which what was read once is kept. */
class RemoteFile {
  constructor(address, size) {
    Object.assign(this, { address, size, parts: new Map(), ahead: 1, following: -1 });
  }

  fetch(first) {
    this.ahead = first === this.following ? Math.min(2 * this.ahead, MOST_PARTS) : 1;
    let end = first + 1;
    while (end < first + this.ahead && end * PART < this.size && !this.parts.has(end)) end += 1;
    this.following = end;
    const request = new XMLHttpRequest();
    request.open("GET", this.address, false);
    request.responseType = "arraybuffer";
    const last = Math.min(end * PART, this.size) - 1;
    request.setRequestHeader("Range", `bytes=${first * PART}-${last}`);
    request.send();
    if (request.status !== 206 || request.response.byteLength !== last + 1 - first * PART) throw new Error(`${this.address} did not arrive: ${request.status}`);
    for (let part = first; part < end; part += 1) this.parts.set(part, new Uint8Array(request.response, (part - first) * PART, Math.min(PART, this.size - part * PART)));
  }

  /** Fills a piece of memory with what stands in the file from an offset on. */
  read(into, offset) {
    for (let done = 0; done < into.length;) {
      const part = Math.floor((offset + done) / PART);
      if (!this.parts.has(part)) this.fetch(part);
      const bytes = this.parts.get(part).subarray(offset + done - part * PART, offset + into.length - part * PART);
      into.set(bytes, done);
      done += bytes.length;
    }
  }
}

/** Gives SQLite the file system "parts", in which each name is a file elsewhere: {name: {address, size}}. */
function serveParts({ capi, wasm, vfs: helper }, files) { // eslint-disable-line no-unused-vars
  const opened = new Map();
  const [vfs, io] = [new capi.sqlite3_vfs(), new capi.sqlite3_io_methods()];
  const usual = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  Object.assign(vfs, { $iVersion: 1, $szOsFile: capi.sqlite3_file.structInfo.sizeof, $mxPathname: 512, $zName: wasm.allocCString("parts") });
  Object.assign(vfs, { $xRandomness: usual.$xRandomness, $xSleep: usual.$xSleep, $xCurrentTime: usual.$xCurrentTime });
  Object.assign(io, { $iVersion: 1 });
  const done = () => 0;
  const refuse = () => capi.SQLITE_READONLY;
  helper.installVfs({
    io: {
      struct: io,
      methods: {
        xRead: (file, place, count, offset) => {
          const { remote } = opened.get(file);
          const [from, known] = [Number(offset), Math.max(0, Math.min(count, remote.size - Number(offset)))];
          try {
            const bytes = new Uint8Array(known);
            remote.read(bytes, from);
            wasm.heap8u().fill(0, Number(place), Number(place) + count).set(bytes, Number(place));
          } catch {
            return capi.SQLITE_IOERR_READ;
          }
          return known === count ? 0 : capi.SQLITE_IOERR_SHORT_READ;
        },
        xFileSize: (file, place) => {
          wasm.poke64(place, BigInt(opened.get(file).remote.size));
          return 0;
        },
        xClose: (file) => {
          opened.get(file).struct.dispose();
          opened.delete(file);
          return 0;
        },
        xCheckReservedLock: (_, place) => {
          wasm.poke32(place, 0);
          return 0;
        },
        xLock: done, xUnlock: done, xSync: done, xWrite: refuse, xTruncate: refuse,
        xFileControl: () => capi.SQLITE_NOTFOUND, xSectorSize: () => 4096, xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: vfs,
      methods: {
        xOpen: (_, name, file, __, flags) => {
          const found = files[wasm.cstrToJs(name).replace(/^.*\//, "")];
          if (!found) return capi.SQLITE_CANTOPEN;
          const struct = new capi.sqlite3_file(file);
          struct.$pMethods = io.pointer;
          opened.set(file, { struct, remote: new RemoteFile(found.address, found.size) });
          if (flags) wasm.poke32(flags, capi.SQLITE_OPEN_READONLY);
          return 0;
        },
        xAccess: (_, name, __, place) => {
          wasm.poke32(place, Number(wasm.cstrToJs(name).replace(/^.*\//, "") in files));
          return 0;
        },
        xFullPathname: (_, name, count, place) => (wasm.cstrncpy(place, name, count) < count ? 0 : capi.SQLITE_CANTOPEN),
        xDelete: refuse, xGetLastError: done,
      },
    },
  });
}
