"""Several deliveries of one list, and the register of corrections: what they give, and each fault by name."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run_make
from corpus import Case, write_ods
from dataset.problems import Problems
from small_folder import make_folder, write_csv, write_workbook

from build import build

FIRST = [["1", "Alpha Town Police", "New Zealand", "11-50", ""], ["2", "Gamma State Patrol", "New Zealand", "", "x"]]
SECOND = [["Agency named", "Land", "Figure", "Page", "Number"], ["Beta County Sheriff's Office", "NZ", "78", "S2", "3"]]
THIRD = [["Who", "Where", "How often"], ["Alpha Town Police", "Neuseeland", "more than 5"]]
CONSTANTS = "{figure_from: Other reporting, use_status: Reported, listing: Other reporting"
MORE = f"""
deliveries:
  - file: list.xlsx
  - file: second list.csv
    reports:
      rows: report
      columns: {{agency: Agency named, country: Land, searches: Figure, source: Page, no: Number}}
      constants: {CONSTANTS}}}
    sources:
      file: pages.csv
      columns: {{id: Id, publisher: Paper, url: Address}}
  - file: third.ods
    numbers_after: 1000
    reports:
      sheet: Reports
      rows: report
      columns: {{agency: Who, country: Where, searches: How often}}
      constants: {CONSTANTS}, source: S2}}
    sources: {{rows: []}}
"""
CORRECTION = ["list.xlsx", "2", "Searches", "", "about 30", "The page gives the figure", ""]
COLUMNS = ("file", "id", "column", "as_received", "corrected", "reason", "source_url")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a workbook, a text table and an OpenDocument sheet, each with headings of its own."""
    folder = make_folder(tmp_path / "lists", FIRST)
    write_csv(folder / "second list.csv", SECOND[0], SECOND[1:])
    write_csv(folder / "pages.csv", ("Id", "Paper", "Address"), [("S2", "A paper", "https://example.org/2")])
    write_ods(folder / "third.ods", Case(THIRD))
    mapping = (folder / "mapping.yml").read_text("utf-8").replace("workbook: list.xlsx\n", MORE)
    (folder / "mapping.yml").write_text(mapping, "utf-8")
    write_csv(folder / "corrections.csv", COLUMNS, [CORRECTION])
    return folder


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(database) as db:
        return db.execute(sql).fetchall()


def test_each_row_says_where_it_came_from(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "steps", [], [])
    database = tmp_path / "steps" / "clearview.db"
    assert ask(database, 'select "no", file, sheet, row, agency, searches, corrected from reports order by "no"') == [
        (1, "lists/list.xlsx", "Data", 2, "nz-alpha", "11–50", "no"),
        (2, "lists/list.xlsx", "Data", 3, "nz-gamma", "about 30", "yes"),
        (3, "lists/second list.csv", "", 2, "nz-beta", "78", "no"),
        (1002, "lists/third.ods", "Reports", 2, "nz-alpha", "more than 5", "no"),
    ]
    logged = ask(
        database, "select file, row, \"column\", before from cleaning_log where field = 'country' order by 1, 2"
    )
    assert logged == [
        ("lists/list.xlsx", 2, "Country", "New Zealand"),
        ("lists/list.xlsx", 3, "Country", "New Zealand"),
        ("lists/third.ods", 2, "Where", "Neuseeland"),
    ]
    corrected = "select file, row, field, before, after, reason from cleaning_log where kind = 'corrected'"
    assert ask(database, corrected) == [
        ("lists/list.xlsx", 3, "searches_as_printed", "", "about 30", "The page gives the figure")
    ]
    assert ask(database, "select id from agencies where corrected = 'yes'") == [("nz-gamma",)]
    assert ask(database, "select id, report_count from sources order by id") == [("S1", 2), ("S2", 2)]


@pytest.mark.slow
def test_make_does_again_what_is_due(project: Path, folder: Path) -> None:
    done = run_make(project, "db", f"RAW={folder}")
    assert done.returncode == 0, done.stderr
    assert run_make(project, "db", f"RAW={folder}").stdout == "build/lists/lists.db is up to date\n"
    os.utime(folder / "aliases.csv")
    again = run_make(project, "db", f"RAW={folder}")
    assert ("extract.py: " in again.stdout, "clean.py: " in again.stdout) == (False, True)
    write_csv(folder / "second list.csv", SECOND[0], [[*SECOND[1][:2], "79", *SECOND[1][3:]]])
    assert "extract.py: " in run_make(project, "db", f"RAW={folder}").stdout
    assert ask(project / "build/lists/lists.db", 'select searches from reports where "no" = 3') == [("79",)]
    # A spreadsheet that is older than the database is noticed all the same.
    write_csv(folder / "fourth.csv", ("Agency",), [("Alpha Town Police",)])
    os.utime(folder / "fourth.csv", (1, 1))
    failed = run_make(project, "db", f"RAW={folder}")
    assert "lists/fourth.csv: is in no line of mapping.yml" in failed.stderr


def second(cells: dict[int, str]) -> Callable[[Path], None]:
    """Return a fault: the row of the second delivery with other cells."""

    def plant(folder: Path) -> None:
        row = [cells.get(place, cell) for place, cell in enumerate(SECOND[1])]
        write_csv(folder / "second list.csv", SECOND[0], [row])

    return plant


