"""Reports, their readings, the register and lookups -> a SQLite database, the same bytes each time.

Reads BUILD_DIR/*.csv, writes BUILD_DIR/clearview.db.
"""

import argparse
import gc
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaning.countries import label_of
from cleaning.printed import Reports, read_sources
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
from spreadsheets.ahead import ahead_of_large
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
FAST = "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536; pragma threads = 2;"


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


def load_reports(
    db: Database, reports: Reports, joiner: Joiner, resolved: Sequence[str], words: Words
) -> tuple[Counter[tuple[Any, ...]], list[Further]]:
    """Fill reports and the cleaning log; return how many reports are alike in resolved, and their further links."""
    columns = joiner.columns
    places = [columns.index(column) for column in resolved]

    def join() -> Generator[tuple[list[Column], list[Column], list[Further], Counter[tuple[Any, ...]]], None, None]:
        for batch in reports:
            values, numbers, links = joiner.join(batch)
            yield values, numbers, links, Counter(zip(*(values[place] for place in places), strict=True))

    made = ahead_of_large(reports.paths, join)
    insert_report = f"insert into reports ({words.sql(', '.join(columns))}) values ({', '.join('?' * len(columns))})"
    log = f"insert into report_readings values ({', '.join('?' * (2 + len(joiner.fields)))})"
    alike: Counter[tuple[Any, ...]] = Counter()
    further: list[Further] = []
    db.conn.executemany("insert into readings values (?, ?, ?, ?, ?, ?, ?)", joiner.log())
    db.conn.executemany("insert into log_places values (?, ?, ?, ?, ?)", log_places(reports.deliveries))
    for values, numbers, links, counts in made:
        db.conn.executemany(insert_report, zip(*values, strict=True))
        db.conn.executemany(log, zip(*numbers, strict=True))
        further += links
        alike.update(counts)
    return alike, further


def load(folder: Path, build: Path, mapping: Mapping, words: Words, db: Database) -> None:
    """Fill a new database: labels, reports with their log, sources, agencies, totals, acts."""
    labels = read_labels()
    sources = [source.cells for source in read_sources(mapping, folder, build)]
    published = {source["id"].strip(): source["published"].strip() or None for source in sources}
    reports = Reports(mapping, folder, build)
    in_use = fields_in_use(reports.deliveries)
    facets = mapping.facets
    joiner = Joiner(build, published, in_use, facets)
    alike, further = load_reports(db, reports, joiner, resolved_from(in_use, facets), words)
    # The indexes are made while the agencies are resolved: SQLite needs no Python for them.
    with ThreadPoolExecutor(1) as other:
        indexes = other.submit(make_indexes, db, words, "reports")
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


def build(folder: Path, build: Path, mapping: Mapping, name: str = OURS.database) -> Path:
    """Build BUILD_DIR/clearview.db beside any older one, then put it in place; return its path.

    Name is what the database is called where it is served: its view of published totals has addresses.
    """
    words = replace(mapping.words, database=name)
    working, final = build / "working.db", build / "clearview.db"
    working.unlink(missing_ok=True)
    db = Database(sqlite3.connect(working, check_same_thread=False))
    count = count_lines(build / "reports.csv")
    as_table = count <= LOGGED_AS_TABLE
    log = add_readings(words.sql(read_sql("cleaning_log")), mapping.facets)
    readings = add_readings(words.sql(read_sql("readings")), mapping.facets)
    deliveries = list_deliveries(folder, mapping)
    schema = add_columns(adapt_schema(read_sql("schema"), deliveries), fields_in_use(deliveries), mapping.facets)
    db.executescript(FAST + words.sql(schema))
    db.executescript(readings.replace("create table", "create temp table") if as_table else readings)
    with db.conn:
        load(folder, build, mapping, words, db)
        name_fields(db, words)
    if as_table:
        db.executescript(adapt_log(read_sql("cleaning_log_table"), deliveries))
        with db.conn:
            db.execute(f"insert into cleaning_log {log} order by file, sheet, row, field, kind")
    else:
        db.executescript(f"create view cleaning_log as {log}")
    if count > READ_THROUGH:
        make_indexes(db, words, "reports", file="indexes_of_many")
    make_indexes(db, words, "agencies", *OWN_TABLES, *(("cleaning_log",) if as_table else ()))
    documented = read_sql("coverage_of_others" if is_of_others(folder) else "coverage")
    db.executescript(words.sql(documented + read_sql("coverage_columns")))
    with db.conn:
        db.table("agencies").enable_fts(SEARCHED, fts_version="FTS5", tokenize="unicode61 remove_diacritics 2")
        db.table("agencies").rebuild_fts()
    db.close()
    working.replace(final)
    return final


def make_indexes(db: Database, words: Words, *tables: str, file: str = "indexes") -> None:
    """Make the indexes of some tables."""
    for statement in words.sql(read_sql(file)).split(";\n"):
        if statement.partition(" on ")[2].split(" ")[0] in tables:
            db.conn.execute(statement)


def count_lines(path: Path) -> int:
    """Return the number of lines of a file."""
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))


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
        path = build(given.raw, given.build, read_mapping(given.raw))
    except Problems as found:
        exit_with(found.problems)
    print(f"{path} built, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
