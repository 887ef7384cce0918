"""Which agency a printed name means."""

import unicodedata
from collections import defaultdict
from pathlib import Path

from dataset.problems import Problem, name_file
from lookups.tables import read_table

NO_BODY = "none"


QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})


class UnknownName(ValueError):
    """A printed name and country that aliases.csv does not list."""


class AliasTable:
    """Printed name + country -> agency id; a line with a report_no holds for that report alone."""

    def __init__(self, path: Path, agency_ids: set[str]) -> None:
        """Load aliases.csv (name_as_printed, country, report_no, agency, reason)."""
        self.path = path
        self.rows = read_table(path)
        self.by_key = {self.key(row): index for index, row in enumerate(self.rows)}
        self.agency_ids = agency_ids
        self.used: set[int] = set()
        self.by_folded: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        for index, row in enumerate(self.rows):
            self.by_folded[fold_name(row["name_as_printed"]), row["country"], row["report_no"]].add(index)
        self.with_number = {key[:2] for key in self.by_key if key[2]}

    @staticmethod
    def key(row: dict[str, str]) -> tuple[str, str, str]:
        """Return what identifies a line."""
        return row["name_as_printed"], row["country"], row["report_no"]

    def is_for_one_report(self, printed: str, country: str) -> bool:
        """Return whether the reading of this name depends on the report it stands in."""
        return (printed, country) in self.with_number

    def read(self, printed: str, country: str, report_no: str = "") -> tuple[str, str]:
        """Return the agency id ("" for an unnamed group) and the reason; raise UnknownName."""
        for key in ((printed, country, report_no), (printed, country, "")):
            if (index := self.by_key.get(key, self.find_folded(*key))) is not None:
                self.used.add(index)
                row = self.rows[index]
                # A reason that begins with a ? is a remark of the draft, for whoever looks the table through.
                reason = "" if row["reason"].startswith("?") else row["reason"]
                return ("" if row["agency"] == NO_BODY else row["agency"]), reason
        raise UnknownName(printed)

    def find_folded(self, printed: str, country: str, report_no: str) -> int | None:
        """Return the one line whose name differs in how letters, quotes and "and" are written; None where none does."""
        found = self.by_folded.get((fold_name(printed), country, report_no), set())
        return next(iter(found)) if len({self.rows[index]["agency"] for index in found}) == 1 else None

    def problems(self) -> list[Problem]:
        """Return what is wrong with the table itself, and the lines that matched no report."""
        found = []
        first: dict[tuple[str, str, str], int] = {}
        for index, row in enumerate(self.rows):
            line, key = index + 2, self.key(row)
            advice = ""
            if key in first:
                advice = f"stands in row {first[key]} too; delete one of the two lines"
            elif row["agency"].startswith("?"):
                advice = "is a suggestion; take away the ? to accept it, or write the right agency's id"
            elif row["agency"] != NO_BODY and row["agency"] not in self.agency_ids:
                advice = f"agency {row['agency']!r} is not in agencies.csv; add the agency there or correct the id"
            elif row["agency"] != NO_BODY and not row["agency"].startswith(row["country"].lower() + "-"):
                advice = f"agency {row['agency']!r} is in another country than {row['country']}; correct one of them"
            elif index not in self.used:
                advice = "matches no report; delete the line or correct the name"
            first.setdefault(key, line)
            if advice:
                found.append(Problem(name_file(self.path), "", line, "name_as_printed", row["name_as_printed"], advice))
        return found


def fold_name(name: str) -> str:
    """Return a name with composed letters, straight quotes and "and" for "&": what a reader takes for the same."""
    return " ".join(unicodedata.normalize("NFC", name).translate(QUOTES).replace("&", " and ").split())
