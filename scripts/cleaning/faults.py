"""Texts that could not be read: a line for each distinct one, and the unknown names in the form of aliases.csv."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from dataset.problems import LISTED, Problem, name_file
from lookups.tables import write_table

from cleaning.odd_texts import is_like_total, tidy
from cleaning.printed import Reports
from cleaning.readings import Printed
from cleaning.registers import alias_columns

UNKNOWN_NAMES = "unknown_names.csv"


def find_faulty_cells(
    reports: Reports, faults: Mapping[Printed, str], code_of: Callable[[str], str | None]
) -> list[Problem]:
    """Return a problem for each distinct text with a fault: the rows it first stands in, and how many there are."""
    by_field: dict[str, dict[Printed, str]] = defaultdict(dict)
    for printed, advice in faults.items():
        by_field[printed.field][printed] = advice
    first: dict[tuple[str, str, str, str, str], Problem] = {}
    rows: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(list)
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for batch in reports if by_field else ():
        for field, faulty in by_field.items():
            codes = [code_of(text) or "" for text in batch.columns["country"]] if field == "agency" else ()
            for index, text in enumerate(batch.columns[field]):
                where = [batch.columns[column][index] for column in ("region", "locality")]
                key = Printed(field, text, codes[index], "", *where) if codes else Printed(field, text)
                told = faulty.get(key) or faulty.get(key._replace(report_no=batch.columns["no"][index]))
                if told:
                    place = (batch.place.file, batch.place.sheet, field, text, told)
                    counts[place] += 1
                    if counts[place] <= LISTED:
                        rows[place].append(batch.rows[index])
                    if place not in first:
                        first[place] = batch.place.problem(batch.rows[index], field, text, told)
    return [
        replace(problem, rows=tuple(rows[place]) if problem.row else (), count=counts[place])
        for place, problem in first.items()
    ]


def write_unknown_names(build: Path, names: Collection[Printed], aliases: Path) -> Iterator[Problem]:
    """Write the names that aliases.csv lacks in its own form, each with a ? for its agency; yield where, if any."""
    path = build / UNKNOWN_NAMES
    path.unlink(missing_ok=True)
    if not names:
        return
    made = sorted({tuple(tidy(printed[place]) for place in (1, 2, 4, 5)) for printed in names})
    lines = [dict(zip(("name_as_printed", "country", "region", "locality"), one, strict=True)) for one in made]
    columns = alias_columns(lines)
    write_table(path, columns, [[(line | {"agency": "?"}).get(column, "") for column in columns] for line in lines])
    advice = f"lacks {len(names):,} names; {path} has them in its form: write each one's agency, and add them"
    yield Problem(name_file(aliases), advice=advice)


def advise_name(printed: Printed, aliases: Path) -> str:
    """Return what to do with a name that aliases.csv lacks."""
    advice = (
        f"unknown name in {printed.country}; add it to {name_file(aliases)} with the agency's id,"
        " or none for an unnamed group"
    )
    total = "; if it is a total, name its row under skip_rows in mapping.yml"
    return advice + total if is_like_total(printed.text) else advice
