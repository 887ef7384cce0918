"""The words of a site over another spreadsheet: metadata.yml, with title, texts and notice from the folder's site.yml.

Descriptions of tables and columns are the same for every dataset and come from metadata.yml.
"""

import argparse
from pathlib import Path
from typing import Annotated, Any

import yaml
from dataset.mapping import read_mapping
from dataset.settings import Strict, read_settings
from dataset.problems import Problems, exit_with
from pydantic import Field

ROOT = Path(__file__).resolve().parent.parent
FILE = "site.yml"
# What metadata.yml says of our own sources and totals alone.
OURS = ("source", "source_url", "about", "about_url")
# Questions that are asked of the table of BuzzFeed News.
OUR_QUESTIONS = ("responses_that_differ",)
# Those that a folder without regulatory_actions.csv or published_totals.csv leaves without rows.
QUESTIONS_OF = {"regulatory_actions": ("regulatory_actions_by_country",), "totals": ("published_and_documented",)}
OUR_TOTALS = ("coverage", "published_totals")
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
    "aliases": "The name most often printed in the accounts, where it is not the register's own.",
    "accounts": "How many accounts of the agency were summed; a range where no exact count is published.",
    "accounts_min": "Lowest number of accounts that this allows.",
    "accounts_max": "Highest number of accounts that this allows; empty where there is no bound.",
}
SUMS = {
    "no": "Number of the sum of an agency's accounts.",
    "agency_as_printed": "The name most often printed for the agency; other spellings of it were in some accounts.",
    "searches_as_printed": "The sum over the agency's accounts; “at least” where one's figure is open or not known.",
    "row": "Number of the sum; it stands in no row of the spreadsheet, whose rows are single accounts.",
}

Said = Annotated[str, Field(pattern=r"^[^?]")]  # "?" stands in a draft for what a person has yet to say


class Site(Strict):
    """A folder's site.yml."""

    title: Said
    description: Said  # what the list is, in a sentence or two
    keeper: Said  # who keeps the list
    licence: Said
    licence_url: Said
    limits: tuple[Said, ...] = ()  # what a reader must know before reading the numbers
    notice: str = ""  # stands on every page: that the data is made up, say
    source: str = ""  # where the spreadsheet comes from
    report_mistakes_to: str = ""  # a web address or an e-mail address


def describe_site(folder: Path) -> dict[str, Any]:
    """Return the metadata of a folder's site; raise Problems with all that is wrong with its site.yml."""
    site = read_settings(folder / FILE, Site)
    words: dict[str, Any] = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    database = words["databases"]["clearview"]
    for part in (words, database):
        for key in OURS:
            part.pop(key, None)
        part.update({"title": site.title, "description_html": f"<p>{escape(site.description)}</p>"})
        part.update({"license": site.licence, "license_url": site.licence_url})
        part.update({"source": site.source} if site.source else {})
    words["report_mistakes_to"] = site.report_mistakes_to
    words["plugins"]["site"] = site.model_dump(include={"description", "keeper", "notice"}) | {
        "limits": [*site.limits],
        "regulatory_actions": (folder / "regulatory_actions.csv").is_file(),
        "totals": (folder / "published_totals.csv").is_file(),
    }
    for question in OUR_QUESTIONS:
        del database["queries"][question]
    for part, questions in QUESTIONS_OF.items():
        for question in () if words["plugins"]["site"][part] else questions:
            del database["queries"][question]
    for table in OUR_TOTALS:
        database["tables"][table]["description_html"] = "<p>A total that somebody published of a list like this.</p>"
    mapping, tables = read_mapping(folder), database["tables"]
    tables["reports"]["columns"]["file"] = "The folder's spreadsheet that the report came with."
    tables["cleaning_log"]["columns"]["file"] = "The folder's file."
    if mapping.profile:
        tables["left_out"] = LEFT_OUT
    if mapping.reports.rows == "account":
        describe_accounts(tables)
    return words


def describe_accounts(tables: dict[str, Any]) -> None:
    """Say in the words of the tables that their rows are sums of accounts."""
    tables["agencies"]["columns"] |= ACCOUNTS
    shown = tables["agencies"]["plugins"]["pages"]["columns"]
    tables["agencies"]["plugins"]["pages"]["columns"] = shown | {"accounts": "Accounts"}
    tables["agencies"]["plugins"]["pages"]["figures"]["accounts"] = ["accounts_min", "accounts_max"]
    tables["reports"]["columns"] |= SUMS
    tables["cleaning_log"]["columns"]["row"] = "Number of the sum (for a report, its column row)."


def escape(text: str) -> str:
    """Return a text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def main() -> None:
    """Write a folder's metadata.yml, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with mapping.yml and site.yml")
    parser.add_argument("metadata", type=Path, help="the file to write")
    given = parser.parse_args()
    try:
        words = describe_site(given.folder)
    except Problems as found:
        exit_with(found.problems)
    given.metadata.parent.mkdir(parents=True, exist_ok=True)
    given.metadata.write_text(yaml.safe_dump(words, sort_keys=False, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    main()
