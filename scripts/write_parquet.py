"""A dataset as Parquet files that DuckDB, Spark and BigQuery read: a folder for each table.

Reports and agencies, from the database, are partitioned by country; beside them the tables that they refer to.
Reports as received, with the corrections made, and what each text in them was read as, are for the joins in
scripts/large. The same data give the same bytes.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import duckdb
import duckdb_extension_sqlite_scanner
from cleaning.printed import constants_of, first_row
from cleaning.readings import FIELDS, HEADING
from database.reports import log_places
from dataset.deliveries import Delivery, list_deliveries
from dataset.mapping import read_mapping
from dataset.problems import Problems, exit_with
from dataset.tables import base_field

PARTITIONED = ("agencies", "reports")
REFERRED_TO = (
    "agency_types", "countries", "figure_origins", "licences", "listings", "responses", "search_bands", "sources",
    "use_statuses",
)  # fmt: skip
# One thread, so that the bytes are the same; a part of a country's rows is written as soon as there are so many.
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1, "memory_limit": "256MB", "partitioned_write_flush_threshold": 50_000,
    "autoinstall_known_extensions": False,
}  # fmt: skip
CSV = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"


class Writer:
    """Writes what DuckDB selects, one table after the other."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the tables."""
        self.folder = folder
        self.connection = duckdb.connect(config=LIMITS | {"temp_directory": str(folder / "unfinished")})

    def attach(self, database: Path) -> None:
        """Make a SQLite database readable as db; DuckDB loads the extension for it only if its makers signed it."""
        extensions = Path(duckdb_extension_sqlite_scanner.__file__).parent / "extensions"
        self.connection.load_extension(str(next(extensions.glob("*/sqlite_scanner.duckdb_extension"))))
        self.connection.execute(f"attach {quote(database)} as db (type sqlite, read_only)")

    def write(self, table: str, select: str, by: str = "") -> None:
        """Write a table, in a folder for each value of a column if one is given; print its number of rows."""
        options = "format parquet, compression zstd"
        (self.folder / table).mkdir(parents=True)
        path = self.folder / table if by else self.folder / table / "data_0.parquet"
        options += f", partition_by ({by}), overwrite_or_ignore" if by else ""
        (count,) = self.connection.execute(f"copy ({select}) to {quote(path)} ({options})").fetchall()[0]
        print(f"{table}/: {count:,} rows")


def quote(text: str | Path) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


def select_received(delivery: Delivery, build: Path, facets: Sequence[str]) -> str:
    """Return the query for a delivery's reports.csv, with the field's names and the row's place; no cell is null."""
    columns, place, fixed = list(delivery.reports.headings), delivery.reports_place, constants_of(delivery)
    # Read as a text, an empty cell is null; a row without any value is none.
    filled = f"coalesce({', '.join(map(name, columns))}) is not null"
    source = read_csv(build / delivery.step("reports"), columns)
    rows = f"select row_number() over () + {first_row(delivery) - 1} as row, * from {source}"
    found = []
    for one in delivery.by_period():
        values = {field: f"coalesce({name(field)}, '')" if field in columns else quote(constants_of(one).get(field, ""))
                  for field in (*FIELDS, *facets)}  # fmt: skip
        if one.column_set:
            values["searches"] = f"coalesce({name(f'searches {one.reports.constants.period}')}, '')"
        if "no" not in columns:
            values["no"] = f"cast(row + {delivery.numbers_after} as varchar) || '{one.period_digits}'"
        if delivery.sources.by_link:
            links = [f"nullif(trim({name(field)}), '')" for field in columns if base_field(field) == "source"]
            values["source"] = f"coalesce(nullif(concat_ws(' ', {', '.join(links)}), ''), {quote(fixed['source'])})"
        cells = [f"{values[field]} as {field}" for field in (*FIELDS, *facets)]  # the same order in each delivery
        number = f"cast({one.place_number} as bigint) as delivery"
        where = f"{number}, {quote(place.file)} as file, {quote(place.sheet)} as sheet"
        found.append(f"select {where}, row, {', '.join(cells)} from ({rows}) where {filled}")
    return " union all ".join(found)


def name(column: str) -> str:
    """Return the name of a column as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


def read_csv(path: Path, columns: Sequence[str]) -> str:
    """Return the source of a query for a CSV file, its columns under these names."""
    types = ", ".join(f"{quote(column)}: 'varchar'" for column in columns)
    return f"read_csv({quote(path)}, {CSV}, columns = {{{types}}})"


def select_places(deliveries: list[Delivery], facets: Sequence[str]) -> str:
    """Return the query for where each field stands in the spreadsheets."""
    rows = [
        f"({number}, {', '.join(map(quote, (field, file, sheet, heading)))})"
        for number, field, file, sheet, heading in log_places(deliveries)
        if field in FIELDS or field in facets
    ]
    names = "places (number, field, file, sheet, heading)"
    columns = "cast(number as bigint) as delivery, field, file, sheet, heading"
    return f"select {columns} from (values {', '.join(rows)}) as {names}"


def select_removals(build: Path) -> str:
    """Return the query for the cells that extract.py took personal data out of, or corrected."""
    columns = "file, sheet, row, heading, field, kind, before, after, reason"
    # What was taken out leaves an empty text or a mark; sheet and reason too may be missing.
    cells = columns.replace("row", "cast(row as bigint) as row")
    for name in ("sheet", "before", "after"):
        cells = cells.replace(name, f"coalesce({name}, '') as {name}")
    sources = (read_csv(build / name, columns.split(", ")) for name in ("removed.csv", "corrected.csv"))
    return " union all ".join(f"select {cells} from {source}" for source in sources)


def select_readings(build: Path) -> str:
    """Return the query for readings.csv; value "" means nothing is known, and no cell is null."""
    columns = ["report_column" if name == "column" else name for name in HEADING]
    cells = [f"coalesce({name}, '') as {name}" for name in columns]
    return f"select {', '.join(cells)} from {read_csv(build / 'readings.csv', columns)}"


def write_all(folder: Path, build: Path, database: Path, parquet: Path) -> None:
    """Write every table into a new folder; raise Problems where the mapping has faults."""
    mapping = read_mapping(folder)
    deliveries, facets = list_deliveries(folder, mapping), [facet.name for facet in mapping.facets]
    parquet.mkdir(parents=True)
    writer = Writer(parquet)
    writer.attach(database)
    for table in PARTITIONED:
        writer.write(table, f"select * from db.{table}", by="country")
    for table in (*map(mapping.words.sql, REFERRED_TO), *(["facets"] if facets else [])):
        writer.write(table, f"select * from db.{table}")
    writer.write("received", " union all ".join(select_received(one, build, facets) for one in deliveries))
    writer.write("readings", select_readings(build))
    writer.write("places", select_places(deliveries, facets))
    writer.write("removals", select_removals(build))


def main() -> None:
    """Write the tables, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml")
    parser.add_argument("build", type=Path, help="the folder that extract.py and clean.py wrote to")
    parser.add_argument("database", type=Path, help="the database that was built of them")
    parser.add_argument("parquet", type=Path, help="the folder to write, which must not be there")
    given = parser.parse_args()
    try:
        write_all(given.raw, given.build, given.database, given.parquet)
    except Problems as found:
        exit_with(found.problems)


if __name__ == "__main__":
    main()
