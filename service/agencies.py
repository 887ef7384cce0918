"""The agencies of a database, with the words for their codes."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True)
class Agency:
    """An agency: its values by column, and the words for those that are codes."""

    id: str
    name: str
    values: dict[str, str | int | float | None]
    labels: dict[str, str]

    def say(self, column: str) -> str | int | float | None:
        """Return a column's value as a reader sees it; a country keeps its code, country_name is its word."""
        return self.values[column] if column == "country" else self.labels.get(column, self.values[column])

    def describe(self) -> str:
        """Return one line that says what is reported of it before anything else: a listing is not an accusation."""
        place = ", ".join(filter(None, (str(self.values["locality"] or ""), self.labels["country"])))
        return f"{self.labels['use_status']}. {self.labels['agency_type']}, {place}"


def read_agencies(db: sqlite3.Connection) -> dict[str, Agency]:
    """Return every agency by its id, with the labels of its codes."""
    labels = {
        key["from"]: dict(db.execute(f"select id, label from [{key['table']}]").fetchall())
        for key in db.execute("pragma foreign_key_list(agencies)").fetchall()
    }
    agencies = {}
    for row in db.execute("select * from agencies order by id"):
        words = {column: found[row[column]] for column, found in labels.items()}
        agencies[row["id"]] = Agency(row["id"], row["name"], dict(row), words)
    return agencies
