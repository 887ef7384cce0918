"""The API as programs use it: caching that is true, other sites' scripts, faults in JSON, whole files."""

import csv
import io
import json
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, serve
from running import run_script

CACHED = [
    "/clearview/agencies?country=CA",
    "/clearview/agencies.json?_shape=array&country=CA",
    "/clearview/agencies.csv?country=CA",
    "/clearview/agencies.geojson?country=CA",
    "/clearview/agencies.ndjson",
    "/clearview.json?sql=select+name+from+agencies&_shape=array",
    "/clearview/agencies/ca-timmins-police-service.json?_shape=array",
    "/clearview/agencies_by_country.csv",
    "/search.json?q=zurich",
    "/openapi.json",
    "/changes.atom",
]
REFUSED = [
    ("/clearview/agencies.json?countr=CA", 400, "no column 'countr'"),
    ("/clearview/agencies.json?country__is=CA", 400, "no operator 'is'"),
    ("/clearview/agencies.json?_shap=array", 400, "no parameter '_shap'"),
    ("/clearview/agencies.json?_sort=nothing", 400, "Cannot sort table by nothing"),
    ("/clearview/agencies.json?_size=many", 400, "_size"),
    ("/clearview/agencies.json?_timelimit=x", 400, "_timelimit"),
    ("/clearview/agencies.json?country=%00", 400, "null byte"),
    ("/clearview/agencies.json?country=%ff", 400, "not UTF-8"),
    ("/clearview/agencies.json?country__in=[", 400, "country__in"),
    ("/clearview/agencies.json?report_count__gt=99999999999999999999", 400, "64 bits"),
    ("/clearview/agencies.json?_through=x", 400, "_through"),
    ("/clearview/coverage.json?_next=x", 400, "_next"),
    ("/clearview/reports.geojson", 400, "latitude and longitude"),
    ("/clearview/agencies.json?_shape=lists", 400, "_shape"),
    ("/clearview/agencies.json?_labels=maybe", 400, "_labels"),
    ("/clearview/agencies.json?native_name__isnull=false", 400, "notnull"),
    ("/clearview/agencies/xx-interpol.json?_shap=array", 400, "no parameter '_shap'"),
    ("/clearview/reports_about_an_agency.json?bodi=kripos", 400, "the SQL names agency"),
    ("/clearview/agencies_by_country.json?_shape=object", 400, "array or objects"),
    ("/clearview.json?sql=select+:a&b=1", 400, "the SQL names a"),
    ("/clearview.json?_shape=array", 400, "sql is missing"),
    ("/clearview.csv", 400, "sql is missing"),
    ("/clearview.csv?sql=select+nothing", 400, "nothing"),
    ("/clearview.csv?sql=select+nothing&_header=off", 400, "nothing"),
    ("/clearview.ndjson?sql=select+nothing", 400, "nothing"),
    ("/clearview.json?sql=delete+from+agencies", 400, "SELECT"),
    ("/clearview.json?sql=select+nothing", 400, "nothing"),
    ("/clearview/nothing.json", 404, "not found"),
    ("/clearview/cleaning_log/a,b.json", 404, "key"),
]


def ask(url: str, **headers: str) -> httpx.Response:
    """Return the answer, whatever its status."""
    return httpx.get(url, headers=headers, trust_env=False)


