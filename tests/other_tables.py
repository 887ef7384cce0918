"""Small folders with a table as others make them, its mapping and its register."""

from collections.abc import Sequence
from pathlib import Path

from corpus import WRITERS, Case
from small_folder import write_csv

Rows = Sequence[Sequence[object]]
REGISTER = ("id", "name", "native_name", "country", "agency_type", "locality", "region", "geonameid")
ALIASES = ("name_as_printed", "country", "region", "locality", "report_no", "agency", "reason")
CONSTANTS = "use_status: Reported, listing: Other reporting, figure_from: Other reporting"
LISTED = 'rows: [{id: S1, publisher: A paper, url: "https://example.org/list"}]'
ALPHA, BETA = ("fr-alpha", "Alpha Police", ""), ("fr-beta", "Beta Police", "")


def make(folder: Path, tables: dict[str, Rows], mapping: str, agencies: Rows = (ALPHA, BETA)) -> Path:
    """Return a new folder: tables by file name, the mapping's own part, and agencies by id, name and region."""
    folder.mkdir()
    for name, rows in tables.items():
        WRITERS[Path(name).suffix](folder / name, Case([list(row) for row in rows]))
    (folder / "mapping.yml").write_text(f"{mapping}\nregister: agencies.csv\naliases: aliases.csv\n", "utf-8")
    country = str(agencies[0][0])[:2].upper()
    write_csv(folder / "agencies.csv", REGISTER,
              [(str(key), str(name), "", country, "municipal_police", "", str(region), "")
               for key, name, region in agencies])  # fmt: skip
    write_csv(folder / "aliases.csv", ALIASES,
              [(str(name), country, str(region), "", "", str(key), "") for key, name, region in agencies])  # fmt: skip
    return folder
