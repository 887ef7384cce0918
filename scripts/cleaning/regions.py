"""States and provinces: the one name of each, whether it is printed whole or as its abbreviation."""

from functools import cache

from lookups.tables import LOOKUPS, read_table

from cleaning.countries import fold_country


def read_region(country: str, printed: str) -> str:
    """Return the name of a region of a country (its code): IL is Illinois; what is not known stays as printed."""
    text = " ".join(printed.split())
    return known_regions().get((country, fold_country(text)), text)


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
def known_regions() -> dict[tuple[str, str], str]:
    """Return the names of regions by country and by folded name or abbreviation."""
    rows = read_table(LOOKUPS / "regions.csv")
    found = {(row["country"], fold_country(row["abbreviation"])): row["region"] for row in rows}
    return found | {(row["country"], fold_country(row["region"])): row["region"] for row in rows}
