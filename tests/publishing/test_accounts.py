"""Rows of accounts: summed to agencies with their number; under a profile of ranges no exact count in any output."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import serve
from outputs import read_cells, read_site
from small_folder import AGENCIES, write_csv, write_workbook
from test_profile import make_profiled, run_build

ROOT = Path(__file__).resolve().parents[2]
ALPHA, BETA, GAMMA = AGENCIES
HEADINGS = ("Holder", "Agency", "Country", "Searches", "First search")
LINES = "columns: {agency: Agency, country: Country, searches: Searches, first_search: First search}"
OTHER = "Alpha Town PD"
Cells = tuple[object, ...]


def make_accounts(folder: Path, rows: list[Cells], profile: str = "", headings: Cells = HEADINGS) -> Path:
    """Write a folder whose rows are accounts; OTHER is a name of ALPHA, and Some police of no agency."""
    make_profiled(folder, [], profile or "counts: exact\n")
    write_workbook(folder / "list.xlsx", [headings, *rows])
    mapping = (folder / "mapping.yml").read_text("utf-8").replace("rows: report", "rows: account\n  left_out: [Holder]")
    mapping = re.sub(r"columns: \{.*\}", LINES, mapping)
    (folder / "mapping.yml").write_text(mapping, "utf-8")
    names = [(name, "NZ", "", key, "") for name, key in AGENCIES.items()]
    names += [(OTHER, "NZ", "", "nz-alpha", ""), ("Some police", "NZ", "", "none", "")]
    columns = ("name_as_printed", "country", "report_no", "agency", "reason")
    write_csv(folder / "aliases.csv", columns, names)  # type: ignore[arg-type]
    return folder


def make_rows(*counted: tuple[str, object]) -> list[Cells]:
    return [("x", name, "New Zealand", figure, "2019-11-02") for name, figure in counted]


def edit_mapping(folder: Path, old: str, new: str) -> None:
    text = (folder / "mapping.yml").read_text("utf-8")
    assert old in text
    (folder / "mapping.yml").write_text(text.replace(old, new), "utf-8")


def ask(build: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(build / "clearview.db")
    rows = db.execute(sql).fetchall()
    db.close()
    return rows


def test_accounts_are_summed_and_counted(tmp_path: Path) -> None:
    rows = make_rows((ALPHA, 40), (BETA, "about 120"), (OTHER, 2), (ALPHA, "more than 10"), (GAMMA, 7), (GAMMA, ""))
    run = run_build(make_accounts(tmp_path / "list", rows), tmp_path / "build")
    assert run.returncode == 0, run.stdout
    sql = "select id, accounts, accounts_min, accounts_max, searches, aliases from agencies order by id"
    assert ask(tmp_path / "build", sql) == [
        ("nz-alpha", "3", 3, 3, "at least 53", ""),
        ("nz-beta", "1", 1, 1, "about 120", ""),
        ("nz-gamma", "2", 2, 2, "at least 7", ""),
    ]
    package = json.loads((tmp_path / "build" / "exports" / "datapackage.json").read_text("utf-8"))
    fields = next(part for part in package["resources"] if part["name"] == "agencies")["schema"]["fields"]
    assert [field["name"] for field in fields[-3:]] == ["accounts", "accounts_min", "accounts_max"]


def test_accounts_of_an_unnamed_group_are_summed_too(tmp_path: Path) -> None:
    rows = make_rows(*((name, 1) for name in AGENCIES), ("Some police", 4), ("Some police", 5))
    run = run_build(make_accounts(tmp_path / "list", rows), tmp_path / "build")
    assert run.returncode == 0, run.stdout
    assert ask(tmp_path / "build", "select searches from reports where agency is null") == [("9",)]


@pytest.mark.slow
def test_a_list_without_figures_is_counted(tmp_path: Path) -> None:
    folder = make_accounts(tmp_path / "list", make_rows(*((name, "") for name in (*AGENCIES, ALPHA))))
    edit_mapping(folder, "searches: Searches, ", "")
    edit_mapping(folder, "left_out: [Holder]", "left_out: [Holder, Searches]")
    edit_mapping(folder, '    figure_from: "BuzzFeed News data, 2021"\n', "")
    run = run_build(folder, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    sql = "select accounts, searches from agencies order by id"
    assert ask(tmp_path / "build", sql) == [("2", "not stated"), ("1", "not stated"), ("1", "not stated")]


def test_what_cannot_be_summed_is_told_by_its_text(tmp_path: Path) -> None:
    rows = make_rows(*((name, 1) for name in AGENCIES), ("Delta Force", 3), (ALPHA, "umpteen"), (ALPHA, 3))
    run = run_build(make_accounts(tmp_path / "list", rows), tmp_path / "build")
    assert run.returncode == 1
    assert "sheet Data, column 'Agency': 'Delta Force': unknown name in NZ" in run.stdout
    assert "sheet Data, column 'Searches': 'umpteen'" in run.stdout


def test_a_column_that_differs_between_accounts_is_told_by_its_heading(tmp_path: Path) -> None:
    rows = [(*row, text) for row, text in zip(make_rows((ALPHA, 1), (ALPHA, 2)), ("one", "two"), strict=True)]
    folder = make_accounts(tmp_path / "list", rows, headings=(*HEADINGS, "Remark"))
    edit_mapping(folder, "searches: Searches, ", "searches: Searches, note: Remark, ")
    run = run_build(folder, tmp_path / "build")
    assert "list/list.xlsx: sheet Data, row 2, column 'Remark': differs between the accounts" in run.stdout


def test_a_number_of_reports_is_refused(tmp_path: Path) -> None:
    folder = make_accounts(tmp_path / "list", make_rows((ALPHA, 1)))
    edit_mapping(folder, "columns: {", 'columns: {no: "No", ')
    run = run_build(folder, tmp_path / "build")
    assert "an account has no number of a report; put the column under left_out" in run.stdout


# The sums, the numbers of accounts and some single figures of the accounts below; none may be published.
EXACT = re.compile(r"(?<![\w.])(?:8,?317|1,?013|2,?211|7,?919|2,?963)(?!\w)")


@pytest.fixture(scope="module")
def ranged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Build and export a list of accounts sorted by agency under a profile of ranges; return its folder and the log."""
    rows = make_rows(*((ALPHA, 6) for _ in range(1012)), (ALPHA, 2245), (BETA, 7919), (GAMMA, 752), (GAMMA, "2,211"))
    folder = make_accounts(tmp_path_factory.mktemp("ranged") / "list", rows, "counts: ranges\n")
    run = run_build(folder, folder.parent / "build")
    assert run.returncode == 0, run.stdout
    return folder.parent / "build", run.stdout


