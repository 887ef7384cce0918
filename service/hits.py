"""What a search finds: an entry with its score, and why it was found, which is worked out only where it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from service.search_entries import Entry, Name

Key = tuple[int, int]  # the place of an entry in the list, and of a name among its own


@dataclass(frozen=True)
class Match:
    """One entry that matches a query: its score (0 to 100) and, for the reader, why it was found."""

    id: str
    kind: str
    title: str
    score: float
    country: str
    agency_type: str
    explain: Callable[[], str] = field(repr=False, compare=False)

    @property
    def reason(self) -> str:
        """Say why it was found; of thousands that match, a reader is told of a few."""
        return self.explain()


@dataclass(frozen=True)
class Asked:
    """A query: folded, in words of common meaning, what these weigh, and the names that hold each of them."""

    plain: list[str]
    typed: str
    weight: float
    held: list[dict[Key, float]]


@dataclass(frozen=True)
class Hit:
    """An entry found, its score, and what finds the names that together match the query: few are ever shown."""

    score: float
    entry: Entry
    find_names: Callable[[], list[Name]]

    def explain(self) -> str:
        """Return the reason a reader sees: matched the printed name “GRC” and the place “Ottawa”."""
        ordered = sorted(self.find_names(), key=lambda name: (-name.weight, name.text))
        return "matched " + " and ".join(f"the {name.label} “{name.text}”" for name in ordered)


def choose_names(ordered: list[int], names: dict[int, list[float]]) -> list[int]:
    """Return the fewest names, the most telling first, that hold every word any of them holds."""
    chosen: list[int] = []
    held: set[int] = set()
    for number in ordered:
        columns = {column for column, value in enumerate(names[number]) if value}
        if not columns <= held:
            chosen.append(number)
            held |= columns
    return chosen
