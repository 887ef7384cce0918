"""Reports, their readings, the register and lookups -> a SQLite database, the same bytes each time.

Reads BUILD_DIR/*.csv, writes BUILD_DIR/clearview.db.
"""

import argparse
import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cleaning.countries import label_of
from cleaning.printed import Passed, Reports, read_sources
from database.added import (
    COUNT_FURTHER,
    FURTHER,
    adapt_log,
    adapt_schema,
    add_columns,
    add_readings,
    added_indexes,
    list_facets,
    reads_links,
)
from database.agencies import agency_rows, resolved_from
from database.own_words import is_of_others, keep_used, name_fields
from database.reports import Column, Further, Joiner, log_places
from database.resolver import Labels
from dataset.deliveries import fields_in_use, list_deliveries
from dataset.mapping import Mapping, read_mapping
from dataset.problems import Problems, exit_with
from dataset.words import OURS, Words
from lookups.tables import LOOKUPS, Row, read_table
from spreadsheets.ahead import ahead
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # another library where that is installed

SQL = Path(__file__).parent / "database"
LABEL_TABLES = (
    "agency_types", "responses", "listings", "licences", "use_statuses", "search_bands", "figure_origins",
)  # fmt: skip
OWN_TABLES = ("published_totals", "regulatory_actions")
SEARCHED = ["name", "native_name", "aliases", "locality", "region", "country_name"]
COUNTRY_NOTES = {
    "XX": "Agencies of several countries, such as INTERPOL",
    "EU": "The European Union; ISO reserves the code EU for it",
}
# Up to so many reports the log of changed cells is a table, with facets; of more it is a view with the same columns,
# since ten million rows of log would be most of the database.
LOGGED_AS_TABLE = 20_000
READ_THROUGH = 150_000  # reports: up to so many are sorted and searched without an index about as fast
LOG_ONLY = "log_only.db"  # what another process fills meanwhile
FAST = "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;"


def nulls(row: Row) -> dict[str, Any]:
    """Return the row with its empty cells as None."""
    return {column: value if value != "" else None for column, value in row.items()}


