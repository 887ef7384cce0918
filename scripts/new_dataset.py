"""Looks at the spreadsheet in a folder and writes a first mapping.yml, agencies.csv, aliases.csv and site.yml.

Columns are recognised by their headings and by what is in them. What it gets wrong, an option sets right, or a
corrected mapping.yml: run again, it drafts what is missing. Names that are alike are suggested as one agency, for a
person to accept: the build refuses every line that still has a question mark. Columns with people in them are left out,
and so are names that read like a person's. A file that is there is never written over.
"""

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path

from cleaning.registers import COLUMNS, alias_columns
from dataset.problems import Problem, Problems, exit_with, mask_file, name_file
from drafting.answers import QUESTIONS, read_answers
from drafting.conversation import Stopped, converse
from drafting.earlier import Earlier, read_earlier
from drafting.look import Look, look
from drafting.mapping_text import draft_mapping, draft_site
from drafting.registers import Registers, draft_registers
from drafting.telling import tell_look, tell_questions, tell_registers
from lookups.tables import write_table

OPTIONS = {
    "agency": "the heading of the column that names the agency",
    "country": "the heading of the column of countries, or a country for all rows",
    "region": "the heading of the column of states or provinces",
    "locality": "the heading of the column of towns",
    "figure": "the heading of the column that counts; - for none",
    "date": "the heading of the column of dates",
    "period": "the heading of the column of years, quarters or months that the figures are of",
    "link": "the heading of the column of links",
    "sheet": "the sheet of the workbook",
    "header_row": "the number of the row with the headings",
    "rows": "what a row stands for: report, or account where rows are to be summed to agencies",
}

FACET = "the heading of a column that rows are counted and chosen by; given once for each"


def draft(folder: Path, workbook: str, said: dict[str, str], asked: bool) -> Iterator[str]:
    """Write the drafts that are missing; yield what was seen, line by line; raise Problems."""
    earlier = read_earlier(folder)
    check_there(folder, earlier, said)
    if earlier:
        workbook, said = earlier.workbook, earlier.said()

    def understand(said: dict[str, str]) -> Look:
        return look(folder, workbook, read_answers(said), earlier)

    said = converse(understand, said) if asked and not earlier else said
    said = read_answers(said)  # the last of a conversation depend on no look
    seen = understand(said)
    yield from tell_look(seen)
    made = None
    if seen.is_decided("agency") and seen.is_decided("country"):
        if not (folder / "agencies.csv").exists():
            made = draft_registers(*(seen.cells(name) for name in ("agency", "country", "region", "locality")))
            yield from tell_registers(made)
    else:
        yield "Agencies are drafted once agency and country are known: write them in mapping.yml and run this again"
    written = write(folder, seen, said, made)
    if "not_persons.csv" in written and "mapping.yml" not in written:
        yield "Write `not_persons: not_persons.csv` at the end of mapping.yml"
    yield f"Written: {', '.join(written) if written else 'nothing, all is there'}"
    yield from tell_questions(folder)
    yield "Look through them: write what belongs in place of each ?, take away the ? before what is right"
    yield f"(mapping.yml begins with what may stand there); then: make db RAW={shlex.quote(mask_file(str(folder)))}"


def check_there(folder: Path, earlier: Earlier | None, said: dict[str, str]) -> None:
    """Raise Problems where what is there already does not go with what is to be written."""
    pair = [folder / name for name in ("agencies.csv", "aliases.csv")]
    there = [path for path in pair if path.exists()]
    problems = [Problem(name_file(path), advice="is there; move it away first, or put back the other of the two")
                for path in there if len(there) == 1]  # fmt: skip
    if earlier and any(said.values()):
        options = ", ".join(f"--{name.replace('_', '-')}" for name, text in said.items() if text)
        advice = f"is there: write in it what {options} says, or move it away first"
        problems.append(Problem(name_file(folder / "mapping.yml"), advice=advice))
    if problems:
        raise Problems(problems)


def write(folder: Path, seen: Look, said: dict[str, str], made: Registers | None) -> list[str]:
    """Write the files that are not there; return their names."""
    written = []
    tables = {"agencies.csv": made.agencies, "aliases.csv": made.alias_lines} if made else {}
    tables |= {"not_persons.csv": made.not_persons} if made and made.not_persons else {}
    for name, lines in tables.items():
        if not (folder / name).exists():
            columns = alias_columns(made.aliases) if made and name == "aliases.csv" else COLUMNS[name]
            write_table(folder / name, columns, lines)
            written.append(name)
    texts = {
        "mapping.yml": draft_mapping(seen, said, "not_persons.csv" in written),
        "site.yml": draft_site(seen, said),
    }
    for name, text in texts.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")
            written.append(name)
    return written


def main() -> None:
    """Draft a dataset, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with the spreadsheet")
    parser.add_argument("--workbook", default="", help="its name, where the folder has more than one")
    parser.add_argument("--ask", action="store_true", help="show the first rows and ask, before anything is written")
    for name, meaning in (OPTIONS | QUESTIONS).items():
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help=meaning)
    parser.add_argument("--facet", action="append", default=[], help=FACET)
    given = parser.parse_args()
    said = {name: getattr(given, name) for name in OPTIONS | QUESTIONS} | {"facet": "\n".join(given.facet)}
    try:
        for line in draft(given.folder, given.workbook, said, given.ask):
            print(line)
    except Problems as found:
        exit_with(found.problems)
    except Stopped:
        print("\nStopped; nothing was written.")


if __name__ == "__main__":
    main()
