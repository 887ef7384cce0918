"""Drafts of tables as others make them, answered and built: what is drafted must be what the build reads."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from corpus import WRITERS, Case
from drafts import make, mapping, run, run_copy, table
from folders import FORMATS

from build import build

ANSWERS = {"use_status": "Reported", "listing": "Other reporting", "figure_from": "Other reporting",
           "publisher": "A paper", "url": "https://example.org/list"}  # fmt: skip
Rows = Sequence[Sequence[object]]


def built(folder: Path, *questions: str) -> list[list[tuple[object, ...]]]:
    """Build a drafted folder and return the answers of its database."""
    steps = folder.parent / "steps"
    build(folder, steps, [], [])
    with sqlite3.connect(steps / "clearview.db") as db:
        return [db.execute(sql).fetchall() for sql in questions]


def words(folder: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((folder / "mapping.yml").read_text("utf-8")))


def test_states_as_names_and_codes_are_the_same_agencies(tmp_path: Path) -> None:
    rows = [["Agency", "State", "City", "Searches"], ["Springfield Police Department", "IL", "Springfield", 10],
            ["Springfield Police Department", "Illinois", "Springfield", 4],
            ["Springfield Police Department", "Ohio", "Springfield", 200],
            ["Police Department", "Ohio", "Dayton", 3], ["Police Department", "Ohio", "Toledo", 5]]  # fmt: skip
    folder = make(tmp_path / "list", rows, "xlsx")
    run(folder, country="USA", **ANSWERS)
    lines = {row["id"]: (row["region"], row["locality"], row["geonameid"]) for row in table(folder / "agencies.csv")}
    assert lines == {
        "us-police-department-dayton": ("Ohio", "Dayton", "4509884"),
        "us-police-department-toledo": ("Ohio", "Toledo", "5174035"),
        "us-springfield-police-department-illinois": ("Illinois", "Springfield", "4250542"),
        "us-springfield-police-department-ohio": ("Ohio", "Springfield", "4525353"),
    }
    found, placed = built(
        folder,
        "select id, searches_min, report_count from agencies",
        "select count(*) from agencies where latitude is not null",
    )
    assert [count for *_, count in found] == [1, 1, 2, 1]
    assert [figure for _, figure, _ in found if figure] == [3, 5, 200]  # of 10 and 4 there is no one figure
    assert placed == [(4,)]


def test_the_town_in_the_name_of_its_police_is_placed_where_geonames_has_one_in_the_state(tmp_path: Path) -> None:
    rows = [["Agency", "State"], ["Springfield PD", "OH"], ["City of Dayton Police Department", "Ohio"],
            ["Springfield Township Police Department", "Ohio"], ["Ohio State Police", "Ohio"],
            ["Springfield Police Department", "Alaska"]]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    run(folder, country="USA", **ANSWERS)
    placed = {row["name"]: (row["locality"], row["geonameid"]) for row in table(folder / "agencies.csv")}
    assert placed == {
        "Springfield PD": ("Springfield", "4525353"), "City of Dayton Police Department": ("Dayton", "4509884"),
        "Springfield Township Police Department": ("", ""), "Ohio State Police": ("", ""),
        "Springfield Police Department": ("", ""),
    }  # fmt: skip


def test_links_dates_and_what_tells_of_a_page_are_drafted(tmp_path: Path) -> None:
    rows = [["Agency", "Country", "Link 1", "Link 2", "Published by", "Date", "Website"],
            ["Alpha Police", "France", "https://a.example/1", "", "The A", "2021-03-05", "https://alpha.example/"],
            ["Beta Police", "France", "https://a.example/1", "https://b.example/2", "The A", "2022", ""],
            ["Gamma Police", "France", "", "", "", "", ""]]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    run(folder, **ANSWERS)
    columns = mapping(folder)["columns"]
    assert columns["source"] == ["Link 1", "Link 2"]
    assert (columns["publisher"], columns["date"]) == ("Published by", "Date")
    assert words(folder)["sources"]["links"] == "read"
    assert mapping(folder)["left_out"] == ["Website"]
    sources, dates = built(
        folder,
        "select id, publisher, report_count from sources order by id",
        "select agency, published from reports order by agency",
    )
    assert sources == [
        ("S1", "A paper", 1),
        ("https://a.example/1", "The A", 2),
        ("https://b.example/2", "b.example", 1),
    ]
    assert dates == [("fr-alpha-police", "2021-03-05"), ("fr-beta-police", "2022"), ("fr-gamma-police", None)]


def test_dates_that_may_be_read_two_ways_are_asked_for(tmp_path: Path) -> None:
    rows = [
        ["Agency", "Country", "Date"],
        ["Alpha Police", "France", "3/5/2021"],
        ["Beta Police", "France", "4/6/2021"],
    ]
    folder = make(tmp_path / "list", rows)
    told = run(folder, **ANSWERS)
    assert mapping(folder)["dates"] == "?"
    assert "To decide in mapping.yml (1): dates" in told


@pytest.mark.parametrize("headings", [("2019", "2020"), ("Caméras 2019", "Caméras 2020")])
def test_a_column_per_year_is_drafted_as_periods(headings: tuple[str, str], tmp_path: Path) -> None:
    rows = [["Ville", "Population", *headings], ["Bourg", 41000, 5, 9], ["Oyonnax", 22000, 7, 8]]
    folder = make(tmp_path / "list", rows, "ods")
    told = run(folder, country="France", **ANSWERS)
    assert mapping(folder)["periods"] == dict(zip(("2019", "2020"), headings, strict=True))
    assert f"figure of 2020: column '{headings[1]}'" in told
    (found,) = built(folder, "select id, series from agencies")
    assert found == [("fr-bourg", "2019: 5; 2020: 9"), ("fr-oyonnax", "2019: 7; 2020: 8")]


def test_a_row_per_year_is_drafted_as_a_period(tmp_path: Path) -> None:
    rows = [["Behörde", "Jahr", "Suchen"], *(["Alpha Polizei", year, year - 2000] for year in (2019, 2020, 2021))]
    folder = make(tmp_path / "list", rows, "xlsx")
    run(folder, country="Germany", **ANSWERS)
    assert mapping(folder)["columns"] == {"agency": "Behörde", "period": "Jahr", "searches": "Suchen"}
    (found,) = built(folder, "select searches, period, figures_conflict from agencies")
    assert found == [("21", "2021", 0)]


def test_sheets_with_the_same_headings_are_one_table_and_their_totals_are_skipped(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, first in (("Illinois", 11), ("Ohio", 30), ("Notes", 0)):
        sheet = book.create_sheet(name)
        sheet.append(["Agency", "Searches"] if first else ["What this is"])
        figures = [first, first + 2, first + 9] if first else []
        for agency, figure in zip(("Springfield Police", "Salem Police", "Troy Police"), figures, strict=False):
            sheet.append([agency, figure])
        sheet.append(["Total", sum(figures)] if first else ["A list"])
    book.remove(book["Sheet"])
    (tmp_path / "list").mkdir()
    book.save(tmp_path / "list" / "list.xlsx")
    told = run(tmp_path / "list", country="USA", **ANSWERS)
    assert "2 sheets have these headings and are read as one table; their names give the region" in told
    listed = {"file": "list.xlsx", "sheets": {"Illinois": "Illinois", "Ohio": "Ohio"}, "name_gives": "region"}
    assert words(tmp_path / "list")["deliveries"] == [listed]
    found, sums = built(
        tmp_path / "list",
        "select count(*), count(distinct region) from agencies",
        "select sum(searches_min) from reports",
    )
    assert (found, sums) == ([(6, 2)], [(11 * 3 + 11 + 30 * 3 + 11,)])


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_files_with_the_same_headings_are_one_table_by_year(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "list"
    folder.mkdir()
    for year in (2019, 2020):
        rows: Rows = [["Agency", "Country", "Searches"], ["Alpha Police", "France", year - 2010], ["Beta", "France", 4]]
        WRITERS[kind](folder / f"towns_{year}{kind}", Case([list(row) for row in rows]))
    run(folder, **ANSWERS)
    (folder / "agencies.csv").unlink()
    (folder / "aliases.csv").unlink()
    assert "Written: agencies.csv, aliases.csv" in run(folder)  # of a mapping.yml that lists several files
    listed = {"files": {f"towns_2019{kind}": "2019", f"towns_2020{kind}": "2020"}, "name_gives": "period"}
    assert words(folder)["deliveries"] == [listed]
    (found,) = built(folder, "select id, series from agencies")
    assert found == [("fr-alpha-police", "2019: 9; 2020: 10"), ("fr-beta", "2019: 4; 2020: 4")]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_drafted_list_of_two_states_is_built_as_two_agencies(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("same_name_two_states", kind, tmp_path, **ANSWERS)
    (found,) = built(folder, "select region, searches, report_count from agencies order by id")
    assert found == [("Illinois", "10", 1), ("Ohio", "200", 1)]
