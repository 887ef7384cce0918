"""The served site as a reader, a researcher and a program ask for it: each promised address with what must be in it."""

import csv
import html
import io
from pathlib import Path

import httpx
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
AGENCY_HEADER = (
    "id,name,native_name,country,agency_type,locality,region,latitude,longitude,use_status,listing,searches,"
    "searches_min,searches_max,searches_about,searches_band,searches_basis,figures_conflict,response,response_2021,"
    "licence,report_count,source_count,first_reported,last_reported,aliases,country_name,corrected"
)
REPORT_HEADER = (
    "no,agency,country,agency_as_printed,country_as_printed,searches_as_printed,searches,searches_min,searches_max,"
    "searches_about,figure_from,response,response_given_to,response_detail,licence,use_status,listing,source,note,row,published,"
    "file,sheet,corrected"
)
PROMISED = [
    ("/", "Clearview in the open"),
    ("/clearview", "Agencies whose figures conflict"),
    ("/clearview/agencies", "A listing is not an accusation"),
    ("/clearview/agencies", "Royal Canadian Mounted Police"),
    ("/clearview/agencies?country=CA&response=denied", "Regina Police Service"),
    ("/clearview/agencies?use_status=not_reported", "Slovenian Police"),
    ("/clearview/agencies?_search=zurich", "Zurich City Police"),
    ("/clearview/agencies/ca-timmins-police-service", "Timmins Police Service"),
    ("/clearview/reports/17", "GRC"),
    ("/clearview/sources/S001", "BuzzFeed News"),
    ("/clearview/countries/CA", "Canada"),
    ("/clearview/regulatory_actions/se-2021-02-10-fine-on-the-swedish-police-authority", "2500000"),
    ("/clearview/cleaning_log?kind=translated", "Danimarca"),
    ("/clearview/coverage", "agencies listed"),
    ("/clearview/agencies.json?_shape=array&country=BE", '"searches": "101\\u2013500"'),
    ("/clearview/agencies.json?_shape=objects&country=IT", '"searches_min": 131'),
    ("/clearview.json?sql=select+count(*)+as+n+from+reports&_shape=array", '[{"n": 316}]'),
    ("/clearview/reports.csv?country=NZ", "about 150 searches of police volunteers"),
    ("/clearview/agencies/xx-interpol.json?_shape=array", "INTERPOL"),
]


def get(site: str, path: str) -> httpx.Response:
    """Return the answer to a request; fail unless it is 200."""
    response = httpx.get(site + path, trust_env=False)
    assert response.status_code == 200, (path, response.text[:500])
    return response


@pytest.mark.parametrize(("path", "expected"), PROMISED)
def test_promised_address(site: str, path: str, expected: str) -> None:
    assert expected in get(site, path).text


@pytest.mark.parametrize(("table", "header"), [("agencies", AGENCY_HEADER), ("reports", REPORT_HEADER)])
def test_csv_header_is_pinned(site: str, table: str, header: str) -> None:
    assert get(site, f"/clearview/{table}.csv?_size=1").text.splitlines()[0] == header


def test_csv_stream_is_complete(site: str) -> None:
    rows = list(csv.DictReader(io.StringIO(get(site, "/clearview/reports.csv?_stream=on").text)))
    assert len(rows) == 316


def test_facets_count_every_agency(site: str) -> None:
    address = "/clearview/agencies.json?_size=0"
    facets = get(site, address).json()["facet_results"]
    assert list(facets) == ["country", "agency_type", "response", "use_status", "listing", "searches_band", "corrected"]
    for name, facet in facets.items():
        assert sum(result["count"] for result in facet["results"]) == 74, name
    labels = {result["value"]: result["label"] for result in facets["response"]["results"]}
    assert labels["denied_then_admitted"] == "Denied, then admitted"


QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["clearview"]["queries"]
# What the boxes of a query are filled with, and what its first row then says.
FILLED = {
    "agencies_by_country": ("", "Canada"),
    "denied_then_admitted": ("", "Australian Federal Police"),
    "conflicting_figures": ("", "Federal Police (Belgium)"),
    "reports_about_an_agency": ("agency=kripos", "National Criminal Investigation Service (Kripos)"),
    "sources_by_publisher": ("", "20 Minuten"),
    "published_and_documented": ("", "agencies listed"),
    "regulatory_actions_by_country": ("", "Argentina"),
    "first_reported_between": ("since=2020-02&until=2020-02", "2020-02"),
    "paid_licences": ("", "Public Prosecutor's Office of the City of Buenos Aires"),
    "responses_that_differ": ("", "Australian Federal Police"),
    "no_use_reported": ("", "Civil Police of Mato Grosso State"),
    "countries_without_a_named_agency": ("", "Australia"),
    "changes_to_a_report": ("report=17", "GRC"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_canned_query(site: str, name: str) -> None:
    filled, expected = FILLED[name]
    rows = get(site, f"/clearview/{name}.json?_shape=array&{filled}").json()
    assert expected in map(str, rows[0].values())
    assert QUERIES[name]["title"] in html.unescape(get(site, f"/clearview/{name}?{filled}").text)


def test_known_searches_are_told_as_at_least(site: str) -> None:
    rows = get(site, "/clearview/agencies_by_country.json?_shape=array").json()
    belgium = next(row for row in rows if row["country"] == "BE")
    assert belgium["known_searches"] == "at least 101 searches in 1 agency with a figure"
    spain = next(row for row in rows if row["country"] == "ES")
    assert (spain["use_reported"], spain["known_searches"]) == (0, "not stated")


def test_links_of_coverage_show_what_it_counts(site: str) -> None:
    for row in get(site, "/clearview/coverage.json?_shape=array").json():
        address = row["query"].replace("?", ".json?") + "&_size=max"
        page = get(site, address).json()
        if row["measure"] == "searches run":
            column = page["columns"].index("searches_min")
            assert sum(cells[column] or 0 for cells in page["rows"]) == row["documented"], row["id"]
        elif row["id"] == "countries":
            assert len(page["facet_results"]["country"]["results"]) == row["documented"]
        else:
            assert page["filtered_table_rows_count"] == row["documented"], row["id"]


def test_the_number_of_agencies_named_in_metadata_is_the_databases(site: str) -> None:
    rows = get(site, "/clearview/coverage.json?_shape=array").json()
    documented = next(row["documented"] for row in rows if row["id"] == "agencies")
    title = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["description_html"]
    assert f"listed 88 agencies; {documented} of them are named here" in " ".join(title.split())
