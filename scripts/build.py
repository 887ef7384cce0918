"""A folder's spreadsheet -> BUILD_DIR/clearview.db, in one process: extract, clean and build_db, as far as each is due.

A step is due where something that its tables are made from is newer than they are: a correction of aliases.csv does not
read a million rows of a workbook again.
"""

import argparse
import gc
from pathlib import Path

import build_db
from clean import clean
from cleaning.cleaner import Cleaner
from cleaning.corrections import ACTIONS
from cleaning.corrections import FILE as CORRECTIONS
from cleaning.printed import Passed, as_batches
from dataset.deliveries import Delivery, list_files
from dataset.mapping import FILE, Mapping, read_mapping
from dataset.problems import Problems, exit_with
from dataset.words import OURS
from extract import COMPARED, extract
from lookups.tables import LOOKUPS
from spreadsheets.sheets import Later, Rows

MOST_LATER = 3  # sheets that other processes still compare, and the note that they agree


def build(
    folder: Path, steps: Path, extract_modules: list[Path], clean_modules: list[Path], name: str = OURS.database
) -> None:
    """Run the steps that are due and put the database in place; raise Problems. Name is what it is called where served.

    The second reader compares a large sheet while its rows are cleaned and loaded. Where it differs, all is done again,
    with each row compared before it is used, which tells the cells.
    """
    mapping = read_mapping(folder)
    reports, readings, named = steps / "reports.csv", steps / "readings.csv", list_named(folder, mapping)

    def run_steps(later: Later | None) -> Path:
        passed = None
        extracted = [*extract_modules, *steps.glob("folder"), *list_extracted(folder, mapping)]
        if is_due(reports, extracted) or not (steps / COMPARED).exists():
            print(f"extract.py: the spreadsheet of {folder}", flush=True)
            count, passed = extract_and_clean(folder, steps, mapping, later)
            print(f"clean.py: {count:,} distinct texts read", flush=True)
        elif is_due(readings, [*clean_modules, reports, *named, *folder.iterdir(), *LOOKUPS.glob("*.csv")]):
            print(f"clean.py: {clean(folder, steps, mapping):,} distinct texts read", flush=True)
        return build_db.build(folder, steps, mapping, name, passed)

    later = Later(MOST_LATER)
    try:
        working = run_steps(later)
    except Problems:
        if later.settle():
            raise
    if not later.settle():
        print("extract.py: a second reader reads something else; once more, to tell where", flush=True)
        working = run_steps(None)
    path = build_db.put_in_place(working)
    print(f"build_db.py: {path}, {path.stat().st_size:,} bytes")


def list_extracted(folder: Path, mapping: Mapping) -> list[Path]:
    """Return the files that extract.py reads; the rules of a profile and the sums of accounts need all tables."""
    if mapping.profile or mapping.reports.rows == "account":
        return [*list_named(folder, mapping), *folder.iterdir(), *LOOKUPS.glob("*.csv")]
    named = [folder / name for name in (FILE, mapping.agencies, mapping.not_persons or FILE)]
    beside = [path for name in (CORRECTIONS, ACTIONS) if (path := folder / name).exists()]
    return [LOOKUPS / "name_words.csv", *list_files(folder, mapping), *named, *beside]


def list_named(folder: Path, mapping: Mapping) -> list[Path]:
    """Return the files that mapping.yml names, wherever they are."""
    tables = (mapping.agencies, mapping.aliases, mapping.categories, mapping.profile, mapping.not_persons)
    return [*list_files(folder, mapping), *(folder / name for name in tables if name)]


def is_due(made: Path, sources: list[Path]) -> bool:
    """Return whether a file is not there, or older than one that it is made from, or one of these is gone."""
    return not made.exists() or any(
        not path.exists() or path.stat().st_mtime_ns > made.stat().st_mtime_ns for path in sources
    )


def extract_and_clean(folder: Path, steps: Path, mapping: Mapping, later: Later | None = None) -> tuple[int, Passed]:
    """Clean the reports while they are extracted; return the number of distinct texts, and the reports that passed."""
    cleaner, passed = Cleaner(folder, mapping), Passed()

    def see(delivery: Delivery, fields: list[str], rows: Rows) -> None:
        for batch in as_batches(delivery, fields, rows):
            cleaner.read(batch)
            passed.add(batch)

    extract(folder, steps, mapping, see, later)
    return clean(folder, steps, mapping, cleaner), passed


def main() -> None:
    """Build a folder's database, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml and the spreadsheet")
    parser.add_argument("build", type=Path, help="the folder to write to")
    parser.add_argument("--extract", type=Path, nargs="*", default=[], help="the modules that extract.py runs")
    parser.add_argument("--clean", type=Path, nargs="*", default=[], help="the modules that clean.py runs")
    parser.add_argument("--name", default=OURS.database, help="what the database is called where it is served")
    given = parser.parse_args()
    gc.disable()  # nothing here refers to itself; the collector would walk millions of texts again and again
    try:
        build(given.raw, given.build, given.extract, given.clean, given.name)
    except Problems as error:
        exit_with(error.problems)
    gc.freeze()  # at the end of a process the collector would walk through all that was read, for half a second


if __name__ == "__main__":
    main()
