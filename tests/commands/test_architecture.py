"""docs/architecture.md: each row of "to change this, open that" leads to files that are there and hold what it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Of each row what a newcomer would look for in its first file.
HOLDS = {
    "a new spelling of an agency's name": "name_as_printed,",
    "a new agency": "native_name,country,agency_type",
    "a wrong or new cell of a report": "corrections.csv",
    "a regulator's decision, or a total that was published": "id,country,regulator",
    "which column of a spreadsheet is which field": "header_row:",
    "a new spelling of a country": "Great Britain,GB,",
    'a number word of a language ("douze")': "douze,12,",
    'a word before a number ("more than")': "en,more than,more_than",
    "a category, its label or its meaning": "denied_then_admitted,",
    "which printed word means which category": '"Admitted, leadership unaware",admitted_leadership_unaware',
    "a new type of agency": "municipal_police,",
    "a column of the database": "create table agencies",
    "the meaning or heading of a column": "columns:",
    "how an agency's one figure is chosen": "def resolve_figure",
    "which response, use or listing of several counts": "class Resolver",
    "a rule that the finished database must keep": "foreign_key_check",
    "the number of rows that is expected": "table,minimum,maximum",
    "a file format of spreadsheets": ".ods",
    "what counts as a person's name": "def find_names",
    "a phrase that only looks like a person": "phrase,reason",
    "a worked example of SQL": "A running total",
    "a function that the SQL page offers": "group_concat",
    "the text of the home page": "<h1",
    "the page of an agency": "{{ say_agency(agency) }}",
    "the sentence that sums up an agency": "def say_agency",
    "the menu, the foot and the looks of all pages": "<footer",
    "the pages Method, API, Downloads and Changes": "What the words mean",
    "a facet of a table": "facets:",
    "a facet of another dataset's own": "facets: in mapping.yml",
    "a ready-made question": "queries:",
    "a chart on a page": '<svg class="plot-marks"',
    "a chart's words and numbers": "TITLES",
    "a chart as a picture to take along": "as one SVG file to take along",
    "what may stand in a frame on other people's pages": "/embed/map",
    "what is compared side by side": "compared",
    "how search forgives a typing error": "typing errors",
    "an abbreviation that search knows": "abbreviation,stands_for",
    "the order of a column": "The order of a table's rows",
    "where readers report a mistake": "report_mistakes_to:",
    "how a list of names is matched": "class Reconciler",
    "a header that every answer carries": "permissions-policy",
    "what a page may load, and who may frame it": "content-security-policy",
    "how long a query may take, how many rows it gives": "--setting",
    "what else a reader's SQL may cost": "limit of time",
    "an address of the API and its description": "path: /clearview/{table}",
    "a tool for language models": "tools:",
    "what another dataset calls its database and its figures": "what its database is called and what it counts",
    "a format of whole files": "xlsx",
    "the map": "Draws a map into each element",
    "nginx": "proxy_pass",
    "the archive's addresses, its pages, and what runs in them": "Which file of the archive",
    "a command of make": ".PHONY: serve",
    "a version of a library": "datasette",
}


def read_table(heading: str) -> list[tuple[str, str]]:
    """Return the cells of the table below a heading, without its own."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (.*?) \| (.*) \|$", table, re.MULTILINE)[1:]


def read_rows() -> dict[str, list[str]]:
    """Return the files of each row; a name without a folder stands beside the one before it."""
    rows = {}
    for change, opened in read_table("To change this, open that"):
        names = [name for name in re.findall(r"`([^`]+)`", opened) if "/" in name or "." in name or name == "Makefile"]
        folder = Path(names[0]).parent
        rows[change] = [name if "/" in name or (ROOT / name).exists() else str(folder / name) for name in names]
    return rows


ROWS = read_rows()


def test_every_row_is_held() -> None:
    assert set(ROWS) == set(HOLDS)


@pytest.mark.parametrize("change", ROWS)
def test_a_row_leads_to_files_that_hold_what_it_says(change: str) -> None:
    assert [path for path in ROWS[change] if not (ROOT / path).exists()] == []
    assert HOLDS[change] in (ROOT / ROWS[change][0]).read_text("utf-8")


def test_twenty_changes_open_files_of_the_table() -> None:
    asked = read_table("Twenty changes, as they are asked for")
    named = {path for paths in ROWS.values() for path in paths}
    assert len(asked) == 20
    assert [change for change, opened in asked if opened.strip("`") not in named] == []


def test_every_test_that_is_named_is_there() -> None:
    named = [name for _, test in read_table("How to test a change") for name in re.findall(r"`([^`]+)`", test)]
    assert named != []
    assert [name for name in named if not (ROOT / name).exists()] == []
