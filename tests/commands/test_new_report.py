"""make new-report: a row typed or given, checked as the build would, in the delivery of contributions."""

import csv
import subprocess
from pathlib import Path

import pytest
from running import run_script
from small_folder import make_folder, write_csv

from build import build

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = """deliveries:
  - file: list.xlsx
  - file: contributions.csv
    reports:
      rows: report
      columns: {no: "No", agency: Agency, country: Country, searches: Searches, figure_from: From, response: Response,
        response_given_to: To, response_detail: Told, licence: Licence, use_status: Use, listing: Listing,
        source: Source, note: Remark}
    sources: {file: pages.csv, columns: {id: Source, publisher: Publisher, title: Title, url: URL, published: Date}}
"""
COLUMNS = (
    "No", "Agency", "Country", "Searches", "From", "Response", "To", "Told", "Licence", "Use", "Listing", "Source",
    "Remark",
)  # fmt: skip
GIVEN = {
    "country": "New Zealand", "agency": "Beta County Sheriff's Office", "searches": "more than 20",
    "figure-from": "Other reporting", "use-status": "Reported", "listing": "Other reporting", "publisher": "A paper",
    "url": "https://example.org/news", "published": "2021-09",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one report of each agency but Beta, and an empty list of contributions."""
    rows = [["7", "Alpha Town Police", "New Zealand", "11-50", ""], ["8", "Gamma State Patrol", "New Zealand", "", "x"]]
    folder = make_folder(tmp_path / "lists", rows)
    mapping = (folder / "mapping.yml").read_text("utf-8").replace("workbook: list.xlsx\n", DELIVERIES)
    (folder / "mapping.yml").write_text(mapping, "utf-8")
    write_csv(folder / "contributions.csv", COLUMNS, [])
    write_csv(folder / "pages.csv", ("Source", "Publisher", "Title", "URL", "Date"), [])
    return folder


def run(folder: Path, typed: str = "", **options: str) -> subprocess.CompletedProcess[str]:
    words = [word for name, text in options.items() for word in (f"--{name}", text)]
    return run_script("new_report", folder, *words, typed=typed)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_options_become_a_report_that_builds(folder: Path, tmp_path: Path) -> None:
    done = run(folder, **GIVEN)
    assert done.returncode == 0, done.stderr
    (report,) = read(folder / "contributions.csv")
    (page,) = read(folder / "pages.csv")
    assert (report["No"], report["Agency"], report["Source"]) == ("9", GIVEN["agency"], "S2")
    assert (page["Source"], page["URL"], page["Date"]) == ("S2", GIVEN["url"], "2021-09")
    build(folder, tmp_path / "steps", [], [])


def test_terminal_asks_again_until_nothing_is_wrong(folder: Path) -> None:
    typed = [
        "Nowhere", "New Zealand", "Beta Police", GIVEN["agency"], "oodles", "about 30", "Other reporting", "", "", "",
        "", "Reported", "Other reporting", "write to someone@example.org", "", "S9", "S1",
    ]  # fmt: skip
    done = run(folder, "\n".join(typed) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("unknown country", "unknown name in NZ", "oodles", "holds an address", "is in no list of sources"):
        assert words in done.stdout
    (report,) = read(folder / "contributions.csv")
    assert (report["Searches"], report["Source"]) == ("about 30", "S1")
    assert read(folder / "pages.csv") == []


FAULTS = {
    "a name nobody knows": ({"agency": "Beta Police"}, "column 'agency': unknown name in NZ"),
    "a category nobody knows": ({"listing": "Hearsay"}, "column 'listing': unknown category"),
    "no date": ({"published": "September"}, "column 'published': is no date"),
    "no address": ({"url": "example"}, "column 'url': is no address"),
    "an address of a person": ({"note": "someone@example.org"}, "column 'note': holds an address"),
    "a repeated report": (
        {"agency": "Alpha Town Police", "searches": "11-50", "source": "S1"}, "repeats report 7 of lists/list.xlsx"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_nothing_is_written(fault: str, folder: Path) -> None:
    changed, words = FAULTS[fault]
    done = run(folder, **GIVEN | changed)
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    assert read(folder / "contributions.csv") == []


def test_an_end_of_input_writes_nothing(folder: Path) -> None:
    done = run(folder, "New Zealand\n")
    assert (done.returncode, "Nothing was written." in done.stderr) == (1, True)
    assert read(folder / "contributions.csv") == []


def test_folder_without_contributions_is_told_how(tmp_path: Path) -> None:
    done = run(make_folder(tmp_path / "plain", [["1", "Alpha Town Police", "NZ", "", ""]]), **GIVEN)
    assert "plain/mapping.yml: lists no delivery contributions.csv" in done.stderr
