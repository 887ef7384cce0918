"""A profile: which agencies are published, which are left out with a reason; counts as ranges in every output."""

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from cleaning.quantities import QuantityReader
from outputs import read_cells
from publishing.profile_rules import to_range
from running import run_script
from small_folder import AGENCIES, make_folder, write_csv, write_workbook

ROOT = Path(__file__).resolve().parents[2]
READER = QuantityReader.from_folder(ROOT / "scripts" / "lookups")
ALPHA, BETA, GAMMA = AGENCIES
PROFILE = """\
searches_by: 2020-02-29
outside: [US]
agency_types: [municipal_police, regional_police]
unconfirmed: unconfirmed.csv
counts: ranges
"""


@pytest.mark.parametrize(
    ("printed", "published"),
    [
        ("1", "1–5"),
        ("5", "1–5"),
        ("6", "6–10"),
        ("12 searches", "11–50"),
        ("100", "51–100"),
        ("137", "101–500"),
        ("1000", "501–1,000"),
        ("1,001", "1,001–5,000"),
        ("5001", "at least 5,001"),
        ("more than 120", "at least 101"),
        ("7-60", "6–100"),
        ("fewer than 40", "at most 50"),
        ("about 120", ""),
        ("0", ""),
        ("hundreds", ""),
    ],
)
def test_a_count_becomes_the_range_that_holds_it(printed: str, published: str) -> None:
    assert to_range(READER.read(printed)) == published


def run_build(folder: Path, build: Path) -> subprocess.CompletedProcess[str]:
    """Run the build's scripts and the export; return the last run, with all that was said in stdout."""
    said = ""
    steps = [
        ["build", folder, build],
        ["site_metadata", folder, build / "metadata.yml"],
        ["export", build / "clearview.db", build / "exports"],
    ]
    for script, *words in steps:
        run = run_script(script, *words, CLEARVIEW_METADATA=str(build / "metadata.yml"))
        said += run.stdout + run.stderr
        if run.returncode:
            break
    run.stdout = said
    return run


def make_profiled(folder: Path, rows: list[tuple[object, ...]], profile: str = PROFILE) -> Path:
    """Write a folder whose reports have a date of the first search, with a profile."""
    headings = ("No", "Agency", "Country", "Searches", "Remark", "First search")
    make_folder(folder, rows)
    write_workbook(folder / "list.xlsx", [headings, *rows])
    mapping = (folder / "mapping.yml").read_text("utf-8")
    mapping = mapping.replace("note: Remark}", "note: Remark, first_search: First search}") + "profile: profile.yml\n"
    (folder / "mapping.yml").write_text(mapping, "utf-8")
    site = "title: A test\ndescription: Made up.\nkeeper: nobody\nlicence: none\nlicence_url: https://example.org/\n"
    (folder / "site.yml").write_text(site, "utf-8")
    (folder / "profile.yml").write_text(profile, "utf-8")
    if "unconfirmed.csv" in profile:
        write_csv(folder / "unconfirmed.csv", ("agency", "reason"), [("nz-gamma", "no such agency is on record")])
    return folder


ROWS: list[tuple[object, ...]] = [
    (1, ALPHA, "New Zealand", 8317, "It ran 8,317 searches, forty-three searches of them in May.", "2019-11-02"),
    (2, BETA, "New Zealand", "7919", "The 7919 stands in its log.", "2020-03-01"),
    (3, GAMMA, "New Zealand", 6173, "", "2019-12-24"),
]


def test_what_a_profile_leaves_out_is_listed_with_its_reason(tmp_path: Path) -> None:
    folder = make_profiled(tmp_path / "list", ROWS)
    run = run_build(folder, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    db = sqlite3.connect(tmp_path / "build" / "clearview.db")
    assert db.execute("select id, searches, searches_min, searches_max, searches_band from agencies").fetchall() == [
        ("nz-alpha", "at least 5,001", 5001, None, "5001-or-more")
    ]
    assert db.execute("select id, reason from left_out order by id").fetchall() == [
        ("nz-beta", "no search on or before 2020-02-29"),
        ("nz-gamma", "existence not confirmed: no such agency is on record"),
    ]
    assert db.execute("select note from reports").fetchall() == [
        ("It ran [figure removed] searches, [figure removed] searches of them in May.",)
    ]


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        pytest.param("outside: [NZ]\n", "in New Zealand, which this list leaves out", marks=pytest.mark.slow),
        ("agency_types: [ministry]\n", "not a public agency of the types that this list names"),
    ],
)
def test_countries_and_types_are_left_out(profile: str, reason: str, tmp_path: Path) -> None:
    folder = make_profiled(tmp_path / "list", ROWS, profile)
    run = run_build(folder, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    db = sqlite3.connect(tmp_path / "build" / "clearview.db")
    assert db.execute("select count(*) from agencies").fetchone() == (0,)
    assert db.execute("select distinct reason from left_out").fetchall() == [(reason,)]


def test_under_ranges_no_byte_of_any_output_holds_an_exact_figure(tmp_path: Path) -> None:
    counts = [(1, ALPHA, 8317), (2, BETA, 7919), (3, ALPHA, "6,173"), (4, BETA, "more than 4177")]
    rows = [(no, name, "New Zealand", count, f"{count} searches, it said.", "2019-11-02") for no, name, count in counts]
    folder = make_profiled(tmp_path / "list", [*rows, (5, GAMMA, "New Zealand", 2963, "", "2019-12-24")])
    run = run_build(folder, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    files = [path for path in (tmp_path / "build").rglob("*") if path.is_file()]
    assert {"clearview.db", "agencies.csv", "reports.parquet", "reports.csv"} <= {path.name for path in files}
    exact = re.compile(r"(?<![\w.])(?:8,?317|7,?919|6,?173|4,?17[78]|2,?963)(?!\w)")
    told = {path.name: found for path in files if (found := exact.findall("\n".join(read_cells(path))))}
    assert told == {}
    assert exact.findall(run.stdout) == []


def test_a_profile_without_dates_to_hold_against_its_cut_off_is_refused(tmp_path: Path) -> None:
    rows = [(*row[:5], "" if row[0] == 1 else row[5]) for row in ROWS]
    run = run_build(make_profiled(tmp_path / "list", rows), tmp_path / "build")
    assert "sheet Data, row 2, column 'First search': is no date (YYYY-MM-DD)" in run.stdout
    assert run.returncode == 1


def test_a_misspelt_rule_is_refused(tmp_path: Path) -> None:
    folder = make_profiled(tmp_path / "list", ROWS, "search_by: 2020-02-29\n")
    run = run_build(folder, tmp_path / "build")
    assert "profile.yml: column 'search_by'" in run.stdout
