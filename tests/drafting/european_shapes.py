"""Lists as European offices publish them, invented: French towns by year, British statistics, German authorities."""

import csv
from pathlib import Path

import pandas as pd
from corpus import Case, write_ods
from shapes import Shape

FRENCH = ("Bourg-en-Bresse", "Saint-Étienne", "L’Haÿ-les-Roses", "Aÿ-Champagne", "Sainte-Marie", "Saint-Denis",
          "La Roche", "Villefranche", "Dole", "Œuilly", "Jean-Mermoz", "Martin-Église")  # fmt: skip
YEARS = range(2019, 2024)
REGIONS = {"North East": ("Durham", "Tyne", "Cleave"), "North West": ("Merse", "Lanca", "Cumber", "Ches"),
           "Wales": ("Gwent", "Dyf", "Powys")}  # fmt: skip
GERMAN = ("Kassel", "Jena", "Köln", "Groß-Gerau", "Bad Homburg v. d. Höhe", "Frankfurt (Oder)", "Müllheim")


def read_number(text: str) -> float:
    """Return a figure, with blanks or full stops between thousands; NaN where the text is none."""
    digits = text.replace("\u202f", "").replace("\u00a0", "").replace(".", "").removesuffix("[r]").strip()
    return float(digits) if digits.isdecimal() else float("nan")


def write_french(folder: Path) -> None:
    """Write French towns with a column of cameras for each year."""
    rows: list[list[object]] = [["Caméras de vidéoprotection par commune"], [],
                                ["Code INSEE", "Commune", "Département", "Population",
                                 *(f"Caméras {year}" for year in YEARS)]]  # fmt: skip
    sums = [0] * len(YEARS)
    for place, town in enumerate(FRENCH):
        figures = [place * 400 + year - 2018 for year in YEARS]
        sums = [one + figure for one, figure in zip(sums, figures, strict=True)]
        cells: list[object] = [f"{figure // 1000}\u202f{figure % 1000:03d}" if figure >= 1000 else figure
                               for figure in figures]  # fmt: skip
        if place == 3:
            sums[0], cells[0] = sums[0] - figures[0], "n.d."
        rows.append([f"0{1053 + place}", town, "Ain" if place % 2 else "Val-de-Marne", 1000 + place, *cells])
    rows += [["", "Total", "", 14_000, *sums], [], ["Source : réponses des communes, 2024. n.d. : non disponible."]]
    write_ods(folder / "villes.ods", Case(rows))


def read_french(folder: Path) -> pd.DataFrame:
    """Return the French towns as pandas reads them, a row for each year."""
    frame = pd.read_excel(folder / "villes.ods", header=2, dtype=str, keep_default_na=False)
    frame = frame.iloc[: len(FRENCH)].assign(row=range(4, 4 + len(FRENCH)))
    long = frame.melt(["row", "Commune", "Département"], [f"Caméras {year}" for year in YEARS], "period")
    figures = long["value"].map(read_number)
    long = long.assign(period=long["period"].str[-4:], low=figures, high=figures, name=long["Commune"])
    return long.assign(region=long["Département"]).sort_values(["row", "period"], ignore_index=True)


def write_british(folder: Path) -> None:
    """Write British statistics: a sheet of notes, titles, marks, and sub-totals between the forces."""
    cover = pd.DataFrame([["Use of face search, England and Wales"], ["[z] means not applicable"],
                          ["[r] means revised"], ["Contact: statistics@office.example"]])  # fmt: skip
    rows: list[list[object]] = [
        ["Table 1: Searches by police force area, year ending March 2024 [note 1]"],
        ["This worksheet contains one table. Some cells refer to notes."],
        ["Police force area [note 2]", "Force code", "Searches", "Officers"],
    ]
    whole = 0
    for place, (region, forces) in enumerate(REGIONS.items()):
        figures = [0 if force == "Tyne" else 180 * place + 17 * number + 5 for number, force in enumerate(forces)]
        rows.append([region, f"E1200{place}", sum(figures), 10])
        for number, (force, figure) in enumerate(zip(forces, figures, strict=True)):
            shown = "[z]" if force == "Tyne" else f"{figure} [r]" if number == 2 else figure
            rows.append([force, f"E2300{place}{number}", shown, 4 + number])
        whole += sum(figures)
    rows += [["England and Wales", "K04", whole, 90], ["British Transport Police", "N/A", 1250, 3],
             ["Notes"], ["1. Forces counted searches in different ways."], ["2. As of 31 March 2024."]]  # fmt: skip
    with pd.ExcelWriter(folder / "face-search-tables.ods", engine="odf") as writer:
        cover.to_excel(writer, sheet_name="Cover_sheet", header=False, index=False)
        pd.DataFrame([row + [None] * (4 - len(row)) for row in rows]).to_excel(
            writer, sheet_name="Table_1", header=False, index=False
        )


def read_british(folder: Path) -> pd.DataFrame:
    """Return the forces as pandas reads them."""
    frame = pd.read_excel(folder / "face-search-tables.ods", sheet_name="Table_1", header=2, dtype=str,
                          keep_default_na=False)  # fmt: skip
    frame = frame.assign(row=range(4, 4 + len(frame)), name=frame["Police force area [note 2]"])
    forces = {*(force for forces in REGIONS.values() for force in forces), "British Transport Police"}
    frame = frame[frame["name"].isin(forces)].reset_index(drop=True)
    figures = frame["Searches"].map(read_number)
    return frame.assign(low=figures, high=figures)


def write_german(folder: Path) -> None:
    """Write German authorities with a row for each year, as a program of Windows saves it."""
    with (folder / "Abfragen.csv").open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Kleine Anfrage 19/1234: Abfragen nach Behörden und Jahren", "", "", "", ""])
        writer.writerow(["Lfd. Nr.", "Behörde", "Bundesland", "Jahr", "Anzahl Abfragen"])
        for place, town in enumerate(GERMAN):
            for year in YEARS:
                figure = (place + 1) * (year - 2018) * 173
                shown = f"{figure // 1000}.{figure % 1000:03d}" if figure > 999 else f"{figure}"
                shown = {(2, 2020): "k. A.", (4, 2021): "–"}.get((place, year), shown)
                land = "Hessen" if place % 2 else "Thüringen"
                writer.writerow([place * 5 + year - 2018, f"Polizeipräsidium {town}", land, year, shown])


def read_german(folder: Path) -> pd.DataFrame:
    """Return the German authorities as pandas reads them."""
    frame = pd.read_csv(folder / "Abfragen.csv", sep=";", encoding="cp1252", header=1, dtype=str, keep_default_na=False)
    figures = frame["Anzahl Abfragen"].map(read_number)
    return frame.assign(row=range(3, 3 + len(frame)), name=frame["Behörde"], region=frame["Bundesland"],
                        period=frame["Jahr"], low=figures, high=figures)  # fmt: skip


EUROPEAN = {
    "French towns by year": Shape(write_french, read_french, {"country": "France", "measure": "camera, cameras"}),
    "British ods with notes and sub-totals": Shape(write_british, read_british, {"country": "UK"}),
    "German authorities by year": Shape(write_german, read_german, {"country": "Germany", "figure": "Anzahl Abfragen"}),
}
