"""What is published of the tables: accounts summed to agencies, a profile's agencies alone, counts as it allows."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cleaning.registers import find_missing_columns
from dataset.deliveries import Delivery
from dataset.mapping import Mapping
from dataset.problems import Problem, Problems, name_file
from lookups.tables import Row, Table
from spreadsheets.sheets import Rows

from publishing.accounts import count_accounts, sum_accounts
from publishing.profile_rules import (
    LEFT_OUT_COLUMNS,
    RANGED,
    Line,
    Profile,
    Rules,
    apply_rules,
    hide_counts,
    read_profile,
)

See = Callable[[Delivery, list[str], Rows], None]  # is shown the fields and the texts of published reports


class Publisher:
    """Holds what a folder's mapping and profile say of publishing against its tables, before they are written."""

    def __init__(self, folder: Path, mapping: Mapping, see: See | None = None) -> None:
        """Read the profile; raise Problems where it or a table that it needs is missing or wrong."""
        profile = read_profile(folder, mapping)
        self.see = see
        self.mapping, self.file = mapping, name_file(folder / mapping.workbook)
        self.by_account = mapping.reports.rows == "account"
        self.rules: Rules | None = None
        self.left_out: Table = []
        self.accounts: Table = []
        self.log: Table = []
        self.places: dict[int, int] = {}
        self.published: dict[int, Row] = {}
        if profile is None and not self.by_account:
            return
        missing = find_missing_columns(folder, mapping)
        if profile and profile.unconfirmed and not (folder / profile.unconfirmed).is_file():
            missing.append(Problem(name_file(folder / profile.unconfirmed), advice="missing file; put it back"))
        if missing:
            raise Problems(missing)
        self.rules = Rules(profile or Profile(), folder, mapping)

    @property
    def read_beside(self) -> list[str]:
        """Return the names of the files that the profile reads."""
        return [self.rules.profile.unconfirmed] if self.rules else []

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the reports in the eyes of the rules."""
        return [*self.rules.problems, *self.rules.aliases.place_problems()] if self.rules else []

    def publish(self, delivery: Delivery, name: str, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the rows of a table as they are published; show the reports to whoever wants to see them."""
        for rows in self.apply(name, fields, batches):
            if self.see and name == "reports":
                self.see(delivery, fields, rows)
            yield rows

    def apply(self, name: str, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the rows of a table as the rules have them; rules on agencies need all reports at once, in memory."""
        if self.rules is None:
            yield from batches
        elif name == "reports":
            lines = [(number, [*cells]) for rows in batches for number, cells in rows.lines()]
            if kept := self.publish_reports(self.rules, fields, lines):
                yield Rows([number for number, _ in kept], list(zip(*(cells for _, cells in kept), strict=True)))
        else:
            ranges = self.rules.profile.counts == "ranges"
            hidden = self.rules.hide_numbers
            for numbers, columns in batches:
                yield Rows(numbers, [[hidden(text, set()) for text in texts] if ranges else texts for texts in columns])

    def publish_reports(self, rules: Rules, fields: list[str], lines: list[Line]) -> list[Line]:
        """Return the published reports; keep what was left out, counted and changed, and where each row went."""
        headings, sheet = self.mapping.reports.headings, self.mapping.reports.sheet
        if "searches" in fields:
            rules.figures.add({cells[fields.index("searches")] for _, cells in lines})
        kept, left_out = apply_rules(rules, fields, lines)
        self.left_out = [[agency[column] for column in LEFT_OUT_COLUMNS] for agency in left_out]
        self.places = {row: row for row, _ in kept}
        if self.by_account:
            kept, self.places = sum_accounts(rules, fields, kept, self.mapping.reports.header_rows[-1] + 1)
            self.accounts = count_accounts(rules, fields, kept, self.places)
        if rules.profile.counts == "ranges":
            for row, field, new in hide_counts(rules, fields, kept):
                column = "searches_as_printed" if field == "searches" else field
                place = [self.file, sheet, str(row), headings[field], column]
                self.log.append([*place, "ranged", "[a count]", new, RANGED])
        names = [headings[field] for field in fields]
        self.published = {row: dict(zip(names, cells, strict=True)) for row, cells in kept}
        return kept

    def settle(self, removed: Table) -> Table:
        """Return the log of removed personal data with the row that each cell has now, and what stands in it."""
        if self.rules is None:
            return removed
        settled = []
        for file, sheet, row, heading, *told, after, reason in removed:
            if (file, sheet) != (self.file, self.mapping.reports.sheet):
                hidden = self.rules.hide_numbers(after, set()) if self.rules.profile.counts == "ranges" else after
                settled.append([file, sheet, row, heading, *told, hidden, reason])
            elif place := self.places.get(int(row)):
                settled.append([file, sheet, str(place), heading, *told, self.published[place][heading], reason])
        return settled
