"""corrections.csv: cells that were received wrong, each with what stands now and why; the received file stays as it is.

A line is applied before anything is cleaned, and only where the cell still holds what the line says was received.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dataset.deliveries import Delivery, Place
from dataset.mapping import Mapping
from dataset.problems import Problem, Problems, name_file
from dataset.tables import base_field
from lookups.tables import Row, Table, read_table
from personal_data.detect import Detector
from spreadsheets.sheets import Rows

from cleaning.odd_texts import tidy
from cleaning.readings import ADDED
from cleaning.registers import COLUMNS, check_columns

FILE = "corrections.csv"
ACTIONS = "regulatory_actions.csv"
# What the log of changes calls a field that is read into several columns.
LOGGED = {"agency": "agency_as_printed", "country": "country_as_printed", "searches": "searches_as_printed"}
LOGGED |= {field: f"{field}_as_printed" for field in ADDED}


class Line(NamedTuple):
    """A line of the register and its row there."""

    row: int
    cells: Row


class Corrections:
    """The register of a folder; gathers what was corrected, and what is wrong with the register."""

    def __init__(self, folder: Path, mapping: Mapping, detector: Detector) -> None:
        """Read the register, where there is one; raise Problems where it lacks a column or may not be there."""
        path = folder / FILE
        self.file, self.problems, self.log = name_file(path), list[Problem](), Table()
        self.by_record: dict[tuple[str, str], list[Line]] = defaultdict(list)
        self.found: set[int] = set()
        if not path.is_file():
            return
        if wrong := [*check_columns(path, COLUMNS[FILE])]:
            raise Problems(wrong)
        if mapping.profile or mapping.reports.rows == "account":
            advice = "rows of accounts and a profile take no corrections; delete it and correct the spreadsheet"
            raise Problems([Problem(self.file, advice=advice)])
        seen: dict[tuple[str, ...], int] = {}
        for row, cells in enumerate(read_table(path), start=2):
            key = (cells["file"], cells["id"], cells["column"])
            self.check(Line(row, cells), seen.setdefault(key, row), detector)
            self.by_record[key[:2]].append(Line(row, cells))

    def check(self, line: Line, first: int, detector: Detector) -> None:
        """Keep what is wrong with a line itself; first is the row in which its cell is corrected first."""
        if first != line.row:
            self.tell(line, "column", f"is corrected in row {first} too; keep one line")
        if not line.cells["reason"]:
            self.tell(line, "reason", "is empty; say why the cell was wrong")
        if tidy(line.cells["as_received"]) == tidy(line.cells["corrected"]):
            self.tell(line, "corrected", "changes nothing; delete the line or correct it")
        for column in ("corrected", "reason"):
            if detector.find(line.cells[column]):
                advice = "holds an address, a phone number or a person's name; write it without"
                self.problems.append(Problem(self.file, "", line.row, column, "", advice))

    def tell(self, line: Line, column: str, advice: str) -> None:
        """Keep a problem with one cell of the register."""
        self.problems.append(Problem(self.file, "", line.row, column, line.cells[column], advice))

    def correct(
        self, place: Place, file: str, fields: list[str], batches: Iterable[Rows], after: int = 0
    ) -> Iterator[Rows]:
        """Yield the rows of a table, corrected; a row without a column of its number has its own plus after."""
        wanted = {record: lines for (named, record), lines in self.by_record.items() if named == file}
        key = next((fields.index(field) for field in ("no", "id") if field in fields), None)
        for rows in batches:
            numbers, columns = rows
            records = [str(row + after) for row in numbers] if key is None else columns[key]
            due = [index for index, record in enumerate(records if wanted else ()) if record.strip() in wanted]
            cells = [list(column) for column in columns] if due else []
            for index in due:
                for line in wanted[records[index].strip()]:
                    self.correct_cell(place, fields, cells, line, (index, numbers[index]))
            yield Rows(numbers, cells) if due else rows

    def correct_cell(
        self, place: Place, fields: list[str], columns: list[list[str]], line: Line, at: tuple[int, int]
    ) -> None:
        """Put what stands now in a cell, given by its index and row; log it or keep the problem."""
        (index, row), cells = at, line.cells
        self.found.add(line.row)
        field = next((field for field in fields if place.headings[field] == cells["column"]), "")
        if field in ("", "no", "id"):
            which = "holds the number" if field else f"is no column that is read of {place.file}"
            self.tell(line, "column", f"{which}; correct the line")
            return
        column = columns[fields.index(field)]
        if tidy(column[index]) != tidy(cells["as_received"]):
            where = f"row {row} of {place.file}"
            self.tell(
                line, "as_received", f"does not match: {where} holds {column[index]!r}; correct or delete the line"
            )
            return
        source = f" (source: {cells['source_url']})" if cells["source_url"] else ""
        logged = base_field(field) if place.file.endswith(ACTIONS) else LOGGED.get(base_field(field), base_field(field))
        place_in_log = [place.file, place.sheet, str(row), place.headings[field], logged]
        self.log.append([*place_in_log, "corrected", column[index], cells["corrected"], cells["reason"] + source])
        column[index] = cells["corrected"]

    def correct_reports(self, delivery: Delivery, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the reports of a delivery, corrected."""
        place, after = delivery.reports_place, delivery.numbers_after
        yield from self.correct(place, delivery.file, fields, batches, after)

    def correct_sources(self, delivery: Delivery, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the sources of a delivery, corrected."""
        yield from self.correct(delivery.sources_place, delivery.sources_path.name, fields, batches)

    def correct_actions(self, path: Path) -> list[Row]:
        """Return the regulatory actions, corrected; none where the folder has no such table."""
        rows = read_table(path) if path.is_file() else []
        if not rows:
            return []
        fields = [*rows[0]]
        place = Place(name_file(path), "", {field: field for field in fields})
        table = Rows(range(2, len(rows) + 2), [[row[field] for row in rows] for field in fields])
        (corrected,) = self.correct(place, path.name, fields, [table])
        return [dict(zip(fields, cells, strict=True)) for cells in zip(*corrected.columns, strict=True)]

    def not_found(self, files: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each line whose file or record is not there."""
        known = {*files, ACTIONS}
        for (file, record), lines in self.by_record.items():
            for line in lines:
                if file not in known:
                    advice = "is no file of this folder that can be corrected; name a delivery of mapping.yml"
                    yield Problem(self.file, "", line.row, "file", file, advice)
                elif line.row not in self.found:
                    advice = f"is not there in {file}; correct the number or delete the line"
                    yield Problem(self.file, "", line.row, "id", record, advice)
