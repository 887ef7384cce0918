"""Faults planted in a copy of the raw files: each gives its line, exit 1, and leaves the last good database."""

import csv
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from conftest import run_make
from running import run_script
from sampling import sample

ROOT = Path(__file__).resolve().parents[2]
Plant = Callable[[Path], None]


def run_pipeline(raw: Path, build: Path) -> subprocess.CompletedProcess[str]:
    """Run the scripts as the Makefile does, up to the first that fails."""
    built = run_script("build", raw, build)
    return built if built.returncode else run_script("check", build / "clearview.db")


def test_a_prefix_before_all_addresses_is_refused_in_one_line() -> None:
    command = ["scripts/serve.sh", "--setting", "base_url", "/foo/", "--get", "/about"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("Error: base_url is /foo/: this site cannot be served under a prefix; ")


def set_cell(cell: str, value: str | None, sheet: str = "Reports") -> Plant:
    """Return a fault that writes a value into one cell of the workbook."""

    def plant(raw: Path) -> None:
        path = raw / "reported_use.xlsx"
        workbook = openpyxl.load_workbook(path)
        workbook[sheet][cell] = value
        workbook.save(path)

    return plant


def drop_sheet(raw: Path) -> None:
    path = raw / "reported_use.xlsx"
    workbook = openpyxl.load_workbook(path)
    del workbook["Sources"]
    workbook.save(path)


def add_line(name: str, values: dict[str, str]) -> Plant:
    """Return a fault that adds a line to a CSV file; columns not named are empty."""

    def plant(raw: Path) -> None:
        path = raw / name
        with path.open(newline="", encoding="utf-8") as file:
            columns = next(csv.reader(file))
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(values)

    return plant


def replace_text(name: str, before: str, after: str) -> Plant:
    """Return a fault that replaces a text in a CSV file, once."""

    def plant(raw: Path) -> None:
        text = (raw / name).read_text("utf-8")
        assert before in text
        (raw / name).write_text(text.replace(before, after, 1), "utf-8")

    return plant


def break_workbook(raw: Path) -> None:
    (raw / "reported_use.xlsx").write_bytes(b"not a workbook")


FAULTS: dict[str, tuple[Plant, list[str]]] = {
    "unknown name": (
        set_cell("B3", "Torontoo Police"),
        ["raw/reported_use.xlsx", "sheet Reports", "row 3", "Agency (as printed)", "Torontoo Police", "aliases.csv"],
    ),
    "unknown country": (
        set_cell("C3", "Kanadda"),
        ["sheet Reports", "row 3", "Country (as printed)", "Kanadda", "unknown country", "everyday_countries.csv"],
    ),
    "unknown category": (
        set_cell("F3", "Shrugged"),
        ["row 3", "'Response'", "Shrugged", "unknown category; known are: Admitted | ", "categories.csv"],
    ),
    "empty category": (set_cell("J3", None), ["sheet Reports", "row 3", "'Use'", "unknown category"]),
    "unreadable figure": (
        set_cell("D3", "oodles of searches"),
        ["sheet Reports", "row 3", "Searches (as printed)", "oodles of searches", "oodles"],
    ),
    "unknown source": (
        set_cell("L3", "S999"),
        ["sheet Reports", "row 3", "'Source'", "S999", "is not in sheet Sources"],
    ),
    "uncited source": (
        set_cell("A175", "S998", "Sources"),
        ["sheet Sources", "row 175", "'Source'", "S998", "no report cites it"],
    ),
    "source twice": (
        set_cell("A4", "S002", "Sources"),
        ["sheet Sources", "row 4", "'Source'", "S002", "stands in row 3 too"],
    ),
    "number twice": (set_cell("A3", "1"), ["sheet Reports", "row 3", "'No'", "'1'", "stands in row 2 too"]),
    "number missing": (set_cell("A3", "two"), ["sheet Reports", "row 3", "'No'", "two", "no whole number"]),
    "number empty": (set_cell("A3", None), ["sheet Reports", "row 3", "'No'", "no whole number"]),
    "column missing": (set_cell("J1", None), ["sheet Reports", "row 1", "'Use'", "missing column"]),
    "sheet missing": (drop_sheet, ["raw/reported_use.xlsx", "sheet Sources", "missing"]),
    "no workbook": (break_workbook, ["raw/reported_use.xlsx", "not an Excel workbook"]),
    "agency that no report names": (
        add_line("agencies.csv", {"id": "fr-police", "name": "Police", "country": "FR", "agency_type": "other"}),
        ["raw/agencies.csv", "row 76", "fr-police", "no report names this agency"],
    ),
    "alias that matches nothing": (
        add_line("aliases.csv", {"name_as_printed": "Nobody", "country": "FR", "agency": "none"}),
        ["raw/aliases.csv", "row 182", "Nobody", "matches no report"],
    ),
    "alias to an unknown agency": (
        add_line("aliases.csv", {"name_as_printed": "Nobody", "country": "FR", "agency": "fr-nobody"}),
        ["raw/aliases.csv", "row 182", "Nobody", "fr-nobody", "not in agencies.csv"],
    ),
    "alias to an agency of another country": (
        add_line("aliases.csv", {"name_as_printed": "Nobody", "country": "FR", "agency": "xx-europol"}),
        ["raw/aliases.csv", "row 182", "Nobody", "another country"],
    ),
    "unknown type of agency": (
        add_line("agencies.csv", {"id": "fr-police", "name": "Police", "country": "FR", "agency_type": "circus"}),
        ["raw/agencies.csv", "row 76", "agency_type", "circus", "agency_types.csv"],
    ),
    "agency twice": (
        add_line("agencies.csv", {"id": "xx-europol", "name": "Europol", "country": "XX", "agency_type": "other"}),
        ["raw/agencies.csv", "row 76", "xx-europol", "stands in row 74 too"],
    ),
    "agency under another country's code": (
        add_line("agencies.csv", {"id": "de-police", "name": "Police", "country": "FR", "agency_type": "other"}),
        ["raw/agencies.csv", "row 76", "de-police", "does not begin with fr-"],
    ),
    "town that GeoNames knows otherwise": (
        replace_text("agencies.csv", "Lyon,,2996944", "Lyon,,2988507"),
        ["raw/agencies.csv", "row 75", "geonameid", "2988507", "not the GeoNames id of 'Lyon'"],
    ),
    "act in an unknown country": (
        replace_text("regulatory_actions.csv", "police-authority,SE,", "police-authority,ZZ,"),
        ["raw/regulatory_actions.csv", "row 8", "country", "ZZ", "unknown country"],
    ),
    "fine that is no number": (
        replace_text("regulatory_actions.csv", ",2500000,", ",2.5 million,"),
        ["raw/regulatory_actions.csv", "row 8", "amount", "2.5 million", "no whole number"],
    ),
    "total from an unknown page": (
        replace_text("published_totals.csv", "four,4,4,agencies,S001", "four,4,4,agencies,S998"),
        ["raw/published_totals.csv", "row 14", "source", "S998", "not in sheet Sources"],
    ),
    "column of a hand-kept table missing": (
        replace_text("aliases.csv", "report_no", "number"),
        ["raw/aliases.csv", "row 1", "report_no", "missing column"],
    ),
    "an e-mail address": (
        set_cell("M3", "Write to someone@example.org"),
        ["sheet Reports", "row 3", "'Note'", "e-mail address", "personal_data in mapping.yml"],
    ),
}  # fmt: skip
# One of each way to be wrong; the tests of the rooms have more of them.
SAMPLED = [
    "unknown name", "unknown category", "uncited source", "number twice", "sheet missing", "no workbook",
    "agency that no report names", "town that GeoNames knows otherwise", "fine that is no number",
]  # fmt: skip


@pytest.mark.parametrize("fault", sample(FAULTS, SAMPLED))
def test_planted_fault_stops_the_build_with_one_clear_line(fault: str, workbook_copy: Path, tmp_path: Path) -> None:
    plant, words = FAULTS[fault]
    plant(workbook_copy)
    done = run_pipeline(workbook_copy, tmp_path / "build")
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert any(all(word in line for word in words) for line in done.stderr.splitlines()), done.stderr


def test_no_message_repeats_an_address(workbook_copy: Path, tmp_path: Path) -> None:
    FAULTS["an e-mail address"][0](workbook_copy)
    done = run_pipeline(workbook_copy, tmp_path / "build")
    assert "someone@example.org" not in done.stderr + done.stdout


def test_all_faults_of_a_run_are_told_at_once(workbook_copy: Path, tmp_path: Path) -> None:
    together = ["unknown name", "unknown source", "unreadable figure", "alias that matches nothing"]
    for fault in together:
        FAULTS[fault][0](workbook_copy)
    set_cell("C9", "Kanadda")(workbook_copy)
    done = run_pipeline(workbook_copy, tmp_path / "build")
    assert done.returncode == 1
    for words in [*(FAULTS[fault][1] for fault in together), ["row 9", "Kanadda"]]:
        assert any(all(word in line for word in words) for line in done.stderr.splitlines()), (words, done.stderr)


def test_a_failed_build_leaves_the_last_good_database_in_place(project: Path) -> None:
    before = hashlib.sha256((project / "clearview.db").read_bytes()).hexdigest()
    set_cell("D3", "oodles of searches")(project / "raw")
    failed = run_make(project, "db")
    assert failed.returncode != 0
    assert "oodles" in failed.stderr
    assert hashlib.sha256((project / "clearview.db").read_bytes()).hexdigest() == before
    set_cell("D3", "more than 3,400")(project / "raw")
    mended = run_make(project, "db")
    assert mended.returncode == 0, mended.stderr
    again = run_make(project, "db")
    assert again.stdout.strip() == "clearview.db is up to date"
