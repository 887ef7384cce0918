"""Reports as printed -> what each distinct text in them means, each read once.

Reads BUILD_DIR/reports.csv and sources.csv, writes BUILD_DIR/readings.csv; build_db.py joins the two.
"""

import argparse
import gc
from pathlib import Path

from cleaning.cleaner import Cleaner
from cleaning.faults import find_faulty_cells, write_unknown_names
from cleaning.printed import Reports, read_sources
from cleaning.readings import write_readings
from cleaning.references import check_references, check_repeated
from cleaning.registers import check_registers
from dataset.mapping import Mapping, read_mapping
from dataset.problems import Problems, exit_with
from lookups.tables import read_table

# Only our own spreadsheet has to use every line of the lookup of countries.
OWN = Path(__file__).resolve().parent.parent / "raw"


def clean(folder: Path, build: Path, mapping: Mapping, cleaner: Cleaner | None = None) -> int:
    """Write readings.csv, of what the cleaner has read or of all reports; return the number of distinct texts.

    Raises Problems with every fault of the run.
    """
    reports = Reports(mapping, folder, build)
    if cleaner is None:
        cleaner = Cleaner(folder, mapping)
        for batch in reports:
            cleaner.read(batch)
    cleaner.finish()
    problems = find_faulty_cells(reports, cleaner.faults, cleaner.code_of)
    problems += write_unknown_names(build, cleaner.reader.unknown, cleaner.aliases.path)
    sources = read_sources(mapping, folder, build)
    mentioned = cleaner.mentioned
    mentioned.agencies = {found[-1].value for printed, found in cleaner.readings.items() if printed.field == "agency"}
    problems += check_registers(folder, build, mapping, sources)
    if mapping.profile or mapping.reports.rows == "account":
        # What is left out or summed has its lines in the register and the aliases all the same.
        mentioned.sources |= {source.cells["id"].strip() for source in sources}
        mentioned.agencies |= {row["id"] for row in read_table(build / "left_out.csv")}
        cleaner.aliases.use_all()
    problems += check_references(reports, mentioned, sources, folder / mapping.agencies)
    problems += cleaner.aliases.problems()
    if folder.resolve() == OWN:
        problems += cleaner.reader.countries.problems()
    problems += check_repeated(reports, sources, cleaner.agency_of)
    if problems:
        raise Problems(problems)
    write_readings(build, cleaner.readings)
    return len(cleaner.readings)


def main() -> None:
    """Clean the build folder's reports, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml")
    parser.add_argument("build", type=Path, help="the folder that extract.py wrote to")
    given = parser.parse_args()
    gc.disable()  # nothing here refers to itself; the collector would walk millions of texts again and again
    try:
        count = clean(given.raw, given.build, read_mapping(given.raw))
    except Problems as found:
        exit_with(found.problems)
    print(f"{count} distinct texts read")


if __name__ == "__main__":
    main()
