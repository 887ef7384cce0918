"""One short hash for a whole folder of files."""

import hashlib
from pathlib import Path


def hash_files(folder: Path) -> str:
    """Return twelve hexadecimal digits that stand for the names and contents of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]
