"""What the tables of another dataset have beside ours, because its mapping gives it: the words for it, and facets."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from dataset.deliveries import fields_in_use, list_deliveries
from dataset.facets import FacetColumn
from dataset.mapping import Mapping
from dataset.measure import Counted

LEFT_OUT = {
    "title": "Left out",
    "description_html": "<p>The agencies that this list leaves out by its own rules, each with the reason.</p>",
    "label_column": "name",
    "sort": "name",
    "facets": ["country", "agency_type", "reason"],
    "columns": {
        "id": "Stable identifier; the country's code, then the name.",
        "name": "Name from the register.",
        "country": "Country the agency belongs to.",
        "agency_type": "Kind of agency, from the register.",
        "reason": "The rule by which the agency is left out.",
    },
}
# What a dataset whose rows are accounts has and means beside: the columns of accounts.sql, and sums without a row.
ACCOUNTS = {
    "aliases": "The name most often printed in the {many}, where it is not the register's own.",
    "accounts": "How many {many} of the agency were summed; a range where no exact count is published.",
    "accounts_min": "Lowest number of {many} that this allows.",
    "accounts_max": "Highest number of {many} that this allows; empty where there is no bound.",
}
SUMS = {
    "no": "Number of the sum of an agency's {many}.",
    "agency_as_printed": "The name most often printed for the agency; other spellings of it were in some {many}.",
    "searches_as_printed": "The sum over the agency's {many}; “at least” where one's figure is open or not known.",
    "row": "Number of the sum; it stands in no row of the spreadsheet, whose rows are single {many}.",
}
SUMMED = Counted(one="account", many="accounts")

# What tables have beside, for the fields that mapping.yml gives texts for: the meaning of each column.
ADDED = {
    "region": {"reports": {"region_as_printed": "State or province as printed; with the name it tells the agency."}},
    "locality": {"reports": {"locality_as_printed": "Town as printed; with the name it tells the agency."}},
    "date": {"reports": {
        "date_as_printed": "Date of the report as printed.",
        "published": "Date of the report (year, month or day, as far as it is known); else that of its source.",
    }},
    "period": {
        "reports": {
            "period_as_printed": "The period as printed.",
            "period": "The year, year of account, quarter or month that the report's figure is of.",
        },
        "agencies": {
            "period": "The period that the figure shown is of: the latest with a figure.",
            "series": "The figure of each period in words, the first period first.",
        },
    },
}  # fmt: skip
ADDED_FACETS = {"region": ("agencies",), "period": ("agencies", "reports")}
FURTHER = {
    "title": "Further sources",
    "description": "Reports that link to several pages: the first is their source, the others stand here.",
    "columns": {"report": "The report.", "source": "A page that it links to, beside its source."},
}
# Facets of the dataset's own, in the words of their labels.
FACETS = {
    "title": "Facets",
    "description": "The columns of reports and agencies that are facets of this list alone.",
    "columns": {
        "id": "The column's name.",
        "label": "What readers see.",
        "several_values": "Whether a report may have several values (yes, no): its cell is split.",
    },
}
ONE_VALUE = "{label}, as the report's row says it; “not stated” where its cell is empty."
OF_REPORT = "{label}: the values in the report's row, as a list in JSON. A filter by a value keeps what has it."
OF_AGENCY = "{label}: the values in the agency's reports, as a list in JSON. A filter by a value keeps what has it."


def describe_tables(tables: dict[str, Any], folder: Path, mapping: Mapping) -> None:
    """Describe the tables and columns that the mapping adds to ours."""
    if mapping.profile:
        tables["left_out"] = LEFT_OUT
    describe_added(tables, fields_in_use(list_deliveries(folder, mapping)))
    if any(sources.by_link for _, sources in mapping.pairs):
        tables["further_sources"] = FURTHER
    if mapping.reports.rows == "account":
        describe_accounts(tables, mapping.accounts or SUMMED)


def describe_added(tables: dict[str, Any], in_use: Collection[str]) -> None:
    """Say what the columns mean that the tables have because the mapping gives a field; make facets of some."""
    for field, added in ADDED.items():
        if field in in_use:
            for table, columns in added.items():
                tables[table]["columns"] |= columns
            for table in ADDED_FACETS.get(field, ()):
                tables[table]["facets"] = [*tables[table]["facets"], field]
    if "period" in in_use:
        pages = tables["agencies"]["plugins"]["pages"]
        pages["columns"] = insert_after(pages["columns"], "searches", {"period": "Period"})
        pages = tables["reports"]["plugins"]["pages"]
        pages["columns"] = insert_after(pages["columns"], "searches_as_printed", {"period": "Period"})
    if "region" in in_use:
        pages = tables["agencies"]["plugins"]["pages"]
        pages["columns"] = insert_after(pages["columns"], "country", {"region": "Region"})


def insert_after(columns: dict[str, str], name: str, added: dict[str, str]) -> dict[str, str]:
    """Return columns with others behind the one of a name."""
    place = [*columns].index(name) + 1
    items = [*columns.items()]
    return dict([*items[:place], *added.items(), *items[place:]])


def describe_accounts(tables: dict[str, Any], summed: Counted) -> None:
    """Say in the words of the tables that their rows are sums of accounts, or of what the mapping calls the rows."""
    meant = {table: {column: text.format(many=summed.many) for column, text in said.items()}
             for table, said in (("agencies", ACCOUNTS), ("reports", SUMS))}  # fmt: skip
    tables["agencies"]["columns"] |= meant["agencies"]
    shown = tables["agencies"]["plugins"]["pages"]["columns"]
    tables["agencies"]["plugins"]["pages"]["columns"] = shown | {"accounts": summed.heading}
    tables["agencies"]["plugins"]["pages"]["figures"]["accounts"] = ["accounts_min", "accounts_max"]
    tables["reports"]["columns"] |= meant["reports"]
    tables["cleaning_log"]["columns"]["row"] = "Number of the sum (for a report, its column row)."


def describe_facets(tables: dict[str, Any], facets: Sequence[FacetColumn]) -> None:
    """Say what the dataset's own facets are; lists names the columns whose cells hold several values."""
    if not facets:
        return
    tables["facets"] = FACETS
    for table, before in (("agencies", "agency_type"), ("reports", "country")):
        described, pages = tables[table], tables[table]["plugins"]["pages"]
        for facet in facets:
            several = OF_AGENCY if table == "agencies" else OF_REPORT if facet.several else ONE_VALUE
            described["columns"][facet.name] = several.format(label=facet.label)
        described["facets"] = [*described["facets"], *(facet.name for facet in facets)]
        pages["columns"] = insert_after(pages["columns"], before, {facet.name: facet.label for facet in facets})
        pages["lists"] = [facet.name for facet in facets if facet.several or table == "agencies"]
