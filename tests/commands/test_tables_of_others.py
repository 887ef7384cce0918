"""Tables as others make them, from file to database: links in rows, a column per year, one table on several sheets."""

import sqlite3
from pathlib import Path

import openpyxl
import pytest
from check import check
from corpus import WRITERS, Case
from dataset.problems import Problems
from folders import FORMATS, copy_folder
from other_tables import ALIASES, CONSTANTS, LISTED, Rows, make
from small_folder import write_csv

from build import build


def ask(folder: Path, *questions: str) -> list[list[tuple[object, ...]]]:
    """Build a folder, hold the rules against it, and return the answers."""
    steps = folder.parent / "steps"
    build(folder, steps, [], [])
    assert check(steps / "clearview.db", None) == []
    with sqlite3.connect(steps / "clearview.db") as db:
        return [db.execute(sql).fetchall() for sql in questions]


def faults(folder: Path) -> list[str]:
    """Return what is wrong with a folder, without the words of what to do."""
    with pytest.raises(Problems) as found:
        build(folder, folder.parent / "steps", [], [])
    return [str(problem) for problem in found.value.problems]


SPRINGFIELD = [
    ("us-springfield-illinois", "Springfield Police", "Illinois"),
    ("us-springfield-ohio", "Springfield Police", "Ohio"),
]
BY_STATE = f"""workbook: list.xlsx
reports:
  sheet: Reports
  rows: report
  columns: {{agency: Agency, region: State, searches: Searches}}
  constants: {{country: USA, source: S1, {CONSTANTS}}}
sources: {{{LISTED}}}"""
TWO_STATES = [["Agency", "State", "Searches"], ["Springfield Police", "IL", 10], ["Springfield Police", "Ohio", 200]]


def test_one_name_in_two_states_is_two_agencies(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"list.xlsx": TWO_STATES}, BY_STATE, SPRINGFIELD)
    (found, reports) = ask(
        folder,
        "select id, region, searches, report_count from agencies",
        "select agency, region_as_printed from reports",
    )
    assert found == [
        ("us-springfield-illinois", "Illinois", "10", 1),
        ("us-springfield-ohio", "Ohio", "200", 1),
    ]
    assert reports == [("us-springfield-illinois", "IL"), ("us-springfield-ohio", "Ohio")]


def test_a_name_without_a_region_is_not_taken_for_two_agencies(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"list.xlsx": TWO_STATES}, BY_STATE, SPRINGFIELD[:1])
    line = ["Springfield Police", "US", "", "", "", "us-springfield-illinois", ""]
    write_csv(folder / "aliases.csv", ALIASES, [line])
    assert "stands in several places ('Illinois', 'Ohio'), which may be several agencies" in faults(folder)[0]
    line[2] = "*"
    write_csv(folder / "aliases.csv", ALIASES, [line])
    assert ask(folder, "select id, report_count from agencies") == [[("us-springfield-illinois", 2)]]


def test_an_agency_of_one_state_is_not_charged_with_another_states_use(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"list.xlsx": [TWO_STATES[0], TWO_STATES[2]]}, BY_STATE, SPRINGFIELD[:1])
    write_csv(folder / "aliases.csv", ALIASES, [["Springfield Police", "US", "", "", "", SPRINGFIELD[0][0], ""]])
    assert "is in 'Illinois' by agencies.csv, but the name stands in 'Ohio'" in faults(folder)[0]


def test_an_unknown_name_is_written_with_its_region(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"list.xlsx": TWO_STATES}, BY_STATE, SPRINGFIELD[:1])
    assert any("unknown name in US" in fault for fault in faults(folder))
    unknown = (tmp_path / "steps" / "unknown_names.csv").read_text("utf-8").splitlines()
    assert unknown == ["name_as_printed,country,region,report_no,agency,reason", "Springfield Police,US,Ohio,,?,"]


LINKS = f"""workbook: list.csv
reports:
  rows: report
  columns: {{agency: Agency, source: [Link, More], publisher: Paper, date: Seen}}
  constants: {{country: France, source: S1, {CONSTANTS}}}
sources:
  links: read
  {LISTED}"""
LINKED = [
    ["Agency", "Link", "More", "Paper", "Seen"],
    ["Alpha Police", "https://a.example/1", "", "The A", "13/5/2021"],
    ["Beta Police", "https://www.b.example/2 https://a.example/1", "https://c.example/3", "", "2/6/2021"],
    ["Alpha Police", "", "", "", ""],
]


def test_links_of_rows_are_sources_and_the_same_link_is_one(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"list.csv": LINKED}, LINKS)
    sources, reports, further, agencies = ask(
        folder,
        "select id, publisher, report_count from sources order by id",
        "select source, published from reports",
        "select report, source from further_sources",
        "select id, source_count, first_reported from agencies",
    )
    assert sources == [
        ("S1", "A paper", 1),
        ("https://a.example/1", "The A", 2),
        ("https://c.example/3", "c.example", 1),
        ("https://www.b.example/2", "b.example", 1),
    ]
    assert reports == [("https://a.example/1", "2021-05-13"), ("https://www.b.example/2", "2021-06-02"), ("S1", None)]
    assert further == [(3, "https://a.example/1"), (3, "https://c.example/3")]
    assert agencies == [("fr-alpha", 2, "2021-05-13"), ("fr-beta", 3, "2021-06-02")]


