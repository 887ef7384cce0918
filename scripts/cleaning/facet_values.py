"""The values of a facet's cell: one text, or those between the marks that mapping.yml names."""

import json
import re

from dataset.facets import NOT_STATED, Facet

from cleaning.odd_texts import tidy
from cleaning.readings import Reading

EMPTY_PARTS = "nothing stands between two of its marks, or before the first, or after the last"
REPEATED = "a value stands twice"


def read_values(field: str, printed: str, facet: Facet, *, several: bool) -> list[Reading]:
    """Return the reading of a facet's cell; where a report may have several values, a list of them in JSON."""
    parts = re.split("|".join(map(re.escape, facet.split)), printed) if facet.split else [printed]
    texts = [" ".join(part.split()) for part in map(tidy, parts)]
    stated = [NOT_STATED if text.casefold() == NOT_STATED else text for text in texts if text]
    values = [*dict.fromkeys(stated or [NOT_STATED])]
    value = write_list(values) if several else values[0]
    if not tidy(printed):
        return [Reading(field, value, "not stated")]
    reasons = [REPEATED] * (len(values) < len(stated)) + [EMPTY_PARTS] * (len(texts) > max(len(stated), 1))
    kind = "parsed" if facet.split or several else "trimmed"
    return [Reading(field, value, kind, "; ".join(reasons))]


def write_list(values: list[str]) -> str:
    """Return values as a list in JSON, as the database holds it."""
    return json.dumps(values, ensure_ascii=False)
