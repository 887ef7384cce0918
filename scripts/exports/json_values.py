"""Values of rows as JSON can say them."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any


def finite(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return the value; None for a number without an end, which JSON has no word for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def find_twice(columns: Iterable[str]) -> str | None:
    """Return a name that two columns share, so that an object would lose a value; None where there is none."""
    return next((name for name, count in Counter(columns).items() if count > 1), None)
