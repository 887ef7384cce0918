"""What a person is asked of every dataset, and what follows from the answers."""

from collections.abc import Iterator

from cleaning.links import LINK
from dataset.measure import Measure
from dataset.problems import Problem, Problems
from lookups.tables import LOOKUPS, read_table
from pydantic import ValidationError

# Questions of every dataset, in the order in which they are asked: the key, and what is asked.
QUESTIONS = {
    "use_status": "What do these rows report of use?",
    "listing": "What does the list rest on?",
    "figure_from": "Where do the figures come from?",
    "measure": "What do the figures count, one and many: camera, cameras? (nothing for searches)",
    "publisher": "Who published the list?",
    "url": "Where can it be read? (https://…)",
    "title": "What is the title of your site?",
    "keeper": "Who keeps the list?",
    "licence": "Under which licence is it published?",
    "licence_url": "Where can that licence be read? (https://…)",
}
OF_CATEGORIES = ("use_status", "listing", "figure_from")
OF_LINKS = ("url", "licence_url")


def choices_of(field: str) -> list[str]:
    """Return the texts that may be given for a field, none where any may."""
    rows = read_table(LOOKUPS / "categories.csv")
    return [row["as_printed"] for row in rows if row["column"] == field and row["as_printed"]]


def find_choice(field: str, text: str) -> str:
    """Return the text that may be given for a field as the lookup writes it, "" where it is none of them."""
    return next((choice for choice in choices_of(field) if choice.casefold() == " ".join(text.casefold().split())), "")


def read_answers(said: dict[str, str]) -> dict[str, str]:
    """Return the answers, categories as the build knows them; raise Problems where the build would refuse one."""
    if problems := [*check_answers(said)]:
        raise Problems(problems)
    read_measure(said)
    return said | {field: find_choice(field, said[field]) for field in OF_CATEGORIES if said.get(field)}


def check_answers(said: dict[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the answers that do not depend on the spreadsheet."""
    for field in OF_CATEGORIES:
        text = said.get(field, "")
        if text and not find_choice(field, text):
            yield not_taken(field, text, "one of: " + " | ".join(choices_of(field)))
    for field in OF_LINKS:
        text = said.get(field, "")
        if text and not LINK.fullmatch(text):
            yield not_taken(field, text, "a link: https://…")
    row = said.get("header_row", "")
    if row and not (row.isdecimal() and int(row)):
        yield not_taken("header_row", row, "the number of a row, from 1")


def not_taken(field: str, text: str, wanted: str) -> Problem:
    """Return the problem with the text of an option."""
    option = f"--{field.replace('_', '-')}"
    return Problem(option, value=text, advice=f"{option} takes {wanted}")


def follow(said: dict[str, str]) -> dict[str, str]:
    """Return the answers with those that follow from them: the origin of figures, the address of a usual licence."""
    found = {name: text for name, text in said.items() if text}
    if found.get("listing") in choices_of("figure_from"):
        found.setdefault("figure_from", found["listing"])
    rows = read_table(LOOKUPS / "licence_addresses.csv")
    urls = {row["licence"].casefold(): row["url"] for row in rows}
    if url := urls.get(found.get("licence", "").casefold()):
        found.setdefault("licence_url", url)
    return found


def read_measure(said: dict[str, str]) -> Measure | None:
    """Return what is counted, None where nothing is said; raise Problems where it is not said as one and many."""
    if not (text := said.get("measure", "")):
        return None
    words = [word.strip() for word in text.split(",")]
    try:
        one, many = words
        return Measure(one=one, many=many)
    except ValueError as error:
        told = [fault["msg"] for fault in error.errors()] if isinstance(error, ValidationError) else []
        advice = "; ".join(told) or "--measure takes one and many, with a comma between: 'camera, cameras'"
        raise Problems([Problem("--measure", value=text, advice=advice)]) from None
