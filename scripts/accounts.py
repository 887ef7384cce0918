"""Rows of single accounts -> one row per body, summed before anything is written."""

from collections import Counter, defaultdict

from profile_rules import Rules
from quantities import Quantity, describe_interval

Table = list[list[str]]
# What may differ between the accounts of a body; the name most often printed stands for all.
SUMMED = {"no", "agency", "country", "searches", "first_search"}


def sum_accounts(rules: Rules, fields: list[str], table: Table, first: int) -> Table:
    """Return the table with a body's accounts in the first one's row, the others empty."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, cells in enumerate(table[1:], start=1):
        body = rules.body_of(rules.fixed | dict(zip(fields, cells, strict=True))) if any(cells) else ""
        # What has no body or cannot be read stays as it is: clean.py tells where it stands.
        if body and rules.read_figure(cells[fields.index("searches")]) is not None:
            groups[body].append(index)
    summed = [[*cells] for cells in table]
    for indexes in groups.values():
        rows = [table[index] for index in indexes]
        tell_differences(rules, fields, table[0], rows, first + indexes[0] - 1)
        for index in indexes[1:]:
            summed[index] = [""] * len(table[0])
        summed[indexes[0]] = sum_rows(rules, fields, rows)
    return summed


def sum_rows(rules: Rules, fields: list[str], rows: Table) -> list[str]:
    """Return one row for the accounts of a body."""
    cells = [*rows[0]]
    names = Counter(row[fields.index("agency")] for row in rows)
    name = max(sorted(names), key=names.__getitem__)
    cells[fields.index("agency")] = name
    figures = [rules.read_figure(row[fields.index("searches")]) for row in rows]
    cells[fields.index("searches")] = add_figures([figure for figure in figures if figure])
    if "first_search" in fields:
        place = fields.index("first_search")
        cells[place] = min((row[place] for row in rows if row[place]), default="")
    return cells


def add_figures(figures: list[Quantity]) -> str:
    """Return the sum as words that quantities.py reads: "at least" where a part is open or not known, "" for none."""
    known = [figure for figure in figures if figure.minimum is not None or figure.maximum is not None]
    if not known:
        return ""
    low = sum(figure.minimum or 0 for figure in known)
    tops = [figure.maximum for figure in figures]
    high = None if None in tops else sum(top or 0 for top in tops)
    return describe_interval(low or (None if high else 0), high, None)


def tell_differences(rules: Rules, fields: list[str], headings: list[str], rows: Table, first: int) -> None:
    """Keep a problem for each column in which the accounts of a body differ though it is not summed."""
    for column, field in enumerate(fields):
        if field not in SUMMED and len({row[column] for row in rows}) > 1:
            advice = "differs between the accounts of one body; correct it, or put the column under left_out"
            rules.problems.append(rules.problem(first, headings[column], advice))
