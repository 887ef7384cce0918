"""What the forms of an answer hold: no value lost, nothing that is no JSON, no place that is none, no formula."""

import json
from typing import Any

import httpx
import pytest
from conftest import PATIENCE


def ask(site: str, path: str, **parameters: str) -> httpx.Response:
    """Return the answer to a request."""
    return httpx.get(site + path, params=parameters, trust_env=False, timeout=PATIENCE)


def fail_on_constant(name: str) -> None:
    """Refuse what Python takes for JSON and nobody else does."""
    pytest.fail(f"{name} is no JSON")


@pytest.mark.parametrize("form", ["json", "ndjson", "geojson"])
def test_a_number_without_an_end_is_null(site: str, form: str) -> None:
    sql = "select 1e999 as a, -1e999 as b, 1.5 as latitude, 2 as longitude"
    answer = ask(site, f"/clearview.{form}", sql=sql, **({"_shape": "array"} if form == "json" else {}))
    read = json.loads(answer.text, parse_constant=fail_on_constant)
    row = {"json": lambda: read[0], "ndjson": lambda: read, "geojson": lambda: read["features"][0]["properties"]}[
        form
    ]()
    assert (row["a"], row["b"]) == (None, None)


PLACES: list[tuple[str, Any]] = [
    ("43.6 as latitude, -79.4 as longitude", [-79.4, 43.6]),
    ("'43.6' as latitude, -79.4 as longitude", None),
    ("200 as latitude, 10 as longitude", None),
    ("10 as latitude, -180.5 as longitude", None),
    ("1e999 as latitude, 10 as longitude", None),
    ("null as latitude, 10 as longitude", None),
    ("90 as latitude, 180 as longitude", [180, 90]),
]


@pytest.mark.parametrize(("columns", "place"), PLACES)
def test_a_point_is_two_numbers_on_the_earth(site: str, columns: str, place: Any) -> None:  # noqa: ANN401 - JSON
    geometry = ask(site, "/clearview.geojson", sql=f"select {columns}").json()["features"][0]["geometry"]
    assert geometry == (place and {"type": "Point", "coordinates": place})


@pytest.mark.parametrize("form", [".json?_shape=array", ".json?_shape=objects", ".ndjson?", ".geojson?"])
def test_two_columns_of_one_name_are_refused_where_one_would_be_lost(site: str, form: str) -> None:
    answer = httpx.get(f"{site}/clearview{form}&sql=select+1+as+latitude,2+as+longitude,3+as+a,4+as+a", trust_env=False)
    assert (answer.status_code, "two columns are called 'a'" in answer.text) == (400, True)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_two_columns_of_one_name_stay_two_where_none_is_lost(site: str, form: str) -> None:
    answer = ask(site, f"/clearview.{form}", sql="select 3 as a, 4 as a")
    assert answer.status_code == 200
    assert ("[3, 4]" if form == "json" else "3,4") in answer.text


def test_days_are_counted_where_they_are_whole_and_the_others_told(site: str) -> None:
    facet = ask(site, "/clearview/agencies.json", _facet_date="first_reported", _size="0").json()["facet_results"][
        "first_reported"
    ]
    dates = ask(site, "/clearview.json", sql="select first_reported from agencies", _shape="arrayfirst").json()
    whole = [date for date in dates if date and len(date) == len("2021-08-25")]
    assert {value["value"] for value in facet["results"]} <= set(whole)
    assert facet["without_a_day"] == sum(bool(date) for date in dates) - len(whole)
    days = ask(site, "/clearview/sources.json", _facet_date="published", _size="0").json()["facet_results"]["published"]
    assert all(value["value"].startswith("20") for value in days["results"])


SHAPES = [
    "=1+1",
    "a;=1+1",
    "a;\u00a0+1",
    "a\t=1",
    "a\n@x",
    "\ufeff=1",
    "\u00a0=1",
    "\uff1d1+1",
    "a;\uff0d1",
    "\t=1",
    "\r=1",
]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_spreadsheet_program_runs_a_cell_or_a_heading(site: str, shape: str) -> None:
    text = "||".join(f"char({ord(letter)})" for letter in shape)
    cell = httpx.get(f"{site}/clearview.csv", params={"sql": f"select {text} as a, -5 as b"}, trust_env=False)
    heading = httpx.get(f"{site}/clearview.csv", params={"sql": f'select 1 as "{shape}"'}, trust_env=False)
    for answer in (cell, heading):
        begins = answer.text.replace('"', "").replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";")
        assert not [
            part for part in begins if part.lstrip("\ufeff\u00a0 ").startswith(("=", "+", "@", "\uff1d", "\uff0d"))
        ]
    assert cell.text.splitlines()[-1].endswith(",-5")


@pytest.mark.parametrize("ending", ["atom", "html", "db", "xml", "jsonp"])
@pytest.mark.parametrize("path", ["/clearview/agencies", "/clearview/agencies/ca-toronto-police-service"])
def test_an_ending_that_is_no_form_is_not_there(site: str, path: str, ending: str) -> None:
    assert ask(site, f"{path}.{ending}").status_code == 404


def test_filters_with_a_subquery_are_answered(site: str) -> None:
    through = json.dumps({"table": "reports", "column": "source", "value": "S001"})
    found = ask(site, "/clearview/agencies.json", _shape="array", _through=through, _size="max").json()
    sql = "select count(*) from agencies where id in (select agency from reports where source = 'S001')"
    assert [len(found)] == ask(site, "/clearview.json", sql=sql, _shape="arrayfirst").json()
    where = 'id in (select agency from reports where "no" < 30)'
    assert ask(site, "/clearview/agencies.json", _shape="array", _where=where).json()