def test_the_number_of_accounts_is_a_range_too(ranged: tuple[Path, str]) -> None:
    sql = "select accounts, accounts_min, accounts_max, searches from agencies order by id"
    assert ask(ranged[0], sql) == [
        ("1,001–5,000", 1001, 5000, "at least 5,001"), ("1–5", 1, 5, "at least 5,001"), ("1–5", 1, 5, "1,001–5,000"),
    ]  # fmt: skip


def test_no_row_number_tells_how_many_accounts_there_are(ranged: tuple[Path, str]) -> None:
    numbers = ask(ranged[0], 'select "no", row from reports union select row, row from cleaning_log')
    assert sorted(numbers) == [(2, 2), (3, 3), (4, 4)]


def test_no_cell_of_any_file_holds_an_exact_count(ranged: tuple[Path, str]) -> None:
    build, said = ranged
    files = [path for path in build.rglob("*") if path.is_file()]
    assert {".db", ".csv", ".ndjson", ".json", ".geojson", ".parquet", ".xlsx", ".yml", ".txt"} == {
        path.suffix for path in files
    }
    told = {path.name: found for path in files if (found := EXACT.findall("\n".join(read_cells(path))))}
    assert told == {}
    assert EXACT.findall(said) == []


@pytest.mark.slow
def test_no_page_of_the_site_tells_an_exact_count(ranged: tuple[Path, str], tmp_path: Path) -> None:
    folder, log = ranged[0], tmp_path / "server.log"
    with serve(folder / "clearview.db", log, folder / "exports", folder / "metadata.yml") as url:
        pages = read_site(url)
    assert "1,001–5,000" in pages["/clearview/agencies/nz-alpha"]
    assert "Accounts" in pages["/clearview/agencies"]
    assert ">country they belong to</a>" in pages["/"]
    assert ">source</a>" in pages["/"]
    assert {"/clearview/reports/2", "/clearview/countries/NZ", "/downloads", "/exports/agencies.csv"} <= set(pages)
    told = {path: found for path, text in pages.items() if (found := EXACT.findall(text))}
    assert told == {}
    assert EXACT.findall(log.read_text("utf-8")) == []


