"""Which agency a printed name means."""

import unicodedata
from collections import defaultdict
from pathlib import Path

from dataset.problems import Problem, name_file
from lookups.tables import Row, read_table

from cleaning.countries import fold_country
from cleaning.regions import place_key, read_region

NO_BODY = "none"
ANYWHERE = "*"  # the agency of a line is one, whatever the region or town beside its name
SHOWN = 5


QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})


class UnknownName(ValueError):
    """A printed name and country that aliases.csv does not list."""


Where = tuple[str, str]  # region and town, as they are compared; "" where none is given


class AliasTable:
    """Printed name + country, region and town -> agency id; a line with a report_no holds for that report alone."""

    def __init__(self, path: Path, register: list[Row]) -> None:
        """Load aliases.csv (name_as_printed, country, region, locality, report_no, agency, reason)."""
        self.path = path
        self.rows = read_table(path)
        self.by_key = {self.key(row): index for index, row in enumerate(self.rows)}
        self.agencies = {row["id"]: row for row in register}
        self.met: dict[int, set[tuple[str, str]]] = defaultdict(set)  # the places as printed that a line was used for
        self.by_folded: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for name, *where, number in self.by_key:
            self.by_folded[fold_name(name), *where, number].add(self.by_key[name, *where, number])
        self.with_number = {key[:2] for key in self.by_key if key[-1]}
        self.with_places = any(key[2] or key[3] for key in self.by_key)

    @staticmethod
    def key(row: Row) -> tuple[str, ...]:
        """Return what identifies a line; ANYWHERE is no place of its own."""
        region, locality = (row.get(column, "").replace(ANYWHERE, "") for column in ("region", "locality"))
        where = place_key(row["country"], region, locality)
        return row["name_as_printed"], row["country"], *where, row["report_no"]

    @property
    def used(self) -> set[int]:
        """Return the lines that a report was read by."""
        return {*self.met}

    def use_all(self) -> None:
        """Take every line for used: what is left out or summed has its lines all the same."""
        for index in range(len(self.rows)):
            self.met[index].update(())

    def is_for_one_report(self, printed: str, country: str) -> bool:
        """Return whether the reading of this name depends on the report it stands in."""
        return (printed, country) in self.with_number

    def read(
        self, printed: str, country: str, report_no: str = "", region: str = "", locality: str = ""
    ) -> tuple[str, str]:
        """Return the agency id ("" for an unnamed group) and the reason; raise UnknownName."""
        for number in dict.fromkeys((report_no, "")):
            for where in self.list_places(country, region, locality):
                key = (printed, country, *where, number)
                if (index := self.by_key.get(key, self.find_folded(key))) is not None:
                    self.met[index].add((read_region(country, region), locality))
                    row = self.rows[index]
                    # A reason that begins with a ? is a remark of the draft, for whoever looks the table through.
                    reason = "" if row["reason"].startswith("?") else row["reason"]
                    return ("" if row["agency"] == NO_BODY else row["agency"]), reason
        raise UnknownName(printed)

    def list_places(self, country: str, region: str, locality: str) -> list[Where]:
        """Return the places that a line may name for a report, the narrowest first."""
        if not self.with_places:
            return [("", "")]
        whole, town = place_key(country, region, locality)
        return [*dict.fromkeys([(whole, town), (whole, ""), ("", town), ("", "")])]

    def find_folded(self, key: tuple[str, ...]) -> int | None:
        """Return the one line whose name differs in how letters, quotes and "and" are written; None where none does."""
        found = self.by_folded.get((fold_name(key[0]), *key[1:]), set())
        return next(iter(found)) if len({self.rows[index]["agency"] for index in found}) == 1 else None

    def problems(self) -> list[Problem]:
        """Return what is wrong with the table itself, and the lines that matched no report."""
        found = []
        first: dict[tuple[str, ...], int] = {}
        for index, row in enumerate(self.rows):
            line, key = index + 2, self.key(row)
            advice = ""
            if key in first:
                advice = f"stands in row {first[key]} too; delete one of the two lines"
            elif row["agency"].startswith("?"):
                advice = "is a suggestion; take away the ? to accept it, or write the right agency's id"
            elif row["agency"] != NO_BODY and row["agency"] not in self.agencies:
                advice = f"agency {row['agency']!r} is not in agencies.csv; add the agency there or correct the id"
            elif row["agency"] != NO_BODY and not row["agency"].startswith(row["country"].lower() + "-"):
                advice = f"agency {row['agency']!r} is in another country than {row['country']}; correct one of them"
            elif index not in self.met:
                advice = "matches no report; delete the line or correct the name"
            first.setdefault(key, line)
            if advice:
                found.append(Problem(name_file(self.path), "", line, "name_as_printed", row["name_as_printed"], advice))
        return found + self.place_problems()

    def place_problems(self) -> list[Problem]:
        """Return the lines that stand for agencies of several places."""
        found = []
        for index, met in self.met.items():
            row = self.rows[index]
            if row["agency"] in self.agencies and (advice := self.advise_place(row, met)):
                name = row["name_as_printed"]
                found.append(Problem(name_file(self.path), "", index + 2, "name_as_printed", name, advice))
        return found

    def advise_place(self, row: Row, met: set[tuple[str, str]]) -> str:
        """Return what to do with a line that stands for agencies of several places; "" where it does not."""
        if not met:
            return ""
        for column, texts in zip(("region", "locality"), map(set, zip(*met, strict=True)), strict=True):
            said = row.get(column, "")
            own = self.agencies[row["agency"]]["region"] if column == "region" else ""
            if not said and len(texts) > 1 and len({fold_country(text) for text in texts}) > 1:
                told = ", ".join(map(repr, sorted(text or "(none)" for text in texts)[:SHOWN]))
                return (
                    f"stands in several places ({told}), which may be several agencies; write a line for each with its"
                    f" {column}, or {ANYWHERE!r} as {column} if it is one agency"
                )
            if not own or said == ANYWHERE:
                continue
            region = fold_country(read_region(row["country"], own))
            if other := {text for text in texts if text and fold_country(text) != region}:
                return (
                    f"agency {row['agency']!r} is in {own!r} by agencies.csv, but the name stands in {min(other)!r};"
                    f" correct one of them, or write {ANYWHERE!r} as region"
                )
        return ""


def fold_name(name: str) -> str:
    """Return a name with composed letters, straight quotes and "and" for "&": what a reader takes for the same."""
    return " ".join(unicodedata.normalize("NFC", name).translate(QUOTES).replace("&", " and ").split())
