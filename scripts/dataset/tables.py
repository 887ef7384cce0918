"""What mapping.yml says of one table: where it stands, and which of its columns is what."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from dataset.facets import Facets, by_column, check_names
from dataset.settings import Strict, Text

# No text stands for an empty cell in these: NA is Namibia, and a name that is missing is not left out by itself.
EVERY_ROW = ("no", "agency", "country", "source")
# What may differ between the accounts of an agency; the name most often printed stands for all.
SUMMED = {"agency", "country", "searches", "first_search", "region", "locality"}
# Columns that tell of the page a row links to.
OF_LINKS = ("publisher", "title")


def as_list(said: object) -> object:
    """Return one text as a list of it."""
    return [said] if isinstance(said, str) else said


Choice = dict[Text, Annotated[tuple[str, ...], BeforeValidator(as_list)]]  # by heading: the texts that choose a row


class ReportFields(Strict):
    """The fields of a report, each with the heading of its column or the text that stands for all rows."""

    no: Text | None = None
    agency: Text | None = None
    country: Text | None = None
    region: Text | None = None  # state or province, as far as the register has it; it tells agencies of one name apart
    locality: Text | None = None  # town; it tells agencies of one name and region apart
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
    date: Text | None = None  # of the report; where its cell is empty, the date of the source
    period: Text | None = None  # the year, month or quarter that the figure is of
    publisher: Text | None = None  # of the page that a row links to
    title: Text | None = None  # of that page


class ReportColumns(ReportFields):
    """The headings of a report's columns; links may stand in several columns."""

    source: Text | Annotated[tuple[Text, ...], Field(min_length=1)] | None = None  # type: ignore[assignment]


class SourceFields(Strict):
    """The fields of a source, each with the heading of its column or, in a list of sources, its own text."""

    id: Text
    publisher: Text | None = None  # without one, a source is known by the host of its address
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
    personal_data: dict[str, Literal["drop", "redact"]] = Field(default={})
    hidden: Literal["", "read"] = ""  # read: a hidden sheet, row or column is meant to be read
    one_reader: Literal["", "accept"] = ""  # accept: one of the two readers of a workbook can't read it, and need not
    only: Choice = Field(default={})  # the rows that are read: {Technology: [Face recognition]}
    skip: Choice = Field(default={})  # the rows that are not

    @property
    def header_rows(self) -> tuple[int, ...]:
        """Return the rows that hold the headings; the table begins under the last."""
        return self.header_row if isinstance(self.header_row, tuple) else (self.header_row,)

    @property
    def choosing(self) -> list[str]:
        """Return the headings whose cells choose the rows."""
        return [*dict.fromkeys([*self.only, *self.skip])]

    @property
    def headings(self) -> dict[str, str]:
        """Return the heading of each field that has a column."""
        columns: Strict = self.columns  # type: ignore[attr-defined]
        return columns.model_dump(exclude_none=True)


class Reports(Sheet):
    """The table of reports."""

    rows: Literal["report", "account"]  # what a row stands for; accounts are summed to agencies
    empty: tuple[Annotated[str, Field(min_length=1)], ...] = ()  # NA, "-": texts for an empty cell, not in EVERY_ROW
    footnotes: tuple[Annotated[str, Field(min_length=1)], ...] = ()  # marks after a figure that are no part of it
    dates: Literal["", "day first", "month first"] = ""  # how 3/5/2020 is meant, where no date of a column shows it
    columns: ReportColumns
    periods: dict[Text, Text] = Field(default={})  # where each year has its column of figures: {2019: its heading}
    facets: Facets = Field(default={})  # further columns to count and choose by: {Technology: {column: its heading}}
    constants: ReportFields = ReportFields()  # fields that no column gives, with the text a cell would hold

    @property
    def headings(self) -> dict[str, str]:
        """Return the heading of each field that has a column; of several columns of a field, each after its number."""
        found = self.columns.model_dump(exclude_none=True)
        if isinstance(links := found.get("source"), tuple):
            found |= {f"source {number}" if number > 1 else "source": one for number, one in enumerate(links, start=1)}
        found |= {name: facet.column for name, facet in by_column(self.facets).items()}
        return found | {f"searches {period}": heading for period, heading in self.periods.items()}

    @model_validator(mode="after")
    def check_fields(self) -> "Reports":
        """Refuse a field that is given twice, and one that every report needs and none gives."""
        columns, constants = (part.model_dump(exclude_none=True) for part in (self.columns, self.constants))
        by_period = {"searches", "period"} if self.periods else set()
        for field in [*columns, *constants, *by_period]:
            # Where a row has no link, it cites the source of all.
            if field != "source" and (field in columns) + (field in constants) + (field in by_period) > 1:
                where = "periods and elsewhere" if field in by_period else "columns and constants"
                raise ValueError(f"{field} stands under {where}; keep one")
        if self.rows == "account" and ("no" in columns or "no" in constants):
            raise ValueError("an account has no number of a report; put the column under left_out")
        if self.periods and ("no" in columns or self.rows == "account"):
            raise ValueError("a row with a column for each period is several reports; it has no number and no accounts")
        return self

    @model_validator(mode="after")
    def check_facets(self) -> "Reports":
        """Refuse a facet whose name is taken, and any of accounts, which are summed."""
        check_names(self.facets)
        if self.facets and self.rows == "account":
            raise ValueError("a facet is of one report, and accounts are summed; put the column under left_out")
        return self

    def check_needed(self, given: str) -> None:
        """Raise ValueError where a field that every report needs has no text; given is one that a name gives."""
        said = {*self.headings, *self.constants.model_dump(exclude_none=True)}
        if given in said or (given in ("searches", "period") and self.periods):
            raise ValueError(f"{given} stands under name_gives and under reports; keep one")
        for field in ("agency", "country", "use_status", "listing", "source"):
            if field not in {*said, given}:
                raise ValueError(f"{field} is missing; name its column, or give one text for all rows under constants")


class Sources(Sheet):
    """The table of sources: a sheet of the spreadsheet, a file of its own, the list itself, or the links of reports."""

    file: str = ""  # named where the table has a file of its own
    columns: SourceFields | None = None
    rows: tuple[SourceFields, ...] | None = None  # []: the reports cite the sources of other deliveries alone
    links: Literal["", "read"] = ""  # read: each link in the reports' column source is a source

    @property
    def by_link(self) -> bool:
        """Return whether each link of the reports' rows is a source: said so, or by a column of ids that are links."""
        columns = self.columns
        return bool(self.links) or (columns is not None and not self.file and columns.id == columns.url)

    @model_validator(mode="after")
    def check_one_way(self) -> "Sources":
        """Refuse several ways at once, and none; beside links, rows may list the source of rows without one."""
        if self.columns is not None and (self.rows is not None or self.links):
            raise ValueError("give either columns (of a sheet of sources) or rows (the sources themselves)")
        if self.columns is None and self.rows is None and not self.links:
            raise ValueError("give columns (of a sheet of sources), rows (the sources themselves) or `links: read`")
        if self.file and not self.columns:
            raise ValueError("a file of sources needs columns")
        if self.by_link and self.columns and (self.columns.published or self.columns.copy_url):
            raise ValueError("a link of a row has no date or copy of its own; a column of dates is `date` of reports")
        return self


def base_field(field: str) -> str:
    """Return the field that a column is one of: "searches 2019" is of searches, "source 2" of source."""
    return field.partition(" ")[0]
