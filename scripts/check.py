"""The rules of docs/method.md held against a finished database; one line for each breach."""

import argparse
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from dataset.facets import NOT_STATED
from dataset.problems import Problem, exit_with, name_file
from dataset.words import Words
from lookups.tables import LOOKUPS, read_table

FACETS = {
    "agencies": ("country", "agency_type", "response", "response_2021", "use_status", "listing", "searches_band",
                 "searches_basis", "licence", "figures_conflict"),
    "reports": ("country", "figure_from", "response", "response_given_to", "licence", "use_status", "listing"),
}  # fmt: skip
ADDRESSES = ("url", "copy_url", "query")
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
TELEPHONE = re.compile(r"\+\d[\d ()./-]{7,}\d|\(\d{3}\) ?\d{3}[- ]\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b")
REMEMBERED = 100_000  # so many values are kept; the memory of a check stays bounded

# Each query returns the rows that break the sentence beside it: table, row, column, value.
RULES = {
    "the agency's id begins with its country's code": """
        select 'agencies', id, 'id', country from agencies where id not like lower(country) || '-%'""",
    "an agency has at least one report": """
        select 'agencies', id, 'report_count', report_count from agencies where report_count = 0
        or report_count <> (select count(*) from reports where agency = agencies.id)""",
    "a report's agency is in the report's country": """
        select 'reports', no, 'agency', agency from reports join agencies on agencies.id = agency
        where agencies.country <> reports.country""",
    "a report has the date of its source, or its own": """
        select 'reports', no, 'published', reports.published from reports join sources on sources.id = source
        where reports.published is not sources.published{unless_dated}""",
    "every source is cited": "select 'sources', id, 'report_count', report_count from sources where report_count = 0",
    "an exact figure, a bound and an estimate are never mixed": """
        select 'reports', no, 'searches_about', searches_about from reports
        where searches_about is not null and coalesce(searches_min, searches_max) is not null""",
    "a report with a figure says where it comes from": """
        select 'reports', no, 'figure_from', searches_as_printed from reports
        where (searches_as_printed is null) <> (figure_from = 'not_stated')""",
    "an agency's figure is no narrower than its reports allow": """
        with bounds as (select agency, figure_from, max(searches_min) as best from reports group by agency, figure_from)
        select 'agencies', id, 'searches_min', searches_min from agencies
        join bounds on agency = id and figure_from = searches_basis where searches_min > best""",
    "a doubtful figure is never used": """
        select 'agencies', id, 'searches_basis', searches from agencies where searches_basis = 'doubtful'""",
    "latitude and longitude stand together, in range": """
        select 'agencies', id, 'latitude', latitude from agencies where (latitude is null) <> (longitude is null)
        or latitude not between -90 and 90 or longitude not between -180 and 180""",
    "a logged change changes something": """
        select 'cleaning_log', row, field, before from cleaning_log where before = after""",
    "a published total has its own line in the view coverage": """
        select 'coverage', id, 'documented', as_printed from coverage where documented is null and published > 0""",
}  # fmt: skip