@pytest.mark.slow
def test_rows_that_are_no_accounts_have_the_mappings_own_word(tmp_path: Path) -> None:
    folder = make_accounts(tmp_path / "list", make_rows(*((name, 3) for name in (*AGENCIES, ALPHA))))
    edit_mapping(folder, "reports:\n", "accounts: {one: rescue dog, many: rescue dogs}\nreports:\n")
    assert run_build(folder, tmp_path / "build").returncode == 0
    made, log = tmp_path / "build", tmp_path / "server.log"
    with serve(made / "clearview.db", log, made / "exports", made / "metadata.yml") as url:
        agency = httpx.get(f"{url}/clearview/agencies/nz-alpha", trust_env=False).text
        table = httpx.get(f"{url}/clearview/agencies", trust_env=False).text
        described = httpx.get(f"{url}/openapi.json", trust_env=False).text
    assert "<dt>Rescue dogs</dt><dd>2, summed to one figure" in agency
    assert "Rescue dogs" in table
    assert "How many rescue dogs of the agency were summed" in described
    assert not re.search(r">\s*Accounts\s*<", agency + table)


def test_the_word_for_summed_rows_needs_rows_that_are_summed(tmp_path: Path) -> None:
    folder = make_accounts(tmp_path / "list", make_rows((ALPHA, 1)))
    edit_mapping(folder, "reports:\n", "accounts: {one: rescue dog, many: rescue dogs}\nreports:\n")
    edit_mapping(folder, "rows: account", "rows: report")
    run = run_build(folder, tmp_path / "build")
    assert "accounts says what the rows are that are summed, and none are" in run.stdout


def test_a_redacted_cell_is_logged_with_what_is_published_of_it(tmp_path: Path) -> None:
    note = "Tried 8317 times by jane@police.example"
    rows = [(*row, note) for row in make_rows((ALPHA, 8310), (ALPHA, 7), (BETA, 1), (GAMMA, 1))]
    folder = make_accounts(tmp_path / "list", rows, "counts: ranges\n", (*HEADINGS, "Remark"))
    edit_mapping(folder, "searches: Searches, ", "searches: Searches, note: Remark, ")
    edit_mapping(folder, "rows: account\n", "rows: account\n  personal_data: {note: redact}\n")
    run = run_build(folder, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    sql = "select row, kind, before, after from cleaning_log where field = 'note' order by row"
    logged = ask(tmp_path / "build", sql)
    assert [row[:3] for row in logged] == [(row, "redacted", "[text with an e-mail address]") for row in (2, 3, 4)]
    assert logged[0][3] == "Tried [figure removed] times by [e-mail address removed]"


def test_a_dataset_of_reports_has_no_such_column(tmp_path: Path) -> None:
    words = tmp_path / "metadata.yml"
    folder = make_profiled(tmp_path / "list", [], "counts: ranges\n")
    subprocess.run([sys.executable, ROOT / "scripts" / "site_metadata.py", folder, words], check=True)
    assert "accounts" not in words.read_text("utf-8")
    assert [row for row in sqlite3.connect(ROOT / "clearview.db").execute("pragma table_info(agencies)")
            if row[1] == "accounts"] == []  # fmt: skip
