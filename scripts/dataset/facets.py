"""facets: in mapping.yml, further columns by which rows are counted and chosen: technology, vendor, status."""

import sqlite3
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator, Field

from dataset.settings import Strict, Text
from dataset.words import Words, as_identifier

NOT_STATED = "not stated"
# The columns of reports and agencies, and what SQL and addresses call a row: no facet may have their names.
TAKEN = {
    "accounts", "accounts_max", "accounts_min", "agency", "agency_as_printed", "agency_type", "aliases", "clearview",
    "corrected", "country", "country_as_printed", "country_name", "date", "date_as_printed", "figure_from",
    "figures_conflict", "file", "first_reported", "first_search", "id", "last_reported", "latitude", "licence",
    "listing", "locality", "locality_as_printed", "longitude", "name", "native_name", "no", "note", "oid", "period",
    "period_as_printed", "published", "publisher", "region", "region_as_printed", "report_count", "response",
    "response_2021", "response_detail", "response_given_to", "row", "rowid", "search_bands", "series", "sheet",
    "source", "source_count", "title", "use_status",
}  # fmt: skip


def as_marks(said: object) -> object:
    """Return one mark as a list of it."""
    return [said] if isinstance(said, str) else said


Marks = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(as_marks)]


class Facet(Strict):
    """A column of the spreadsheet that is a facet; what it is named by in mapping.yml is its name in SQL too."""

    column: Text
    label: Text | None = None  # what readers see, where that is not the name itself
    split: Marks = ()  # what stands between several values of a cell: ";" or [";", "/"]


Facets = dict[Text, Facet]


def check_names(facets: Facets) -> None:
    """Raise ValueError for a name that is no column's, another column's, or that of two facets."""
    known: dict[str, str] = {}
    for name in facets:
        column = as_identifier(name)
        if not column[:1].isalpha():
            advice = "begin it with a Latin letter, and write what readers see under label"
            raise ValueError(f"the facet {name!r} can't be the name of a column; {advice}")
        if column in TAKEN or "searches" in column.split("_") or is_word_of_sql(column):
            raise ValueError(f"the facet {name!r} has the name of another column or a word of SQL; say it in two words")
        if column in known:
            raise ValueError(f"the facets {known[column]!r} and {name!r} would be one column, {column}; rename one")
        known[column] = name


def is_word_of_sql(column: str) -> bool:
    """Return whether SQLite reads a name as a word of its own: order, group."""
    try:
        sqlite3.connect(":memory:").execute(f"create table t ({column} text)")
    except sqlite3.OperationalError:
        return True
    return False


def by_column(facets: Facets) -> dict[str, Facet]:
    """Return facets by the names of their columns in the database."""
    return {as_identifier(name): facet for name, facet in facets.items()}


class FacetColumn(Strict):
    """A facet of the database: its column, what readers see, and whether a report may have several values."""

    name: str
    label: str
    several: bool


def join_facets(tables: Iterable[Facets]) -> tuple[FacetColumn, ...]:
    """Return the facets of several tables of reports; raise ValueError where they call one differently."""
    found: dict[str, FacetColumn] = {}
    for facets in tables:
        for said, facet in facets.items():
            name, label = as_identifier(said), facet.label or said
            earlier = found.get(name, FacetColumn(name=name, label=label, several=False))
            if earlier.label != label:
                raise ValueError(f"the facet {name} is called {earlier.label!r} and {label!r}; say the same of both")
            found[name] = FacetColumn(name=name, label=label, several=earlier.several or bool(facet.split))
    return tuple(found.values())


def check_against(facets: Iterable[FacetColumn], words: Words) -> None:
    """Raise ValueError for a facet with the name of a column of what is counted."""
    counted = as_identifier(words.many)
    for facet in facets:
        if facet.name == counted or facet.name.startswith(f"{counted}_"):
            raise ValueError(
                f"the facet {facet.label!r} has the name of a column of {words.many}; say it in other words"
            )
