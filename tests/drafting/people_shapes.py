"""Lists with people in them, or with many rows an agency, invented: a directory, officers, surplus items."""

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from american_shapes import STATES, TOWNS
from faker import Faker
from shapes import Shape

KINDS = ("Police Department", "Constable, Precinct", "ISD Police")
STATIONS = ("POLICE DEPT", "COUNTY SHERIFF DEPT")
RANKS = ("Chief", "Sheriff", "Lt.", "Interim Chief", "Capt.")
ITEMS = ("RIFLE,5.56 MILLIMETER", "SIGHT,REFLEX", "TRUCK,UTILITY", "NIGHT VISION GOGGLE", "ROBOT,EXPLOSIVE ORDNANCE")


def make_faker() -> Faker:
    """Return a maker of names, always the same."""
    maker = Faker("en_US")
    maker.seed_instance(7)
    return maker


def write_directory(folder: Path) -> None:
    """Write a directory of agencies with their chiefs, addresses, telephone numbers and mails, in old letters."""
    maker = make_faker()
    rows = []
    for number in range(300):
        town, state = f"{TOWNS[number % 9]}{' Heights' if number % 4 else ''}", [*STATES][number // 9 % 6]
        first, last, kind = maker.first_name(), maker.last_name(), KINDS[number % 3]
        rows.append({
            "Agency": f"{town} {kind} {number // 54 + 1}",
            "Head of agency": f"{RANKS[number % 5]} {first} {last}", "Mailing Address": maker.street_address(),
            "City": town, "State": state, "ZIP": f"{number + 10000}",
            "Phone": f"({number % 800 + 200}) 555-{number:04d}",
            "E-mail": f"{first}.{last}@agency.example".lower(), "Contact (PIO)": maker.name() if number % 3 else "",
            "Body cameras": str(number % 60) if number % 9 else "", "Comentário": "café" if number == 5 else "",
        })  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "directory.csv", index=False, encoding="latin-1")


def read_directory(folder: Path) -> pd.DataFrame:
    """Return the directory as pandas reads it."""
    frame = pd.read_csv(folder / "directory.csv", encoding="latin-1", dtype=str, keep_default_na=False)
    figures = pd.to_numeric(frame["Body cameras"])
    return frame.assign(row=range(2, 2 + len(frame)), name=frame["Agency"], region=frame["State"],
                        locality=frame["City"], low=figures, high=figures)  # fmt: skip


def write_officers(folder: Path) -> None:
    """Write officers with their use of force, a row each."""
    maker = make_faker()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Officers"
    sheet.append(["Last Name", "First Name", "Badge #", "Rank", "Department", "State", "Uses of force", "Status"])
    for number in range(400):
        town = TOWNS[number * 7 % 9]
        sheet.append([maker.last_name(), maker.first_name(), number + 100, "Officer", f"{town} Police Department",
                      [*STATES.values()][number % 3], number % 7 if number % 50 else None, "Active"])  # fmt: skip
    book.save(folder / "officers.xlsx")


def read_officers(folder: Path) -> pd.DataFrame:
    """Return the sums of each department as pandas makes them."""
    frame = pd.read_excel(folder / "officers.xlsx", engine="openpyxl")
    whole = frame.groupby(["Department", "State"], as_index=False).agg(
        low=("Uses of force", "sum"), rows=("Uses of force", "size"), known=("Uses of force", "count")
    )
    # Of an officer without a figure nothing is known: the sum is a least one.
    high = whole["low"].where(whole["rows"] == whole["known"])
    return whole.assign(name=whole["Department"], region=whole["State"], high=high)


def write_surplus(folder: Path) -> None:
    """Write items of military surplus, a row each, with money, dates and codes."""
    with xlsxwriter.Workbook(str(folder / "surplus items.xlsx")) as book:
        sheet = book.add_worksheet("All states")
        day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": '"$"#,##0.00'})
        sheet.write_row(0, 0, ["State", "Station Name (LEA)", "NSN", "Item Name", "Quantity", "UI", "Acquisition Value",
                               "DEMIL Code", "DEMIL IC", "Ship Date", "Station Type"])  # fmt: skip
        for number in range(600):
            name = f"{TOWNS[number % 9].upper()} {STATIONS[number % 2]}"
            sheet.write_row(number + 1, 0, [[*STATES][number // 30 % 6], name, f"1005-00-073-{number:04d}",
                                            ITEMS[number % 5], number % 12 + 1, "Each"])  # fmt: skip
            sheet.write_number(number + 1, 6, number * 13.5, money)
            sheet.write_row(number + 1, 7, ["D", number % 7, "", "State"])
            sheet.write_datetime(number + 1, 9, datetime.datetime(2015, 1 + number % 12, 3), day)  # noqa: DTZ001


def read_surplus(folder: Path) -> pd.DataFrame:
    """Return the sums of each station as pandas makes them."""
    frame = pd.read_excel(folder / "surplus items.xlsx", engine="openpyxl")
    whole = frame.groupby(["Station Name (LEA)", "State"], as_index=False).agg(low=("Quantity", "sum"))
    return whole.assign(name=whole["Station Name (LEA)"], region=whole["State"], high=whole["low"])


OF_PEOPLE = {
    "directory full of persons": Shape(
        write_directory, read_directory, {"country": "USA", "measure": "camera, cameras", "rows": "report"}
    ),
    "officers list summed to agencies": Shape(
        write_officers, read_officers, {"country": "USA", "measure": "use of force, uses of force"}, accounts=True
    ),
    "surplus list of items": Shape(
        write_surplus,
        read_surplus,
        {"country": "USA", "figure": "Quantity", "measure": "item, items", "rows": "account"},
        accounts=True,
    ),
}
