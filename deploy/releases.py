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
PARTS = (
    "CITATION.cff",
    "deploy",
    "metadata.yml",
    "plugins",
    "raw",
    "requirements.txt",
    "scripts",
    "static",
    "templates",
)
KEPT = 3
COMPRESSED = {".css", ".js", ".json", ".svg", ".csv", ".jsonl", ".txt"}

sys.path.insert(0, str(ROOT / "scripts"))
from file_hashes import hash_files  # noqa: E402 - shared with the site, so that both give files the same hash


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


def compress_once(folder: Path, store: Path) -> None:
    """Put a .gz and a .br beside each file that shrinks once, ever: store keeps them."""
    store.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.suffix in COMPRESSED and path.is_file()]:
        content = path.read_bytes()
        name = hashlib.sha256(content).hexdigest()
        for ending, squeeze in ((".gz", lambda data: gzip.compress(data, 9, mtime=0)), (".br", brotli.compress)):
            stored = store / (name + ending)
            if not stored.exists():
                stored.write_bytes(squeeze(content))
            os.link(stored, f"{path}{ending}")


def copy_parts(database: Path, target: Path) -> None:
    """Copy the database and the site's files into a folder, with the static files as nginx serves them."""
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / name)
    shutil.copy2(database, target / "clearview.db")
    (target / ".venv").symlink_to(ROOT / ".venv")
    shutil.copytree(target / "static", target / "www" / "static")


def write_exports(release: Path) -> None:
    """Write the release's whole files from its database; raises Unfit with the reason where they cannot be."""
    script = f"{release}/scripts/export.py"
    command = [sys.executable, script, f"{release}/clearview.db", f"{release}/exports"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Unfit(f"whole files: {result.stderr.strip()}")


def make_release(database: Path, folder: Path) -> Path:
    """Return folder/releases/HASH, made from the database and this repository's files; raises Unfit."""
    if not database.is_file():
        raise Unfit(f"{database}: no such file")
    check_database(database)
    releases = folder / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=releases))
    fresh.chmod(0o755)
    copy_parts(database, fresh)
    write_exports(fresh)
    release = releases / hash_files(fresh)
    if release.exists():
        shutil.rmtree(fresh)
        return release
    compress_once(fresh / "www", folder / "compressed")
    (fresh / "www" / f"static-{hash_files(fresh / 'static')}").symlink_to("static")
    fresh.rename(release)
    return release


def put_in_place(release: Path, folder: Path) -> None:
    """Make a release the one in use, in one step."""
    link = folder / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(release.relative_to(folder))
    link.rename(folder / "current")


def remove_old(folder: Path, in_use: Path) -> None:
    """Remove all but the newest few releases; never the one in use."""
    releases = sorted((folder / "releases").iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for release in releases[KEPT:]:
        if release != in_use:
            shutil.rmtree(release)
