"""Starts the site as scripts/serve.sh says, without serving it, and writes it into files (archive.py).

usage: serve.sh starts it where CLEARVIEW_WITH names it, with options of Datasette; CLEARVIEW_ARCHIVE says in JSON the
folder, the address at which it will stand, where the living record is, and what the archive is made of.
"""

import asyncio
import gzip
import json
import os
import sys
import time
from base64 import b64encode
from contextlib import nullcontext
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import datasette.database as datasette_database
from dataset.words import DATABASE as NAMED
from datasette.app import Datasette
from datasette.cli import serve
from datasette.plugins import pm
from exports.data_dictionary import read_citation
from exports.site_words import WORDS

from archiving.addresses import DATABASE_FILE, Addresses
from archiving.copied_site import CannotCopy, CopiedSite, list_folder
from archiving.kept_files import KeptFiles, Written, hash_of
from archiving.links import point_to_files
from archiving.prepared import write_prepared
from archiving.search_index import write_letters, write_search
from archiving.tables import find_large, read_contract

PREPARED = "copy/prepared.db"
BROWSER = Path(__file__).parent / "browser"
IN_PACK = ("copy/*.js", "copy/*.json", "copy/*.wasm", PREPARED, DATABASE_FILE, "static/workbench/*.js")
LONGER = 60  # times as long as on the site a statement on a large list may take
LIMIT = datasette_database.sqlite_timelimit
NOT_IN_PACK = {"copy/modules.js"}
Json = dict[str, Any]


def open_site(options: list[str]) -> Datasette:
    """Return the application that `datasette serve` with these options would serve."""
    parameters = serve.make_context("datasette serve", options).params
    datasette: Datasette = serve.callback(**parameters, return_instance=True)
    return datasette


def describe_copy(datasette: Datasette, told: Json, database: bytes) -> Json:
    """Return what the page on this copy says: version, date and hash of the data, and where it stands."""
    citation = {} if datasette.plugin_config("site") else read_citation()
    return {
        "title": datasette.metadata("title"),
        "version": str(citation.get("version", "")),
        "date": str(citation.get("date-released", "")),
        "database_sha256": hash_of(database),
        "address": told["address"],
        "record": told["record"],
    }


def give_time(times: int | None) -> None:
    """Give a statement so many times as long as on the site; None: as long as it takes, since no reader waits."""

    def allow(connection: Any, milliseconds: int) -> Any:  # noqa: ANN401 - a connection, and a context
        return LIMIT(connection, times * milliseconds) if times else nullcontext()

    datasette_database.sqlite_timelimit = allow


async def write(datasette: Datasette, told: Json) -> Written:
    """Write every file of the archive."""
    await datasette.invoke_startup()
    database = datasette.get_database(WORDS.database)
    path = Path(database.path)
    is_large = path.stat().st_size > told["whole"]
    give_time(LONGER if is_large else None)
    large = await find_large(datasette, told["most_rows"], is_large)
    pm.get_plugin("table_rows.py").TICKED.clear()  # rows are ticked for a page that a copy cannot have
    keys = {name: await database.primary_keys(name) for name in large}
    about = describe_copy(datasette, told, path.read_bytes())
    datasette.jinja_env.globals["copy"] = about | {"large": keys, "most_rows": told["most_rows"]}
    datasette.jinja_env.filters["hashed"] = str  # names that stay the same are files that stay the same
    files = KeptFiles(Path(told["folder"]))
    scripts = {name: name_database(name, body) for name, body in list_folder(BROWSER)}
    exported = [found.name for found in Path(os.environ["CLEARVIEW_EXPORTS"]).iterdir()]
    addresses = Addresses(keys, told["most_rows"] // datasette.page_size, exported)
    async for name, body in CopiedSite(datasette, told["address"], addresses).read():
        files.put(name, scripts.get(f"instead/{name}", body))
    html = await datasette.render_template("copy.html")
    files.put("copy/index.html", point_to_files(html, "copy/index.html", addresses, told["address"]).encode())
    files.put(".nojekyll", b"")  # GitHub Pages would leave out files by their names
    own = ((f"copy/{name}", body) for name, body in scripts.items() if not name.startswith("instead/"))
    files.put_all(own)
    contract = await read_contract(datasette, large)
    prepared = write_prepared(path, contract["tables"], files.folder / "prepared.part")
    files.put(PREPARED, prepared)
    sizes = {DATABASE_FILE: path.stat().st_size, PREPARED: len(prepared)}
    files.put("copy/tables.json", as_json(contract | {"sizes": sizes, "by_range": max(sizes.values()) > told["whole"]}))
    files.put("copy/search.json", as_json(write_search(path)))
    files.put("copy/letters.json", as_json(write_letters()))
    files.put("copy/copy.json", as_json(about))
    files.put("copy/stick_files.js", pack(files))
    files.put(told["stamp_file"], as_json(told["stamp"]))
    return files.finish()


def name_database(name: str, body: bytes) -> bytes:
    """Return a file of the browser's with the name of the database that is copied."""
    is_ours = name.endswith(".js") and "libraries" not in name
    return NAMED.sub(WORDS.database, body.decode("utf-8")).encode() if is_ours else body


def pack(files: KeptFiles) -> bytes:
    """Return what a page opened from a memory stick cannot read by itself, as a script that hands it over."""
    names = [name for name in sorted(files.sums) if any(fnmatch(name, kind) for kind in IN_PACK)]
    packed = {
        name: b64encode(gzip.compress((files.folder / name).read_bytes(), mtime=0)).decode()
        for name in names
        if name not in NOT_IN_PACK
    }
    return b"takeFiles(" + json.dumps(packed).encode() + b");\n"


def as_json(told: Any) -> bytes:  # noqa: ANN401 - anything that JSON holds
    """Return something as JSON, the same bytes each time."""
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def main() -> None:
    """Write the archive and say how large it is."""
    told = json.loads(os.environ["CLEARVIEW_ARCHIVE"])
    try:
        done = asyncio.run(write(open_site(sys.argv[1:]), told))
    except CannotCopy as fault:
        sys.exit(f"make archive: {fault}")
    folder = Path(told["folder"])
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    seconds = time.monotonic() - told["began"]
    print(
        f"{folder.name}/ has {done.files:,} files, {size / 1e6:.1f} MB; "
        f"{done.written:,} written, {done.removed:,} removed; {seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
