"""A folder's spreadsheet -> BUILD_DIR/*.csv: the mapped columns, each cell as text, nothing guessed, nothing left out.

A row keeps its distance from the headings, so that every later message can name the spreadsheet's own row.
"""

import argparse
import gc
import shutil
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cleaning.corrections import ACTIONS, Corrections
from cleaning.links import COLUMNS as LINK_COLUMNS
from cleaning.links import LinkSources
from cleaning.registers import COLUMNS
from dataset.deliveries import Delivery, find_unlisted, list_deliveries, list_files
from dataset.mapping import FILE, Mapping, read_mapping
from dataset.problems import Problem, Problems, exit_with, name_file
from dataset.tables import Reports, SourceFields, Sources
from lookups.tables import LOG_COLUMNS, write_table
from publishing.accounts import ACCOUNT_COLUMNS
from publishing.people import Screen
from publishing.profile import Publisher, See
from publishing.profile_rules import LEFT_OUT_COLUMNS
from spreadsheets.ahead import ahead, result_of
from spreadsheets.chosen_rows import ChosenRows, Met, compress_rows, never_met
from spreadsheets.csv_lines import CsvLines
from spreadsheets.headings import check_headings, list_headed, list_unread, read_headings
from spreadsheets.oddities import TableRead
from spreadsheets.second import read_twice
from spreadsheets.sheets import MOST_CHARACTERS, Later, MissingSheet, Oddity, Rows, SheetReader, UnreadableFile, Watch
from spreadsheets.workbooks import open_sheet

COMPARED = "compared.txt"
LITTLE = 1 << 16  # bytes of a sheet in its file; to start another process takes longer
PARTS_LATER = 16  # parts of a sheet that wait for the second reader; each is a few MB
NOT_DELIVERED = ("expected_counts.csv",)  # beside the hand-kept tables


