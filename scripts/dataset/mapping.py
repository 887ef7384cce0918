"""mapping.yml: which column of a folder's spreadsheet is what. raw/mapping.yml is an example."""

from pathlib import Path

from pydantic import Field, NonNegativeInt, model_validator

from dataset.facets import FacetColumn, check_against, join_facets
from dataset.measure import Counted, Measure
from dataset.settings import Strict, Text, read_settings
from dataset.tables import OF_LINKS, ReportFields, Reports, Sources, base_field
from dataset.words import OURS, Words

FILE = "mapping.yml"
Parts = tuple[Text, ...] | dict[Text, Text]  # names, or what each of them stands for


class ListedDelivery(Strict):
    """One of several spreadsheets, or several of one table; what is not said here is as the mapping says for all."""

    file: Text = ""
    files: Parts = ()  # of one table, each with the same headings: [2019.csv, 2020.csv], or {2019.csv: "2019"}
    sheets: Parts = ()  # of one table, in each file
    name_gives: Text = ""  # the field that the name of a file or sheet, or what it stands for, is the text of
    encoding: str = ""
    numbers_after: NonNegativeInt = 0  # without a column of numbers, a report's is this and its row's number
    reports: Reports | None = None
    sources: Sources | None = None

    @property
    def names(self) -> list[str]:
        """Return the names of the files."""
        return [self.file] if self.file else [*self.files]

    @model_validator(mode="after")
    def check_parts(self) -> "ListedDelivery":
        """Refuse a delivery without a file, and a name that gives no field of a report."""
        if bool(self.file) is bool(self.files):
            raise ValueError("name one file under file, or several of one table under files")
        fields = {*ReportFields.model_fields} - {"no", "source", *OF_LINKS}
        if self.name_gives and (self.name_gives not in fields or bool(self.files) is bool(self.sheets)):
            raise ValueError("name_gives names a field of reports, and the names are those of files or of sheets")
        if not self.name_gives and (isinstance(self.files, dict) or isinstance(self.sheets, dict)):
            raise ValueError("say under name_gives which field of a report the names stand for")
        if self.sheets and self.sources and self.sources.columns:
            raise ValueError(
                "several sheets of one table have no sheet of sources each; list the sources, or read links"
            )
        return self


class Mapping(Strict):
    """A folder's mapping; the files are named from the folder."""

    workbook: Text = ""  # the spreadsheet, where there is one
    deliveries: tuple[ListedDelivery, ...] = ()  # where there are several, in the order in which they came
    encoding: str = ""  # of a text table, where the one that is found is wrong
    measure: Measure | None = None  # what is counted; searches where nothing is said
    accounts: Counted | None = None  # what the rows are that are summed; accounts where nothing is said
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
        return self.measure.words if self.measure else OURS

    @property
    def facets(self) -> tuple[FacetColumn, ...]:
        """Return the facets of all tables of reports, those that the first has first."""
        return join_facets(reports.facets for reports, _ in self.pairs)

    @property
    def pairs(self) -> list[tuple[Reports, Sources]]:
        """Return the tables of reports and of sources that belong together."""
        own = [(one.reports or self.reports, one.sources or self.sources) for one in self.deliveries]
        return own or [(self.reports, self.sources)]

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
        files = [file for one in self.deliveries for file in one.names]
        for file in files:
            own = all(one.reports or one.sheets for one in self.deliveries if file in one.names)
            if files.count(file) > 1 and not own:
                raise ValueError(f"{file} is listed twice; keep one, or give each its own sheet under reports")
        rows = {table.rows for table in self.tables if isinstance(table, Reports)}
        if self.deliveries and (self.profile or rows != {"report"}):
            raise ValueError("rows of accounts and a profile need all rows in one file; name it under workbook")
        if self.accounts and rows != {"account"}:
            raise ValueError("accounts says what the rows are that are summed, and none are: `rows: account` sums them")
        return self

    @model_validator(mode="after")
    def check_needed(self) -> "Mapping":
        """Refuse reports without a field that every report needs."""
        for one in self.deliveries or [ListedDelivery(file=self.workbook or FILE)]:
            (one.reports or self.reports).check_needed(one.name_gives)
        return self

    @model_validator(mode="after")
    def check_facets(self) -> "Mapping":
        """Refuse facets that two tables call differently, or that have the name of a column of figures."""
        check_against(self.facets, self.words)
        return self

    @model_validator(mode="after")
    def check_links(self) -> "Mapping":
        """Refuse what only links can have where the reports' sources are no links."""
        for reports, sources in self.pairs:
            columns = reports.columns
            several = isinstance(columns.source, tuple) or bool(columns.source and reports.constants.source)
            if not sources.by_link and (several or columns.publisher or columns.title):
                told = "several columns, a constant beside them, publisher and title"
                raise ValueError(f"{told} are for links; write `links: read` under sources")
            if sources.by_link and not columns.source:
                raise ValueError("sources are read from links, but no column of reports holds them; name it as source")
        return self

    @model_validator(mode="after")
    def check_personal_data(self) -> "Mapping":
        """Refuse a choice for a field that has no column."""
        for table in self.tables:
            for field in table.personal_data:
                if (isinstance(table, Sources) and not table.columns) or field not in {
                    *map(base_field, table.headings)
                }:
                    raise ValueError(f"personal_data names {field}, which has no column; delete the line")
        return self

    @model_validator(mode="after")
    def check_headings(self) -> "Mapping":
        """Refuse a heading that is used twice in one table; a link is the id and the address of its source."""
        for table in self.tables:
            headings = {} if isinstance(table, Sources) and not table.columns else table.headings
            fields = [field for field in headings if field != "url" or headings["url"] != headings["id"]]
            used = [*(headings[field] for field in fields), *table.left_out]
            for heading in used:
                if used.count(heading) > 1:
                    raise ValueError(f"the heading {heading!r} is used twice; keep one")
        return self


def read_mapping(folder: Path) -> Mapping:
    """Return the mapping of a folder; raise Problems with all that is wrong with it."""
    return read_settings(folder / FILE, Mapping)
