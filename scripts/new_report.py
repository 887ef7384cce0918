"""Asks for the fields of one report, checks each as the build would, and adds it to the folder's contributions.csv.

usage: new_report.py FOLDER                      (asks on the terminal)
       new_report.py FOLDER --agency NAME ...    (takes the fields from options and asks nothing)

What a field may hold stands in docs/contribute.md. Nothing is written unless the whole folder would still build.
"""

import argparse
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from clean import clean
from cleaning.cleaner import Cleaner
from cleaning.printed import Reports, read_sources
from cleaning.readings import Printed
from dataset.deliveries import Delivery, list_deliveries
from dataset.mapping import Mapping, read_mapping
from dataset.problems import Problem, Problems, exit_with, name_file
from dataset.tables import SourceFields
from extract import extract
from lookups.tables import Row, read_table, write_table
from publishing.people import Screen

FILE = "contributions.csv"
QUESTIONS = {
    "country": "Country, as printed or in English",
    "agency": "Name of the agency as printed; empty where the page names only the country or an unnamed group",
    "searches": "Number of searches as printed; empty where the page gives none",
    "figure_from": "Whose figure it is",
    "response": "How the agency responded",
    "response_given_to": "To whom",
    "response_detail": "The response in your own words; empty where there is none",
    "licence": "Kind of licence, where the page says so",
    "use_status": "Does the page speak of use",
    "listing": "What the page itself rests on",
    "note": "What a reader should know; name no private person",
    "source": "Id of the page, if it is in the list of sources; empty for a new one",
}
PAGE = {
    "publisher": "Publisher of the page",
    "title": "Its title; empty where it has none",
    "url": "Its address",
    "copy_url": "Address of the copy that was read; empty where the page itself was",
    "published": "Its date (2021, 2021-08 or 2021-08-25); empty where unknown",
}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|")
Check = Callable[[str], str]  # returns what is wrong with a text, "" where nothing is


class Checker:
    """Says what is wrong with a field, in the words of the build."""

    def __init__(self, folder: Path, mapping: Mapping, sources: set[str]) -> None:
        """Load what the build reads; sources are the ids of the pages listed."""
        self.cleaner, self.detector = Cleaner(folder, mapping), Screen(folder, mapping).detector
        self.sources, self.code = sources, ""
        # A new report is of the folder's own table, the last one.
        self.columns = self.cleaner.columns[max(self.cleaner.columns)]

    def allowed(self, field: str) -> list[str]:
        """Return the texts that a category may have."""
        return sorted(text for column, text in self.cleaner.reader.categories if column == field)

    def check(self, field: str, text: str) -> str:
        """Return what is wrong with a field's text, "" where nothing is."""
        if self.detector.find(text):
            return "holds an address, a phone number or a person's name; write it without"
        if field == "source":
            return "" if not text or text in self.sources else "is in no list of sources; leave it empty for a new page"
        if field in ("publisher", "url") and not text:
            return "is empty; fill it in"
        if field.endswith("url") and text and not re.match(r"https?://[^/\s]+\.[^/\s]+\S*$", text):
            return "is no address of a page; it begins with https://"
        if field == "published":
            return "" if DATE.fullmatch(text) else "is no date; write 2021, 2021-08 or 2021-08-25"
        return "" if field in PAGE else self.check_reading(field, text)

    def check_reading(self, field: str, text: str) -> str:
        """Return why cleaning could not read the text of a report's field, "" where it can."""
        try:
            printed = Printed(field, text, self.code if field == "agency" else "")
            readings = self.cleaner.reader.read(printed, self.columns)
        except ValueError as error:
            return str(error)
        if field == "country":
            self.code = readings[-1].value
        return ""


def ask(field: str, question: str, checker: Checker) -> str:
    """Return what somebody types for a field, as soon as nothing is wrong with it."""
    choices = checker.allowed(field) if field not in PAGE else []
    print(f"\n{question}." + (f" One of: {', '.join(filter(None, choices))}" if any(choices) else ""))
    while True:
        text = input(f"{field}: ").strip()
        if not (wrong := checker.check(field, text)):
            return text
        print(f"  {wrong}")