def corrections(*lines: list[str], columns: tuple[str, ...] = COLUMNS) -> Callable[[Path], None]:
    """Return a fault: another register of corrections."""
    return lambda folder: write_csv(folder / "corrections.csv", columns, lines)


def correct(**cells: str) -> Callable[[Path], None]:
    """Return a fault: the one correction with other cells."""
    return corrections([cells.get(name, cell) for name, cell in zip(COLUMNS, CORRECTION, strict=True)])


def same_source_id(folder: Path) -> None:
    write_csv(folder / "pages.csv", ("Id", "Paper", "Address"), [("S1", "A paper", "https://example.org/2")])


def repeat_report(folder: Path) -> None:
    # The same page under another id, the same agency by another number.
    write_csv(folder / "pages.csv", ("Id", "Paper", "Address"), [("S2", "A paper", "https://example.org/")])
    second({0: "Alpha Town Police", 2: "11-50"})(folder)


def other_headings(folder: Path) -> None:
    write_csv(folder / "second list.csv", ("Agency", *SECOND[0][1:]), SECOND[1:])


def both_ways(folder: Path) -> None:
    text = (folder / "mapping.yml").read_text("utf-8")
    (folder / "mapping.yml").write_text("workbook: list.xlsx\n" + text, "utf-8")


def profile_of_several(folder: Path) -> None:
    (folder / "profile.yml").write_text("counts: ranges\n", "utf-8")
    with (folder / "mapping.yml").open("a", encoding="utf-8") as file:
        file.write("profile: profile.yml\n")


REGISTER = "lists/corrections.csv"
FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "correction that does not match": (
        correct(as_received="11-50"),
        [REGISTER, "row 2", "as_received", "11-50", "does not match", "row 3 of lists/list.xlsx"],
    ),
    "correction that changes nothing": (correct(corrected=" "), [REGISTER, "row 2", "changes nothing"]),
    "correction of a report that is not there": (
        correct(id="4"), [REGISTER, "row 2", "'4'", "is not there in list.xlsx"]
    ),
    "correction of a report of another delivery": (
        correct(id="3"), [REGISTER, "row 2", "'3'", "is not there in list.xlsx"]
    ),
    "correction of an unknown file": (correct(file="lost.xlsx"), [REGISTER, "row 2", "lost.xlsx", "is no file"]),
    "correction of an unknown column": (correct(column="Figure"), [REGISTER, "row 2", "'Figure'", "is no column"]),
    "correction of a number": (correct(column="No"), [REGISTER, "row 2", "'No'", "holds the number"]),
    "correction without a reason": (correct(reason=""), [REGISTER, "row 2", "'reason'", "is empty"]),
    "correction with a person": (
        correct(corrected="about 30, said officer@example.org"), [REGISTER, "row 2", "'corrected'", "a person's name"]
    ),
    "cell corrected twice": (corrections(CORRECTION, CORRECTION), [REGISTER, "row 3", "is corrected in row 2 too"]),
    "register without a column": (
        corrections(CORRECTION[:-1], columns=COLUMNS[:-1]), [REGISTER, "row 1", "source_url", "missing column"]
    ),
    "number in two deliveries": (
        second({4: "1"}), ["lists/second list.csv", "row 2", "'Number'", "stands in row 2 of lists/list.xlsx too"]
    ),
    "source id in two deliveries": (
        same_source_id, ["lists/pages.csv", "row 2", "'Id'", "'S1'", "stands in row 1 of lists/mapping.yml too"]
    ),
    "source that no delivery lists": (second({3: "S7"}), ["lists/second list.csv", "row 2", "'Page'", "S7"]),
    "report repeated": (
        repeat_report,
        ["lists/second list.csv", "row 2", "repeats report 1 of lists/list.xlsx: the same source, agency and figure"],
    ),
    "delivery that is not listed": (
        lambda folder: write_workbook(folder / "more.xlsx", [["No"]]),
        ["lists/more.xlsx", "is in no line of mapping.yml", "other_files"],
    ),
    "listed delivery that is gone": (
        lambda folder: (folder / "third.ods").unlink(), ["lists/third.ods", "put back the .ods file"]
    ),
    "delivery with other headings": (
        other_headings, ["lists/second list.csv", "row 1", "'Agency named'", "missing column"]
    ),
    "one workbook and several deliveries": (both_ways, ["lists/mapping.yml", "under workbook, or several"]),
    "several deliveries under a profile": (profile_of_several, ["lists/mapping.yml", "a profile need all rows"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_told_by_name(fault: str, folder: Path, tmp_path: Path) -> None:
    plant, words = FAULTS[fault]
    plant(folder)
    with pytest.raises(Problems) as found:
        build(folder, tmp_path / "steps", [], [])
    lines = [str(problem) for problem in found.value.problems]
    assert any(all(word in line for word in words) for line in lines), lines
    assert not any("officer@example.org" in line for line in lines)


def test_other_files_are_never_read(folder: Path, tmp_path: Path) -> None:
    write_workbook(folder / "more.xlsx", [["No"]])
    with (folder / "mapping.yml").open("a", encoding="utf-8") as file:
        file.write("other_files: [more.xlsx]\n")
    build(folder, tmp_path / "steps", [], [])
    assert ask(tmp_path / "steps" / "clearview.db", "select count(*) from reports") == [(4,)]
