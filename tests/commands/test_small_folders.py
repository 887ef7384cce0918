"""Small folders of one fault each, from file to site: blanks in names, a column without a heading, long lists."""

import csv
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import openpyxl
import pytest
import yaml
from conftest import ROOT, copy_project, run_make, serve
from corpus import WRITERS, Case
from dataset.problems import Problems
from folders import FORMATS, copy_folder
from other_tables import REGISTER
from sampling import sample
from site_metadata import describe_site
from small_folder import write_csv

from build import build

FIGURES = [("Alpha Police", "5"), ("Beta Police", "7")]
READ = "select name, searches from agencies order by id"


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, to run make in."""
    return copy_project(tmp_path_factory.mktemp("folders") / "project")


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows that a database gives."""
    with sqlite3.connect(database) as db:
        return db.execute(sql).fetchall()


@contextmanager
def built_and_served(folder: Path) -> Iterator[str]:
    """Build and serve a folder with the words of its own site; yield the address."""
    steps, words = folder.parent / "steps", folder.parent / "metadata.yml"
    build(folder, steps, [], [])
    words.write_text(yaml.safe_dump(describe_site(folder)), "utf-8")
    with serve(steps / "clearview.db", folder.parent / "server.log", None, words) as url:
        yield url


def write_list(folder: Path, kind: str, rows: Sequence[Sequence[object]]) -> None:
    """Write the list of a copied folder that came without one."""
    WRITERS[f".{kind}"](folder / f"list.{kind}", Case([list(row) for row in rows]))


@pytest.mark.parametrize("kind", sample(FORMATS, FORMATS[:1]))
@pytest.mark.parametrize("name", ["space in folder", "space_in_file_name"])
def test_a_blank_in_a_name_is_no_hindrance(name: str, kind: str, shared_project: Path, tmp_path: Path) -> None:
    folder = copy_folder(name, kind, tmp_path)
    done = run_make(shared_project, "db", f"RAW={folder}")
    assert (done.returncode, done.stderr) == (0, "")
    database = name.replace(" ", "_")
    assert ask(shared_project / "build" / database / f"{database}.db", READ) == FIGURES


@pytest.mark.parametrize("kind", sample(FORMATS, FORMATS[:1]))
def test_a_column_without_a_heading_is_told_in_one_line_that_says_what_to_write(kind: str, tmp_path: Path) -> None:
    folder = copy_folder("unnamed_column", kind, tmp_path)
    with pytest.raises(Problems) as found:
        build(folder, tmp_path / "steps", [], [])
    [line] = map(str, found.value.problems)
    assert "column 'D': 2 values under no heading, first here" in line
    assert "write `left_out: [column D]`" in line
    text = (folder / "mapping.yml").read_text("utf-8").replace("  columns:", "  left_out: [column D]\n  columns:")
    (folder / "mapping.yml").write_text(text, "utf-8")
    build(folder, tmp_path / "steps", [], [])
    assert ask(tmp_path / "steps" / "clearview.db", READ) == FIGURES


@pytest.mark.parametrize("kind", sample(FORMATS, FORMATS[:1]))
def test_figures_are_sorted_as_numbers(kind: str, tmp_path: Path) -> None:
    with built_and_served(copy_folder("sort_as_text", kind, tmp_path)) as url:
        for table, column in (("agencies", "searches"), ("reports", "searches_as_printed")):
            address = f"{url}/clearview/{table}.json?_shape=array&_sort_desc={column}"
            assert [row[column] for row in httpx.get(address, trust_env=False).json()] == ["700", "80", "9"]


def make_many_agencies(kind: str, parent: Path) -> Path:
    """Return a folder with a list of ten thousand agencies."""
    folder = copy_folder("many_bodies", kind, parent)
    names = [f"Town number {number} Police" for number in range(10_000)]
    keys = [f"fr-town-{number}" for number in range(10_000)]
    write_list(folder, kind, [("Agency", "Country"), *((name, "France") for name in names)])
    register = [(key, name, "", "FR", "municipal_police", "", "", "") for key, name in zip(keys, names, strict=True)]
    write_csv(folder / "agencies.csv", REGISTER, register)
    aliases = [(name, "FR", "", key, "") for key, name in zip(keys, names, strict=True)]
    write_csv(folder / "aliases.csv", ("name_as_printed", "country", "report_no", "agency", "reason"), aliases)
    return folder


def make_many_reports(kind: str, parent: Path) -> Path:
    """Return a folder with a list of more than 20,000 reports."""
    folder = copy_folder("more_than_20000", kind, parent)
    rows = [(f"{('Beta', 'Alpha')[number % 2]} Police", "France") for number in range(20_001)]
    write_list(folder, kind, [("Agency", "Country"), *rows])
    return folder


@pytest.mark.slow
def test_a_country_and_a_source_of_ten_thousand_agencies_have_pages(tmp_path: Path) -> None:
    with built_and_served(make_many_agencies("csv", tmp_path)) as url:
        for path in ("charts", "charts?country=FR", "clearview/countries/FR", "clearview/sources/S1"):
            answer = httpx.get(f"{url}/{path}", trust_env=False)
            assert (path, answer.status_code) == (path, httpx.codes.OK)
            assert (path, "10,000" in answer.text) == (path, True)


@pytest.mark.slow
def test_more_than_20000_reports_are_served_and_exported(tmp_path: Path) -> None:
    done = run_make(ROOT, "export", f"RAW={make_many_reports('csv', tmp_path)}")
    assert (done.returncode, done.stderr) == (0, "")
    place = ROOT / "build" / "more_than_20000"
    with (place / "exports" / "reports.csv").open(newline="", encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 20_001
    book = openpyxl.load_workbook(place / "exports" / "more_than_20000.xlsx", read_only=True)
    assert "agencies" in book.sheetnames
    database, words = place / "more_than_20000.db", place / "metadata.yml"
    with serve(database, tmp_path / "server.log", place / "exports", words) as url:
        for table, count in (("agencies", 2), ("reports", 20_001)):
            answer = httpx.get(f"{url}/more_than_20000/{table}.json?_shape=objects&_size=1", trust_env=False).json()
            assert (table, answer["filtered_table_rows_count"]) == (table, count)
        for path in ("more_than_20000/reports", "more_than_20000/cleaning_log", "downloads"):
            assert (path, httpx.get(f"{url}/{path}", trust_env=False).status_code) == (path, httpx.codes.OK)


Make = Callable[[str, Path], Path]


def read_whole(make: Make, kind: str, parent: Path) -> list[str]:
    """Return a list's database as text, as if it had been read from a CSV file."""
    steps = parent / "steps"
    build(make(kind, parent), steps, [], [])
    with sqlite3.connect(steps / "clearview.db") as db:
        lines = [line.replace(f"/list.{kind}','Reports'", f"/list.{kind}',''") for line in db.iterdump()]
    return [line.replace(f"/list.{kind}'", "/list.csv'") for line in lines]


@pytest.fixture(scope="module", params=[make_many_agencies, make_many_reports], ids=["agencies", "reports"])
def from_csv(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Make, list[str]]:
    """Return what makes a long list, and its database from a CSV file, which the tests above serve."""
    return request.param, read_whole(request.param, "csv", tmp_path_factory.mktemp("from_csv"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS[1:])
def test_a_long_list_has_one_database_whatever_its_format(
    kind: str, from_csv: tuple[Make, list[str]], tmp_path: Path
) -> None:
    make, expected = from_csv
    found = read_whole(make, kind, tmp_path)
    assert len(found) > 20_000
    assert [lines for lines in zip(found, expected, strict=True) if lines[0] != lines[1]][:2] == []
