"""The rows of the table agencies: the register's own columns, the town's place, and what the reports say."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from cleaning.countries import label_of
from cleaning.facet_values import write_list
from dataset.facets import NOT_STATED, FacetColumn
from dataset.problems import Problem, Problems, name_file
from lookups.geonames import all_towns
from lookups.tables import Row, read_table

from database.figures import Report
from database.resolver import Labels, Resolver

# What an agency is resolved from; the reports of an agency that are alike in all of these count once.
RESOLVED = (
    "agency", "agency_as_printed", "searches", "searches_min", "searches_max", "searches_about", "figure_from",
    "response", "response_given_to", "licence", "use_status", "listing", "source", "published",
)  # fmt: skip
Alike = Mapping[tuple[Any, ...], int]


def resolved_from(in_use: Collection[str], facets: Sequence[FacetColumn] = ()) -> tuple[str, ...]:
    """Return what an agency is resolved from, with the period where the mapping gives one, and its facets."""
    return (*RESOLVED, *(["period"] if "period" in in_use else []), *(facet.name for facet in facets))


def agency_rows(
    alike: Alike, register: Path, labels: Labels, in_use: Collection[str], facets: Sequence[FacetColumn]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the agencies table, by id; alike counts the reports by their values in resolved_from()."""
    columns = resolved_from(in_use, facets)
    agencies = read_table(register)
    places = place_agencies(register, agencies)
    resolver = Resolver(labels)
    reports: dict[str, list[Report]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for values, count in alike.items():
        reports[values[0]].append(dict(zip(columns, values, strict=True)))
        counts[values[0]] += count
    for agency in sorted(agencies, key=itemgetter("id")):
        own = reports[agency["id"]]
        if not own:  # a profile can leave out an agency of the register
            continue
        latitude, longitude = places.get(agency["id"], (None, None))
        names = sorted({report["agency_as_printed"].strip() for report in own} - {agency["name"]})
        yield {
            **{column: value or None for column, value in agency.items() if column != "geonameid"},
            "latitude": latitude,
            "longitude": longitude,
            "aliases": "; ".join(names),
            "country_name": label_of(agency["country"]),
            **resolver.resolve(own, with_periods="period" in in_use),
            **{facet.name: gather(facet, own) for facet in facets},
            "report_count": counts[agency["id"]],
        }


def gather(facet: FacetColumn, reports: list[Report]) -> str:
    """Return the values of a facet that any of an agency's reports states, as a list in JSON."""
    texts = {report[facet.name] for report in reports}
    values = {value for text in texts for value in (json.loads(text) if facet.several else [text])}
    stated = values - {NOT_STATED}
    return write_list(sorted(stated, key=lambda value: (value.casefold(), value)) or [NOT_STATED])


def place_agencies(register: Path, agencies: list[Row]) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude (degrees, of the town) by agency id; raise Problems where GeoNames disagrees."""
    placed = [(row, agency) for row, agency in enumerate(agencies, start=2) if agency["geonameid"]]
    towns = all_towns() if placed else {}
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
