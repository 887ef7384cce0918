"""What each release of the data changed, kept in static/changes.json: rows added, changed and removed, and columns.

usage: record_changes.py             (adds the release that is due, or draws it up anew until it has a version)
       record_changes.py --check     (exit 1 where the log does not end with clearview.db as it is; needs no history)

A release is clearview.db as it is, held against the last one that release.py gave a version. The log holds keys and
names of columns, never values: what is taken out of the data must not live on in its history.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataset.problems import Problem, exit_with
from datasette.utils import tilde_encode

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ROOT / "clearview.db"
LOG = ROOT / "static" / "changes.json"
NAMESPACE = uuid.UUID("6f0e6a52-1d0c-4c43-9a55-0f2f6f1f7c1e")
READERS_TABLES = (
    "select name from sqlite_master where type = 'table' and name not like '%!_fts%' escape '!' order by name"
)
Row = dict[str, Any]
Release = dict[str, Any]


@dataclass
class Table:
    """A table as it was: its columns, those of its key, and its rows by the last part of their address."""

    columns: list[str]
    keys: list[str]
    rows: dict[str, Row]


@dataclass
class State:
    """The tables at one time, and a hash of all that is in them."""

    date: str
    tables: dict[str, Table]
    content: str


def read_table(db: sqlite3.Connection, name: str) -> Table:
    """Return the columns and rows of a table."""
    details = db.execute("select name, pk from pragma_table_info(?)", [name]).fetchall()
    columns = [column for column, _ in details]
    keys = [column for column, place in sorted(details, key=lambda detail: detail[1]) if place]
    rows = [dict(zip(columns, row, strict=True)) for row in db.execute(f"select * from [{name}]")]
    return Table(columns, keys, {address_of(row, keys): row for row in rows})


def address_of(row: Row, keys: list[str]) -> str:
    """Return the last part of a row's address."""
    return ",".join(tilde_encode(str(row[key])) for key in keys)


def read_state(path: Path, date: str) -> State:
    """Return what is in a database."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = {name: read_table(db, name) for (name,) in db.execute(READERS_TABLES).fetchall()}
    db.close()
    digest = hashlib.sha256()
    for name, table in tables.items():
        digest.update(json.dumps([name, table.columns]).encode())
        digest.update(json.dumps([list(row.values()) for _, row in sorted(table.rows.items())]).encode())
    return State(date, tables, digest.hexdigest())


def git(*words: str) -> bytes:
    """Return what git prints; nothing where there is no repository."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False).stdout


def read_history() -> Iterator[State]:
    """Yield the committed states of clearview.db, newest first."""
    log = git("log", "--first-parent", "--format=%H %at", "--", DATABASE.name).decode()
    with tempfile.TemporaryDirectory() as folder:
        for line in log.splitlines():
            commit, seconds = line.split()
            path = Path(folder) / DATABASE.name
            path.write_bytes(git("show", f"{commit}:{DATABASE.name}"))
            yield read_state(path, say_time(datetime.fromtimestamp(int(seconds), UTC)))


def say_time(moment: datetime) -> str:
    """Return a time as Atom wants it (RFC 3339, UTC, to the second)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def find_released(known: str, now: State) -> State:
    """Return the committed state that a release holds; exits where it is not found."""
    states = [now] if now.content == known else read_history()
    found = next((state for state in states if state.content == known), None)
    advice = (
        "the history here has no commit with its last release: fetch the whole history, or take the published log "
        "back (git checkout origin/main -- static/changes.json), then run `make changes` again"
    )
    return found or exit_with([Problem("static/changes.json", advice=advice)])


def pair_rows(before: Table, after: Table) -> dict[str, str]:
    """Return for each row of a table the address it had before: another one where the table's key has grown since."""
    if not before.keys or not set(before.keys) <= set(after.columns):
        return {key: key for key in after.rows}
    pairs, taken = {}, set[str]()
    # Backwards, so that a correction, which stands first, is the row that is new.
    for key, row in sorted(after.rows.items(), reverse=True):
        old = address_of(row, before.keys)
        pairs[key] = key if old in taken else old
        taken.add(old)
    return pairs


def compare(before: Table, after: Table) -> dict[str, Any]:
    """Return what changed between two states of a table; rows are compared in the columns that both have."""
    shared = [column for column in after.columns if column in before.columns]
    pairs = pair_rows(before, after)
    changed = {
        key: [column for column in shared if row[column] != before.rows[pairs[key]][column]]
        for key, row in sorted(after.rows.items())
        if pairs[key] in before.rows
    }
    found = {
        "columns_added": [column for column in after.columns if column not in before.columns],
        "columns_removed": [column for column in before.columns if column not in after.columns],
        "added": sorted(key for key, old in pairs.items() if old not in before.rows),
        "changed": {key: columns for key, columns in changed.items() if columns},
        "removed": sorted(before.rows.keys() - set(pairs.values())),
    }
    return {what: which for what, which in found.items() if which}


def describe(before: State | None, after: State, previous: str) -> Release:
    """Return the entry of a release: its lasting id, time and changes; of the first, the number of rows alone."""
    empty = Table([], [], {})
    tables = {}
    for name in sorted(after.tables.keys() | (before.tables.keys() if before else set())):
        now = after.tables.get(name, empty)
        changes = compare(before.tables.get(name, empty), now) if before else {}
        if changes or not before:
            tables[name] = {"rows": len(now.rows), **changes}
    identity = uuid.uuid5(NAMESPACE, previous + after.content)
    entry = {"id": f"urn:uuid:{identity}", "date": after.date, "content": after.content}
    return entry | {"came_with": say_origins(after, tables), "tables": tables}


def say_origins(after: State, tables: dict[str, Any]) -> dict[str, int]:
    """Return where what is new came from: the reports of each spreadsheet, and the corrected cells of each."""
    came: Counter[str] = Counter()
    for key in tables.get("reports", {}).get("added", ()):
        came[after.tables["reports"].rows[key].get("file", "")] += 1
    for key in tables.get("cleaning_log", {}).get("added", ()):
        row = after.tables["cleaning_log"].rows[key]
        if row["kind"] == "corrected":
            came[f"corrections of {row['file']}"] += 1
    return dict(came)


def add_release(log: list[Release]) -> list[Release]:
    """Return the log with the release that it lacks, if any; one without a version is drawn up anew."""
    now = read_state(DATABASE, say_time(datetime.now(UTC)))
    if log and log[-1]["content"] == now.content:
        return log
    if not log:
        return [describe(None, now, "")]
    released = log if log[-1].get("version") else log[:-1]
    if not released:
        return [describe(None, now, "")]
    before = find_released(released[-1]["content"], now)
    return released if before is now else [*released, describe(before, now, released[-1]["id"])]


def read_log() -> list[Release]:
    """Return the releases that the log holds, oldest first."""
    log: list[Release] = json.loads(LOG.read_text("utf-8")) if LOG.exists() else []
    return log


def write_log(log: list[Release]) -> None:
    """Write the log."""
    LOG.write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Bring the log up to date, or check that it is."""
    log = read_log()
    if sys.argv[1:] == ["--check"]:
        if not log or log[-1]["content"] != read_state(DATABASE, "").content:
            advice = "does not end with clearview.db as it is; run `make changes` and commit it"
            exit_with([Problem("static/changes.json", advice=advice)])
        print("static/changes.json ends with clearview.db as it is")
        return
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    longer = add_release(log)
    write_log(longer)
    print(f"static/changes.json: {len(longer)} releases, {sum(one not in log for one in longer)} of them new")


if __name__ == "__main__":
    main()
