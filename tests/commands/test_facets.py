"""Facets of a dataset's own, from the spreadsheet to the database: values as the rows say them."""

import csv
import json
import sqlite3
from pathlib import Path

import duckdb
import pytest
from check import check
from dataset.facets import TAKEN
from dataset.problems import Problems
from other_tables import ALPHA, BETA, CONSTANTS, LISTED, Rows, make

from build import build

ROOT = Path(__file__).resolve().parents[2]
HEAD = ["Agency", "Technology", "Vendor"]
ROWS: Rows = [
    HEAD,
    ["Alpha Police", "Drones; Face recognition;", "Acme  Ltd"],
    ["Alpha Police", "drones/ Drones ; ; Cameras", "Acme Ltd"],
    ["Beta Police", " ", ""],
    ["Beta Police", "Not stated", "Beta & Söhne"],
]
FACETS = '{Kind of technology: {column: Technology, split: [";", "/"]}, Vendor: {column: Vendor}}'


def mapping(facets: str, left_out: str = "[]", rows: str = "report", beside: str = "") -> str:
    return f"""workbook: list.csv
{beside}
reports:
  rows: {rows}
  left_out: {left_out}
  columns: {{agency: Agency}}
  facets: {facets}
  constants: {{country: France, source: S1, {CONSTANTS}}}
sources: {{{LISTED}}}"""


def built(folder: Path, tables: dict[str, Rows], words: str) -> sqlite3.Connection:
    """Build a folder, hold the rules against it; return its database."""
    make(folder, tables, words)
    build(folder, folder.parent / "steps", [], [])
    assert check(folder.parent / "steps" / "clearview.db", None) == []
    return sqlite3.connect(folder.parent / "steps" / "clearview.db")


def faults(folder: Path, tables: dict[str, Rows], words: str) -> list[str]:
    """Return what is wrong with a folder."""
    make(folder, tables, words)
    with pytest.raises(Problems) as found:
        build(folder, folder.parent / "steps", [], [])
    return [str(problem) for problem in found.value.problems]


def test_values_are_those_of_the_rows_and_of_the_reports_of_an_agency(tmp_path: Path) -> None:
    db = built(tmp_path / "list", {"list.csv": ROWS}, mapping(FACETS))
    reports = db.execute("select row, kind_of_technology, vendor from reports order by no").fetchall()
    assert [(row, json.loads(kinds), vendor) for row, kinds, vendor in reports] == [
        (2, ["Drones", "Face recognition"], "Acme Ltd"),
        (3, ["drones", "Drones", "Cameras"], "Acme Ltd"),
        (4, ["not stated"], "not stated"),
        (5, ["not stated"], "Beta & Söhne"),
    ]
    agencies = db.execute("select id, kind_of_technology, vendor from agencies order by id").fetchall()
    assert [(key, json.loads(kinds), json.loads(vendors)) for key, kinds, vendors in agencies] == [
        ("fr-alpha", ["Cameras", "Drones", "drones", "Face recognition"], ["Acme Ltd"]),
        ("fr-beta", ["not stated"], ["Beta & Söhne"]),
    ]
    assert db.execute("select * from facets").fetchall() == [
        ("kind_of_technology", "Kind of technology", "yes"),
        ("vendor", "Vendor", "no"),
    ]
    # The log, applied to the cells as received, gives the values: where it has no line, the cell is the value.
    logged = {(row, field): (before, after) for row, field, before, after in
              db.execute("select row, field, before, after from cleaning_log")}  # fmt: skip
    with (tmp_path / "list" / "list.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    for (row, kinds, vendor), cell in zip(reports, cells, strict=True):
        for field, value, received in (("kind_of_technology", kinds, "Technology"), ("vendor", vendor, "Vendor")):
            assert logged.get((row, field), (value, value)) == (cell[received], value)


def test_duckdb_reads_a_list_as_a_list(tmp_path: Path) -> None:
    db = built(tmp_path / "list", {"list.csv": ROWS}, mapping(FACETS))
    with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "kinds"), *db.execute("select id, kind_of_technology from agencies")])
    sql = f"""select kind, count(*) from (
      select unnest(from_json(kinds, '["VARCHAR"]')) as kind from read_csv('{tmp_path / "out.csv"}')) group by 1"""
    assert dict(duckdb.sql(sql).fetchall())["Drones"] == 1


def test_a_table_without_the_column_states_no_value(tmp_path: Path) -> None:
    words = mapping("{Vendor: {column: Vendor}}", "[Technology]").replace("workbook: list.csv", """deliveries:
  - file: list.csv
  - file: more.csv
    numbers_after: 100
    reports:
      rows: report
      columns: {agency: Agency}
      facets: {vendor: {column: Maker, split: ",", label: Vendor}}
      constants: {country: France, source: S1, use_status: Reported, listing: Other reporting}
  - file: bare.csv
    numbers_after: 200
    reports:
      rows: report
      columns: {agency: Agency}
      constants: {country: France, source: S1, use_status: Reported, listing: Unclear}""")  # fmt: skip
    tables: dict[str, Rows] = {
        "list.csv": ROWS[:2], "more.csv": [["Agency", "Maker"], ["Beta Police", "Beta, Gamma"]],
        "bare.csv": [["Agency"], ["Gamma Police"]],
    }  # fmt: skip
    folder, gamma = tmp_path / "list", ("fr-gamma", "Gamma Police", "")
    make(folder, tables, words, [ALPHA, BETA, gamma])
    build(folder, tmp_path / "steps", [], [])
    assert check(tmp_path / "steps" / "clearview.db", None) == []
    found = sqlite3.connect(tmp_path / "steps" / "clearview.db").execute("select id, vendor from agencies order by id")
    assert [(key, json.loads(values)) for key, values in found] == [
        ("fr-alpha", ["Acme Ltd"]), ("fr-beta", ["Beta", "Gamma"]), ("fr-gamma", ["not stated"]),
    ]  # fmt: skip


