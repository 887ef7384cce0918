"""A list of 25,000 agencies and more than 100,000 reports: every page answers, and says and holds what it should."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import bench_many
import httpx
import openpyxl
import pytest
from addresses import list_addresses
from conftest import serve
from export import export

from service.search_entries import plain

pytestmark = pytest.mark.slow
SORTED = ("agency", "country", "published", "searches_as_printed", "response", "response_detail", "source", "file")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the database of the list."""
    folder = tmp_path_factory.mktemp("long")
    bench_many.build(folder)
    return folder


@pytest.fixture(scope="module")
def long_list(folder: Path) -> Iterator[str]:
    """Serve the list; yield the site's address."""
    files = bench_many.say_where(folder)
    database, metadata, exports = (Path(files[f"CLEARVIEW_{name}"]) for name in ("DB", "METADATA", "EXPORTS"))
    with serve(database, folder / "server.log", exports, metadata) as url:
        yield url


def count(folder: Path, sql: str) -> int:
    """Return a number that SQL gives."""
    with sqlite3.connect(f"file:{folder / 'clearview.db'}?mode=ro", uri=True) as db:
        db.create_function("plain", 1, lambda text: plain(text or ""))
        return int(db.execute(sql).fetchone()[0])


def ask(url: str) -> httpx.Response:
    """Return an answer, however long it takes here."""
    return httpx.get(url, trust_env=False, timeout=300)


def test_every_page_answers(folder: Path, long_list: str) -> None:
    kinds = list_addresses(folder / "clearview.db", folder / "metadata.yml")
    assert len(kinds) > 20
    answers = {path: ask(long_list + path).status_code for paths in kinds.values() for path in paths}
    assert {path: status for path, status in answers.items() if status != httpx.codes.OK} == {}


@pytest.mark.parametrize("how", ["_sort", "_sort_desc"])
@pytest.mark.parametrize("column", SORTED)
def test_an_order_by_index_is_that_of_the_rows(long_list: str, column: str, how: str) -> None:
    # A condition of a reader's own has the rows themselves put in order.
    pages = []
    for beside in ({}, {"_where": "1"}):
        address = httpx.URL(f"{long_list}/clearview/reports.json", params={how: column, "country": "CA", **beside})
        first = ask(str(address)).json()
        second = ask(first["next_url"]).json()
        pages.append([row[0] for row in [*first["rows"], *second["rows"]]])
    assert len(pages[0]) == 200
    assert pages[0] == pages[1]


def test_the_log_is_read_whole_from_page_to_page(folder: Path, long_list: str) -> None:
    page = ask(f"{long_list}/clearview/cleaning_log").text
    assert "all rows" in page
    assert "it is in the order of the rows" in page
    rows = list(csv.reader(io.StringIO(ask(f"{long_list}/clearview/cleaning_log.csv?row__lt=2000").text)))[1:]
    assert (
        len(rows) == len(set(map(tuple, rows))) == count(folder, "select count(*) from cleaning_log where row < 2000")
    )
    assert len(rows) > 3_000
    numbers = [int(row[2]) for row in rows]
    assert numbers == sorted(numbers)


def test_the_timeline_says_how_much_it_read(folder: Path, long_list: str) -> None:
    page = ask(f"{long_list}/timeline").text
    assert f"What the first 10,000 of {count(folder, 'select count(*) from reports'):,} reports by date tell" in page
    assert "first 10,000" not in ask(f"{long_list}/timeline?country=SI").text


def test_a_part_of_a_text_is_found_in_every_row_that_has_it(folder: Path, long_list: str) -> None:
    page = ask(f"{long_list}/clearview/reports?agency_as_printed__contains=POLÍCIA").text
    found = count(folder, "select count(*) from reports where plain(agency_as_printed) like '%policia%'")
    assert found > 1_000
    assert re.search(rf"<strong>{found:,} rows</strong>", page)


def test_whole_files_hold_all_of_it_and_the_workbook_says_what_it_lacks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exports.data_dictionary.METADATA", folder / "metadata.yml")
    export(folder / "clearview.db", folder / "exports")
    reports = count(folder, "select count(*) from reports")
    with (folder / "exports" / "reports.ndjson").open() as lines:
        assert sum(1 for _ in lines) == reports
    book = openpyxl.load_workbook(folder / "exports" / "clearview.xlsx", read_only=True)
    assert "agencies" in book.sheetnames
    assert "reports" not in book.sheetnames
    rows = [*book["README"].iter_rows(values_only=True)]
    assert next(row for row in rows if row[0] == "reports")[1] == f"{reports:,} rows"
    assert "reports.csv has all of it" in " ".join(str(cell) for row in rows for cell in row)
