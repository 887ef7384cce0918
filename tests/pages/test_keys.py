"""Keys with any characters lead to their rows wherever a link is made; an address that is none stays text."""

import re
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from cleaning.registers import check_id
from datasette.utils import tilde_encode
from odd_database import NO_WEB_ADDRESSES, ODD_KEYS

LINK = re.compile(r'href="([^"]+)"')


def ask(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, trust_env=False)


def links_to(page: str, start: str) -> set[str]:
    return {unescape(link) for link in LINK.findall(page) if unescape(link).startswith(start)}


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_source_of_any_key_is_reached_from_every_page(odd_site: str, key: str) -> None:
    address = f"/clearview/sources/{tilde_encode(key)}"
    own = ask(odd_site, address)
    assert own.status_code == 200
    assert address in links_to(ask(odd_site, "/clearview/sources?_size=max").text, "/clearview/sources/")
    assert address in links_to(ask(odd_site, "/clearview/reports?_size=max").text, "/clearview/sources/")
    reports = links_to(own.text, "/clearview/reports?source=")
    assert [ask(odd_site, link).status_code for link in reports] == [200]
    for report in links_to(own.text, "/clearview/reports/"):
        assert address in links_to(ask(odd_site, report).text, "/clearview/sources/")
    for agency in links_to(own.text, "/clearview/agencies/"):
        assert address in links_to(ask(odd_site, agency).text, "/clearview/sources/")


def test_the_search_and_the_sitemap_lead_to_them(odd_site: str) -> None:
    listed = {urlsplit(one).path for one in re.findall("<loc>(.*?)</loc>", ask(odd_site, "/sitemap.xml").text)}
    for key in ODD_KEYS:
        assert f"/clearview/sources/{tilde_encode(key)}" in listed
        found = ask(odd_site, f"/search.json?kind=source&q={httpx.QueryParams({'q': key})['q']}")
        assert found.status_code == 200
    results = ask(odd_site, "/search.json?kind=source&limit=500&q=clearview").json()["results"]
    assert len(results) > 20
    assert {ask(odd_site, result["url"]).status_code for result in results[:5]} == {200}
    assert all(result["url"] == f"/clearview/sources/{tilde_encode(result['id'])}" for result in results)


@pytest.mark.parametrize(("key", "url"), list(zip(ODD_KEYS, NO_WEB_ADDRESSES, strict=False)))
def test_an_address_that_is_none_is_text(odd_site: str, key: str, url: str) -> None:
    own = ask(odd_site, f"/clearview/sources/{tilde_encode(key)}").text
    pages = [own, *(ask(odd_site, path).text for path in links_to(own, "/clearview/reports/"))]
    pages += [ask(odd_site, path).text for path in links_to(own, "/clearview/agencies/")]
    pages.append(ask(odd_site, "/clearview/sources?_all=on&_size=max").text)
    pages.append(ask(odd_site, "/clearview/sources_by_publisher").text)
    for page in pages:
        assert f'href="{url}"' not in unescape(page)
        assert not re.search(r'<a class="out" href="[^"]*">\s*</a>', page)
        assert url in unescape(page)


@pytest.mark.parametrize("key", ["dk-st.johns", "dk-a/b", "dk-a?b", "dk-A", "dk-a b", "dk-", "dk-a#b"])
def test_the_build_refuses_an_agency_s_id_that_programs_could_not_put_into_an_address(key: str) -> None:
    row = {"id": key, "country": "DK"}
    problems = list(check_id("raw/agencies.csv", "agencies.csv", 2, row, {}))
    assert [problem.value for problem in problems] == [key]
    assert "small letters, digits and hyphens" in problems[0].advice