@pytest.mark.parametrize("path", CACHED)
def test_second_request_is_answered_304(site: str, path: str) -> None:
    first = ask(site + path)
    assert first.status_code == 200
    assert "last-modified" not in first.headers
    assert first.headers["cache-control"].removeprefix("private, ") == "max-age=5"
    second = ask(site + path, **{"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["access-control-allow-origin"] == "*"


def test_another_address_and_a_moving_answer_are_never_304(site: str) -> None:
    etag = ask(site + CACHED[1]).headers["etag"]
    assert ask(site + CACHED[1] + "&_sort=id", **{"If-None-Match": etag}).status_code == 200
    assert "etag" not in ask(site + "/clearview.json?sql=select+random()+as+a&_shape=array").headers
    assert "etag" not in ask(site + "/clearview/nothing.json").headers


def rebuild_with_a_changed_row(raw: Path, build: Path) -> Path:
    """Return the database built from raw files in which one agency's province is another."""
    register = raw / "agencies.csv"
    text = register.read_text("utf-8")
    assert text.count("Timmins,Ontario") == 1
    register.write_text(text.replace("Timmins,Ontario", "Timmins,Elsewhere"), "utf-8")
    run_script("build", raw, build).check_returncode()
    return build / "clearview.db"


def test_after_a_rebuild_with_a_changed_row_every_answer_is_200(site: str, workbook_copy: Path, tmp_path: Path) -> None:
    etags = {path: ask(site + path).headers["etag"] for path in CACHED}
    changed = rebuild_with_a_changed_row(workbook_copy, tmp_path / "build")
    with serve(changed, tmp_path / "server.log") as url:
        for path, etag in etags.items():
            assert ask(url + path, **{"If-None-Match": etag}).status_code == 200, path
        assert "Elsewhere" in ask(url + CACHED[0]).text + ask(url + CACHED[1]).text


@pytest.mark.parametrize(("path", "status", "reason"), REFUSED)
def test_fault_is_told_in_json(site: str, path: str, status: int, reason: str) -> None:
    response = ask(site + path)
    fault = response.json()
    assert (response.status_code, fault["status"], fault["ok"]) == (status, status, False)
    assert reason in fault["error"]
    assert fault["what_to_do"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_number_is_never_worked_out(site: str) -> None:
    """Datasette's units once evaluated what a filter was compared with: 9**9**9 is a number without an end."""
    assert (
        httpx.get(f"{site}/clearview/agencies.json?_shape=array&latitude__lt=9**9**9", timeout=240).status_code == 200
    )


def test_the_whole_database_states_its_length_once(site: str) -> None:
    answer = ask(f"{site}/clearview.db")
    assert int(answer.headers["content-length"]) == len(answer.content) == (ROOT / "clearview.db").stat().st_size
    assert "transfer-encoding" not in answer.headers


@pytest.mark.parametrize("sent", ["{}", "W/{}", '"other", {}'])
def test_the_whole_database_is_known_again_however_its_etag_is_sent(site: str, sent: str) -> None:
    etag = ask(f"{site}/clearview.db").headers["etag"]
    second = ask(f"{site}/clearview.db", **{"If-None-Match": sent.format(etag)})
    assert (second.status_code, second.content, second.headers["etag"]) == (304, b"", etag)


def test_only_reading_is_answered(site: str) -> None:
    refused = httpx.post(f"{site}/clearview/agencies.json", trust_env=False)
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (refused.status_code, refused.json()["status"]) == (405, 405)
    allowed = httpx.options(f"{site}/clearview/agencies.json", trust_env=False)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, "*")


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_pages_are_linked_and_hold_every_row_once(site: str, form: str) -> None:
    url: str | None = f"{site}/clearview/reports.{form}?_shape=array&_size=100"
    numbers: list[int] = []
    while url:
        response = ask(url)
        rows = response.json() if form == "json" else [json.loads(line) for line in response.text.splitlines()]
        numbers += [row["no"] for row in rows]
        url = response.links.get("next", {}).get("url")
    assert len(numbers) == len(set(numbers)) == 316


def test_csv_holds_every_row(site: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(f"{site}/clearview/reports.csv").text)))
    assert len({row["no"] for row in rows}) == len(rows) == 316


def test_geojson_draws_the_place_of_the_row(site: str) -> None:
    collection = ask(f"{site}/clearview/agencies.geojson?_labels=on&country=CA").json()
    assert collection["type"] == "FeatureCollection"
    timmins = next(feature for feature in collection["features"] if feature["id"] == "ca-timmins-police-service")
    assert timmins["geometry"] == {"type": "Point", "coordinates": [-81.33312, 48.46686]}
    assert timmins["properties"]["country"] == {"value": "CA", "label": "Canada"}


def test_text_is_compressed_for_who_asks_and_files_are_sent_as_they_are(site: str) -> None:
    page = ask(f"{site}/clearview/agencies", **{"Accept-Encoding": "gzip"})
    assert (page.headers["content-encoding"], "Accept-Encoding" in page.headers["vary"]) == ("gzip", True)
    assert int(page.headers["content-length"]) < len(page.content) / 3
    for path, coding in (("/clearview/agencies", "identity"), ("/clearview.db", "gzip")):
        assert "content-encoding" not in ask(site + path, **{"Accept-Encoding": coding}).headers
