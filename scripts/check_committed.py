"""Proof that the committed database is what raw/ and scripts/ build.

usage: check_committed.py                       (rebuilds clearview.db in a temporary folder; exit 1 where it differs)
       check_committed.py --record DATABASE     (writes DATABASE.sha256.json)

The file's bytes depend on the SQLite library that wrote them; the dump's do not. So the dump is always compared,
and the file as well where this machine has the library that the record names.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def dump_sha256(path: Path) -> str:
    """Return the sha256 of the schema and of every row: the same for every version of SQLite and Python."""
    digest = hashlib.sha256()
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    # The tables behind the search index follow from the rows; how they are stored is the library's own affair.
    schema = db.execute(
        "select name, type, sql from sqlite_master where name not like 'agencies!_fts!_%' escape '!' order by name"
    ).fetchall()
    for name, kind, sql in schema:
        digest.update(f"{sql}\n".encode())
        if kind == "table":
            for row in db.execute(f"select * from [{name}] order by rowid"):
                digest.update(json.dumps(row).encode() + b"\n")
    db.close()
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the sha256 of the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record_path(path: Path) -> Path:
    """Return where the hashes of a database are kept."""
    return path.with_name(path.name + ".sha256.json")


def record(path: Path) -> None:
    """Write the hashes and the SQLite version of a database beside it."""
    hashes = {"sqlite": sqlite3.sqlite_version, "file": file_sha256(path), "dump": dump_sha256(path)}
    record_path(path).write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")


def compare(committed: Path, rebuilt: Path) -> list[str]:
    """Return a sentence for each difference between the two databases and the record."""
    hashes = json.loads(record_path(committed).read_text("utf-8"))
    found = []
    for what, dump in (
        ("the committed database", dump_sha256(committed)),
        ("the rebuilt database", dump_sha256(rebuilt)),
    ):
        if dump != hashes["dump"]:
            found.append(f"{what} has other rows than the record; run `make db`, look at `git diff`, commit both files")
    if file_sha256(committed) != hashes["file"]:
        found.append("the committed file is not the one recorded; run `make db` and commit both files")
    if hashes["sqlite"] == sqlite3.sqlite_version and file_sha256(rebuilt) != hashes["file"]:
        found.append("the same rows gave other bytes: the build is no longer repeatable")
    return found


def rebuild(folder: Path) -> Path:
    """Build the database from raw/ in a folder; return its path."""
    command = [sys.executable, str(HERE / "build.py"), str(ROOT / "raw"), str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "clearview.db"


def main() -> None:
    """Record or compare, and exit 1 on a difference."""
    if len(sys.argv) == 3 and sys.argv[1] == "--record":
        record(Path(sys.argv[2]))
        return
    if len(sys.argv) != 1:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        differences = compare(ROOT / "clearview.db", rebuild(Path(folder)))
    print(*(differences or ["clearview.db is what raw/ and scripts/ build"]), sep="\n")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
