"""A release: all that answers readers, copied into a folder that is named by the hash of its content."""

import gzip
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"build", "exports", "tests", "node_modules", "clearview.db"}  # and what begins with a dot
KEPT = 3
SLOTS = ("blue", "green")
LASTING, PASSING = 11, 6  # Brotli's effort: seconds for a map that stays, less for files of one database
COMPRESSED = {".css", ".js", ".json", ".svg", ".csv", ".ndjson", ".geojson", ".txt"}

sys.path.insert(0, str(ROOT / "scripts"))
from exports.file_hashes import hash_files  # noqa: E402 - shared with the site, so that both give files the same hash


class Unfit(Exception):
    """A release that must not answer readers, with the reason."""


def check_database(database: Path) -> None:
    """Raise Unfit unless the file is a whole SQLite database."""
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
        name = f"{hashlib.sha256(content).hexdigest()}-{quality}"
        if not (store / f"{name}.br").exists():
            (store / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            (store / f"{name}.br").write_bytes(brotli.compress(content, quality=quality))
        for ending in (".gz", ".br"):
            os.link(store / (name + ending), f"{path}{ending}")


def copy_parts(database: Path, target: Path) -> None:
    """Copy the database and the site's files into a folder."""
    for source in ROOT.iterdir():
        if source.name.startswith(".") or source.name in LEFT_OUT:
            continue
        if source.is_dir():
            shutil.copytree(source, target / source.name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy2(source, target / source.name)
    shutil.copy2(database, target / "clearview.db")
    (target / ".venv").symlink_to((ROOT / ".venv").resolve())  # of this lock file, whatever .venv is later (Makefile)


def write_exports(release: Path) -> None:
    """Write the release's whole files from its database; raises Unfit with the reason where they cannot be."""
    script = f"{release}/scripts/export.py"
    command = [sys.executable, script, f"{release}/clearview.db", f"{release}/exports"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Unfit(f"whole files: {result.stderr.strip()}")


def lay_out_files(release: Path, store: Path) -> None:
    """Put static and whole files into release/www as nginx serves them: compressed, static ones by hash."""
    for name, quality in (("static", LASTING), ("exports", PASSING)):
        shutil.copytree(release / name, release / "www" / name)
        compress_once(release / "www" / name, store, quality)
    (release / "www" / f"static-{hash_files(release / 'static')}").symlink_to("static")


def make_release(database: Path, folder: Path) -> Path:
    """Return folder/releases/HASH, made from the database and this repository's files; raises Unfit."""
    if not database.is_file():
        raise Unfit(f"{database}: no such file")
    check_database(database)
    releases = folder / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=releases))
    try:
        fresh.chmod(0o755)
        copy_parts(database, fresh)
        release = releases / hash_files(fresh)
        if not release.exists():
            write_exports(fresh)
            lay_out_files(fresh, folder / "compressed")
            fresh.rename(release)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return release


def slot_in_use(folder: Path) -> str:
    """Return the slot that answers readers (nginx.conf)."""
    return "green" if (folder / "use-green").exists() else "blue"


def fill_slot(slot: str, release: Path, folder: Path) -> None:
    """Link a slot that is not in use to a release; its cache goes with the release that was there."""
    link = folder / slot
    if link.is_symlink() and link.resolve() == release:
        return
    link.unlink(missing_ok=True)
    shutil.rmtree(folder / f"{slot}-cache", ignore_errors=True)
    for cache in ("answers", "pages"):
        (folder / f"{slot}-cache" / cache).mkdir(parents=True)
    link.symlink_to(release.relative_to(folder))


def put_in_place(release: Path, folder: Path) -> None:
    """Make a release the one that answers readers, in one step."""
    in_use = slot_in_use(folder)
    if (folder / in_use).resolve() == release:  # the service was started again
        return
    slot = next(slot for slot in SLOTS if slot != in_use)
    fill_slot(slot, release, folder)
    if slot == "green":
        (folder / "use-green").touch()
    else:
        (folder / "use-green").unlink()


def remove_old(folder: Path, in_use: Path) -> None:
    """Remove all but the newest few releases; never the one in use."""
    releases = sorted((folder / "releases").iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for release in releases[KEPT:]:
        if release != in_use:
            shutil.rmtree(release)