def test_a_publisher_that_stands_for_all_rows_is_that_of_their_links(tmp_path: Path) -> None:
    mapping = LINKS.replace("publisher: Paper, ", "").replace("source: S1,", "source: S1, publisher: The Paper,")
    rows = [[*row[:3], row[4]] for row in LINKED[:2]] + [["Beta Police", "https://b.example/2", "", "2/6/2021"]]
    folder = make(
        tmp_path / "list", {"list.csv": rows}, mapping.replace(f"\n  {LISTED}", "").replace("source: S1, ", "")
    )
    (sources,) = ask(folder, "select id, publisher from sources order by id")
    assert sources == [("https://a.example/1", "The Paper"), ("https://b.example/2", "The Paper")]


@pytest.mark.parametrize(
    ("place", "text", "told"),
    [
        ((1, 1), "see the note", "holds something that is no link"),
        ((1, 4), "5/5/2021", "'5/5/2021' may begin with the day or with the month"),
        ((3, 1), "https://a.example/1", ""),
    ],
)  # fmt: skip
def test_what_is_no_link_and_no_date_stops_the_build(
    place: tuple[int, int], text: str, told: str, tmp_path: Path
) -> None:
    rows = [[*row] for row in LINKED]
    rows[place[0]][place[1]] = text
    rows[3][3] = "Another paper" if place[0] == 3 else ""
    folder = make(tmp_path / "list", {"list.csv": rows}, LINKS)
    found = faults(folder)
    if place == (1, 4):
        assert "'2/6/2021' may begin with the day or with the month" in " ".join(found)
    elif told:
        assert told in " ".join(found)
    else:
        assert "has another publisher or title in row 2; make them the same" in " ".join(found)


BY_YEAR = f"""workbook: list.ods
reports:
  sheet: Reports
  rows: report
  empty: [NA]
  columns: {{agency: Ville}}
  periods: {{2019: "2019", 2020: "Caméras 2020"}}
  constants: {{country: France, source: S1, {CONSTANTS}}}
sources: {{{LISTED}}}"""


def test_a_column_per_year_gives_a_series(tmp_path: Path) -> None:
    rows = [["Ville", "2019", "Caméras 2020"], ["Alpha Police", 5, 9], ["Beta Police", 7, "NA"]]
    folder = make(tmp_path / "list", {"list.ods": rows}, BY_YEAR)
    agencies, reports, logged = ask(
        folder,
        "select id, searches, period, series, figures_conflict, report_count from agencies",
        'select "no", agency, period, searches_min, row from reports',
        "select row, \"column\", before from cleaning_log where field = 'searches' and kind = 'dropped'",
    )
    assert agencies == [
        ("fr-alpha", "9", "2020", "2019: 5; 2020: 9", 0, 2),
        ("fr-beta", "7", "2019", "2019: 7; 2020: not stated", 0, 2),
    ]
    assert reports == [
        (22019, "fr-alpha", "2019", 5, 2), (22020, "fr-alpha", "2020", 9, 2),
        (32019, "fr-beta", "2019", 7, 3), (32020, "fr-beta", "2020", None, 3),
    ]  # fmt: skip
    assert logged == [(3, "Caméras 2020", "NA")]


def test_a_row_per_year_gives_a_series_and_a_year_twice_a_contradiction(tmp_path: Path) -> None:
    rows = [["Agency", "Year", "Count"], ["Alpha Police", "2019-20", 5], ["Alpha Police", "2020-21", 9],
            ["Beta Police", "2019-20", 5], ["Beta Police", "2019-20", 9]]  # fmt: skip
    mapping = BY_YEAR.replace("list.ods", "list.xlsx").replace('  periods: {2019: "2019", 2020: "Caméras 2020"}\n', "")
    mapping = mapping.replace("{agency: Ville}", "{agency: Agency, period: Year, searches: Count}")
    (agencies,) = ask(
        make(tmp_path / "list", {"list.xlsx": rows}, mapping),
        "select id, searches, period, series, figures_conflict from agencies",
    )
    assert agencies == [
        ("fr-alpha", "9", "2020/21", "2019/20: 5; 2020/21: 9", 0),
        ("fr-beta", "5 or 9", "2019/20", "2019/20: 5 or 9", 1),
    ]


SEVERAL = f"""deliveries:
  - files: {{a 2019.csv: "2019", b 2020.csv: "2020"}}
    name_gives: period
reports:
  rows: report
  only: {{Kind: [Camera, Drone]}}
  skip: {{State: Planned}}
  columns: {{agency: Agency, searches: Count}}
  constants: {{country: France, source: S1, {CONSTANTS}}}
sources: {{{LISTED}}}"""


