"""A release: all that answers readers, copied into a folder that is named by the hash of its content."""

import filecmp
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
from collections.abc import Callable
from itertools import count
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"build", "exports", "tests", "clearview.db", "clearview.db.sha256.json"}  # at the top
PASSED_OVER = {"__pycache__", "node_modules"}  # anywhere
KEPT = 3
EXPORTED_WITHIN = 100  # seconds
UNFINISHED = "new-"
SLOTS = ("blue", "green")
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


def is_whole(path: Path, content: bytes, read: Callable[[bytes], bytes]) -> bool:
    """Return whether a compressed file gives back what was compressed into it."""
    try:
        return read(path.read_bytes()) == content
    except (OSError, EOFError, brotli.error, zlib.error):
        return False


def compress_once(folder: Path, store: Path, quality: int) -> None:
    """Put a .gz and a .br beside each file of text; what an earlier release compressed is taken from the store."""
    store.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.suffix in COMPRESSED and path.is_file()]:
        content = path.read_bytes()
        name = f"{hashlib.sha256(content).hexdigest()}-{quality}"
        for ending, write, read in (
            (".gz", lambda text: gzip.compress(text, 9, mtime=0), gzip.decompress),
            (".br", lambda text: brotli.compress(text, quality=quality), brotli.decompress),
        ):
            kept = store / (name + ending)
            if not is_whole(kept, content, read):
                fresh = store / f"{os.getpid()}.part"
                fresh.write_bytes(write(content))
                fresh.rename(kept)
            os.link(kept, f"{path}{ending}")


def pass_over(folder: str, names: list[str]) -> set[str]:
    """Return what is no part of the site: caches, and what an editor keeps beside a file."""
    out = {name for name in names if name.startswith((".", "#")) or name.endswith("~") or name in PASSED_OVER}
    return out | {name for name in names if not (Path(folder, name).is_file() or Path(folder, name).is_dir())}


def copy_parts(database: Path, target: Path) -> None:
    """Copy the database and the site's files into a folder."""
    shutil.copytree(
        ROOT, target, dirs_exist_ok=True, ignore=lambda folder, names: pass_over(folder, names) | (
            LEFT_OUT if Path(folder) == ROOT else set()
        ),
    )  # fmt: skip
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


def is_intact(release: Path, fresh: Path) -> bool:
    """Return whether each file of a copy that was just made is in a release as well."""
    names = [path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()]
    return all(
        (release / name).is_file() and filecmp.cmp(fresh / name, release / name, shallow=False) for name in names
    )


def make_release(database: Path, folder: Path) -> Path:
    """Return folder/releases/HASH, made from the database and this repository's files; raises Unfit, OSError."""
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
        release = releases / name
        for number in count(2):
            if not release.exists() or is_intact(release, fresh):
                break
            release = releases / f"{name}-{number}"  # the one of that name was damaged since
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


def free_slot(folder: Path) -> str:
    """Return the slot that answers nobody."""
    return next(slot for slot in SLOTS if slot != slot_in_use(folder))


def put_in_place(release: Path, folder: Path) -> None:
    """Make a release the one that answers readers, in one step."""
    slot = free_slot(folder)
    fill_slot(slot, release, folder)
    os.utime(release)  # the newest that has answered
    if slot == "green":
        (folder / "use-green").touch()
    else:
        (folder / "use-green").unlink()


def fill_slot(slot: str, release: Path, folder: Path) -> None:
    """Link a slot that answers nobody to a release; its cache goes with the release that was there."""
    link = folder / slot
    link.unlink(missing_ok=True)
    shutil.rmtree(folder / f"{slot}-cache", ignore_errors=True)
    for cache in ("answers", "pages"):
        (folder / f"{slot}-cache" / cache).mkdir(parents=True)
    link.symlink_to(release.relative_to(folder))


def releases_that_answered(folder: Path) -> list[Path]:
    """Return the releases that are left of earlier runs, the one in use first, then the newest."""
    in_use = (folder / slot_in_use(folder)).resolve()
    found = sorted((folder / "releases").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    whole = [release for release in found if not release.name.startswith(UNFINISHED)]
    return sorted(whole, key=lambda release: release != in_use)


def remove_old(folder: Path, in_use: Path) -> None:
    """Remove all but the newest few releases, and what an interrupted deploy left; never the one in use."""
    for release in set((folder / "releases").iterdir()) - set(releases_that_answered(folder)[:KEPT]) - {in_use}:
        shutil.rmtree(release, ignore_errors=True)
