"""What another dataset's database has in its own words, and which of our labels it lacks."""

from pathlib import Path
from typing import Any

from dataset.words import Words
from sqlite_utils import Database

from database.resolver import Labels

# Labels that a database has only where an agency has them.
RARE = {
    "search_bands": {"0", "conflict"}, "agency_types": {"not_stated"},
    "figure_origins": {"buzzfeed_2021", "client_list_2020"}, "listings": {"buzzfeed_2021", "client_list_2020"},
    "use_statuses": {"vendor_claim"},
}  # fmt: skip
RARE_IN = {"searches_band": "search_bands", "agency_type": "agency_types"}


def keep_used(labels: Labels, agencies: list[dict[str, Any]], db: Database) -> None:
    """Take the rare labels out that no row has."""
    used = {table: {agency[column] for agency in agencies if column in agency} for column, table in RARE_IN.items()}
    for column, table in (("figure_from", "figure_origins"), ("listing", "listings"), ("use_status", "use_statuses")):
        used[table] = {value for (value,) in db.execute(f"select distinct {column} from reports")}
    for table, rare in RARE.items():
        labels[table] = [label for label in labels[table] if label["id"] in used[table] or label["id"] not in rare]


def is_of_others(folder: Path) -> bool:
    """Return whether the dataset has a site of its own, with its own title and texts."""
    return (folder / "site.yml").is_file()


def name_fields(db: Database, words: Words) -> None:
    """Write into what the log is made of what the columns of this dataset are called."""
    if words.sql("searches") != "searches":
        for table in ("readings", "removals"):
            fields = db.execute(f"select distinct field from {table} where field like 'searches%'").fetchall()
            renamed = [(words.sql(field), field) for (field,) in fields]
            db.conn.executemany(f"update {table} set field = ? where field = ?", renamed)
