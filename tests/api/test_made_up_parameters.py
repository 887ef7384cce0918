"""Parameters that nobody thought of: refused or answered, never a failure of the service (MADE_UP=5000 asks more)."""

import os
import random
from urllib.parse import urlencode

import httpx
from conftest import PATIENCE

SEED = 17
COUNT = int(os.environ.get("MADE_UP", "150"))
PATHS = [
    "/clearview/agencies", "/clearview/reports", "/clearview/countries", "/clearview/coverage",
    "/clearview/agencies.json", "/clearview/countries.json", "/clearview/agencies.csv", "/clearview/agencies.ndjson",
    "/clearview/agencies.geojson",
    "/charts", "/clearview", "/clearview.json", "/search", "/search.json", "/reconcile/suggest/entity",
    "/clearview/agencies/ca-toronto-police-service", "/clearview/agencies/ca-toronto-police-service.json",
]  # fmt: skip
NAMES = [
    "_facet", "_facet_array", "_facet_date", "_facet_size", "_timelimit", "_size", "_next", "_sort", "_sort_desc",
    "_col", "_nocol", "_search", "_searchmode", "_search_name", "_where", "_through", "_shape", "_labels", "_label",
    "_json",
    "_json_infinity", "_nl", "_ttl", "_trace", "_extra", "_header", "_stream", "_dl", "_context", "sql", "q", "kind",
    "limit", "prefix", "cursor", "name", "id", "country",
]  # fmt: skip
OPERATORS = [
    "", "__in", "__notin", "__contains", "__gt", "__lte", "__like", "__glob", "__isnull", "__arraycontains", "__date",
    "__arraynotcontains", "__nosuch", "__",
]  # fmt: skip
VALUES = [
    "", "x", "1", "-1", "0", "99999999999999999999", "1e999", "[", "[1", "[]", "[null]", "[[1]]", "{}",
    '{"column": {}}', '{"column": "name"}', "{a b}:c", "null", "on", "max", "name", "country", "id", "select 1",
    "select 1e999 as latitude, 2 as longitude", "select", "1=1", "id in (select agency from reports)",
    '{"table": "reports", "column": "source", "value": "S001"}',
    '{"table": [], "column": 1, "value": {}}', '{"table": "sources", "column": "id", "value": 1}', "ü€😀",
    "\u202e", "%", "'", '"', "a" * 400, "*", "NEAR(", "country,name", "~2E", "../..", "--", ";",
]  # fmt: skip


def make_up(chance: random.Random) -> str:
    """Return an address with one to three parameters."""
    columns = ["name", "id", "country", "first_reported", "searches_min", "label", "nothing"]
    pairs = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        name = chance.choice(NAMES) if chance.random() < 0.7 else chance.choice(columns) + chance.choice(OPERATORS)
        pairs.append((name, chance.choice(VALUES)))
    return f"{chance.choice(PATHS)}?{urlencode(pairs)}"


def test_no_made_up_parameter_makes_the_service_fail(site: str) -> None:
    chance = random.Random(SEED)
    statuses = []
    with httpx.Client(base_url=site, trust_env=False, timeout=PATIENCE) as client:
        for _ in range(COUNT):
            address = make_up(chance)
            statuses.append((client.get(address).status_code, address))
    assert [found for found in statuses if found[0] >= 500] == []
    assert sum(status == 200 for status, _ in statuses) > COUNT / 10
    assert sum(status == 400 for status, _ in statuses) > COUNT / 10