def check_engine(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield what SQLite itself finds: damage, and keys that point nowhere."""
    for (message,) in db.execute("pragma integrity_check"):
        if message != "ok":
            yield Problem("clearview.db", advice=f"integrity_check: {message}")
    for table, row, parent, _ in db.execute("pragma foreign_key_check"):
        yield Problem("clearview.db", table, row or 0, advice=f"points to no row of {parent}")


def check_counts(db: sqlite3.Connection, counts: Path) -> Iterator[Problem]:
    """Yield the tables whose number of rows left the bounds that were agreed."""
    for expected in read_table(counts):
        (count,) = db.execute(f"select count(*) from [{expected['table']}]").fetchone()
        low, high = int(expected["minimum"]), int(expected["maximum"])
        if not low <= count <= high:
            advice = f"expected {low} to {high} rows; if the change is meant, say so in {name_file(counts)}"
            yield Problem("clearview.db", expected["table"], value=str(count), advice=advice)


def read_words(db: sqlite3.Connection) -> Words:
    """Return the words of what is counted, from the names of the columns."""
    (basis,) = (
        name for (name,) in db.execute("select name from pragma_table_info('agencies')") if name.endswith("_basis")
    )
    return Words(many=basis.removesuffix("_basis"))


def check_facets(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield facet columns with a NULL or an empty text, which would vanish from the counts."""
    words = read_words(db)
    for table, columns in FACETS.items():
        for column in map(words.sql, columns):
            sql = f"select count(*) from [{table}] where [{column}] is null or [{column}] = ''"
            (count,) = db.execute(sql).fetchone()
            if count:
                yield Problem(
                    "clearview.db", table, 0, column, str(count), "rows without a value; use the not_stated row"
                )


def check_own_facets(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the cells of a dataset's own facets without a value, and agencies whose values are not those of reports."""
    there = db.execute("select name from sqlite_master where type = 'table' and name = 'facets'").fetchall()
    for column, several in db.execute("select id, several_values from facets").fetchall() if there else ():
        stated: dict[str, set[str]] = defaultdict(set)
        for number, agency, text in db.execute(f"select no, agency, [{column}] from reports"):
            values = read_list(text) if several == "yes" else [text.strip()]
            stated[agency].update(values)
            if "" in values:
                advice = f"breaks the rule that a facet has {'a list of ' if several == 'yes' else ''}texts"
                yield Problem("clearview.db", f"reports ({number})", 0, column, text, advice)
        for agency, text in db.execute(f"select id, [{column}] from agencies"):
            if {*read_list(text)} != (stated[agency] - {NOT_STATED} or {NOT_STATED}):
                advice = "breaks the rule that an agency's values are those of its reports"
                yield Problem("clearview.db", f"agencies ({agency})", 0, column, text, advice)


def read_list(text: str) -> list[str]:
    """Return the values of a list in JSON; one that is none of different texts has an empty value."""
    try:
        values = json.loads(text)
    except ValueError:
        return [""]
    is_list = isinstance(values, list) and all(isinstance(value, str) and value.strip() for value in values)
    return values if is_list and 0 < len(values) == len(set(values)) else [""]


def check_rules(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the rows that break one of RULES."""
    (dated,) = db.execute("select count(*) from pragma_table_info('reports') where name = 'date_as_printed'").fetchone()
    unless_dated = " and date_as_printed is null" if dated else ""
    words = read_words(db)
    for rule, text in RULES.items():
        sql = words.sql(text).replace("{unless_dated}", unless_dated)
        for table, row, column, value in db.execute(sql):
            yield Problem("clearview.db", f"{table} ({row})", 0, column, str(value), f"breaks the rule that {rule}")


def check_persons(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield cells that hold an e-mail address or a telephone number; the value itself is not repeated."""
    tables = db.execute("select name from sqlite_master where type = 'table' and name not like '%_fts%'").fetchall()
    for (table,) in tables:
        told = db.execute(f"select name from pragma_table_info('{table}')")
        columns = [column for (column,) in told if column not in ADDRESSES]
        harmless: set[object] = set()  # almost every cell holds what another one holds too
        for row in db.execute(f"select {', '.join(f'[{column}]' for column in columns)} from [{table}]"):
            new = set(row) - harmless
            found = {value for value in new if isinstance(value, str) and holds_address_or_number(value)}
            if len(harmless) < REMEMBERED:
                harmless |= new - found
            for column, value in zip(columns, row, strict=True) if found else ():
                if value in found:
                    advice = "holds an e-mail address or a telephone number; take it out of raw/"
                    yield Problem("clearview.db", f"{table} ({row[0]})", 0, column, "", advice)


def holds_address_or_number(text: str) -> bool:
    """Return whether a text holds an e-mail address or a telephone number."""
    return bool(E_MAIL.search(text) or TELEPHONE.search(text))


def check(path: Path, counts: Path | None = LOOKUPS / "expected_counts.csv") -> list[Problem]:
    """Return every breach found in the database; counts is a table of agreed numbers of rows, if there is one."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    checks = (check_engine, check_facets, check_own_facets, check_rules, check_persons)
    problems = [problem for one in checks for problem in one(db)]
    if counts:
        problems += check_counts(db, counts)
    db.close()
    return problems


def main() -> None:
    """Check a database; print every breach and exit 1, or say that there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--counts", type=Path, help="a table of the numbers of rows that are expected")
    given = parser.parse_args()
    if not given.database.is_file():
        parser.error(f"there is no {given.database}")
    if problems := check(given.database, given.counts):
        exit_with(problems)
    print(f"{given.database}: all rules hold")


if __name__ == "__main__":
    main()
