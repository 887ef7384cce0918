"""SQL made at random: no crash, no write, no file read, no answer past the limits. `make fuzz-sql` asks 10,000."""

from itertools import islice

import pytest
from every_function import call_every_function
from fuzz_sql import call_functions, fuzz
from generated_sql import Maker


@pytest.mark.slow
def test_generated_sql_does_no_harm() -> None:
    statuses, faults = fuzz(count=400, seed=7)
    assert faults == []
    assert sum(statuses.values()) == 400
    assert statuses[200] > 40  # else it would try nothing


@pytest.mark.slow
def test_no_function_with_its_longest_arguments_goes_past_the_limit() -> None:
    asked, late = call_functions("json_patch instr")
    assert late == []
    assert asked > 30


def test_every_function_is_called_by_its_name() -> None:
    statements = " ".join(call_every_function())
    for name in ("json_patch", "instr", "group_concat", "like", "->>", "nth_value"):
        assert name in statements


def test_the_same_seed_makes_the_same_statements() -> None:
    first, again, other = (list(islice(Maker(seed, "/x").statements(), 200)) for seed in (1, 1, 2))
    assert first == again != other
    assert any(sql.startswith("attach") for sql in first)
