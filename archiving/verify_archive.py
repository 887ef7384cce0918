"""Says whether a found copy is whole, and which release of the data it is: make verify-archive FOLDER=folder.

usage: verify_archive.py FOLDER [--key publisher.pub] [--release 0.1.0]

Each file that is missing, was changed or was added is named. The key is the publisher's public one, of ssh-keygen or
minisign; with it the list of hashes must be signed. Ends with 1 where the copy is not whole, not signed by the key, or
another release than the one asked for.
"""

import argparse
import json
import sqlite3
import sys
from pathlib import Path

from record_changes import LOG, read_state

from archiving.kept_files import SUMS, hash_of, list_files, read_sums
from archiving.signatures import NotSigned, check

MOST_NAMED = 20  # files of each kind


def compare(folder: Path) -> dict[str, list[str]]:
    """Return the files that are missing, changed or added, each by its name."""
    sums, files = read_sums(folder), list_files(folder)
    kept = [name for name in sums if name in files]
    return {
        "missing": [name for name in sums if name not in files],
        "changed": [name for name in kept if hash_of(files[name].read_bytes()) != sums[name]],
        "added": [name for name in files if name not in sums],
    }


def find_release(database: Path) -> tuple[str, str]:
    """Return the version of the release that a copy's database is, "" where it is none, and a sentence on it."""
    try:
        content = read_state(database, "").content
    except sqlite3.Error:
        return "", f"{database.name} cannot be read, so nobody can say which release it is."
    releases = json.loads(LOG.read_text("utf-8"))
    found = next((release for release in releases if release["content"] == content), None)
    if found is None:
        return "", "Its data is none of the releases that this project's log knows."
    latest = "" if found is releases[-1] else f" The latest one here is another, of {releases[-1]['date'][:10]}."
    version = found.get("version") or ""
    said = f"release {version}" if version else "a release that has no version yet"
    return version, f"Its data is {said}, of {found['date'][:10]}.{latest}"


def main() -> None:
    """Say what there is to say of the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--release")
    arguments = parser.parse_args()
    faults = []
    try:
        different = compare(arguments.folder)
    except FileNotFoundError:
        sys.exit(f"{arguments.folder} has no {SUMS}: it is no archive, or not a whole one")
    except ValueError as fault:
        sys.exit(f"{arguments.folder}: {fault}")
    for kind, names in different.items():
        faults += [f"{kind}: {name}" for name in names[:MOST_NAMED]]
        faults += [f"{kind}: {len(names) - MOST_NAMED:,} more"] if len(names) > MOST_NAMED else []
    if arguments.key:
        try:
            check(arguments.folder, arguments.key)
        except NotSigned as fault:
            faults.append(f"not signed by {arguments.key}: {fault}")
    database = next(arguments.folder.glob("exports/*.db"), None)
    version, said = find_release(database) if database else ("", "")
    if arguments.release and version != arguments.release:
        faults.append(f"another release than {arguments.release}")
    signed = f", and its list is signed by {arguments.key}" if arguments.key else ""
    whole = f"The copy is whole: every file is as its list says{signed}."
    print(*faults, *([said] if said else []), "The copy is NOT as it should be." if faults else whole, sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
