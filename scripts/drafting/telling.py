"""What a draft says of itself on the screen: what it took, what else it looked at, what is left to decide."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from dataset.problems import mask, mask_file
from lookups.tables import read_table

from drafting.look import Look
from drafting.mapping_text import say_seen
from drafting.registers import Registers

NAMES = {"searches": "figure"}
SHOWN, WIDE = 3, 24  # rows, and characters of a cell
SHORT = 60  # characters of a note


def say_headings(headings: Sequence[str]) -> str:
    """Return headings for a message, without what looks like a person's name in them."""
    return ", ".join(f"'{mask(heading)}'" for heading in headings)


def tell_look(look: Look) -> Iterator[str]:
    """Yield what was read and which column was taken for what."""
    where = mask_file(look.file) + (f", sheet {mask(look.sheet)}" if look.sheet else "")
    yield f"{where}: {len(look.numbers):,} rows under the headings in row {look.header_row}"
    yield from tell_parts(look)
    for name, rows in look.other_sheets.items():
        yield f"  sheet {mask(name)} has {rows:,} rows too; --sheet takes it instead"
    found, seen = look.choice.columns, look.choice.seen
    for name, heading in found.items():
        rest = [other for other in seen.get(name, []) if other not in (heading, *look.columns.people)]
        more = f" (looked at {say_headings(rest)} too)" if rest else ""
        yield f"  {name}: column {say_headings([heading])}{more}"
    for name in ("agency", "country", "searches"):
        if not look.is_decided(name):  # given by the names of sheets or files, or by a column for each period, it is
            option = f"--{NAMES.get(name, name)}"
            yield f"  {name}: no column was found; {mask_seen(seen.get(name, []))}; {option} 'HEADING' takes one"
    people = look.columns.people
    told = f"people are in {say_headings(people)}: left out, and" if people else "no column of people was found:"
    other = {"report": "account", "account": "report"}[look.choice.rows]
    yield f"  {told} a row is taken for one {look.choice.rows} (--rows {other} takes it for one {other})"
    taken = {
        *found.values(),
        *look.columns.people,
        *look.choice.links,
        *look.choice.periods.values(),
        *look.choice.facets,
    }
    if look.choice.facets:
        yield f"  facets: {say_headings(look.choice.facets)}"
    if few := seen.get("facet", []):
        yield f"  few values, so rows could be counted by them: {say_headings(few)}; --facet 'HEADING' takes one"
    if others := [heading for heading in look.columns.named() if heading not in taken]:
        yield f"  not recognised, so left out: {say_headings(others)}"
    for place, passed in sorted(look.no_data.items()):
        text = textwrap.shorten(mask(passed.text), SHORT, placeholder=" …")
        yield f"  row {look.numbers[place]} '{text}' is taken for {passed.reason}: skipped"


def tell_parts(look: Look) -> Iterator[str]:
    """Yield which sheets, files and columns are read together."""
    if look.table.by:
        names = [part.path.name if look.table.by == "files" else part.sheet for part in look.table.parts]
        gives = f"; their names give the {look.table.gives}" if look.table.gives else ""
        read = f"{len(names)} {look.table.by} have these headings and are read as one table"
        yield f"  {read}{gives}: {say_headings(names)}"
    for period, heading in look.choice.periods.items():
        yield f"  figure of {period}: column {say_headings([heading])}"
    if more := look.choice.links[1:]:
        yield f"  link: {say_headings(more)} too"


def mask_seen(headings: list[str]) -> str:
    """Return the headings that may be meant, for a message."""
    return say_seen([mask(heading) for heading in headings])


def tell_registers(made: Registers) -> Iterator[str]:
    """Yield what is in the drafts of the registers."""
    yield f"Names: {len(made.aliases):,}, drafted as {len(made.agencies):,} agencies"
    told = {
        "suggested as another spelling in aliases.csv, with a ? before the agency's id": made.suggested,
        "like another one and kept apart; their lines in aliases.csv say so": made.alike,
        "names of agencies that read like a person's too: look through not_persons.csv": len(made.not_persons),
        "cells of the column of agencies that name a person; they are in no draft": made.persons,
    }
    yield from (f"  {count:,}: {what}" for what, count in told.items() if count)
    for text, count in made.unknown_countries.most_common(5):
        yield f"  {count:,}: rows with the country '{mask(text)}', which is not known; their names are in no draft"
    if made.unknown_countries:
        yield "  Another spelling of a country's name belongs in scripts/lookups/everyday_countries.csv"


def tell_rows(look: Look) -> Iterator[str]:
    """Yield the first rows as they are, a column under the other would not fit: cut, and without persons."""
    headings = look.columns.named()
    texts = [headings, *(list(row) for row in zip(*map(look.columns.cells, headings), strict=True))][: SHOWN + 1]
    cut = [[mask(text)[:WIDE] for text in row] for row in texts]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    for row in cut:
        yield "  " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def tell_questions(folder: Path) -> Iterator[str]:
    """Yield what a person has yet to decide, file by file."""
    for name in ("mapping.yml", "site.yml"):
        text = (folder / name).read_text("utf-8") if (folder / name).exists() else ""
        lines = [line for line in text.splitlines() if line.endswith(": '?'") and not line.startswith("#")]
        if lines:
            asked = ", ".join(line.partition(":")[0].strip(" -") for line in lines)
            yield f"To decide in {name} ({len(lines)}): {asked}"
    for name, column in (("aliases.csv", "agency"), ("not_persons.csv", "phrase")):
        rows = read_table(folder / name) if (folder / name).exists() else []
        if count := sum(row[column].startswith("?") for row in rows):
            yield f"To decide in {name} ({count:,}): take away the ? where a line is right, mend the others"
