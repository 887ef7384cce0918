"""mapping.yml: which column of a folder's spreadsheet is what.

Every text is taken as it is written: no and 1e3 are words, not a truth value and a number.
raw/mapping.yml is an example.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError, model_validator

from dataset.problems import Problem, Problems, name_file
from dataset.words import OURS, Words, as_identifier

FILE = "mapping.yml"
# A draft has "?" where a person has yet to say something.
Text = Annotated[str, Field(min_length=1, pattern=r"^(?s:\?.|[^?])")]
Noun = Annotated[str, Field(pattern=r"^[^\W\d_][^\n?]*$")]
# Columns and tables that a measure's may not be taken for.
TAKEN = {
    "agency", "agencies", "report", "reports", "source", "sources", "country", "countries", "response", "responses",
    "licence", "licences", "listing", "listings", "account", "accounts", "name", "id", "no", "row", "note", "region",
    "locality", "file", "sheet", "published", "corrected",
}  # fmt: skip
# No text stands for an empty cell in these: NA is Namibia, and a name that is missing is not left out by itself.
EVERY_ROW = ("no", "agency", "country", "source")
# What may differ between the accounts of an agency; the name most often printed stands for all.
SUMMED = {"agency", "country", "searches", "first_search", "region"}
DRAFT = "is still the ? of the draft; write what should stand here"

Settings = TypeVar("Settings", bound="Strict")


class Strict(BaseModel):
    """A part of the file: a key that is not named here is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportFields(Strict):
    """The fields of a report, each with the heading of its column or the text that stands for all rows."""

    no: Text | None = None
    agency: Text | None = None
    country: Text | None = None
    region: Text | None = None  # state or province, as far as the register has it; it tells agencies of one name apart
    searches: Text | None = None
    figure_from: Text | None = None
    response: Text | None = None
    response_given_to: Text | None = None
    response_detail: Text | None = None
    licence: Text | None = None
    use_status: Text | None = None
    listing: Text | None = None
    source: Text | None = None
    note: Text | None = None
    first_search: Text | None = None  # a date, for a profile with a cut-off; it is not published


class SourceFields(Strict):
    """The fields of a source, each with the heading of its column or, in a list of sources, its own text."""

    id: Text
    publisher: Text
    title: Text | None = None
    url: Text
    copy_url: Text | None = None
    published: Text | None = None


class Sheet(Strict):
    """Where a table stands."""

    sheet: Text = ""  # left out where the file has no sheets
    header_row: PositiveInt | Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = 1  # [2, 3] for two rows
    # Headings that are never read; every other one must be under columns. "column D" is one without a heading.
    left_out: tuple[Text, ...] = ()
    skip_rows: frozenset[PositiveInt] = frozenset()  # rows of the sheet that are none of the table: titles, totals
    # What becomes of a cell with an e-mail address, a phone number or a person's name, by field; else the build stops.
    personal_data: dict[str, Literal["drop", "redact"]] = {}
    hidden: Literal["", "read"] = ""  # read: a hidden sheet, row or column is meant to be read
    one_reader: Literal["", "accept"] = ""  # accept: one of the two readers of a workbook can't read it, and need not

    @property
    def header_rows(self) -> tuple[int, ...]:
        """Return the rows that hold the headings; the table begins under the last."""
        return self.header_row if isinstance(self.header_row, tuple) else (self.header_row,)

    @property
    def headings(self) -> dict[str, str]:
        """Return the heading of each field that has a column."""
        columns: BaseModel = self.columns  # type: ignore[attr-defined]
        return columns.model_dump(exclude_none=True)


class Reports(Sheet):
    """The table of reports."""

    rows: Literal["report", "account"]  # what a row stands for; accounts are summed to agencies
    empty: tuple[Annotated[str, Field(min_length=1)], ...] = ()  # NA, "-": texts for an empty cell, not in EVERY_ROW
    footnotes: tuple[Annotated[str, Field(min_length=1)], ...] = ()  # marks after a figure that are no part of it
    columns: ReportFields
    constants: ReportFields = ReportFields()  # fields that no column gives, with the text a cell would hold

    @model_validator(mode="after")
    def check_fields(self) -> "Reports":
        """Refuse a field that is given twice, and one that every report needs and none gives."""
        given = [*self.headings, *self.constants.model_dump(exclude_none=True)]
        for field in given:
            if given.count(field) > 1:
                raise ValueError(f"{field} stands under columns and constants; keep one")
        if self.rows == "account" and "no" in given:
            raise ValueError("an account has no number of a report; put the column under left_out")
        for field in ("agency", "country", "use_status", "listing", "source"):
            if field not in given:
                raise ValueError(f"{field} is missing; name its column, or give one text for all rows under constants")
        return self


class Sources(Sheet):
    """The table of sources: a sheet of the spreadsheet, a file of its own, or the list itself."""

    file: str = ""  # named where the table has a file of its own
    columns: SourceFields | None = None
    rows: tuple[SourceFields, ...] | None = None  # []: the reports cite the sources of other deliveries alone

    @model_validator(mode="after")
    def check_one_way(self) -> "Sources":
        """Refuse both ways at once, and neither."""
        if (self.columns is None) is (self.rows is None):
            raise ValueError("give either columns (of a sheet of sources) or rows (the sources themselves)")
        if self.file and not self.columns:
            raise ValueError("a file of sources needs columns")
        return self


