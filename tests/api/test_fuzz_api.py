"""The served API asked what nobody thought of: requests made from /openapi.json by schemathesis, right and wrong ones.

No answer may be a server's failure or outside the description. `make fuzz-api` asks more, and other ones each time.
"""

import os
from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from requests import Session
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)

# Right ones of each address, and as many wrong ones: `make test` asks one address of each kind and form,
# `make fuzz-api` all of them.
CASES = int(os.environ.get("FUZZ_CASES", "0"))
ALL = CASES > 0
# Which requests are refused is for test_api.py to say: searches and SQL take any text.
LEFT_TO_OTHERS = [negative_data_rejection, positive_data_acceptance]


def find_unpromised(operation: APIOperation, case: Case) -> list[Any]:
    """Return the check of an answer's shape where the request lacks the shape that it must name."""
    must = any(parameter.name == "_shape" for parameter in operation.query)
    given = dict(case.query or {}).get("_shape")
    return [response_schema_conformance] if must and given not in ("array", "objects") else []


def ask(operation: APIOperation, mode: GenerationMode, session: Session, seen: Counter[int], broken: list[str]) -> None:
    """Send the cases of an address; count their statuses and note each answer that breaks the description."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=CASES or 6, deadline=None, database=None, derandomize=not ALL, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case: Case) -> None:
        response = case.call(session=session, timeout=240)
        seen[response.status_code] += 1
        try:
            case.validate_response(response, excluded_checks=[*LEFT_TO_OTHERS, *find_unpromised(operation, case)])
        except* AssertionError as failures:
            broken.extend(f"{failure} at {response.request.url}"[:1000] for failure in failures.exceptions)

    if mode is GenerationMode.POSITIVE or operation.query or operation.path_parameters:
        run()  # an address without parameters cannot be asked wrongly


def pick(operations: list[APIOperation]) -> list[APIOperation]:
    """Return the first address of each kind and form."""
    first: dict[tuple[str, str], APIOperation] = {}
    for operation in operations:
        first.setdefault((operation.tags[0], operation.path.rsplit(".", 1)[-1]), operation)
    return list(first.values())


def test_no_request_breaks_the_description(site: str) -> None:
    schema = schemathesis.openapi.from_url(f"{site}/openapi.json")
    operations = [result.ok() for result in schema.get_all_operations()]
    seen: Counter[int] = Counter()
    broken: list[str] = []
    with Session() as session:
        session.trust_env = False
        for operation in operations if ALL else pick(operations):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                ask(operation, mode, session, seen, broken)
            print(f"\r{seen.total():,} requests, {len(broken)} against the description", end="", flush=True)
    print(f": {dict(sorted(seen.items()))}")
    assert not broken, "\n".join(broken[:20])
    assert not [status for status in seen if status >= 500]
    assert seen.total() >= (1000 if ALL else 140)
    assert seen[200] > seen.total() / 4, f"most of what is asked is refused: {seen}"
