"""The questions of a draft, asked on a terminal: an empty answer keeps what stands in brackets."""

from collections.abc import Callable
from functools import partial

from dataset.problems import Problems

from drafting.answers import QUESTIONS, choices_of, follow, read_answers
from drafting.look import Look
from drafting.telling import tell_look, tell_rows

COLUMNS = {
    "agency": "Which column names the agency?",
    "country": "Which column names the country, or which country is it for all rows?",
    "region": "Which column names the state or province? (- for none)",
    "figure": "Which column counts? (- for none)",
}
OF_FIGURES = ("figure_from", "measure")
Ask = Callable[[str], str]


class Stopped(Exception):
    """The person has ended the conversation; nothing is written."""


def converse(understand: Callable[[dict[str, str]], Look], said: dict[str, str]) -> dict[str, str]:
    """Return the answers, by option; understand() looks at the spreadsheet again as it was answered."""

    def settle(question: Callable[[], dict[str, str]]) -> Look:
        """Ask until the answer can be understood; keep it and return what is understood then."""
        while True:
            answer = question()
            try:
                found = understand(said | answer)
            except Problems as faults:
                tell(faults)
            else:
                said.update(answer)
                return found

    said = dict(said)
    look = understand(said)
    show(look)
    before = look.header_row
    look = settle(lambda: ask_row(before))
    if look.header_row != before:
        show(look)
    for option, question in COLUMNS.items():
        look = settle(partial(ask_column, look, option, question))
    look = settle(partial(ask_facets, look))
    print("As it is understood now:")
    show(look)
    for field in QUESTIONS:
        if not said.get(field) and (field not in OF_FIGURES or look.is_decided("searches")):
            said[field] = ask_text(field, follow(said).get(field, ""))
    if ask("Write the drafts? [yes] ").casefold() not in ("", "y", "yes"):
        raise Stopped
    return said


def show(look: Look) -> None:
    """Print the first rows and what is taken for what."""
    for line in [*tell_rows(look), *tell_look(look)]:
        print(line)


def ask(question: str) -> str:
    """Return the answer to a question; raise Stopped at the end of the input."""
    try:
        return input(question).strip()
    except EOFError:
        raise Stopped from None


def tell(faults: Problems) -> None:
    """Print why an answer is asked for again."""
    for problem in faults.problems:
        print(problem)


def ask_row(now: int) -> dict[str, str]:
    """Return the option that says which row has the headings."""
    answer = ask(f"Which row has the headings? [{now}] ")
    return {"header_row": answer} if answer else {}


def ask_column(look: Look, option: str, question: str) -> dict[str, str]:
    """Return the option that answers a question about a column: a heading, its number, or a text for all rows."""
    field = "searches" if option == "figure" else option
    now = look.choice.columns.get(field) or look.choice.constants.get(field, "")
    headings = [heading for heading in look.columns.named() if heading not in look.columns.people]
    for number, heading in enumerate(headings, start=1):
        print(f"  {number}. {heading}")
    answer = ask(f"{question} [{now or '?'}] ")
    if not answer:
        return {option: now} if now else {}
    if answer.isdecimal() and 0 < int(answer) <= len(headings):
        return {option: headings[int(answer) - 1]}
    return {option: answer}


def ask_facets(look: Look) -> dict[str, str]:
    """Return the option that names the facets, where any column looks like one: numbers, or one heading."""
    headings = look.choice.seen.get("facet", [])
    if not headings:
        return {}
    for number, heading in enumerate(headings, start=1):
        print(f"  {number}. {heading}")
    answer = ask("By which of these shall rows be counted and chosen too, such as 1, 2? [none] ")
    numbers = [word for word in answer.replace(",", " ").split() if word.isdecimal()]
    chosen = [headings[int(word) - 1] for word in numbers if 0 < int(word) <= len(headings)]
    return {"facet": "\n".join([*look.choice.facets, *(chosen or [answer])])} if answer else {}


def ask_text(field: str, now: str) -> str:
    """Return a text, or the choice of a number; an empty answer is what follows from others, "" leaves it open."""
    choices = choices_of(field)
    for number, choice in enumerate(choices, start=1):
        print(f"  {number}. {choice}")
    while True:
        answer = ask(f"{QUESTIONS[field]} [{now or '?'}] ") or now
        text = choices[int(answer) - 1] if answer.isdecimal() and 0 < int(answer) <= len(choices) else answer
        try:
            return read_answers({field: text})[field]
        except Problems as faults:
            tell(faults)
