"""Parquet by country, and docs/large.md as printed: DuckDB and Spark join the files to what the database has."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import small_folder
from cleaning.readings import FIELDS
from conftest import ROOT, copy_project, need, run_make

BLOCKS = re.findall(
    r"^```(sh|python)\n(.*?)^```", (ROOT / "docs" / "large.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
# What needs a cluster or an account names a bucket.
HERE = [(language, code) for language, code in BLOCKS if "gs://" not in code]
WITH_SPARK = [block for block in HERE if "spark" in block[1]]
WITHOUT = [block for block in HERE if block not in WITH_SPARK]
Rows = list[tuple[Any, ...]]
NOTE = " He said \"no, never\",\nthen: =1+1; 'quite', and nothing more "
# Country, code, name and note of agencies that a careless reader loses: codes like nothing, false, no country.
AGENCIES = (
    ("Namibia", "NA", "Police of Somewhere", NOTE),
    ("Norway", "NO", "NULL", "NA"),
    ("European Union", "EU", "Ämt, für “Alles”", "\t0012"),
    ("International", "XX", "None", ""),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with a folder my_list: our reports and four of the awkward agencies."""
    folder = copy_project(tmp_path_factory.mktemp("large") / "project")
    shutil.copytree(ROOT / "raw", folder / "my_list")
    book = openpyxl.load_workbook(folder / "my_list" / "reported_use.xlsx")
    sheet = book["Reports"]
    others = [cell.value for cell in sheet[2][4:12]]
    sheet.append([])
    with (folder / "my_list/agencies.csv").open("a") as register, (folder / "my_list/aliases.csv").open("a") as aliases:
        for number, (country, code, name, note) in enumerate(AGENCIES, start=1001):
            sheet.append([f" {number} ", name, country, " 11 – 50", *others, note])
            register.write(f'{code.lower()}-awkward,"{name}",,{code},other,,,\n')
            aliases.write(f'"{name}",{code},,{code.lower()}-awkward,\n')
    book.save(folder / "my_list" / "reported_use.xlsx")
    return folder


def run(project: Path, language: str, code: str) -> str:
    """Return what a block of the document prints; fail if it fails."""
    command = ["bash", "-euo", "pipefail", "-c", code] if language == "sh" else [".venv/bin/python", "-c", code]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    # Java takes as long to compile what it runs as to run it; half of that is of use only to those who run it longer.
    environment |= {"SPARK_LOCAL_IP": "127.0.0.1", "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def told(project: Path) -> list[str]:
    """Run the blocks of the document that need no Spark, in their order; return what each printed."""
    return [run(project, *block) for block in WITHOUT]


@pytest.fixture(scope="module")
def told_by_spark(project: Path, told: list[str]) -> list[str]:
    """Run the blocks with Spark after those without; return what each printed."""
    assert told
    need("java")
    return [run(project, *block) for block in WITH_SPARK]


@pytest.fixture(scope="module")
def built(project: Path, told: list[str]) -> Path:
    """Return the folder with the database and the Parquet files that the document's commands wrote."""
    assert told
    return project / "build" / "my_list"


@pytest.fixture(scope="module")
def database(built: Path) -> Iterator[sqlite3.Connection]:
    """Return the database that the Parquet files were written from."""
    db = sqlite3.connect(built / "my_list.db")
    yield db
    db.close()


def read(folder: Path, columns: Sequence[str], order: str) -> Rows:
    """Return some columns of a folder of Parquet files."""
    with duckdb.connect() as connection:
        sql = f"select {', '.join(columns)} from read_parquet('{folder}/**/*.parquet') order by {order}"
        return connection.execute(sql).fetchall()


def columns_of(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"pragma table_info([{table}])")]


def describe(path: Path) -> dict[str, str]:
    """Return the columns of a Parquet file, each with its type and what the type stands for."""
    with duckdb.connect() as connection:
        sql = "select name, concat_ws(' ', type, converted_type, logical_type) from parquet_schema(?) offset 1"
        return dict(connection.execute(sql, [str(path)]).fetchall())


def hold_against(db: sqlite3.Connection, results: Path) -> None:
    """Hold the reports, the log and the agencies that an engine joined against the database, cell by cell."""
    columns = columns_of(db, "reports")
    assert read(results / "reports", columns, "no") == db.execute("select * from reports order by no").fetchall()
    columns = [name.replace("column", "heading") for name in columns_of(db, "cleaning_log")]
    found = read(results / "cleaning_log", columns, "file, sheet, row, field, kind")
    assert found == db.execute("select * from cleaning_log order by file, sheet, row, field, kind").fetchall()
    columns = list(describe(next((results / "agencies").glob("*.parquet"))))
    assert len(columns) > 12
    expected = db.execute(f"select {', '.join(columns)} from agencies order by id").fetchall()
    assert read(results / "agencies", columns, "id") == expected


