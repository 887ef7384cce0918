"""A second, independent reader holds every cell that matters against the first: python-calamine.

It gives values alone, and sees no hidden rows, struck-through text or number formats; so it never reads in place of
the first unless mapping.yml accepts that.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO

from python_calamine import CalamineSheet, CalamineWorkbook

from spreadsheets.sheets import (
    DAMAGED_WORKBOOK,
    Cells,
    MissingSheet,
    Oddity,
    Rows,
    SheetReader,
    UnreadableFile,
    Watch,
    open_file,
    unify_line_ends,
    write_date,
    write_number,
)  # fmt: skip

Value = int | float | str | bool | time | date | datetime | timedelta
# It keeps a sheet as one block from the first cell to the last; a single cell far away would take all memory.
MOST_CELLS = 100_000_000
UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
REFUSED = {"formula", "error", "struck", "raised", "format", "beside"}  # cells that stop the build anyway
BLIND = "hidden rows, columns and sheets, formulas, merged cells, struck-through text and number formats"
ONLY_SECOND = (
    f"can be read by one of two readers alone, the one that doesn't see {BLIND}; save it again from a spreadsheet"
    " program, or look at these yourself and write `one_reader: accept` in mapping.yml"
)
ONLY_FIRST = (
    "can be read by one of two readers alone, so that nothing guards against its faults; save it again from a"
    " spreadsheet program, or write `one_reader: accept` in mapping.yml"
)


class Unread(ValueError):
    """A file that the second reader can't read."""


def open_second(file: IO[bytes], sheet: str) -> CalamineSheet:
    """Return the second reader's view of a sheet; raise Unread."""
    try:
        return CalamineWorkbook.from_filelike(file).get_sheet_by_name(sheet)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise Unread(str(error)) from None


class SecondSheet(SheetReader):
    """A sheet as the second reader alone sees it."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        try:
            names = CalamineWorkbook.from_filelike(open_file(path)).sheet_names
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            raise UnreadableFile("not a workbook that can be read; put it back, whole") from None
        if sheet not in names:
            raise MissingSheet(names)
        try:
            self.sheet = open_second(open_file(path), sheet)
        except Unread:
            raise UnreadableFile(DAMAGED_WORKBOOK) from None

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row."""
        top, left = self.sheet.start or (0, 0)
        for number, row in enumerate(self.sheet.to_python(), start=top + 1):
            cells: Cells = {}
            for column, value in enumerate(row, start=left):
                if (text := write_value(value)) and (watch.wanted is None or column in watch.wanted):
                    cells[column] = text
                elif text and column not in watch.left_out:
                    watch.tell("beside", number, column)
            yield number, cells


def read_twice(reader: SheetReader, sheet: str, places: Sequence[int], watch: Watch, alone: bool) -> Iterator[Rows]:
    """Yield the rows of a reader; at the end keep in watch where the second differs, unless the first may be alone."""
    kept = []
    for rows in reader.batches(places, watch):
        if rows.numbers[-1] > reader.compared:
            kept.append(rows)
        yield rows
    if kept and (file := reader.workbook()):
        try:
            compare(kept, places, file, sheet, watch)
        except Unread as error:
            if not alone:
                raise UnreadableFile(f"{ONLY_FIRST} ({error})") from None


def compare(batches: Iterable[Rows], places: Sequence[int], file: IO[bytes], sheet: str, watch: Watch) -> None:
    """Keep in watch each cell of some columns in which the second reader differs; raise Unread."""
    batches = list(batches)
    last = max((number for rows in batches for number in rows.numbers), default=0)
    if last * (max(places, default=0) + 1) > MOST_CELLS:
        raise Unread(f"a value stands far away, in row {last:,}; delete it")
    if any(odd.kind == "beside" for odd in watch.oddities):
        return  # the build stops there, and such a cell may stand at the far corner
    other = open_second(file, sheet)
    top, left = other.start or (0, 0)
    table = other.to_python()
    columns = list(zip(*table, strict=True))
    passed = {(odd.row, odd.column) for odd in watch.oddities if odd.kind in REFUSED}
    for rows in batches:
        for place, texts in zip(places, rows.columns, strict=True):
            values = columns[place - left] if 0 <= place - left < len(columns) else ()
            for number, text, value in find_unequal(rows.numbers, texts, values, top):
                stored = watch.stored.get((number, place), text)
                if (number, place) not in passed and not is_alike(stored, value):
                    watch.oddities.append(Oddity("differs", number, place, f"{stored} | {write_value(value)}"))


def find_unequal(
    numbers: Sequence[int], texts: Sequence[str], values: Sequence[Value], top: int
) -> Iterator[tuple[int, str, Value]]:
    """Yield the number of each row with its text and the other reader's value, but for those that are plainly equal."""
    first = numbers[0] - top - 1
    if numbers[-1] - numbers[0] + 1 == len(numbers) and first >= 0:
        theirs = values[first : first + len(numbers)]
        if list(theirs) == texts or (len(theirs) == len(texts) and are_alike(texts, theirs)):
            return
    for number, text in zip(numbers, texts, strict=True):
        row = number - top - 1
        yield number, text, values[row] if 0 <= row < len(values) else ""


def are_alike(texts: Sequence[str], values: Sequence[Value]) -> bool:
    """Return whether each text is what the other reader has; a column of whole numbers is compared at once."""
    if {*map(type, values)} <= {int, float} and all(map(str.isdecimal, texts)):
        return [*map(float, texts)] == list(values)
    return [*map(write_value, values)] == texts


def is_alike(text: str, value: Value) -> bool:
    """Return whether two readers say the same: white space and unseen characters aside, and a number by its value."""
    theirs = write_value(value)
    if text == theirs or "".join(text.translate(UNSEEN).split()) == "".join(theirs.translate(UNSEEN).split()):
        return True
    if isinstance(value, datetime) and text[:10] == theirs[:10]:
        try:
            return abs(datetime.fromisoformat(text) - value) < timedelta(seconds=1)
        except (TypeError, ValueError):
            return False
    if isinstance(value, int | float):
        try:
            return float(text) == float(value)
        except ValueError:
            return False
    return False


def write_value(value: Value) -> str:
    """Return a value as the first reader writes it."""
    if isinstance(value, str):
        return unify_line_ends(value)
    if isinstance(value, bool | timedelta):
        return str(value)
    return write_number(value)[0] if isinstance(value, int | float) else write_date(value)
