"""What is promised is served: every table and column of promises.yml, in its order, new columns after them."""

from pathlib import Path

import httpx
import pytest
import yaml

PROMISES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "promises.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", PROMISES)
def test_promised_columns_are_served(site: str, table: str) -> None:
    response = httpx.get(f"{site}/clearview/{table}.json?_shape=objects&_size=1", trust_env=False)
    assert response.status_code == 200, f"promise broken: the table {table} is gone"
    served = response.json()["columns"]
    missing = [column for column in PROMISES[table] if column not in served]
    assert not missing, f"promise broken: {table} has no column {', '.join(missing)}; say so in CHANGELOG.md first"
    assert served[: len(PROMISES[table])] == PROMISES[table], (
        f"promise broken: {table} has its columns in another order"
    )
