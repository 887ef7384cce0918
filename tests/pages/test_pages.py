"""Every promised page, asked for as a reader does: it answers, and says what it must."""

import os
import re
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, ROOT, serve

PROMISED = [
    ("/", "A listing is not an accusation"),
    ("/", "24 of them are named here"),
    ("/clearview/agencies", "Toronto Police Service"),
    ("/clearview/agencies?country=CA&response=denied", "Country: Canada"),
    ("/clearview/agencies?country=CA&response=denied", "Response: Denied"),
    ("/clearview/agencies?_search=nothinglikethis", "No rows match these filters."),
    ("/clearview/reports", "Searches as printed"),
    ("/clearview/coverage", "Documented here"),
    ("/clearview", "What a row is"),
    ("/clearview/agencies_by_country", "at least 4,696 searches in 6 agencies with a figure"),
    ("/clearview?sql=select+6*7+as+answer", ">42<"),
    ("/clearview/agencies/be-federal-police-belgium", "These reports contradict each other."),
    ("/clearview/agencies/be-federal-police-belgium", "Denied, then admitted"),
    ("/clearview/agencies/ca-regina-police-service", '<span class="use">No use reported</span></h1>'),
    ("/clearview/agencies/ca-barrie-police-service", "Not stated does not mean zero."),
    ("/clearview/countries/BR", "at least 101 searches were reported for the 1 with a known minimum"),
    ("/clearview/countries/BR", "nine Brazilian law enforcement agencies"),
    ("/charts", "at least 7,690 of nearly 14,000"),
    ("/clearview/countries/BR", "2 of 9"),
    ("/clearview/sources/S001", "searches run: nearly 14,000"),
    ("/clearview/agencies/xx-interpol", "All of them tell of use."),
    ("/clearview/agencies/ca-regina-police-service", "None of them tells of use."),
    ("/about", "Whoever publishes this copy of the site has named no address for mistakes."),
    ("/clearview/countries/AU", "3 of 4"),
    ("/clearview/countries/SE", "2,500,000 SEK"),
    ("/clearview/countries/MT", "No report names an agency in Malta."),
    ("/charts?country=CA&response=denied", "Country: Canada"),
    ("/charts?country=MT", "No agency matches these filters"),
    ("/clearview/countries/CA", "At least 4,696 searches reported</h2>"),
    ("/clearview/countries/IT", "Fine on Clearview</h3>"),
    ("/clearview/reports/176", "No figure: a doubtful figure is never used."),
    ("/clearview/reports/17", "What this report supports"),
    ("/clearview/sources/S001", "Totals printed on it"),
    ("/clearview/sources/S002", "1 report from this page"),
    ("/clearview/reports/176", "(never used)"),
    ("/clearview/reports/282", "(no number can be read from it)"),
    ("/about", "A listing is not an accusation"),
    ("/about", "2,732 changes"),
    ("/api", "_shape=array"),
    ("/api", "/search.json?q="),
    ("/search?q=Keskusrikospoliisi", "National Bureau of Investigation"),
    ("/robots.txt", "Allow: /"),
    ("/sitemap.xml", "/clearview/agencies/ca-toronto-police-service</loc>"),
]


@pytest.mark.parametrize(("path", "words"), PROMISED)
def test_page_says(site: str, path: str, words: str) -> None:
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200
    assert words in answer.text


def test_missing_page_helps(site: str) -> None:
    answer = httpx.get(f"{site}/clearview/agencies/nobody", trust_env=False)
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_use_stands_beside_the_name(site: str) -> None:
    rows = httpx.get(f"{site}/clearview/agencies?use_status=not_reported", trust_env=False).text
    assert rows.count('<span class="use">No use reported</span>') == 9


@pytest.mark.parametrize("path", ["/clearview/agencies", "/charts"])
def test_an_empty_search_box_asks_for_all(site: str, path: str) -> None:
    answer = httpx.get(f"{site}{path}?_search=&country=CA", trust_env=False, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.url.query == b"country=CA"


def test_an_empty_search_of_a_file_is_refused(site: str) -> None:
    assert httpx.get(f"{site}/clearview/agencies.json?_search=", trust_env=False).status_code == 400


@pytest.mark.parametrize("path", ["/nothing", "/clearview/nothing", "/nothing/at/all"])
def test_a_missing_page_is_no_database(site: str, path: str) -> None:
    for answer in (httpx.get(site + path, trust_env=False), httpx.get(f"{site}{path}.json", trust_env=False)):
        assert answer.status_code == 404
        assert "Database not found" not in answer.text


def test_agencies_of_several_countries_have_no_regulator_of_their_own(site: str) -> None:
    for path in ("/clearview/agencies/xx-interpol", "/clearview/countries/XX"):
        page = httpx.get(site + path, trust_env=False).text
        assert "in International" not in page


def test_a_page_says_how_many_of_an_agency_s_reports_tell_of_use(site: str) -> None:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    mixed = db.execute(
        "select agency, sum(use_status = 'reported'), sum(use_status = 'vendor_claim'),"
        " sum(use_status = 'not_reported') from reports where agency is not null"
        " group by agency having count(distinct use_status) > 1"
    ).fetchall()
    db.close()
    assert {(bool(vendor), bool(silent)) for _, _, vendor, silent in mixed} == {(False, True), (True, False)}
    for agency, told, vendor, silent in mixed:
        page = httpx.get(f"{site}/clearview/agencies/{agency}", trust_env=False).text
        assert re.search(rf"{told} of them tells? of use", page), agency
        claim = re.search(r"(\d+) repeats? the vendor.{1,5}s claim[.;]", page)
        assert int(claim[1] if claim else 0) == vendor, agency
        nothing = re.search(r"(\d+) do(?:es)? not\. A report that is silent on use contradicts nothing", page)
        assert int(nothing[1] if nothing else 0) == silent, agency


def write_metadata(path: Path, address: str) -> Path:
    """Write the site's metadata with an address for mistakes; return the path."""
    words = (ROOT / "metadata.yml").read_text("utf-8")
    assert words.count('\nreport_mistakes_to: ""\n') == 1
    path.write_text(words.replace('report_mistakes_to: ""', f"report_mistakes_to: {address}"), "utf-8")
    return path


def test_where_mistakes_are_reported_is_a_link_where_it_is_filled_in(tmp_path: Path) -> None:
    metadata = write_metadata(tmp_path / "metadata.yml", "desk@example.org")
    with serve(ROOT / "clearview.db", tmp_path / "server.log", metadata=metadata) as url:
        about, home = (httpx.get(url + path, trust_env=False).text for path in ("/about", "/"))
    assert '<a href="mailto:desk@example.org">desk@example.org</a>' in about
    assert "named no address" not in about + home
    assert '<a href="/about#correct">How to tell us</a>' in home


def test_an_address_for_mistakes_that_is_none_stops_the_start(tmp_path: Path) -> None:
    metadata = write_metadata(tmp_path / "metadata.yml", "www.example.org")
    environment = os.environ | {"CLEARVIEW_METADATA": str(metadata), "CLEARVIEW_EXPORTS": str(tmp_path)}
    command = [ROOT / "scripts" / "serve.sh", "--get", "/"]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert stopped.returncode != 0
    assert "report_mistakes_to: 'www.example.org' is no web or e-mail address" in " ".join(stopped.stderr.split())
