"""What is published of the tables: accounts summed to bodies, a profile's bodies alone, counts as it allows."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from accounts import sum_accounts
from mapping import Mapping
from problems import Problem, Problems, name_file
from profile_rules import LEFT_OUT_COLUMNS, RANGED, Profile, Rules, apply_rules, hide_counts, read_profile
from registers import find_missing_columns

Line = tuple[int, list[str]]


class Publisher:
    """Holds what a folder's mapping and profile say of publishing against its tables, before they are written."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        """Read the profile; raise Problems where it or a table that it needs is missing or wrong."""
        profile = read_profile(folder, mapping)
        self.mapping, self.file = mapping, name_file(folder / mapping.workbook)
        self.by_account = mapping.reports.rows == "account"
        self.rules: Rules | None = None
        self.left_out: list[list[str]] = []
        self.log: list[list[str]] = []
        if profile is None and not self.by_account:
            return
        missing = find_missing_columns(folder, mapping)
        if profile and profile.unconfirmed and not (folder / profile.unconfirmed).is_file():
            missing.append(Problem(name_file(folder / profile.unconfirmed), advice="missing file; put it back"))
        if missing:
            raise Problems(missing)
        self.rules = Rules(profile or Profile(), folder, mapping)

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the reports in the eyes of the rules."""
        return self.rules.problems if self.rules else []

    def publish(self, name: str, fields: list[str], batches: Iterable[list[Line]]) -> Iterator[list[Line]]:
        """Yield the lines of a table as they are published; rules on bodies need all reports at once, in memory."""
        if self.rules is None:
            yield from batches
        elif name == "reports":
            if lines := self.publish_reports(self.rules, fields, [*chain.from_iterable(batches)]):
                yield lines
        else:
            for lines in batches:
                ranges = self.rules.profile.counts == "ranges"
                hidden = self.rules.hide_numbers
                yield [(row, [hidden(text, set()) for text in cells] if ranges else cells) for row, cells in lines]

    def publish_reports(self, rules: Rules, fields: list[str], lines: list[Line]) -> list[Line]:
        """Return the published reports, each in its own row, and keep what was left out and changed."""
        if not lines:
            return []
        first, by_row = lines[0][0], dict(lines)
        table = [fields, *(by_row.get(row, [""] * len(fields)) for row in range(first, lines[-1][0] + 1))]
        reports, left_out = apply_rules(rules, fields, table, first)
        self.left_out = [[body[column] for column in LEFT_OUT_COLUMNS] for body in left_out]
        if self.by_account:
            reports = sum_accounts(rules, fields, reports, first)
        if rules.profile.counts == "ranges":
            headings, sheet = self.mapping.reports.headings, self.mapping.reports.sheet
            for index, _, field, new in hide_counts(rules, fields, reports):
                column = "searches_as_printed" if field == "searches" else field
                place = [self.file, sheet, str(first + index - 1), headings[field], column]
                self.log.append([*place, "ranged", "[a count]", new, RANGED])
        return [(row, cells) for row, cells in enumerate(reports[1:], start=first) if any(cells)]
