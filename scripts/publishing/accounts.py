"""Rows of single accounts -> one row per agency, summed and counted before anything is written.

The sums stand in the order of the agencies' ids, one after another: in the sheet's own order, how far apart two of them
stand could tell how many accounts an agency has.
"""

from collections import Counter, defaultdict

from cleaning.quantities import Quantity, describe_interval
from dataset.tables import SUMMED

from publishing.profile_rules import Line, Rules, to_range

ACCOUNT_COLUMNS = ("agency", "accounts", "accounts_min", "accounts_max")


def sum_accounts(rules: Rules, fields: list[str], lines: list[Line], first: int) -> tuple[list[Line], dict[int, int]]:
    """Return a line for each agency, numbered from first on, and for the row of each account the number of its sum."""
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for row, cells in lines:
        groups[name_group(rules, fields, row, cells)].append((row, cells))
    sums: list[Line] = []
    places: dict[int, int] = {}
    for place, key in enumerate(sorted(groups), start=first):
        tell_differences(rules, fields, groups[key])
        sums.append((place, sum_rows(rules, fields, [cells for _, cells in groups[key]])))
        places |= dict.fromkeys((row for row, _ in groups[key]), place)
    return sums, places


def name_group(rules: Rules, fields: list[str], row: int, cells: list[str]) -> tuple[str, ...]:
    """Return what the accounts of one sum share: the agency, or the country and name of a group that is no agency."""
    report = rules.fixed | dict(zip(fields, cells, strict=True))
    agency = rules.agency_of(report)
    if agency is None or rules.read_figure(report.get("searches", "")) is None:
        return ("", "", "", str(row))  # it cannot be summed: clean.py tells what is wrong with it
    return (agency,) if agency else ("", report["country"].strip(), report["agency"].strip())


def sum_rows(rules: Rules, fields: list[str], rows: list[list[str]]) -> list[str]:
    """Return one row for the accounts of an agency."""
    cells = [*rows[0]]
    for place, field in enumerate(fields):
        texts = [row[place] for row in rows]
        if field == "searches" and len(rows) == 1:
            cells[place] = rules.settle_figure(texts[0])
        elif field == "agency":
            names = Counter(texts)
            cells[place] = max(sorted(names), key=names.__getitem__)
        elif field == "searches":
            cells[place] = add_figures([figure for text in texts if (figure := rules.read_figure(text))])
        elif field == "first_search":
            cells[place] = min(filter(None, texts), default="")
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


def count_accounts(rules: Rules, fields: list[str], sums: list[Line], places: dict[int, int]) -> list[list[str]]:
    """Return each agency with the number of its accounts, as a range where the profile publishes no exact counts."""
    accounts = Counter(places.values())
    counts = []
    for place, cells in sums:
        if agency := rules.agency_of(rules.fixed | dict(zip(fields, cells, strict=True))):
            quantity = Quantity(accounts[place], accounts[place], None, f"{accounts[place]:,}")
            if rules.profile.counts == "ranges":
                quantity = rules.quantities.read(to_range(quantity))
            ends = ("" if end is None else str(end) for end in (quantity.minimum, quantity.maximum))
            counts.append([agency, quantity.text, *ends])
    return counts


def tell_differences(rules: Rules, fields: list[str], lines: list[Line]) -> None:
    """Keep a problem for each column in which the accounts of an agency differ though it is not summed."""
    for column, field in enumerate(fields):
        if field not in SUMMED and len({cells[column] for _, cells in lines}) > 1:
            advice = "differs between the accounts of one agency; correct it, or put the column under left_out"
            rules.problems.append(rules.problem(lines[0][0], rules.mapping.reports.headings[field], advice))
