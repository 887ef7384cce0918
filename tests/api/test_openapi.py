"""/openapi.json is valid, says what the database and metadata.yml say, and every address in it answers."""

import sqlite3
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import yaml
from conftest import PATIENCE, ROOT
from openapi_spec_validator import validate

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["clearview"]
TABLES = {name: table for name, table in METADATA["tables"].items() if not table.get("hidden")}


@pytest.fixture(scope="module")
def document(site: str) -> dict[str, Any]:
    """Return the description as it is served."""
    served: dict[str, Any] = httpx.get(f"{site}/openapi.json", trust_env=False).json()
    return served


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_database_in_the_words_of_metadata(document: dict[str, Any], table: str) -> None:
    db = sqlite3.connect(ROOT / "clearview.db")
    columns = [row[0] for row in db.execute("select name from pragma_table_info(?)", [table])]
    db.close()
    described = document["components"]["schemas"][table]
    assert list(described["properties"]) == described["required"] == columns
    said = {name: schema["description"] for name, schema in described["properties"].items()}
    assert said == {name: METADATA["tables"][table]["columns"][name] for name in columns}
    filters = document["components"]["parameters"][f"{table}.filters"]["schema"]
    assert list(filters["properties"]) == columns


def fill(document: dict[str, Any], path: str) -> str:
    """Return the address with the examples of what it needs."""
    given = document["paths"][path]["get"]["parameters"]
    parameters = [document["components"]["parameters"].get(p.get("$ref", "").rsplit("/", 1)[-1], p) for p in given]
    needed = {parameter["name"]: parameter for parameter in parameters if parameter.get("required")}
    for name, parameter in needed.items():
        path = path.replace(f"{{{name}}}", parameter["example"])
    query = {name: parameter["example"] for name, parameter in needed.items() if parameter["in"] == "query"}
    if path.endswith(".geojson") and "sql" in query:
        query["sql"] = "select latitude, longitude from agencies"
    return path + (f"?{urlencode(query)}" if query else "")


def test_every_address_answers_in_the_form_it_promises(site: str, document: dict[str, Any]) -> None:
    forms = {path.rsplit(".", 1)[1] for path in document["paths"]}
    assert forms == {"json", "ndjson", "csv", "geojson", "db", "atom"}
    with httpx.Client(base_url=site, trust_env=False, timeout=PATIENCE) as client:
        for path, operations in document["paths"].items():
            response = client.get(fill(document, path))
            assert response.status_code == 200, (path, response.text[:300])
            (form,) = operations["get"]["responses"]["200"]["content"]
            assert response.headers["content-type"].split(";")[0] == form, path
            assert len(response.content) > 50 or "ndjson" in path, path


def test_every_table_row_and_question_has_its_address(document: dict[str, Any]) -> None:
    names = [*TABLES, *METADATA["queries"]]
    assert {f"/clearview/{name}.{form}" for name in names for form in ("json", "ndjson", "csv")} < set(
        document["paths"]
    )
    assert {f"/clearview/{name}/{{key}}.json" for name in TABLES if name != "coverage"} < set(document["paths"])
    assert "/clearview/agencies.geojson" in document["paths"]


def test_the_page_for_people_shows_each_kind_with_examples_that_run(site: str, document: dict[str, Any]) -> None:
    page = httpx.get(f"{site}/api", trust_env=False).text
    for tag in document["tags"]:
        assert f">{tag['name']}</h2>" in page
        for example in tag["x-examples"]:
            assert f'<a href="{example.replace("&", "&amp;")}">' in page
            assert httpx.get(site + example, trust_env=False).status_code == 200, example
    for name in ("_shape", "_labels", "_search", "_facet", "_sort", "_size", "_next", "sql", "limit"):
        assert f'id="parameter-{name}"' in page
