"""A folder's spreadsheet -> BUILD_DIR/*.csv: the mapped columns, each cell as text, nothing guessed, nothing left out.

A row keeps its distance from the headings, so that every later message can name the spreadsheet's own row.
"""

import argparse
import csv
import gc
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice, repeat
from pathlib import Path

from accounts import ACCOUNT_COLUMNS
from mapping import Mapping, Sheet, SourceFields, read_mapping
from oddities import TableRead
from people import Screen
from problems import Problem, Problems, exit_with, name_file
from profile_rules import LEFT_OUT_COLUMNS
from publishing import Publisher
from sheets import MissingSheet, SheetReader, UnreadableFile, Watch
from tables import ISSUE_COLUMNS, write_table
from workbooks import open_sheet

BATCH = 10_000
Line = tuple[int, list[str]]


def extract(folder: Path, build: Path) -> None:
    """Write one CSV file for each table, or none where any of them has a problem."""
    mapping = read_mapping(folder)
    part = build.with_name(f"{build.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        if problems := extract_tables(folder, mapping, part):
            raise Problems(problems)
        build.mkdir(parents=True, exist_ok=True)
        for path in part.iterdir():
            path.replace(build / path.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def extract_tables(folder: Path, mapping: Mapping, part: Path) -> list[Problem]:
    """Write reports.csv, sources.csv and removed.csv; return all that is wrong."""
    screen, publisher = Screen(folder, mapping), Publisher(folder, mapping)
    problems = extract_table("reports", mapping.reports, screen, publisher, part)
    if mapping.sources.columns:
        problems += extract_table("sources", mapping.sources, screen, publisher, part)
    else:
        fields = list(SourceFields.model_fields)
        texts = ([getattr(source, field) or "" for field in fields] for source in mapping.sources.rows)
        lines = batch_lines(enumerate(texts, start=1))
        lines = publisher.publish("sources", fields, screen.screen("sources", fields, lines))
        write_lines(part / "sources.csv", fields, lines, 0)
    # A cell that people were taken out of stays in the log as that, whatever became of its counts.
    issues = {(issue[1], int(issue[2]), issue[4]): issue for issue in publisher.log + publisher.settle(screen.removed)}
    write_table(part / "removed.csv", ISSUE_COLUMNS, [issues[place] for place in sorted(issues)])
    write_table(part / "left_out.csv", LEFT_OUT_COLUMNS, publisher.left_out)
    write_table(part / "accounts.csv", ACCOUNT_COLUMNS, publisher.accounts)
    return problems + screen.problems + publisher.problems + ([] if problems else screen.unused_phrases())


def extract_table(name: str, table: Sheet, screen: Screen, publisher: Publisher, part: Path) -> list[Problem]:
    """Write the mapped columns of one table; return all that is wrong with it."""
    path = screen.folder / screen.mapping.workbook
    file = name_file(path)
    try:
        sheet = open_sheet(path, table.sheet, [*table.headings.values()], screen.mapping.encoding)
        found = read_headings(sheet, table)
        places = {field: found.index(heading) for field, heading in table.headings.items() if heading in found}
        watch = Watch(frozenset(places.values()), frozenset(place for place, text in enumerate(found) if text))
        lines = batch_lines(read_lines(sheet, table, list(places.values()), watch))
        fields = list(places)
        lines = publisher.publish(name, fields, screen.screen(name, fields, lines))
        write_lines(part / f"{name}.csv", [found[place] for place in places.values()], lines, table.header_rows[-1])
    except MissingSheet:
        return [Problem(file, table.sheet, advice="missing sheet; add it or restore its name")]
    except UnreadableFile as error:
        return [Problem(file, advice=str(error))]
    return check_headings(file, table, found) + TableRead(file, table, found, places).explain(watch.oddities)


def read_headings(sheet: SheetReader, table: Sheet) -> list[str]:
    """Return the headings by column; of several rows, a text above stands for the columns to its right as well."""
    last = table.header_rows[-1]
    rows = dict(row for row in islice(sheet.rows(Watch()), last) if row[0] in table.header_rows)
    width = max((place + 1 for cells in rows.values() for place in cells), default=0)
    levels = []
    for number in table.header_rows:
        texts = [tidy_heading(rows.get(number, {}).get(place, "")) for place in range(width)]
        if number != last:
            texts = [next((text for text in texts[place::-1] if text), "") for place in range(width)]
        levels.append(texts)
    return [" / ".join(dict.fromkeys(text for text in texts if text)) for texts in zip(*levels, strict=True)]


def tidy_heading(text: str) -> str:
    """Return a heading in one line, without characters that nobody sees."""
    return " ".join(text.translate(dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))).split())


def read_lines(sheet: SheetReader, table: Sheet, places: list[int], watch: Watch) -> Iterator[Line]:
    """Yield the rows under the headings that hold something, each with its number and its mapped cells."""
    for number, cells in sheet.rows(watch):
        if cells and number > table.header_rows[-1] and number not in table.skip_rows:
            yield number, [cells.get(place, "") for place in places]


def batch_lines(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines ten thousand at a time."""
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        yield batch


def write_lines(path: Path, headings: list[str], batches: Iterable[list[Line]], last: int) -> None:
    """Write headings and lines; an empty line stands for each row that holds nothing, so that none moves up."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        empty = [""] * len(headings)
        for batch in batches:
            if batch[-1][0] - last == len(batch):
                writer.writerows(cells for _, cells in batch)
            else:
                for number, cells in batch:
                    writer.writerows(repeat(empty, number - last - 1))
                    writer.writerow(cells)
                    last = number
            last = batch[-1][0]


def check_headings(file: str, table: Sheet, found: list[str]) -> list[Problem]:
    """Return one problem for each column that is missing, unknown or there twice."""
    row, columns = table.header_rows[-1], [*table.headings.values()]
    problems = []
    for column in columns:
        if column not in found:
            advice = "missing column; add it or restore the heading"
            problems.append(Problem(file, table.sheet, row, column, advice=advice))
        elif found.count(column) > 1:
            problems.append(Problem(file, table.sheet, row, column, advice="column there twice; keep one"))
    for heading in found:
        if heading and heading not in [*columns, *table.left_out]:
            advice = "unknown column; remove it or correct the heading"
            problems.append(Problem(file, table.sheet, row, heading, advice=advice))
    return problems


def main() -> None:
    """Extract a folder's tables, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml and the spreadsheet")
    parser.add_argument("build", type=Path, help="the folder to write to")
    given = parser.parse_args()
    gc.disable()  # nothing here refers to itself; the collector would walk millions of texts again and again
    try:
        extract(given.raw, given.build)
    except Problems as error:
        exit_with(error.problems)


if __name__ == "__main__":
    main()
