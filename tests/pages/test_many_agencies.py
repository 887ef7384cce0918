"""Five thousand agencies of one country, named by one source: pages answer and say what they leave to the table."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, serve

COUNT = 5_000
SHOWN = 100
MEGABYTE = 1024 * 1024
# Null, after a while; what hangs on no column would be computed once.
LENGTH = f"length({'replace(' * 12}hex(zeroblob(19999 + report_count)){', 1, 2)' * 12})"
SLOW = f"nullif({LENGTH}, 40000)"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of so many agencies, each with one report."""
    folder = tmp_path_factory.mktemp("many")
    path = folder / "clearview.db"
    shutil.copy(ROOT / "clearview.db", path)
    db = sqlite3.connect(path)
    db.executescript("delete from reports; delete from agencies;")
    numbers = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {COUNT})"
    db.execute(f"""
        insert into agencies (id, name, country, use_status, response, listing, searches, searches_min, searches_basis,
            agency_type, searches_band, figures_conflict, response_2021, licence, report_count, source_count, aliases,
            country_name)
        {numbers} select printf('fr-police-of-town-number-%04d', i), printf('Town number %04d Police', i), 'FR',
            'reported', 'not_stated', 'unclear', 'at least 5', 5, 'buzzfeed_2021', 'municipal_police', 'not_stated', 0,
            'not_stated', 'not_stated', 1, 1, '', 'France' from n""")
    db.execute(f"""
        insert into reports (no, agency, country, country_as_printed, figure_from, response, response_given_to, licence,
            use_status, listing, source, row, published, file, sheet)
        {numbers} select i, printf('fr-police-of-town-number-%04d', i), 'FR', 'France', 'not_stated', 'not_stated',
            'Not stated', 'not_stated', 'reported', 'unclear', 'S001', i + 1, '2021-08-25', 'list.xlsx', 'Data'
            from n""")
    db.commit()
    db.close()
    return path


@pytest.fixture(scope="module")
def many(database: Path) -> Iterator[str]:
    """Serve it; yield the site's address."""
    with serve(database, database.with_name("server.log")) as url:
        yield url


def test_a_page_that_takes_too_long_is_refused_with_what_to_do_instead(database: Path, tmp_path: Path) -> None:
    """Each estimate is made to take a thousandth of a second and more."""
    slow = shutil.copy(database, tmp_path / "clearview.db")
    with sqlite3.connect(slow) as db:
        db.execute("update agencies set searches_min = null")
        db.execute("alter table agencies drop column searches_about")
        db.execute(f"alter table agencies add column searches_about integer generated always as ({SLOW})")
    db.close()
    with serve(slow, tmp_path / "server.log", limited=True) as url:
        answer = httpx.get(f"{url}/charts", trust_env=False)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "<h1>This took too long</h1>" in answer.text
    assert "ask for fewer rows, or take the whole files at /downloads" in answer.text
    assert "select" not in answer.text


def read(url: str) -> str:
    """Return a page that is there and that a telephone can load."""
    response = httpx.get(url, trust_env=False)
    assert response.status_code == httpx.codes.OK, response.text[-2000:]
    assert len(response.content) < MEGABYTE
    return response.text


@pytest.mark.parametrize("selection", ["", "?country=FR", "?country=FR&use_status=reported"])
def test_charts_are_drawn(many: str, selection: str) -> None:
    page = read(f"{many}/charts{selection}")
    assert f"{COUNT:,} reports on these agencies" in page


def test_a_month_of_too_many_agencies_has_no_link_to_some_of_them(many: str) -> None:
    whole, some = read(f"{many}/charts?country=FR"), read(f"{many}/charts?id__contains=number-00")
    assert "agency__in=" not in whole
    links = set(re.findall(r"agency__in=([^&\"]*)", some))
    assert {link.count("%2C") + 1 for link in links} == {99}


def test_the_page_of_the_country_shows_the_first_and_says_so(many: str) -> None:
    page = read(f"{many}/clearview/countries/FR")
    assert f"the first {SHOWN} of {COUNT:,} are here" in page
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count('href="/clearview/agencies/fr-police-of-town') == table.count("<tr>") == SHOWN
    assert 'href="/clearview/agencies?country=FR">The table has all of them' in page


def test_the_page_of_the_source_shows_the_first_and_says_so(many: str) -> None:
    page = read(f"{many}/clearview/sources/S001")
    assert f"{COUNT:,} agencies named on this page" in page
    assert f"{COUNT:,} reports from this page" in page
    assert page.count(f"the first {SHOWN} of {COUNT:,} are here") == 2
    assert page.count('<li id="report-') == SHOWN
    assert page.count('href="/clearview/reports?source=S001">The table has all of them') == 2
    table = httpx.get(f"{many}/clearview/reports.json?source=S001&_shape=objects", trust_env=False).json()
    assert table["filtered_table_rows_count"] == COUNT


def test_a_short_list_says_nothing_of_a_first_part(site: str) -> None:
    assert "The table has all of them" not in read(f"{site}/clearview/sources/S001")
    assert "The table has all of them" not in read(f"{site}/clearview/countries/CA")


def test_the_question_on_countries_names_the_first_and_counts_the_rest(many: str) -> None:
    url = f"{many}/clearview/regulatory_actions_by_country.json?_shape=array"
    rows = httpx.get(url, trust_env=False).json()
    named = next(row["agencies"] for row in rows if row["country"] == "France").split("; ")
    assert len(named) == SHOWN + 1
    assert named[-1] == f"and {COUNT - SHOWN} more"


def test_a_search_that_all_agencies_match_finds_the_likest(many: str) -> None:
    found = httpx.get(f"{many}/search.json?q=town+nomber+0044+police&limit=1", trust_env=False).json()
    assert [result["id"] for result in found["results"]] == ["fr-police-of-town-number-0044"]
