"""The extracted tables with each cell under the name of its field, and the place in the spreadsheet it came from."""

from dataclasses import dataclass
from pathlib import Path

from mapping import FILE, Mapping, ReportFields, SourceFields
from problems import Problem, name_file
from tables import Row, read_table


@dataclass(frozen=True)
class Printed:
    """A table as printed: where it stands, the heading of each field with a column, and the rows by their number."""

    file: str
    sheet: str
    headings: dict[str, str]
    rows: dict[int, Row]

    def problem(self, row: int, field: str, value: str, advice: str) -> Problem:
        """Return a problem with one cell, or with the text of the mapping that stands for all rows."""
        if field in self.headings:
            return Problem(self.file, self.sheet, row, self.headings[field], value, advice)
        return Problem(self.file, self.sheet, 0, field, value, advice)

    @property
    def place(self) -> str:
        """Return what a reader calls the table."""
        return f"sheet {self.sheet}" if self.sheet else self.file


def read_reports(mapping: Mapping, folder: Path, build: Path) -> Printed:
    """Return the reports; a row without any value is none."""
    table = mapping.reports
    fixed = dict.fromkeys(ReportFields.model_fields, "") | table.constants.model_dump(exclude_none=True)
    rows = {}
    for number, cells in enumerate(read_table(build / "reports.csv"), start=table.header_rows[-1] + 1):
        if any(cells.values()):
            rows[number] = fixed | {field: cells[heading] for field, heading in table.headings.items()}
            if "no" not in table.headings:
                rows[number]["no"] = str(number)
    return Printed(name_file(folder / mapping.workbook), table.sheet, table.headings, rows)


def read_sources(mapping: Mapping, folder: Path, build: Path) -> Printed:
    """Return the sources, from their sheet or from the list in the mapping."""
    table = mapping.sources
    fields = list(SourceFields.model_fields)
    headings = table.headings if table.columns else {field: field for field in fields}
    first = table.header_rows[-1] + 1 if table.columns else 1
    rows = {
        number: dict.fromkeys(fields, "") | {field: cells[heading] for field, heading in headings.items()}
        for number, cells in enumerate(read_table(build / "sources.csv"), start=first)
        if any(cells.values())
    }
    name = mapping.workbook if table.columns else FILE
    return Printed(name_file(folder / name), table.sheet, headings, rows)
