"""What is promised is served: every table and column of promises.yml, in its order, new columns after them."""

from pathlib import Path

import httpx
import pytest
import yaml

PROMISES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "promises.yml").read_text(encoding="utf-8"))
Columns = dict[str, list[str]]


def find_broken(served: Columns) -> list[str]:
    """Return a sentence for each promise that these tables and columns break."""
    broken = []
    for table, promised in PROMISES.items():
        if table not in served:
            broken.append(f"promise broken: the table {table} is gone")
            continue
        missing = [column for column in promised if column not in served[table]]
        broken += [f"promise broken: {table}.{column} is gone; say so in CHANGELOG.md first" for column in missing]
        if not missing and served[table][: len(promised)] != promised:
            broken.append(f"promise broken: {table} has its columns in another order")
    return broken


def read_table(site: str, table: str) -> list[str]:
    """Return the columns of a table as it is served; none where it is not."""
    response = httpx.get(f"{site}/clearview/{table}.json?_shape=objects&_size=1", trust_env=False)
    return response.json()["columns"] if response.status_code == 200 else []


def test_promised_columns_are_served(site: str) -> None:
    assert find_broken({table: read_table(site, table) for table in PROMISES}) == []


def test_promised_columns_are_described_in_openapi(site: str) -> None:
    schemas = httpx.get(f"{site}/openapi.json", trust_env=False).json()["components"]["schemas"]
    described = {
        table: [name for name, said in schemas[table]["properties"].items() if said["description"]]
        for table in PROMISES
        if table in schemas
    }
    assert find_broken(described) == []


@pytest.mark.parametrize("table", PROMISES)
def test_a_column_renamed_or_dropped_breaks_a_promise_that_is_named(table: str) -> None:
    for column in PROMISES[table]:
        renamed = [name if name != column else f"{name}_new" for name in PROMISES[table]]
        dropped = [name for name in PROMISES[table] if name != column]
        for columns in (renamed, dropped):
            named = f"promise broken: {table}.{column} is gone; say so in CHANGELOG.md first"
            assert find_broken(PROMISES | {table: columns}) == [named]
    assert find_broken({name: columns for name, columns in PROMISES.items() if name != table}) == [
        f"promise broken: the table {table} is gone"
    ]
    reordered = [*reversed(PROMISES[table])]
    assert find_broken(PROMISES | {table: reordered}) == [f"promise broken: {table} has its columns in another order"]
