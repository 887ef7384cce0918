"""A release: all that answers readers, copied into a folder that is named by the hash of its content."""

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from itertools import count
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"build", "exports", "tests", "clearview.db", "clearview.db.sha256.json"}  # at the top
PASSED_OVER = {"__pycache__", "node_modules"}  # anywhere
KEPT = 3
EXPORTED_WITHIN = 100  # seconds
UNFINISHED = "new-"
LASTING, PASSING = 11, 6  # Brotli's effort: seconds for a map that stays, less for files of one database
COMPRESSED = {".css", ".js", ".json", ".svg", ".csv", ".ndjson", ".geojson", ".txt"}

sys.path.insert(0, str(ROOT / "scripts"))
from exports.file_hashes import hash_files  # noqa: E402 - shared with the site, so that both give files the same hash


class Unfit(Exception):
    """A release that must not answer readers, with the reason."""


def check_database(database: Path) -> None:
    """Raise Unfit unless the file is a whole SQLite database, and the one that was recorded beside it."""
    if not database.stat().st_size:
        raise Unfit(f"{database} is empty; make db builds it again")
    record = database.with_name(f"{database.name}.sha256.json")
    found = hashlib.sha256(database.read_bytes()).hexdigest()
    if record.is_file() and json.loads(record.read_text())["file"] != found:
        raise Unfit(f"{database} is not the file that {record.name} tells of; git checkout brings both back, "
                    "make db builds both")  # fmt: skip
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
        found = connection.execute("pragma quick_check").fetchone()[0]
        connection.close()
    except sqlite3.Error as error:
        raise Unfit(f"{database}: {error}") from None
    if found != "ok":
        raise Unfit(f"{database}: {found}")


def compress_once(folder: Path, store: Path, quality: int) -> None:
    """Put a .gz and a .br beside each file of text; what an earlier release compressed is taken from the store."""
    store.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.suffix in COMPRESSED and path.is_file()]:
        content = path.read_bytes()
        for ending, write, read in (
            (".gz", lambda text: gzip.compress(text, 9, mtime=0), gzip.decompress),
            (".br", lambda text: brotli.compress(text, quality=quality), brotli.decompress),
        ):
            kept = store / f"{hashlib.sha256(content).hexdigest()}-{quality}{ending}"
            try:
                is_whole = read(kept.read_bytes()) == content
            except (OSError, EOFError, brotli.error, zlib.error):
                is_whole = False
            if not is_whole:
                fresh = store / f"{os.getpid()}.part"
                fresh.write_bytes(write(content))
                fresh.rename(kept)
            os.link(kept, f"{path}{ending}")


def pass_over(folder: str, names: list[str]) -> set[str]:
    """Return what is no part of the site: caches, and what an editor keeps beside a file."""
    out = {name for name in names if name.startswith((".", "#")) or name.endswith("~") or name in PASSED_OVER}
    out |= LEFT_OUT if Path(folder) == ROOT else set()
    return out | {name for name in names if not (Path(folder, name).is_file() or Path(folder, name).is_dir())}


def copy_parts(database: Path, target: Path) -> None:
    """Copy the database and the site's files into a folder."""
    shutil.copytree(ROOT, target, dirs_exist_ok=True, ignore=pass_over)
    shutil.copy2(database, target / "clearview.db")
    record = {"file": hashlib.sha256((target / "clearview.db").read_bytes()).hexdigest()}
    (target / "clearview.db.sha256.json").write_text(json.dumps(record))
    (target / ".venv").symlink_to((ROOT / ".venv").resolve())  # of this lock file, whatever .venv is later (Makefile)


def write_exports(release: Path) -> None:
    """Write the release's whole files from its database; raises Unfit with the reason where they cannot be."""
    script = f"{release}/scripts/export.py"
    command = [sys.executable, script, f"{release}/clearview.db", f"{release}/exports"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=EXPORTED_WITHIN)
    if result.returncode:
        raise Unfit(f"whole files: {result.stderr.strip()}")


def lay_out_files(release: Path, store: Path) -> None:
    """Put static and whole files into release/www as nginx serves them: compressed, static ones by hash."""
    for name, quality in (("static", LASTING), ("exports", PASSING)):
        shutil.copytree(release / name, release / "www" / name)
        compress_once(release / "www" / name, store, quality)
    (release / "www" / f"static-{hash_files(release / 'static')}").symlink_to("static")


def make_release(database: Path, folder: Path) -> Path:
    """Return folder/releases/HASH-NUMBER, made from the database and this repository's files; raises Unfit, OSError."""
    if not database.is_file():
        raise Unfit(f"{database}: no such file")
    check_database(database)
    releases = folder / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=releases))
    try:
        fresh.chmod(0o755)
        copy_parts(database, fresh)
        name = hash_files(fresh)
        number = next(number for number in count(1) if not (releases / f"{name}-{number}").exists())
        write_exports(fresh)
        lay_out_files(fresh, folder / "compressed")
        return fresh.rename(releases / f"{name}-{number}")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def releases_that_answered(folder: Path, in_use: str) -> list[Path]:
    """Return the releases that are left of earlier runs, that of the slot in use first, then the newest."""
    found = sorted((folder / "releases").glob("*-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    whole = [release for release in found if not release.name.startswith(UNFINISHED)]
    return sorted(whole, key=lambda release: release != (folder / in_use).resolve())


def remove_old(folder: Path, in_use: str) -> None:
    """Remove all but the newest few releases, and what an interrupted deploy left; never the one in use."""
    for release in set((folder / "releases").iterdir()) - set(releases_that_answered(folder, in_use)[:KEPT]):
        shutil.rmtree(release, ignore_errors=True)


def read_settings() -> dict[str, str]:
    """Return the hash of each file that is read when the service starts and at no deploy, by name."""
    files = [path for path in Path(__file__).parent.iterdir() if path.suffix in {".py", ".conf", ".service"}]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
