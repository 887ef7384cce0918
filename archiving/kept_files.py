"""The folder of the archive: files written only where they differ, and the list of their hashes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SUMS = "SHA256SUMS"
SIGNATURES = (f"{SUMS}.sig", f"{SUMS}.minisig")  # of ssh-keygen and of minisign; whoever publishes makes them
Sums = dict[str, str]


class Written(NamedTuple):
    """How many files of a folder were written anew, removed, and are there."""

    written: int
    removed: int
    files: int


def hash_of(body: bytes) -> str:
    """Return the SHA-256 of a file's contents in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


def list_files(folder: Path) -> dict[str, Path]:
    """Return every file below a folder by its name there, the list of hashes and its signatures apart."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path for name, path in sorted(found.items()) if name not in (SUMS, *SIGNATURES)}


def read_sums(folder: Path) -> Sums:
    """Return the hashes that the folder's list names; raises ValueError where it is none, FileNotFoundError without."""
    sums = {}
    for number, line in enumerate((folder / SUMS).read_text("utf-8").splitlines(), 1):
        digits, _, name = line.partition("  ")
        if len(digits) != 64 or not name or set(digits) - set("0123456789abcdef"):
            raise ValueError(f"{SUMS}, line {number} is not a hash and a name: {line[:80]}")
        sums[name] = digits
    return sums


class KeptFiles:
    """A folder that is given its files one by one and at the end holds these and no others."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, made where it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.sums, self.written = folder, Sums(), 0

    def put(self, name: str, body: bytes) -> None:
        """Write a file where it is not there with just this content; raises ValueError for a name that leads out."""
        if ".." in name.split("/") or name.startswith("/"):
            raise ValueError(f"{name} is no name of a file in the archive")
        self.sums[name] = hash_of(body)
        path = self.folder / name
        if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self.written += 1

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write several."""
        for name, body in files:
            self.put(name, body)

    def finish(self) -> Written:
        """Remove what is not of the archive, write the list of hashes; a signature of another list is removed."""
        gone = [path for name, path in list_files(self.folder).items() if name not in self.sums]
        for path in gone:
            path.unlink()
        for path in sorted((path for path in self.folder.rglob("*") if path.is_dir()), reverse=True):
            if not any(path.iterdir()):
                path.rmdir()
        text = "".join(f"{digits}  {name}\n" for name, digits in sorted(self.sums.items()))
        path = self.folder / SUMS
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            for signature in SIGNATURES:
                (self.folder / signature).unlink(missing_ok=True)
        return Written(self.written, len(gone), len(self.sums))