def extract(folder: Path, build: Path, mapping: Mapping, see: See | None = None, later: Later | None = None) -> None:
    """Write one CSV file for each table, or none where any of them has a problem; see() is shown the reports.

    BUILD_DIR/compared.txt says that a second reader agrees; with later, for comparisons that may end after this, it is
    written when these are settled.
    """
    part = build.with_name(f"{build.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        if problems := extract_tables(folder, mapping, part, see, later):
            raise Problems(problems)
        build.mkdir(parents=True, exist_ok=True)
        (build / COMPARED).unlink(missing_ok=True)
        # The reports last: where they are, build.py takes the other tables for whole too.
        for path in sorted(part.iterdir(), key=lambda path: path.name == "reports.csv"):
            path.replace(build / path.name)
        if later is None:
            note_compared(build)
        else:
            later.add(lambda: later.alike and note_compared(build))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def note_compared(build: Path) -> bool:
    """Write that a second reader agrees with what was extracted."""
    (build / COMPARED).write_text("A second reader agrees with what was extracted.\n", "utf-8")
    return True


def extract_tables(folder: Path, mapping: Mapping, part: Path, see: See | None, later: Later | None) -> list[Problem]:
    """Write the tables of each delivery, and what was removed, corrected and left out; return all that is wrong."""
    screen, publisher = Screen(folder, mapping), Publisher(folder, mapping, see)
    corrections = Corrections(folder, mapping, screen.detector)
    way = Way(screen, corrections, publisher, part, later)
    problems = [*find_unlisted(folder, mapping, [*COLUMNS, *NOT_DELIVERED, *publisher.read_beside])]
    for delivery in list_deliveries(folder, mapping):
        problems += way.extract_table(delivery, "reports")
        if delivery.sources.columns:
            problems += way.extract_table(delivery, "sources")
        else:
            way.write_list(delivery)
        if delivery.sources.by_link:
            write_table(part / delivery.step("links"), LINK_COLUMNS, way.links.pop(delivery.number).lines())
    for parts in way.chosen.values():
        problems += never_met(name_file(folder / FILE), parts)
    actions = corrections.correct_actions(folder / ACTIONS)
    columns = COLUMNS[ACTIONS]  # one that is missing is told by clean.py
    cells = [[*(line.get(column, "") for column in columns), row] for row, line in enumerate(actions, start=2)]
    write_table(part / ACTIONS, [*columns, "row"], cells)
    # A cell that people were taken out of stays in the log as that, whatever became of its counts.
    log = {(line[0], line[1], int(line[2]), line[4]): line for line in publisher.log + publisher.settle(screen.removed)}
    write_table(part / "removed.csv", LOG_COLUMNS, [log[place] for place in sorted(log)])
    write_table(part / "corrected.csv", LOG_COLUMNS, corrections.log)
    write_table(part / "left_out.csv", LEFT_OUT_COLUMNS, publisher.left_out)
    write_table(part / "accounts.csv", ACCOUNT_COLUMNS, publisher.accounts)
    problems += screen.problems + publisher.problems + corrections.problems
    if problems:
        return problems
    return [*corrections.not_found(path.name for path in list_files(folder, mapping)), *screen.unused_phrases()]


@dataclass
class Way:
    """The way of a table's rows: people taken out, cells corrected, published, written."""

    screen: Screen
    corrections: Corrections
    publisher: Publisher
    part: Path
    later: Later | None
    chosen: dict[tuple[str, int], list[ChosenRows]] = field(default_factory=lambda: defaultdict(list))
    links: dict[int, LinkSources] = field(default_factory=lambda: defaultdict(LinkSources))

    def publish(self, delivery: Delivery, name: str, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the rows of a table as they are written."""
        batches = self.screen.screen(delivery, name, fields, batches)
        correct = self.corrections.correct_reports if name == "reports" else self.corrections.correct_sources
        published = self.publisher.publish(delivery, name, fields, correct(delivery, fields, batches))
        constants = delivery.reports.constants.model_dump(exclude_none=True)
        for rows in published:
            if name == "reports" and delivery.sources.by_link:
                self.links[delivery.number].add(fields, rows, constants)
            yield rows

    def write_list(self, delivery: Delivery) -> None:
        """Write the sources that the mapping itself lists."""
        fields, listed = list(SourceFields.model_fields), delivery.sources.rows or ()
        columns = [[getattr(source, field) or "" for source in listed] for field in fields]
        rows = [Rows(range(1, len(listed) + 1), columns)] if listed else []
        write_rows(self.part / delivery.step("sources"), fields, self.publish(delivery, "sources", fields, rows), 0)

    def extract_table(self, delivery: Delivery, name: str) -> list[Problem]:
        """Write the mapped columns of one table; return all that is wrong with it."""
        by_reports = name == "reports"
        table: Reports | Sources = delivery.reports if by_reports else delivery.sources
        path = delivery.folder / delivery.file if by_reports else delivery.sources_path
        file = name_file(path)
        try:
            alone = table.one_reader == "accept"
            sheet = open_sheet(path, table.sheet, [*table.headings.values()], delivery.encoding, alone)
            found = read_headings(sheet, table)
            places = {field: found.index(heading) for field, heading in table.headings.items() if heading in found}
            chosen = ChosenRows(table, found)
            self.chosen[name, delivery.table].append(chosen)
            wanted = [*places.values(), *chosen.beside([*places.values()])]
            watch = Watch(frozenset(wanted), frozenset([*list_headed(found), *list_unread(table)]))
            rows = self.publish(delivery, name, [*places], self.read_ahead(sheet, chosen, [*places.values()], watch))
            headings = [found[place] for place in places.values()]
            write_rows(self.part / delivery.step(name), headings, rows, table.header_rows[-1])
        except MissingSheet:
            return [Problem(file, table.sheet, advice="missing sheet; add it or restore its name")]
        except UnreadableFile as error:
            return [Problem(file, advice=str(error))]
        problems = [*check_headings(file, table, found), *chosen.missing(file)]
        return problems + TableRead(file, table, found, places, chosen.passed_over).explain(watch.oddities)

    def read_ahead(self, sheet: SheetReader, chosen: ChosenRows, places: list[int], watch: Watch) -> Iterator[Rows]:
        """Begin to read in another process, unless there is little to read; return the rows of read_rows."""
        watch.later = Later(PARTS_LATER) if self.later else None
        work = partial(read_rows, sheet, chosen, places, watch)
        made = ahead(work) if sheet.size > LITTLE else work()

        def rows() -> Iterator[Rows]:
            for item in made:
                if isinstance(item, Told):
                    watch.oddities, chosen.met, chosen.passed_over = item
                    break
                yield item
            if self.later:
                self.later.add(lambda: result_of(made))

        return rows()


class Told(NamedTuple):
    """What was odd about a sheet that was read, and what chose its rows."""

    oddities: list[Oddity]
    met: Met
    passed_over: set[int]


def read_rows(
    sheet: SheetReader, chosen: ChosenRows, places: list[int], watch: Watch
) -> Generator[Rows | Told, None, bool]:
    """Yield the chosen rows under the headings, with their mapped columns, then what is told of the sheet.

    Returns whether a second reader agrees in what was compared later than that.
    """
    table, wanted = chosen.table, [*places, *chosen.beside(places)]
    last, skipped = table.header_rows[-1], table.skip_rows
    alone = table.one_reader == "accept"
    for rows in read_twice(sheet, table.sheet, wanted, watch, alone) if places else ():
        numbers, columns = rows
        tell_long(numbers, columns, wanted, watch)
        filled = map(any, zip(*columns[: len(places)], strict=True))
        kept = [full and number > last and number not in skipped for number, full in zip(numbers, filled, strict=True)]
        under = compress_rows(rows, kept, len(wanted))
        chose = chosen.keep(under, wanted) if under and chosen.places else None
        if under and (found := compress_rows(under, chose or [True] * len(under.numbers), len(places))):
            yield found
    yield Told(watch.oddities, chosen.met, chosen.passed_over)
    return watch.later is None or watch.later.settle()


def tell_long(numbers: Sequence[int], columns: Sequence[Sequence[str]], places: list[int], watch: Watch) -> None:
    """Keep in watch each text that no cell of a workbook can hold: the site offers its tables as one."""
    for place, texts in zip(places, columns, strict=True):
        if max(map(len, texts)) > MOST_CHARACTERS:
            for number, text in zip(numbers, texts, strict=True):
                if len(text) > MOST_CHARACTERS:
                    watch.tell("long", number, place, f"{text[:40]}…")


def write_rows(path: Path, headings: list[str], batches: Iterable[Rows], last: int) -> None:
    """Write headings and rows; an empty line stands for each row that holds nothing, so that none moves up."""
    lines = CsvLines()
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(lines.write([[heading] for heading in headings]))
        empty = lines.write([[""] for _ in headings])
        for rows in batches:
            if rows.numbers[-1] - last == len(rows.numbers):
                file.write(lines.write(rows.columns))
            else:
                for number, cells in rows.lines():
                    file.write(empty * (number - last - 1) + lines.write([[cell] for cell in cells]))
                    last = number
            last = rows.numbers[-1]


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
