"""Each file of the corpus gives what is stated, or is refused with its place and what to do; none is half read."""

import csv
import zipfile
from pathlib import Path

import pytest
from cleaning.printed import Reports
from corpus import CASES, GOOD, HEADINGS, READ, Case, Reading, make_folder
from database.reports import Joiner
from dataset.deliveries import fields_in_use
from dataset.mapping import read_mapping
from dataset.problems import Problems
from sampling import sample

from build import extract_and_clean

FILES = [(name, kind) for name, case in CASES.items() for kind in case.formats]


def read_folder(folder: Path, build: Path) -> list[Reading]:
    """Return what the folder's reports say: agency, least and most searches."""
    mapping = read_mapping(folder)
    extract_and_clean(folder, build, mapping)
    reports = Reports(mapping, folder, build)
    joiner = Joiner(build, {"S1": None}, fields_in_use(reports.deliveries), mapping.facets)
    places = [joiner.columns.index(column) for column in ("agency", "searches_min", "searches_max")]
    rows = [row for batch in reports for row in zip(*joiner.join(batch)[0], strict=True)]
    return [tuple(row[place] for place in places) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize(("name", "kind"), sample(FILES, FILES[::2]))
def test_file_gives_what_is_stated(name: str, kind: str, tmp_path: Path) -> None:
    case = CASES[name]
    folder, build = make_folder(tmp_path / "folder", case, kind), tmp_path / "build"
    if not case.refused:
        assert read_folder(folder, build) == case.gives
        return
    with pytest.raises(Problems) as found:
        read_folder(folder, build)
    lines = [str(problem) for problem in found.value.problems]
    assert any(all(word in line for word in case.refused) for line in lines), lines
    assert not (build / "readings.csv").exists()
    assert not (tmp_path / "build.part").exists()


def test_encoding_that_is_found_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_folder(make_folder(tmp_path / "folder", CASES["Windows' encoding"], "csv"), tmp_path / "build")
    assert "folder/use.csv: not UTF-8; read as Windows-1252" in capsys.readouterr().err


def test_unmapped_columns_are_never_written(tmp_path: Path) -> None:
    read_folder(make_folder(tmp_path / "folder", CASES["heading that is left out"], "xlsx"), tmp_path / "build")
    with (tmp_path / "build" / "reports.csv").open(newline="") as file:
        assert next(csv.reader(file)) == ["Agency", "Country", "Searches"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "csv.gz", "xlsx.gz", "dbf", "json", "doc"])
def test_file_that_is_not_what_its_name_says_is_refused(kind: str, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder", CASES["two agencies with one name in different places"], "csv")
    (folder / "use.csv").unlink()
    (folder / f"use.{kind}").write_bytes(b"\x00\x01\xff not what it says")
    text = (folder / "mapping.yml").read_text().replace("use.csv", f"use.{kind}")
    (folder / "mapping.yml").write_text(text)
    with pytest.raises(Problems) as found:
        extract_and_clean(folder, tmp_path / "build", read_mapping(folder))
    assert f"folder/use.{kind}: " in str(found.value.problems[0])
    assert not (tmp_path / "build").exists()


def test_a_line_end_that_an_ods_keeps_as_a_number_is_one(tmp_path: Path) -> None:
    case = Case([HEADINGS, ["York@Police", "Canada", "11-50"], GOOD[1]])
    folder = make_folder(tmp_path / "folder", case, "ods")
    with zipfile.ZipFile(folder / "use.ods") as book:
        members = {name: book.read(name) for name in book.namelist()}
    assert b"York@Police" in members["content.xml"]
    with zipfile.ZipFile(folder / "use.ods", "w") as book:
        for name, content in members.items():
            book.writestr(name, content.replace(b"York@Police", b"York&#13;Police"))
    assert read_folder(folder, tmp_path / "build") == READ


def test_an_xls_with_something_after_its_end_is_read_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_folder(tmp_path / "folder", CASES["two agencies with one name in different places"], "xls")
    with (folder / "use.xls").open("ab") as file:
        file.write(bytes(100))
    assert read_folder(folder, tmp_path / "build") == READ
    assert "".join(capsys.readouterr()) == ""
