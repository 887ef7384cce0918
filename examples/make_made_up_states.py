"""Makes examples/made_up_states/: a leaked client list that nobody leaked, of 1,803 agencies that are not there.

The same bytes each time. The states, their towns and their agencies are invented; no name is a real place's.
"""

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

AGENCIES, ACCOUNTS = 1_803, 6_000
STATES = ("Zandoria", "Quillmark", "Ostrovane", "Brintholm", "Velluria", "Thornwick Reach", "Maravale", "Uldenfar")
FIRST = ("Bram", "Cald", "Dren", "Elz", "Fyr", "Gost", "Hulm", "Ivon", "Jask", "Kelt", "Lorv", "Mynd", "Nool", "Orz",
         "Pryl", "Quor", "Rusk", "Sarn", "Tolv", "Umb", "Varn", "Wex", "Xand", "Yorl", "Zim")  # fmt: skip
LAST = ("abrook", "adell", "afold", "agrith", "ahaven", "alunde", "amoor", "anvik", "apoole", "aquay", "arune", "astel")
KINDS = (
    ("{town} Police Department", "municipal_police"),
    ("{town} County Sheriff's Office", "regional_police"),
    ("{town} Transit Police", "transport_police"),
    ("{town} District Prosecutor", "prosecutor"),
    ("{town} Facial Imaging Company", "other"),
)
HEADINGS = ("Account holder", "E-mail", "Organization", "Country", "Searches", "First search", "Comments")
FILES = {
    "mapping.yml": """\
# Made up: a demonstration. Which column of accounts.xlsx is what; the names and addresses of people are never read.
workbook: accounts.xlsx
reports:
  sheet: Accounts
  rows: account
  left_out: [Account holder, E-mail, Comments]
  columns:
    agency: Organization
    country: Country
    searches: Searches
    first_search: First search
  constants:
    figure_from: Client list, February 2020
    use_status: Reported
    listing: Client list, February 2020
    source: D1
sources:
  rows:
    - {id: D1, publisher: Nobody, title: A made-up list of accounts, url: "https://example.org/made-up"}
register: agencies.csv
aliases: aliases.csv
profile: profile.yml
""",
    "profile.yml": """\
# The rules that BuzzFeed News set itself for its table of August 2021, but for the country.
searches_by: 2020-02-29
agency_types: [municipal_police, regional_police, transport_police, prosecutor]
unconfirmed: unconfirmed.csv
counts: ranges
""",
    "site.yml": """\
title: Made-up states
description: A demonstration of 1,803 invented agencies in 6,000 invented accounts, from a spreadsheet to a site.
notice: Everything on this site is made up. No agency, place or figure here is real.
keeper: nobody
licence: CC0-1.0
licence_url: https://creativecommons.org/publicdomain/zero/1.0/
limits:
  - Counts are published as ranges, and agencies whose existence is not confirmed are left out, as BuzzFeed News did.
source: made up by examples/make_made_up_states.py
""",
}


def make_agencies(chance: random.Random) -> list[dict[str, str]]:
    """Return the register: each agency in a town of its own kind and state."""
    towns = [f"{first}{last}" for first in FIRST for last in LAST]
    names = [(kind.format(town=town), agency_type, town) for kind, agency_type in KINDS for town in towns]
    names += [(f"{town} Harbor Police", "transport_police", town) for town in towns]
    names += [(f"{state} State Patrol", "regional_police", "") for state in STATES]
    picked = sorted(chance.sample(names, AGENCIES))
    return [
        {
            "id": "us-" + name.lower().replace("'", "").replace(" ", "-"),
            "name": name,
            "native_name": "",
            "country": "US",
            "agency_type": agency_type,
            "locality": town,
            "region": chance.choice(STATES),
            "geonameid": "",
        }
        for name, agency_type, town in picked
    ]


def make_accounts(agencies: Sequence[dict[str, str]], chance: random.Random) -> list[tuple[object, ...]]:
    """Return the account rows: each agency has one at least; half of the names are written in another way."""
    owners = [*agencies, *(chance.choice(agencies) for _ in range(ACCOUNTS - len(agencies)))]
    chance.shuffle(owners)
    rows = []
    for number, agency in enumerate(owners, start=1):
        name = agency["name"] if chance.random() < 0.7 else agency["name"].replace(" Police Department", " PD")
        day = f"20{chance.choice((18, 19, 19, 19))}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        if chance.random() < 0.05:
            day = f"2020-03-{chance.randint(1, 28):02d}"
        holder = f"Invented Person {number}"
        address = f"person{number}@made-up.example"
        searches = int(chance.paretovariate(0.9)) - (chance.random() < 0.3)
        rows.append((holder, address, name, "United States", min(searches, 4000), day, f"called by {holder}"))
    return rows


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def make(folder: Path) -> None:
    """Write the whole folder."""
    chance = random.Random(1803)
    agencies = make_agencies(chance)
    accounts = make_accounts(agencies, chance)
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Accounts")
    for row in (HEADINGS, *accounts):
        sheet.append(row)
    book.save(folder / "accounts.xlsx")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    write_csv(folder / "agencies.csv", [*agencies[0]], ([*agency.values()] for agency in agencies))
    ids = {agency["name"]: agency["id"] for agency in agencies} | {
        agency["name"].replace(" Police Department", " PD"): agency["id"] for agency in agencies
    }
    printed = sorted({str(row[2]) for row in accounts})
    columns = ("name_as_printed", "country", "report_no", "agency", "reason")
    write_csv(folder / "aliases.csv", columns, [(name, "US", "", ids[name], "") for name in printed])
    unconfirmed = [(agency["id"], "no such agency could be found") for agency in chance.sample(agencies, 40)]
    write_csv(folder / "unconfirmed.csv", ("agency", "reason"), sorted(unconfirmed))


def main() -> None:
    """Write the folder of the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent / "made_up_states")
    make(parser.parse_args().folder)


if __name__ == "__main__":
    main()