ADVICE = {
    "a name of SQL": ("{Order: {column: Vendor}}", "the facet 'Order' has the name of another column or a word of SQL"),
    "a column that is there": ("{Listing: {column: Vendor}}", "the facet 'Listing' has the name of another column"),
    "what is counted": ("{Searches of: {column: Vendor}}", "the facet 'Searches of' has the name of another column"),
    "one name twice": ("{Vendor: {column: Vendor}, vendor: {column: Technology}}", "would be one column, vendor"),
    "a key twice": ("{Vendor: {column: Vendor}, Vendor: {column: Technology}}", "Vendor stands twice"),
    "no Latin letter": (
        "{Технология: {column: Vendor}}",
        "can't be the name of a column; begin it with a Latin letter",
    ),
    "no column": ("{Vendor: {label: Vendors}}", "Field required"),
    "a column that is read": ("{Kind: {column: Agency}}", "the heading 'Agency' is used twice"),
    "a column twice": ("{Kind: {column: Vendor}, Sort: {column: Vendor}}", "the heading 'Vendor' is used twice"),
    "a mark of nothing": ('{Vendor: {column: Vendor, split: ""}}', "at least 1 character"),
}


@pytest.mark.parametrize("name", ADVICE)
def test_a_name_that_cannot_be_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    facets, advice = ADVICE[name]
    told = faults(tmp_path / "list", {"list.csv": ROWS}, mapping(facets, "[Technology]"))
    assert [advice in line for line in told] == [True]


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = faults(tmp_path / "list", {"list.csv": ROWS}, mapping("{Status: {column: Status}}", "[Technology, Vendor]"))
    assert told == ["list/list.csv: row 1, column 'Status': missing column; add it or restore the heading"]


def test_accounts_have_no_facets(tmp_path: Path) -> None:
    told = faults(tmp_path / "list", {"list.csv": ROWS}, mapping(FACETS, rows="account"))
    assert len(told) == 1
    assert "a facet is of one report, and accounts are summed" in told[0]


def test_a_facet_may_not_have_the_name_of_what_is_counted(tmp_path: Path) -> None:
    words = mapping("{Vendors max: {column: Vendor}}", "[Technology]", beside="measure: {one: vendor, many: vendors}")
    told = faults(tmp_path / "list", {"list.csv": ROWS}, words)
    assert len(told) == 1
    assert "the facet 'Vendors max' has the name of a column of vendors" in told[0]


def test_people_stay_out_of_facets(tmp_path: Path) -> None:
    rows = [*ROWS, ["Beta Police", "Drones", "ask jane.doe@example.org"]]
    told = faults(tmp_path / "list", {"list.csv": rows}, mapping(FACETS))
    assert len(told) == 1
    assert "column 'Vendor'" in told[0]
    assert "write `vendor: drop` or `vendor: redact` under personal_data" in told[0]


def test_empty_marks_hold_for_facets_too(tmp_path: Path) -> None:
    rows = [*ROWS, ["Beta Police", "n/a", "n/a"]]
    db = built(
        tmp_path / "list", {"list.csv": rows}, mapping(FACETS).replace("rows: report", "rows: report\n  empty: [n/a]")
    )
    assert db.execute("select kind_of_technology, vendor from reports where row = 6").fetchall() == [
        ('["not stated"]', "not stated")
    ]


def test_a_count_that_is_published_as_a_range_is_in_no_facet(tmp_path: Path) -> None:
    rows: Rows = [["Agency", "Uses", "Kind"], ["Alpha Police", "43", "43 drones"], ["Beta Police", "8", "2 drones"]]
    words = mapping("{Kind: {column: Kind}}", beside="profile: profile.yml")
    words = words.replace("{agency: Agency}", "{agency: Agency, searches: Uses}")
    folder = make(tmp_path / "list", {"list.csv": rows}, words)
    (folder / "profile.yml").write_text("counts: ranges\n")
    build(folder, tmp_path / "steps", [], [])
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        assert db.execute("select kind from reports order by no").fetchall() == [
            ("[figure removed] drones",),
            ("2 drones",),
        ]


SPOILED = {
    """update agencies set kind_of_technology = '["Drones"]' where id = 'fr-alpha'""": "those of its reports",
    """update agencies set vendor = '["not stated"]' where id = 'fr-beta'""": "those of its reports",
    "update reports set kind_of_technology = 'Drones' where row = 2": "a list of texts",
    """update reports set kind_of_technology = '["Drones", "Drones"]' where row = 2""": "a list of texts",
    "update reports set kind_of_technology = '[]' where row = 2": "a list of texts",
    "update reports set vendor = ' ' where row = 2": "a facet has texts",
}


def test_check_holds_the_values_of_facets(tmp_path: Path) -> None:
    built(tmp_path / "list", {"list.csv": ROWS}, mapping(FACETS)).close()
    path = tmp_path / "steps" / "clearview.db"
    whole = path.read_bytes()
    for statement, rule in SPOILED.items():
        path.write_bytes(whole)
        with sqlite3.connect(path) as db:
            db.execute(statement)
        assert any(rule in str(problem) for problem in check(path, None)), statement


def test_the_names_that_are_taken_are_those_of_the_schema() -> None:
    db = sqlite3.connect(":memory:")
    db.executescript((ROOT / "scripts/database/schema.sql").read_text("utf-8"))
    columns = {name for table in ("agencies", "reports") for (name,) in
               db.execute("select name from pragma_table_info(?)", [table])}  # fmt: skip
    assert {column for column in columns if "searches" not in column.split("_")} <= TAKEN