class Measure(Strict):
    """What the figures count, where that is not searches: camera and cameras."""

    one: Noun
    many: Noun

    @model_validator(mode="after")
    def check_names(self) -> "Measure":
        """Refuse a word whose columns would have the name of another column or table."""
        for word in (self.one, self.many):
            name = as_identifier(word)
            if not name[:1].isalpha() or name in TAKEN:
                raise ValueError(f"{word!r} is the name of another column; say it in two words")
        return self


class ListedDelivery(Strict):
    """One of several spreadsheets; what is not said of it here is as the mapping says for all."""

    file: Text
    encoding: str = ""
    numbers_after: NonNegativeInt = 0  # without a column of numbers, a report's is this and its row's number
    reports: Reports | None = None
    sources: Sources | None = None


class Mapping(Strict):
    """A folder's mapping; the files are named from the folder."""

    workbook: Text = ""  # the spreadsheet, where there is one
    deliveries: tuple[ListedDelivery, ...] = ()  # where there are several, in the order in which they came
    encoding: str = ""  # of a text table, where the one that is found is wrong
    measure: Measure | None = None  # what is counted; searches where nothing is said
    reports: Reports
    sources: Sources
    categories: str = ""  # texts that mean a category, beside those of scripts/lookups/categories.csv
    agencies: Text = Field(alias="register")  # the agencies, with the columns of raw/agencies.csv
    aliases: Text  # the names as printed, with the columns of raw/aliases.csv
    profile: str = ""  # rules of what is published, in a file of their own: scripts/publishing/profile_rules.py
    not_persons: str = ""  # words that read like a person's name and are none: phrase, reason
    other_files: tuple[Text, ...] = ()  # spreadsheets in the folder that are never read

    @property
    def words(self) -> Words:
        """Return the words of what is counted."""
        return Words(one=self.measure.one, many=self.measure.many) if self.measure else OURS

    @property
    def tables(self) -> list[Reports | Sources]:
        """Return what is said of the tables: for all deliveries, and for single ones."""
        own = [table for one in self.deliveries for table in (one.reports, one.sources) if table]
        return [self.reports, self.sources, *own]

    @model_validator(mode="after")
    def check_deliveries(self) -> "Mapping":
        """Refuse no spreadsheet, both ways to name one, and several where all rows have to be seen at once."""
        if bool(self.workbook) is bool(self.deliveries):
            raise ValueError("name the spreadsheet under workbook, or several under deliveries")
        files = [one.file for one in self.deliveries]
        for file in files:
            if files.count(file) > 1 and not all(one.reports for one in self.deliveries if one.file == file):
                raise ValueError(f"{file} is listed twice; keep one, or give each its own sheet under reports")
        rows = {table.rows for table in self.tables if isinstance(table, Reports)}
        if self.deliveries and (self.profile or rows != {"report"}):
            raise ValueError("rows of accounts and a profile need all rows in one file; name it under workbook")
        return self

    @model_validator(mode="after")
    def check_personal_data(self) -> "Mapping":
        """Refuse a choice for a field that has no column."""
        for table in self.tables:
            for field in table.personal_data:
                if not table.columns or field not in table.headings:
                    raise ValueError(f"personal_data names {field}, which has no column; delete the line")
        return self

    @model_validator(mode="after")
    def check_headings(self) -> "Mapping":
        """Refuse a heading that is used twice in one table."""
        for table in self.tables:
            used = [*(table.headings.values() if table.columns else ()), *table.left_out]
            for heading in used:
                if used.count(heading) > 1:
                    raise ValueError(f"the heading {heading!r} is used twice; keep one")
        return self


class TextLoader(yaml.BaseLoader):
    """Loads every scalar as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a node's keys and values; raise a YAML error where a key stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_mapping(folder: Path) -> Mapping:
    """Return the mapping of a folder; raise Problems with all that is wrong with it."""
    return read_settings(folder / FILE, Mapping)


def read_settings(path: Path, model: type[Settings]) -> Settings:
    """Return a file of settings, held against its model; raise Problems with all that is wrong with it."""
    file = name_file(path)
    try:
        return model.model_validate(yaml.load(path.read_text("utf-8-sig"), TextLoader))
    except OSError:
        fault = Problem(file, advice="missing file; put it back, or draft one with make new-dataset")
    except UnicodeDecodeError:
        fault = Problem(file, advice="is not UTF-8; save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        fault = Problem(file, row=error.problem_mark.line + 1 if error.problem_mark else 0, advice=f"{error.problem}")
    except ValidationError as error:
        raise Problems(
            Problem(
                file,
                column=".".join(map(str, one["loc"])),
                value=told(one["input"]),
                advice=DRAFT if one["type"] == "string_pattern_mismatch" else one["msg"],
            )
            for one in error.errors()
        ) from None
    raise Problems([fault])


def told(value: object) -> str:
    """Return a faulty value where it is one text, "" where it is a whole part of the file."""
    return value if isinstance(value, str) else ""
