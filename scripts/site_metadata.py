"""The words of a site over another spreadsheet: metadata.yml, with title, texts and notice from the folder's site.yml.

Descriptions of tables and columns come from metadata.yml, in the dataset's own words; its examples name the agency with
most reports.
"""

import argparse
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import yaml
from dataset.mapping import read_mapping
from dataset.problems import Problems, exit_with
from dataset.settings import Strict, read_settings
from dataset.words import Sample, Words
from exports.added_words import describe_facets, describe_tables
from lookups.yaml_files import read_yaml
from pydantic import Field

ROOT = Path(__file__).resolve().parent.parent
FILE = "site.yml"
# What metadata.yml says of our own sources and totals alone.
OURS = ("source", "source_url", "about", "about_url")
# Questions that are asked of the table of BuzzFeed News.
OUR_QUESTIONS = ("responses_that_differ",)
# Those that a folder without regulatory_actions.csv or published_totals.csv leaves without rows.
PUBLISHED = "published_and_documented"
QUESTIONS_OF = {"regulatory_actions": ("regulatory_actions_by_country",), "totals": (PUBLISHED,)}
# What metadata.yml says of our own sources and totals, as it is said of any list.
NEUTRAL = {
    "agencies": {
        "listing": "The strongest origin among the agency's reports.",
        "searches_band": "The range that is certain to hold the figure; “or more” where no upper limit is known.",
        "response_2021": "Not used by this list; “not stated” in every row.",
    },
    "reports": {
        "response_given_to": "To whom it responded.",
        "listing": "What the page itself rests on.",
        "file": "The folder's spreadsheet that the report came with.",
    },
    "cleaning_log": {"file": "The folder's file."},
}
LONG_LOG = (
    "This log is long: it is in the order of the rows, and a filter that few rows meet can take longer than a page "
    "may. A report's own changes are on its page; the whole log is in the CSV of this page and in the database's file."
)
TOTAL = "A total that somebody published of a list like this."
DESCRIBED = {
    "coverage": TOTAL,
    "published_totals": TOTAL,
    "search_bands": "Ranges of figures, and open ranges for figures without an upper limit.",
    "regulatory_actions": "Decisions and other steps of regulators and courts, in our own words, each with its source.",
}
SAMPLE = """
    select agencies.id, agencies.name, agencies.country, agencies.country_name
    from agencies order by report_count desc, agencies.id limit 1"""

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


def read_words(folder: Path, database: Path | None) -> Words:
    """Return the words of a folder, and where its database is there an agency for examples."""
    counted = read_mapping(folder).words
    if database is None:
        return counted
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute(SAMPLE).fetchall()
    return replace(counted, database=database.stem, sample=Sample(*rows[0]) if rows else None)


def logs_as_view(database: Path) -> bool:
    """Return whether the log of changed cells is a view: the list has many reports."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return db.execute("select type from sqlite_master where name = 'cleaning_log'").fetchall() == [("view",)]


def describe_site(folder: Path, database: Path | None = None) -> dict[str, Any]:
    """Return the metadata of a folder's site; raise Problems with all that is wrong with its site.yml.

    Without its database no example names an agency.
    """
    own, mapping, site = read_words(folder, database), read_mapping(folder), read_settings(folder / FILE, Site)
    words: dict[str, Any] = read_yaml(ROOT / "metadata.yml")
    files = {"regulatory_actions": "regulatory_actions.csv", "totals": "published_totals.csv"}
    has = {part: (folder / file).is_file() for part, file in files.items()}
    describe_any_list(words["databases"]["clearview"], has)
    describe_tables(words["databases"]["clearview"]["tables"], folder, mapping)
    if database and logs_as_view(database):
        # Its rows are joined as they are asked for: to sort or count millions takes longer than a page may.
        log = words["databases"]["clearview"]["tables"]["cleaning_log"]
        del log["facets"]
        log |= {"sortable_columns": ["row"], "description": f"{log['description']} {LONG_LOG}"}
    words = own.translate(words)
    describe_facets(words["databases"][own.database]["tables"], mapping.facets)
    for part in (words, words["databases"][own.database]):
        for key in OURS:
            part.pop(key, None)
        part.update({"title": site.title, "description_html": f"<p>{escape(site.description)}</p>"})
        part.update({"license": site.licence, "license_url": site.licence_url})
        part.update({"source": site.source} if site.source else {})
    words["report_mistakes_to"] = site.report_mistakes_to
    said = site.model_dump(include={"description", "keeper", "notice"})
    words["plugins"]["site"] = said | {"limits": [*site.limits], "words": asdict(own)} | has
    return words


def describe_any_list(described: dict[str, Any], has: dict[str, bool]) -> None:
    """Say in the words of the tables what is true of any list, where metadata.yml speaks of ours."""
    tables, questions = described["tables"], described["queries"]
    for table, columns in NEUTRAL.items():
        tables[table]["columns"] |= columns
    for table, description in DESCRIBED.items():
        tables[table] |= {"description": description}
        tables[table].pop("description_html", None)
    questions[PUBLISHED]["description"] = "Each published total and ours, with a link to the rows counted."
    lacking = [question for part, asked in QUESTIONS_OF.items() if not has[part] for question in asked]
    for question in (*OUR_QUESTIONS, *lacking):
        del questions[question]


def escape(text: str) -> str:
    """Return a text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def main() -> None:
    """Write a folder's metadata.yml, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with mapping.yml and site.yml")
    parser.add_argument("metadata", type=Path, help="the file to write")
    parser.add_argument("database", type=Path, nargs="?", help="the database that is served, whose name it has")
    given = parser.parse_args()
    try:
        words = describe_site(given.folder, given.database)
    except Problems as found:
        exit_with(found.problems)
    given.metadata.parent.mkdir(parents=True, exist_ok=True)
    given.metadata.write_text(yaml.safe_dump(words, sort_keys=False, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    main()
