"""A folder's spreadsheet -> BUILD_DIR/*.csv: the mapped columns, each cell as text, nothing guessed, nothing left out.

A row keeps its distance from the headings, so that every later message can name the spreadsheet's own row.
"""

import argparse
import csv
import gc
import shutil
from collections.abc import Generator, Iterable, Iterator
from itertools import compress, islice, repeat
from pathlib import Path

from dataset.mapping import Mapping, Sheet, SourceFields, read_mapping
from dataset.problems import Problem, Problems, exit_with, name_file
from lookups.tables import LOG_COLUMNS, write_table
from publishing.accounts import ACCOUNT_COLUMNS
from publishing.people import Screen
from publishing.profile import Publisher, See
from publishing.profile_rules import LEFT_OUT_COLUMNS
from spreadsheets.ahead import ahead
from spreadsheets.oddities import TableRead
from spreadsheets.sheets import MissingSheet, Oddity, Rows, SheetReader, UnreadableFile, Watch
from spreadsheets.workbooks import open_sheet


def extract(folder: Path, build: Path, mapping: Mapping, see: See | None = None) -> None:
    """Write one CSV file for each table, or none where any of them has a problem; see() is shown the reports."""
    part = build.with_name(f"{build.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        if problems := extract_tables(folder, mapping, part, see):
            raise Problems(problems)
        build.mkdir(parents=True, exist_ok=True)
        # The reports last: where they are, build.py takes the other tables for whole too.
        for path in sorted(part.iterdir(), key=lambda path: path.name == "reports.csv"):
            path.replace(build / path.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def extract_tables(folder: Path, mapping: Mapping, part: Path, see: See | None) -> list[Problem]:
    """Write reports.csv, sources.csv and removed.csv; return all that is wrong."""
    screen, publisher = Screen(folder, mapping), Publisher(folder, mapping, see)
    problems = extract_table("reports", mapping.reports, screen, publisher, part)
    if mapping.sources.columns:
        problems += extract_table("sources", mapping.sources, screen, publisher, part)
    else:
        fields = list(SourceFields.model_fields)
        listed = mapping.sources.rows
        columns = [[getattr(source, field) or "" for source in listed] for field in fields]
        batches = screen.screen("sources", fields, [Rows(range(1, len(listed) + 1), columns)])
        write_rows(part / "sources.csv", fields, publisher.publish("sources", fields, batches), 0)
    # A cell that people were taken out of stays in the log as that, whatever became of its counts.
    log = {(line[1], int(line[2]), line[4]): line for line in publisher.log + publisher.settle(screen.removed)}
    write_table(part / "removed.csv", LOG_COLUMNS, [log[place] for place in sorted(log)])
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
        fields = list(places)
        batches = screen.screen(name, fields, read_ahead(sheet, table, list(places.values()), watch))
        batches = publisher.publish(name, fields, batches)
        write_rows(part / f"{name}.csv", [found[place] for place in places.values()], batches, table.header_rows[-1])
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


def read_ahead(sheet: SheetReader, table: Sheet, places: list[int], watch: Watch) -> Iterator[Rows]:
    """Yield the rows of read_rows."""
    watch.oddities = yield from ahead(lambda: read_rows(sheet, table, places, watch))


def read_rows(sheet: SheetReader, table: Sheet, places: list[int], watch: Watch) -> Generator[Rows, None, list[Oddity]]:
    """Yield the rows under the headings that hold something, with their mapped columns; return what was odd."""
    last, skipped = table.header_rows[-1], table.skip_rows
    for numbers, columns in sheet.batches(places, watch) if places else ():
        filled = map(any, zip(*columns, strict=True))
        kept = [full and number > last and number not in skipped for number, full in zip(numbers, filled, strict=True)]
        if all(kept):
            yield Rows(numbers, columns)
        elif any(kept):
            yield Rows(list(compress(numbers, kept)), [list(compress(column, kept)) for column in columns])
    return watch.oddities


def write_rows(path: Path, headings: list[str], batches: Iterable[Rows], last: int) -> None:
    """Write headings and rows; an empty line stands for each row that holds nothing, so that none moves up."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        empty = [""] * len(headings)
        for rows in batches:
            if rows.numbers[-1] - last == len(rows.numbers):
                writer.writerows(zip(*rows.columns, strict=True))
            else:
                for number, cells in rows.lines():
                    writer.writerows(repeat(empty, number - last - 1))
                    writer.writerow(cells)
                    last = number
            last = rows.numbers[-1]


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
        extract(given.raw, given.build, read_mapping(given.raw))
    except Problems as error:
        exit_with(error.problems)


if __name__ == "__main__":
    main()