def collect(given: Row | None, checker: Checker) -> tuple[Row, Row]:
    """Return the fields of a report and of its page (none where it is listed already), asked for or as given."""
    if given is None:
        report = {field: ask(field, question, checker) for field, question in QUESTIONS.items()}
        page = {} if report["source"] else {field: ask(field, question, checker) for field, question in PAGE.items()}
        return report, page
    report, page = ({field: given[field] for field in part} for part in (QUESTIONS, PAGE))
    page = {} if report["source"] else page
    wrong = {field: checker.check(field, text) for field, text in (report | page).items()}
    if any(wrong.values()):
        raise Problems(Problem("new report", column=field, advice=what) for field, what in wrong.items() if what)
    return report, page


def add(folder: Path, given: Row | None) -> str:
    """Add a report to a folder; return what was written. Raises Problems, and then writes nothing."""
    mapping = read_mapping(folder)
    delivery = next((one for one in list_deliveries(folder, mapping) if one.file == FILE), None)
    if delivery is None or not delivery.sources.file:
        advice = f"lists no delivery {FILE} with a file of sources; docs/contribute.md says how"
        raise Problems([Problem(name_file(folder / "mapping.yml"), advice=advice)])
    with tempfile.TemporaryDirectory() as place:
        steps = Path(place) / "steps"
        extract(folder, steps, mapping)
        numbers = [int(text) for batch in Reports(mapping, folder, steps) for text in batch.columns["no"]]
        sources = [source.cells["id"].strip() for source in read_sources(mapping, folder, steps)]
        report, page = collect(given, Checker(folder, mapping, set(sources)))
        report |= {"no": str(max(numbers, default=0) + 1), "source": report["source"] or next_id(sources)}
        trial = Path(shutil.copytree(folder, Path(place) / folder.resolve().name))
        changed = write_rows(trial, delivery, report, page)
        extract(trial, steps, read_mapping(trial))
        clean(trial, steps, mapping)
        for name in changed:
            shutil.copyfile(trial / name, folder / name)
    return f"Report {report['no']} on page {report['source']} is in {' and '.join(changed)}; now: make db"


def next_id(sources: list[str]) -> str:
    """Return the id after the last one: S190 after S189."""
    last = max(sources, key=lambda name: int(re.sub(r"\D", "", name) or 0), default="S0")
    digits = re.sub(r"\D", "", last)
    return last.removesuffix(digits) + str(int(digits or 0) + 1).zfill(len(digits))


def write_rows(folder: Path, delivery: Delivery, report: Row, page: Row) -> list[str]:
    """Add the report, and its page if it is new, to their files; return the files' names."""
    changed = [append(folder / delivery.file, delivery.reports.headings, report)]
    if page:
        fields = dict.fromkeys(SourceFields.model_fields, "") | page | {"id": report["source"]}
        changed.append(append(folder / delivery.sources.file, delivery.sources.headings, fields))
    return changed


def append(path: Path, headings: dict[str, str], fields: Row) -> str:
    """Add a line to a table, under its own headings; return the file's name."""
    lines = [list(row.values()) for row in read_table(path)]
    write_table(path, [*headings.values()], [*lines, [fields.get(field, "") for field in headings]])
    return path.name


def main() -> None:
    """Add one report, or print everything that is wrong with it and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with mapping.yml")
    for field, question in (QUESTIONS | PAGE).items():
        parser.add_argument(f"--{field.replace('_', '-')}", help=question)
    options = vars(parser.parse_args())
    folder = options.pop("folder")
    given = {field: (text or "").strip() for field, text in options.items()}
    try:
        print(add(folder, given if any(given.values()) else None))
    except Problems as found:
        exit_with(found.problems)
    except (EOFError, KeyboardInterrupt):
        raise SystemExit("\nNothing was written.") from None


if __name__ == "__main__":
    main()
