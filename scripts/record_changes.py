"""What each release of the data changed, kept in static/changes.json: rows added, changed and removed, and columns.

usage: record_changes.py             (adds the releases since the last one that the log knows)
       record_changes.py --check     (exit 1 where the log does not end with clearview.db as it is; needs no history)

A release is a commit that changed the tables of clearview.db, and that file as it is, which is about to be one. The log
holds keys and names of columns, never values: what is taken out of the data must not live on in its history.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import uuid
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
# Tables and columns that had another name before release 1.0.0 (CHANGELOG.md): the same rows, so no change of the data.
RENAMED = {
    "claims": "reports", "issues": "cleaning_log", "regulator_actions": "regulatory_actions",
    "claim_count": "report_count",
}  # fmt: skip
Row = dict[str, Any]
Release = dict[str, Any]


@dataclass
class Table:
    """A table as it was: its columns, and its rows by the last part of their address."""

    columns: list[str]
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
    return Table(columns, {",".join(tilde_encode(str(row[key])) for key in keys): row for row in rows})


def read_state(path: Path, date: str) -> State:
    """Return what is in a database."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = {name: read_table(db, name) for (name,) in db.execute(READERS_TABLES).fetchall()}
    db.close()
    digest = hashlib.sha256()
    for name, table in tables.items():
        digest.update(json.dumps([name, table.columns]).encode())
        digest.update(json.dumps([list(row.values()) for _, row in sorted(table.rows.items())]).encode())
    return State(date, {RENAMED.get(name, name): rename(table) for name, table in tables.items()}, digest.hexdigest())


def rename(table: Table) -> Table:
    """Return a table with its columns under the names of today."""
    rows = {key: {RENAMED.get(name, name): cell for name, cell in row.items()} for key, row in table.rows.items()}
    return Table([RENAMED.get(name, name) for name in table.columns], rows)


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


def list_states(known: str | None) -> list[State]:
    """Return the states from the known one (the first of all where none is) until now; exits where it is not found."""
    states = [read_state(DATABASE, say_time(datetime.now(UTC)))]
    if states[0].content == known:
        return states
    for state in read_history():
        if state.content == states[0].content:
            states[0] = state  # nothing changed in between: the older time is that of the release
        else:
            states.insert(0, state)
        if state.content == known:
            return states
    if known:
        advice = (
            "the history here has no commit with its last release: fetch the whole history, or take the published log "
            "back (git checkout origin/main -- static/changes.json), then run `make changes` again"
        )
        exit_with([Problem("static/changes.json", advice=advice)])
    return states


def compare(before: Table, after: Table) -> dict[str, Any]:
    """Return what changed between two states of a table; rows are compared in the columns that both have."""
    shared = [column for column in after.columns if column in before.columns]
    changed = {
        key: [column for column in shared if row[column] != before.rows[key][column]]
        for key, row in sorted(after.rows.items())
        if key in before.rows
    }
    found = {
        "columns_added": [column for column in after.columns if column not in before.columns],
        "columns_removed": [column for column in before.columns if column not in after.columns],
        "added": sorted(after.rows.keys() - before.rows.keys()),
        "changed": {key: columns for key, columns in changed.items() if columns},
        "removed": sorted(before.rows.keys() - after.rows.keys()),
    }
    return {what: which for what, which in found.items() if which}


def describe(before: State | None, after: State, previous: str) -> Release:
    """Return the entry of a release: its lasting id, time and changes; of the first, the number of rows alone."""
    empty = Table([], {})
    tables = {}
    for name in sorted(after.tables.keys() | (before.tables.keys() if before else set())):
        now = after.tables.get(name, empty)
        changes = compare(before.tables.get(name, empty), now) if before else {}
        if changes or not before:
            tables[name] = {"rows": len(now.rows), **changes}
    identity = uuid.uuid5(NAMESPACE, previous + after.content)
    return {"id": f"urn:uuid:{identity}", "date": after.date, "content": after.content, "tables": tables}


def add_releases(log: list[Release]) -> list[Release]:
    """Return the log with the releases that it lacks."""
    known = log[-1]["content"] if log else None
    before: State | None = None
    for state in list_states(known):
        if state.content != known:
            log = [*log, describe(before, state, log[-1]["id"] if log else "")]
        before = state
    return log


def main() -> None:
    """Bring the log up to date, or check that it is."""
    log: list[Release] = json.loads(LOG.read_text("utf-8")) if LOG.exists() else []
    if sys.argv[1:] == ["--check"]:
        if not log or log[-1]["content"] != read_state(DATABASE, "").content:
            advice = "does not end with clearview.db as it is; run `make changes` and commit it"
            exit_with([Problem("static/changes.json", advice=advice)])
        print("static/changes.json ends with clearview.db as it is")
        return
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    longer = add_releases(log)
    LOG.write_text(json.dumps(longer, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"static/changes.json: {len(longer)} releases, {len(longer) - len(log)} of them new")


if __name__ == "__main__":
    main()
