"""Which cases of a test make test runs, and which the longer make test-slow alone."""

from collections.abc import Iterable
from typing import Any

import pytest


def sample(cases: Iterable[Any], kept: Iterable[Any]) -> list[Any]:
    """Return the cases of a test: those kept as they are, the others marked as slow; fail where one kept is none."""
    cases, kept = [*cases], [*kept]
    assert all(one in cases for one in kept), "a case that is kept is none of them"
    return [one if one in kept else mark(one) for one in cases]


def mark(case: Any) -> Any:  # noqa: ANN401 - whatever a test takes
    """Return a case that make test-slow alone runs."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
