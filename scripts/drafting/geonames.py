"""Towns in GeoNames: the id and name of a town where its name and region mean just one."""

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from cleaning.countries import fold_country
from cleaning.regions import abbreviation_of
from lookups.geonames import all_towns

# Where GeoNames has a region under the abbreviation that people write: elsewhere a town's region cannot be verified.
BY_ABBREVIATION = ("US", "CH")

# The police of a town, and of nothing else, as it is called in the United States and in Switzerland.
TOWN_POLICE = re.compile(
    r"(?:(?:City|Town|Village) of )?(.+?)(?: City| Town)? (?:Police(?: Department| Dept\.?)?|PD|P\.D\.)"
    r"|(?:Stadt|Gemeinde)polizei (.+)",
    re.IGNORECASE,
)


def town_in_name(name: str) -> str:
    """Return what may be a town in the name of its police, "" where nothing is."""
    found = TOWN_POLICE.fullmatch(name)
    return (found[1] or found[2]) if found else ""


class Town(NamedTuple):
    """A town as GeoNames has it."""

    key: str
    name: str


def find_town(country: str, region: str, locality: str) -> Town:
    """Return a town in GeoNames, two empty texts where its name and region mean none there, or several."""
    code = abbreviation_of(country, region) if country in BY_ABBREVIATION else ""
    found = towns().get((country, code, fold_country(locality)), []) if code else []
    return found[0] if len(found) == 1 else Town("", "")


@cache
def towns() -> dict[tuple[str, str, str], list[Town]]:
    """Return the towns by country, region and folded name."""
    found = defaultdict(list)
    for key, town in all_towns().items():
        if town["countrycode"] in BY_ABBREVIATION:
            found[town["countrycode"], town["admin1code"], fold_country(town["name"])].append(Town(key, town["name"]))
    return found