@pytest.mark.parametrize("table", ["reports", "agencies", "sources", "countries", "search_bands", "figure_origins"])
def test_a_table_in_parquet_equals_the_database_cell_by_cell(
    built: Path, database: sqlite3.Connection, table: str
) -> None:
    columns = columns_of(database, table)
    expected = database.execute(f"select * from {table} order by {columns[0]}").fetchall()
    assert read(built / "parquet" / table, columns, columns[0]) == expected


def test_reports_and_agencies_have_a_folder_for_each_country(built: Path, database: sqlite3.Connection) -> None:
    for table in ("reports", "agencies"):
        expected = {f"country={code}" for (code,) in database.execute(f"select distinct country from {table}")}
        assert expected >= {"country=NA", "country=NO", "country=EU", "country=XX"}
        assert {path.name for path in (built / "parquet" / table).iterdir()} == expected


def test_files_have_the_types_and_names_that_bigquery_takes(built: Path) -> None:
    files = sorted((built / "parquet").rglob("*"))
    assert all(path.name == "data_0.parquet" for path in files if path.is_file())
    for path in files:
        if path.is_file():
            columns = describe(path)
            assert set(columns.values()) <= {"INT64 INT_64", "DOUBLE", "BYTE_ARRAY UTF8"}, path
            assert all(re.fullmatch("[a-z][a-z_0-9]*", name) for name in columns)
            # What is in the folder's name must not be in the file, too.
            assert "country" not in columns or "country=" not in str(path)


def test_received_reports_have_their_place_and_the_mapped_columns_alone(built: Path) -> None:
    columns = list(describe(built / "parquet" / "received" / "data_0.parquet"))
    assert columns == ["delivery", "file", "sheet", "row", *FIELDS]


def test_duckdb_joins_what_the_database_has(built: Path, database: sqlite3.Connection) -> None:
    hold_against(database, built / "on_duckdb")


@pytest.mark.slow
def test_spark_joins_what_the_database_has(built: Path, database: sqlite3.Connection, told_by_spark: list[str]) -> None:
    assert told_by_spark
    hold_against(database, built / "on_spark")


@pytest.mark.slow
def test_duckdb_and_spark_count_by_country(
    database: sqlite3.Connection, told: list[str], told_by_spark: list[str]
) -> None:
    counts = database.execute("select country, count(*), count(distinct agency) from reports group by 1").fetchall()
    for country, reports, agencies in counts:
        if country in ("CA", "NA", "NO"):
            assert re.search(rf"\b{country}\W+{reports}\W+{agencies}\b", told[1])
        assert re.search(rf"\b{country}\|\s+{reports}\|", told_by_spark[-1])


def test_only_what_needs_a_bucket_is_not_run() -> None:
    assert (len(WITHOUT), len(WITH_SPARK)) == (3, 2)
    assert all("BUCKET" in code for _, code in BLOCKS if (_, code) not in HERE)


def test_parquet_is_written_again_only_after_a_change_and_with_the_same_bytes(project: Path, built: Path) -> None:
    again = run_make(project, "export-parquet", "RAW=my_list")
    assert "write_parquet.py" not in again.stdout
    before = {path: path.read_bytes() for path in (built / "parquet").rglob("*.parquet")}
    (project / "scripts" / "write_parquet.py").touch()
    again = run_make(project, "export-parquet", "RAW=my_list")
    assert "write_parquet.py" in again.stdout
    assert {path: path.read_bytes() for path in (built / "parquet").rglob("*.parquet")} == before


@pytest.mark.slow
def test_a_list_without_numbers_with_a_blank_row_and_an_address_is_joined_too(project: Path, tmp_path: Path) -> None:
    rows = [("", name, "New Zealand", "1-5", "write to jo.q@example.org") for name in small_folder.AGENCIES]
    folder = small_folder.make_folder(tmp_path / "small", [rows[0], (), *rows[1:]])
    mapping = folder / "mapping.yml"
    text = mapping.read_text("utf-8").replace('{no: "No", ', "{")
    text = text.replace("  rows: report", '  rows: report\n  left_out: ["No"]\n  personal_data: {note: redact}')
    mapping.write_text(text, "utf-8")
    done = run_make(project, "export-parquet", f"RAW={folder}")
    assert done.returncode == 0, done.stderr
    built = project / "build" / "small"
    run(project, "sh", f".venv/bin/python scripts/large/on_duckdb.py {built}/parquet {built}/on_duckdb")
    with sqlite3.connect(built / "small.db") as db:
        numbered = db.execute("select no, row, searches from reports").fetchall()
        assert numbered == [(2, 2, "1–5"), (4, 4, "1–5"), (5, 5, "1–5")]
        assert db.execute("select count(*) from cleaning_log where field = 'note'").fetchall() == [(3,)]
        hold_against(db, built / "on_duckdb")
    for path in (built / "parquet").iterdir():
        assert "jo.q" not in str(read(path, "*", "1"))
