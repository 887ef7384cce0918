"""Which cases of a test make test runs, which make test-slow alone, and which pages make crawl alone opens."""

import os
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pytest

EVERY_PAGE = os.environ.get("CRAWL") == "every page"


def sample(cases: Iterable[Any], kept: Iterable[Any]) -> list[Any]:
    """Return the cases of a test: those kept as they are, the others marked as slow; fail where one kept is none."""
    cases, kept = [*cases], [*kept]
    assert all(one in cases for one in kept), "a case that is kept is none of them"
    return [one if one in kept else mark(one) for one in cases]


def mark(case: Any) -> Any:  # noqa: ANN401 - whatever a test takes
    """Return a case that make test-slow alone runs."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)


def choose_pages(pages: Iterable[str], kind_of: Callable[[str], Hashable], most: int) -> list[str]:
    """Return so many pages of each kind, the same ones each time; all of them where make crawl asks for them."""
    kinds: dict[Hashable, list[str]] = defaultdict(list)
    for page in sorted(pages):
        kinds[kind_of(page)].append(page)
    chance = random.Random(11)
    counts = {kind: len(alike) if EVERY_PAGE else min(most, len(alike)) for kind, alike in kinds.items()}
    return [page for kind, alike in kinds.items() for page in chance.sample(alike, counts[kind])]