def yearly(count: int, state: str = "Planned") -> Rows:
    return [["Agency", "Kind", "State", "Count"], ["Alpha Police", "Camera", "Used", count],
            ["Alpha Police", "Other", "Used", 99], ["Beta Police", "Drone", state, 4],
            ["Beta Police", "Drone", "Used", 6]]  # fmt: skip


def test_files_of_one_table_are_listed_once_and_rows_are_chosen(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", {"a 2019.csv": yearly(5), "b 2020.csv": yearly(5)}, SEVERAL)
    agencies, reports = ask(
        folder, "select id, series, report_count from agencies", 'select "no", file, row, period from reports'
    )
    assert agencies == [("fr-alpha", "2019: 5; 2020: 5", 2), ("fr-beta", "2019: 6; 2020: 6", 2)]
    assert reports == [
        (2, "list/a 2019.csv", 2, "2019"), (5, "list/a 2019.csv", 5, "2019"),
        (1000002, "list/b 2020.csv", 2, "2020"), (1000005, "list/b 2020.csv", 5, "2020"),
    ]  # fmt: skip


def test_a_choice_that_no_row_has_stops_the_build(tmp_path: Path) -> None:
    mapping = SEVERAL.replace("[Camera, Drone]", "[Camera, Dron]").replace("{State: Planned}", "{Stage: Planned}")
    told = faults(make(tmp_path / "list", {"a 2019.csv": yearly(5), "b 2020.csv": yearly(5)}, mapping))
    assert "list/mapping.yml: column 'Kind': 'Dron': stands under only of mapping.yml, but in no row" in " ".join(told)
    assert sum("column 'Stage': missing column, by which mapping.yml chooses rows" in fault for fault in told) == 2


def test_sheets_of_one_table_give_the_region(tmp_path: Path) -> None:
    mapping = (
        BY_STATE.replace(
            "workbook: list.xlsx", "deliveries: [{file: list.xlsx, sheets: [IL, Ohio], name_gives: region}]"
        )
        .replace("  sheet: Reports\n", "")
        .replace("region: State, ", "")
    )
    folder = make(tmp_path / "list", {}, mapping, SPRINGFIELD)
    book = openpyxl.Workbook()
    book.active.title = "IL"
    for sheet, count in ((book.active, 10), (book.create_sheet("Ohio"), 10)):
        sheet.append(["Agency", "Searches"])
        sheet.append(["Springfield Police", count])
    book.save(folder / "list.xlsx")
    assert ask(folder, "select agency, sheet, region_as_printed from reports") == [
        [("us-springfield-illinois", "IL", "IL"), ("us-springfield-ohio", "Ohio", "Ohio")]
    ]


def test_marks_hold_for_the_table_they_are_said_of(tmp_path: Path) -> None:
    own = f"columns: {{agency: A, searches: N}}, constants: {{country: France, source: S1, {CONSTANTS}}}"
    mapping = f"""deliveries:
  - {{file: a.csv, reports: {{rows: report, {own}}}}}
  - {{file: b.csv, numbers_after: 100, reports: {{rows: report, empty: [NA], footnotes: ["*"], {own}}}}}
reports: {{rows: report, {own}}}
sources: {{{LISTED}}}"""
    tables = {
        "a.csv": [["A", "N"], ["Alpha Police", "5"]],
        "b.csv": [["A", "N"], ["Alpha Police", "NA"], ["Beta Police", "7*"]],
    }
    folder = make(tmp_path / "list", tables, mapping)
    assert ask(folder, 'select "no", searches from reports') == [[(2, "5"), (102, None), (103, "7")]]
    WRITERS[".csv"](folder / "a.csv", Case([["A", "N"], ["Alpha Police", "NA"]]))
    assert faults(folder)


def test_a_formula_in_a_row_that_is_not_chosen_is_no_fault(tmp_path: Path) -> None:
    mapping = BY_STATE.replace("  rows: report\n", "  rows: report\n  skip: {Agency: Total}\n")
    folder = make(tmp_path / "list", {"list.xlsx": TWO_STATES}, mapping, SPRINGFIELD)
    book = openpyxl.load_workbook(folder / "list.xlsx")
    book["Reports"].append(["Total", "", "=SUM(C2:C3)"])
    book.save(folder / "list.xlsx")
    assert ask(folder, "select count(*) from reports") == [[(2,)]]
    (folder / "mapping.yml").write_text((folder / "mapping.yml").read_text("utf-8").replace("Total", "Ohio"), "utf-8")
    assert any("column 'Searches'" in fault and "formula" in fault for fault in faults(folder))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_link_is_the_id_and_the_address_of_its_source(kind: str, tmp_path: Path) -> None:
    folder = copy_folder("link_per_row", kind, tmp_path)
    sources, reports = ask(
        folder, "select id, publisher, report_count from sources order by id", "select count(*) from reports"
    )
    assert sources == [("https://example.net/two", "Another Paper", 1), ("https://example.org/one", "The Example", 2)]
    assert reports == [(3,)]
