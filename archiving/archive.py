"""Writes the record as a folder of files that any web space can hold: make archive.

usage: archive.py FOLDER [--address https://example.org/record/] [--record https://example.org/] [--key secret-key]
                  [--most-rows 10000] [--whole 20000000]

CLEARVIEW_DB, CLEARVIEW_EXPORTS and CLEARVIEW_METADATA name the files, as for scripts/serve.sh. The address is where the
copy will stand, the record where the living site is; both may be unknown. The key, of ssh-keygen or minisign, signs
the list of hashes. Rows of tables with more than --most-rows have no pages of their own, and a database of more than
--whole bytes is fetched in parts. Where nothing changed since the folder was written and all of its files are whole,
nothing is done.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from archiving.kept_files import hash_of, list_files, read_sums
from archiving.signatures import NotSigned, sign

ROOT = Path(__file__).resolve().parents[1]
# What the pages are made of beside the database, its exports and the site's words.
MADE_OF = ("archiving", "plugins", "service", "static", "templates", "scripts")
ENDINGS = {".py", ".sql", ".yml", ".csv", ".html", ".js", ".wasm", ".css", ".json", ".atom", ".txt", ".woff2", ".svg",
           ".png", ".sh"}  # fmt: skip
STAMP = "copy/made-of.json"


def read_address(text: str) -> str:
    """Return a web address with a slash at its end, "" for none; raises ArgumentTypeError for what is none."""
    if text and not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no web address: it begins with https://")
    return text and text.rstrip("/") + "/"


def hash_inputs(arguments: argparse.Namespace, database: Path, exports: Path, metadata: Path) -> str:
    """Return one hash of all that the archive is made of."""
    digest = hashlib.sha256(repr([arguments.address, arguments.record, arguments.most_rows, arguments.whole]).encode())
    paths = [database, metadata, ROOT / "CITATION.cff", ROOT / "requirements.txt"]
    for folder in (*(ROOT / name for name in MADE_OF), exports):
        paths += sorted(path for path in folder.rglob("*") if (path.is_file() and path.suffix in ENDINGS) or
                        (path.is_file() and folder == exports))  # fmt: skip
    for path in paths:
        digest.update(f"{path.name} {hash_of(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def is_whole(folder: Path, inputs: str) -> bool:
    """Return whether the folder was made of these inputs and has every file as it was written."""
    try:
        made_of = json.loads((folder / STAMP).read_text("utf-8"))["inputs"]
        sums = read_sums(folder)
    except (FileNotFoundError, ValueError, KeyError):
        return False
    files = list_files(folder)
    return bool(
        made_of == inputs
        and files.keys() == sums.keys()
        and all(hash_of(path.read_bytes()) == sums[name] for name, path in files.items())
    )


def main() -> None:
    """Write the archive, or say that nothing changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", type=read_address, default="")
    parser.add_argument("--record", type=read_address, default="")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--most-rows", type=int, default=10_000)
    parser.add_argument("--whole", type=int, default=20_000_000)
    arguments = parser.parse_args()
    began = time.monotonic()
    database, exports, metadata = (
        Path(os.environ.get(name, default)).resolve()
        for name, default in (
            ("CLEARVIEW_DB", "clearview.db"),
            ("CLEARVIEW_EXPORTS", "exports"),
            ("CLEARVIEW_METADATA", "metadata.yml"),
        )
    )
    inputs = hash_inputs(arguments, database, exports, metadata)
    if is_whole(arguments.folder, inputs):
        print(f"{arguments.folder}/ is up to date: nothing changed")
        sign_with(arguments)
        return
    told = {
        "folder": str(arguments.folder.resolve()), "address": arguments.address, "record": arguments.record,
        "stamp": {"inputs": inputs}, "stamp_file": STAMP, "began": began, "most_rows": arguments.most_rows,
        "whole": arguments.whole,
    }  # fmt: skip
    environment = os.environ | {
        "CLEARVIEW_DB": str(database), "CLEARVIEW_EXPORTS": str(exports), "CLEARVIEW_METADATA": str(metadata),
        "CLEARVIEW_WITH": "python archiving/write_archive.py", "CLEARVIEW_ARCHIVE": json.dumps(told),
    }  # fmt: skip
    done = subprocess.run([ROOT / "scripts" / "serve.sh"], env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    sign_with(arguments)


def sign_with(arguments: argparse.Namespace) -> None:
    """Sign the list with the key that was given, if one was; exits where that fails."""
    try:
        if arguments.key:
            print(f"signed: {sign(arguments.folder, arguments.key)}")
    except NotSigned as fault:
        sys.exit(f"make archive: not signed: {fault}")


if __name__ == "__main__":
    main()
