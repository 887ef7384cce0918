"""A made-up dataset in a folder of its own: a few agencies of a country, for tests that spoil spreadsheets."""

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl

HEADINGS = ("No", "Agency", "Country", "Searches", "Remark")
AGENCIES = {
    "Alpha Town Police": "nz-alpha",
    "Beta County Sheriff's Office": "nz-beta",
    "Gamma State Patrol": "nz-gamma",
}
MAPPING = """\
workbook: list.xlsx
reports:
  sheet: Data
  rows: report
  columns: {no: "No", agency: Agency, country: Country, searches: Searches, note: Remark}
  constants:
    figure_from: "BuzzFeed News data, 2021"
    response: No response
    response_given_to: "BuzzFeed News, 2021"
    use_status: Reported
    listing: "BuzzFeed News data, 2021"
    source: S1
sources:
  rows: [{id: S1, publisher: The Test, url: "https://example.org/"}]
register: agencies.csv
aliases: aliases.csv
"""


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def make_folder(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write a folder with a workbook of these rows (in the order of HEADINGS), its mapping and its register."""
    folder.mkdir(parents=True)
    write_workbook(folder / "list.xlsx", [HEADINGS, *rows])
    (folder / "mapping.yml").write_text(MAPPING, "utf-8")
    register = [(key, name, "", "NZ", "municipal_police", "", "", "") for name, key in AGENCIES.items()]
    columns = ("id", "name", "native_name", "country", "agency_type", "locality", "region", "geonameid")
    write_csv(folder / "agencies.csv", columns, register)
    aliases = [(name, "NZ", "", key, "") for name, key in AGENCIES.items()]
    write_csv(folder / "aliases.csv", ("name_as_printed", "country", "report_no", "agency", "reason"), aliases)
    return folder


def name_file(folder: Path, name: str) -> Path:
    """Return where a file of a sheet Reports is to stand instead of the workbook, as the mapping names it now."""
    (folder / "list.xlsx").unlink()
    mapping = (folder / "mapping.yml").read_text("utf-8").replace("list.xlsx", name)
    (folder / "mapping.yml").write_text(mapping.replace("sheet: Data", "sheet: Reports"), "utf-8")
    return folder / name


def write_workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Data") -> None:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
