"""What is wrong with the input, said so that the person who can mend it knows where and how."""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NoReturn

SHOWN = 50  # of the problems with one column that have one remedy
LISTED = 5  # rows of one problem
# What an advice repeats of a cell stands in quotes.
QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")


@dataclass(frozen=True)
class Problem:
    """One fault in one input file; row is the spreadsheet's own number (the heading is row 1)."""

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    advice: str = ""
    rows: tuple[int, ...] = ()  # where the same stands in several: all of them, or the first
    count: int = 1  # how many rows there are, where only the first of them are kept

    def __str__(self) -> str:
        """Return one line: file, place, value as printed, what to do; what is empty is left out."""
        advice = QUOTED.sub(lambda found: mask(found.group()), self.advice)
        place = [
            f"sheet {mask(self.sheet)}" if self.sheet else "",
            f"row {self.row}{list_rows(self.rows, self.count)}" if self.row else "",
            f"column '{mask(self.column)}'" if self.column else "",
        ]
        where = ", ".join(part for part in place if part)
        value = repr(mask(self.value)) if self.value else ""
        value += f"{' ' * bool(value)}({self.count:,} rows)" if self.count > 1 and not self.row else ""
        return ": ".join(one_line(part) for part in (mask_file(self.file), where, value, advice) if part)


class Problems(Exception):
    """All the problems one run found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, each once."""
        self.problems = merge_alike(problems)
        super().__init__(f"{len(self.problems)} problem(s)")


def exit_with(problems: Iterable[Problem]) -> NoReturn:
    """Print each problem once on standard error, in file order, then their count; exit 1. Of many alike some do."""
    lines = merge_alike(problems)
    alike = Counter((problem.file, problem.column, problem.advice) for problem in lines)
    shown: Counter[tuple[str, str, str]] = Counter()
    for problem in lines:
        kind = (problem.file, problem.column, problem.advice)
        shown[kind] += 1
        if shown[kind] <= SHOWN:
            print(problem, file=sys.stderr)
        elif shown[kind] == alike[kind]:
            more = f"{alike[kind] - SHOWN:,} more of these"
            print(Problem(problem.file, problem.sheet, 0, problem.column, "", more), file=sys.stderr)
    noun = "problem" if len(lines) == 1 else "problems"
    print(f"{len(lines)} {noun} found, nothing was written.", file=sys.stderr)
    sys.exit(1)


def merge_alike(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in the order of reading; the same in many rows is one, at the first of them."""
    rows: dict[Problem, set[int]] = defaultdict(set)
    for problem in problems:
        rows[replace(problem, row=0, rows=())].update(problem.rows or (problem.row,))
    merged = (
        replace(problem, row=min(found), rows=tuple(sorted(found)) if len(found) > 1 else ())
        for problem, found in rows.items()
    )
    return sorted(merged, key=sort_key)


def list_rows(rows: tuple[int, ...], count: int) -> str:
    """Return how many rows there are and the first of them, "" where there is one."""
    if len(rows) < 2:
        return ""
    count = max(count, len(rows))
    more = ", …" if count > LISTED else ""
    return f" ({count:,} rows: {', '.join(map(str, rows[:LISTED]))}{more})"


def name_file(path: Path) -> str:
    """Return the name a reader knows a file by: its folder and its name."""
    return f"{path.resolve().parent.name}/{path.name}"


ALLOWED: set[str] = set()  # phrases that a person has reviewed: they name nobody, and messages repeat them


def allow(phrases: Iterable[str]) -> None:
    """Let messages repeat these phrases: the names of agencies, and what not_persons.csv lists."""
    if new := {phrase for phrase in phrases if phrase} - ALLOWED:
        ALLOWED.update(new)
        mask.cache_clear()


@cache
def mask(text: str) -> str:
    """Return a text of the spreadsheet as a message may tell it: without e-mail addresses, phone numbers and names."""
    # Only a run that fails needs the lists of names.
    from personal_data.detect import Detector  # noqa: PLC0415

    detector = Detector(ALLOWED)
    found = detector.find(text)
    return detector.redact(text, found) if found else text


def mask_file(file: str) -> str:
    """Return a file's name as a message may tell it; an underline in it parts words."""
    words = file.replace("_", " ")
    return file if mask(words) == words else mask(words)


def one_line(text: str) -> str:
    """Return the text with each run of white space as one blank."""
    return " ".join(text.split())


def sort_key(problem: Problem) -> tuple[str, str, int, str, str, str]:
    """Return the order of reading: file, sheet, row, then column."""
    return (problem.file, problem.sheet, problem.row, problem.column, problem.value, problem.advice)