def read_own(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table that a folder may lack, empty cells as None."""
    return [nulls(row) for row in read_table(path)] if path.is_file() else []


def read_labels() -> Labels:
    """Return the label tables of scripts/lookups by name."""
    return {table: [nulls(row) for row in read_table(LOOKUPS / f"{table}.csv")] for table in LABEL_TABLES}


def country_rows(codes: set[str]) -> list[dict[str, Any]]:
    """Return a label row for each country code in use, in the order of their English names."""
    ordered = sorted(codes, key=lambda code: (code in COUNTRY_NOTES, label_of(code)))
    return [
        {
            "id": code,
            "label": label_of(code),
            "description": COUNTRY_NOTES.get(code, f"ISO 3166-1 code {code}"),
            "sort": place,
        }
        for place, code in enumerate(ordered, start=1)
    ]


def insert(db: Database, table: str, rows: Iterable[dict[str, Any]], words: Words) -> None:
    """Insert rows that all have the same columns."""
    rows = list(rows)
    if rows:
        columns, marks = ", ".join(f"[{column}]" for column in rows[0]), ", ".join("?" * len(rows[0]))
        sql = words.sql(f"insert into {table} ({columns}) values ({marks})")
        db.conn.executemany(sql, [tuple(row.values()) for row in rows])


class Joined(NamedTuple):
    """Some reports by column, their further links, and how many are alike in what agencies are resolved from."""

    values: list[Column]
    further: list[Further]
    alike: Counter[tuple[Any, ...]]


def join_reports(path: Path, table: str, reports: Reports, joiner: Joiner, resolved: Sequence[str]) -> Iterator[Joined]:
    """Yield the reports joined with their readings, and fill a database of its own with report_readings meanwhile."""
    places = [joiner.columns.index(column) for column in resolved]
    db = sqlite3.connect(path)
    db.executescript(FAST + table)
    insert = f"insert into report_readings values ({', '.join('?' * (2 + len(joiner.fields)))})"
    with db:
        for batch in reports:
            values, numbers, further = joiner.join(batch)
            yield Joined(values, further, Counter(zip(*(values[place] for place in places), strict=True)))
            db.executemany(insert, zip(*numbers, strict=True))
    db.close()


def readings_table(words: Words, mapping: Mapping) -> str:
    """Return the statement that makes report_readings, in the words of a dataset."""
    return add_readings(words.sql(read_sql("report_readings")), mapping.facets)


def load_reports(
    db: Database, joined: Iterable[Joined], columns: Sequence[str], words: Words
) -> tuple[Counter[tuple[Any, ...]], list[Further]]:
    """Fill reports; return how many are alike in what agencies are resolved from, and their further links."""
    insert_report = f"insert into reports ({words.sql(', '.join(columns))}) values ({', '.join('?' * len(columns))})"
    alike: Counter[tuple[Any, ...]] = Counter()
    further: list[Further] = []
    for part in joined:
        db.conn.executemany(insert_report, zip(*part.values, strict=True))
        alike.update(part.alike)
        further += part.further
    return alike, further


def load(folder: Path, mapping: Mapping, reports: Reports, words: Words, db: Database) -> None:
    """Fill a new database: labels, reports with their log, sources, agencies, totals, acts."""
    labels, build = read_labels(), reports.build
    sources = [source.cells for source in read_sources(mapping, folder, build)]
    published = {source["id"].strip(): source["published"].strip() or None for source in sources}
    in_use = fields_in_use(reports.deliveries)
    facets = mapping.facets
    joiner = Joiner(build, published, in_use, facets)
    work = partial(
        join_reports, build / LOG_ONLY, readings_table(words, mapping), reports, joiner, resolved_from(in_use, facets)
    )
    # Of many reports another process does all but fill the table itself.
    joined = ahead(work) if reports.lines > LOGGED_AS_TABLE else work()
    db.conn.executemany("insert into readings values (?, ?, ?, ?, ?, ?, ?)", joiner.log())
    db.conn.executemany("insert into log_places values (?, ?, ?, ?, ?)", log_places(reports.deliveries))
    alike, further = load_reports(db, joined, joiner.columns, words)
    # The indexes are made while the agencies are resolved: SQLite needs no Python for them.
    with ThreadPoolExecutor(1) as other:
        # The index of many by agency and date finds an agency too.
        needless = {"reports_agency"} if reports.lines > READ_THROUGH else set[str]()
        indexes = other.submit(make_indexes, db, words, "reports", without=needless)
        tables = {
            "published_totals": read_own(folder / "published_totals.csv"),
            "regulatory_actions": read_own(build / "regulatory_actions.csv"),  # corrected
        }
        tables["agencies"] = list(agency_rows(alike, folder / mapping.agencies, labels, in_use, facets))
        indexes.result()
    left_out = [*map(dict, read_table(build / "left_out.csv"))] if mapping.profile else []
    keep_used(labels, [*tables["agencies"], *left_out], db)
    if is_of_others(folder):
        for row in (row for table in LABEL_TABLES for row in labels[table]):
            row["description"] = words.label(row["description"])
    for name in ("removed.csv", "corrected.csv"):
        insert(db, "removals", read_table(build / name), words)
    db.execute(read_sql("corrected"))
    counts = Counter(dict(db.execute("select source, count(*) from reports group by source").fetchall()))
    counts.update(source for _, source in further)
    tables = {"sources": source_rows(sources, counts)} | labels | tables
    tables["regulatory_actions"].sort(key=lambda row: str(row["id"]))
    if mapping.profile:
        db.executescript(read_sql("left_out"))
        tables["left_out"] = left_out
    named = {
        row["country"]
        for table in ("agencies", *OWN_TABLES, "left_out")
        for row in tables.get(table, ())
        if row["country"]
    }
    named.update(code for (code,) in db.execute("select distinct country from reports"))
    tables["countries"] = country_rows(named)
    for table, rows in tables.items():
        insert(db, table, rows, words)
    if reads_links(mapping):
        db.executescript(FURTHER)
        db.conn.executemany("insert into further_sources values (?, ?)", further)
        db.execute(COUNT_FURTHER)
    list_facets(db, facets)
    for statement in added_indexes(in_use, facets):
        db.execute(statement)
    db.execute(read_sql("corrected_actions"))
    db.execute("update agencies set corrected = 'yes' where id in (select agency from reports where corrected = 'yes')")
    if mapping.reports.rows == "account":
        db.executescript(read_sql("accounts"))
        accounts = [[*nulls(row).values()] for row in read_table(build / "accounts.csv")]
        sql = "update agencies set accounts = ?2, accounts_min = ?3, accounts_max = ?4 where id = ?1"
        db.conn.executemany(sql, accounts)


def source_rows(sources: Iterable[Row], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the rows of the sources table, by id."""
    rows = [nulls({field: cell.strip() for field, cell in source.items()}) for source in sources]
    # clean.py refuses a source that nobody cites; one of agencies that a profile leaves out goes with them.
    cited = [row | {"report_count": counts[row["id"]]} for row in rows if row["id"] in counts]
    return sorted(cited, key=lambda row: str(row["id"]))


def put_in_place(working: Path) -> Path:
    """Put a new database in the place of any older one; return its path."""
    return working.replace(working.with_name("clearview.db"))


def build(folder: Path, build: Path, mapping: Mapping, name: str = OURS.database, passed: Passed | None = None) -> Path:
    """Build BUILD_DIR/working.db, beside a database that is in place; return its path.

    Name is what the database is called where it is served: its view of published totals has addresses. Passed are
    reports that need not be read again.
    """
    words = replace(mapping.words, database=name)
    working, log_only = build / "working.db", build / LOG_ONLY
    for path in (working, log_only):
        path.unlink(missing_ok=True)
    db = Database(sqlite3.connect(working, check_same_thread=False))
    reports = Reports(mapping, folder, build, passed)
    as_table = reports.lines <= LOGGED_AS_TABLE
    log = add_readings(words.sql(read_sql("cleaning_log")), mapping.facets)
    readings = words.sql(read_sql("readings"))
    deliveries = list_deliveries(folder, mapping)
    schema = add_columns(adapt_schema(read_sql("schema"), deliveries), fields_in_use(deliveries), mapping.facets)
    db.executescript(FAST + words.sql(schema))
    db.executescript(readings.replace("create table", "create temp table") if as_table else readings)
    db.execute("attach ? as log_only", [str(log_only)])
    with db.conn:
        load(folder, mapping, reports, words, db)
        name_fields(db, words)
    if as_table:
        db.executescript(adapt_log(read_sql("cleaning_log_table"), deliveries))
        with db.conn:
            db.execute(f"insert into cleaning_log {log} order by file, sheet, row, field, kind")
    else:
        db.executescript(readings_table(words, mapping))
        with db.conn:
            db.execute("insert into main.report_readings select * from log_only.report_readings")
        db.executescript(f"create view cleaning_log as {log}")
    db.execute("detach log_only")
    log_only.unlink()
    if reports.lines > READ_THROUGH:
        make_indexes(db, words, "reports", file="indexes_of_many")
    make_indexes(db, words, "agencies", *OWN_TABLES, *(("cleaning_log",) if as_table else ()))
    documented = read_sql("coverage_of_others" if is_of_others(folder) else "coverage")
    db.executescript(words.sql(documented + read_sql("coverage_columns")))
    with db.conn:
        db.table("agencies").enable_fts(SEARCHED, fts_version="FTS5", tokenize="unicode61 remove_diacritics 2")
        db.table("agencies").rebuild_fts()
    db.close()
    return working


def make_indexes(
    db: Database, words: Words, *tables: str, file: str = "indexes", without: Collection[str] = ()
) -> None:
    """Make the indexes of some tables, but for those named in without."""
    for statement in words.sql(read_sql(file)).split(";\n"):
        head, _, place = statement.partition(" on ")
        if place.split(" ")[0] in tables and head.split(" ")[-1] not in without:
            db.conn.execute(statement)


def read_sql(name: str) -> str:
    """Return the text of scripts/database/NAME.sql."""
    return (SQL / f"{name}.sql").read_text("utf-8")


def main() -> None:
    """Build the database, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml")
    parser.add_argument("build", type=Path, help="the folder that extract.py and clean.py wrote to")
    given = parser.parse_args()
    gc.disable()  # nothing here refers to itself; the collector would walk millions of texts again and again
    try:
        path = put_in_place(build(given.raw, given.build, read_mapping(given.raw)))
    except Problems as found:
        exit_with(found.problems)
    print(f"{path} built, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
