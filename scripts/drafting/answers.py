"""What a person is asked of every dataset, and what follows from the answers."""

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


def choices_of(field: str) -> list[str]:
    """Return the texts that may be given for a field, none where any may."""
    rows = read_table(LOOKUPS / "categories.csv")
    return [row["as_printed"] for row in rows if row["column"] == field and row["as_printed"]]


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
