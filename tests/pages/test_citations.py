"""Cite: what a page's panel links to is read by the libraries of others; the link to the view keeps the view."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import rispy
import yaml
from bibtexparser.entrypoint import parse_string
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from playwright.sync_api import Browser
from sql_page import open_sql_page, run

from service.citations import as_bibtex, as_csl, as_ris, make_citation

ROOT = Path(__file__).resolve().parents[2]
RELEASE = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PAGES = {
    "/clearview/agencies/be-federal-police-belgium": "Federal Police (Belgium)",
    "/clearview/agencies/xx-europol": "Europol (no use reported)",
    "/clearview/countries/CA": "Canada",
    "/clearview/sources/S003": "ID Tech (source S003)",
    "/clearview/reports/204": "Report 204 on Europol (no use reported)",
    "/clearview/regulatory_actions/it-2022-02-10-fine-on-clearview": "personali: fine on Clearview",
    "/clearview/reports_about_an_agency?agency=kripos": "(agency: kripos)",
    "/clearview?sql=select+%27%7B%25%22+%26+_%27": "Result of a question in SQL",
    "/charts?country=CA#searches": "How many searches were reported (country: CA)",
    "/charts/searches?country=CA": "How many searches were reported (country: CA)",
    "/charts": "Charts",
    "/compare?country=CA%2CAU": "Comparison (country: CA,AU)",
    "/timeline?country=BE": "Timeline (country: BE)",
}


def ask(site: str, ending: str, address: str) -> httpx.Response:
    return httpx.get(f"{site}/cite.{ending}?of={quote(address, safe='')}", trust_env=False)


def render(item: list[dict[str, Any]]) -> str:
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(item), formatter.plain)
    bibliography.register(Citation([CitationItem(item[0]["id"])]))
    return str(bibliography.bibliography()[0])


@pytest.mark.parametrize("address", PAGES)
def test_each_form_is_read_by_a_library_with_title_version_date_and_address(site: str, address: str) -> None:
    url, day = site + address, str(RELEASE["date-released"])
    csl = ask(site, "json", address).json()
    title = csl[0]["title"]
    assert PAGES[address] in title
    assert (csl[0]["URL"], csl[0]["version"]) == (url, RELEASE["version"])
    assert "-".join(f"{part:02}" for part in csl[0]["issued"]["date-parts"][0]) == day
    assert str(RELEASE["date-released"].year) in render(csl)
    assert title.split(":")[0] in render(csl)

    read = parse_string(ask(site, "bib", address).text)
    assert read.failed_blocks == []
    fields = {key: field.value for key, field in read.entries[0].fields_dict.items()}
    assert (fields["url"], fields["version"], fields["year"]) == (url, RELEASE["version"], day[:4])
    assert re.sub(r"[{}\\]", "", fields["title"]) == title
    assert read.entries[0].key == csl[0]["id"]

    (record,) = rispy.loads(ask(site, "ris", address).text)
    assert (record["title"], record["urls"], record["year"]) == (" ".join(title.split()), [url], day[:4])
    assert record["authors"] == [author["name"] for author in RELEASE["authors"]]

    words = ask(site, "txt", address).text
    assert title in words
    assert f"Version {RELEASE['version']}" in words
    assert words.endswith(url)


def test_a_title_of_special_signs_stays_what_it_is() -> None:
    title = "50% of A & B_C #1 {x} \\y ~z ^w $"
    cited = make_citation(title, "https://example.org/charts?a=%7B%25#searches", RELEASE)
    read = parse_string(as_bibtex(cited))
    assert read.failed_blocks == []
    assert read.entries[0].fields_dict["title"].value == (
        r"{50\% of A \& B\_C \#1 \{x\} \textbackslash{}y \textasciitilde{}z \textasciicircum{}w \$}"
    )
    assert rispy.loads(as_ris(cited))[0]["title"] == title
    assert json.loads(as_csl(cited))[0]["title"] == title


def test_views_that_differ_have_keys_that_differ() -> None:
    addresses = ["/charts", "/charts?country=CA", "/charts?country=AU", "/charts?country=CA#reports", "/timeline"]
    keys = {make_citation("", f"https://example.org{address}", RELEASE).key for address in addresses}
    assert len(keys) == len(addresses)
    assert make_citation("", "https://other.example/charts", RELEASE).key in keys


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("of=", 400), ("of=//example.org/", 400), ("of=https://example.org/", 400),
        ("of=/%5Cexample.org", 400), ("of=/charts&of=/timeline", 400), ("of=/charts&and=more", 400),
        ("of=/about", 404), ("of=/charts%23nothing", 404), ("of=/clearview/agencies/nobody", 404),
        ("of=/clearview", 404), ("of=/clearview/no_such_question", 404),
    ],
)  # fmt: skip
def test_what_is_no_page_to_cite_is_refused(site: str, query: str, status: int) -> None:
    assert httpx.get(f"{site}/cite.bib?{query}", trust_env=False).status_code == status


def test_a_line_break_in_an_address_begins_no_new_field(site: str) -> None:
    text = ask(site, "ris", "/charts?country=CA\r\nAU  - Somebody").text
    (record,) = rispy.loads(text)
    assert record["authors"] == [author["name"] for author in RELEASE["authors"]]


def test_a_question_of_a_readers_own_is_kept_by_no_cache(site: str) -> None:
    assert "no-store" in ask(site, "bib", "/clearview?sql=select+1").headers["cache-control"]
    assert "no-store" not in ask(site, "bib", "/charts").headers["cache-control"]


@pytest.mark.parametrize("address", [address.partition("#")[0] for address in PAGES])
def test_the_panel_links_to_all_forms_of_its_own_page(site: str, address: str) -> None:
    page = httpx.get(site + address, trust_env=False).text
    links = {unescape(link) for link in re.findall(r'href="(/cite\.[^"]*)"', page)}
    wanted = {f"/cite.{ending}?of={quote(address, safe='/')}" for ending in ("txt", "bib", "ris", "json")}
    assert wanted <= links
    assert {httpx.get(site + link, trust_env=False).status_code for link in links} == {200}


def test_the_buttons_copy_the_view_and_the_citation(site: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/charts?country=CA")
    panel = page.locator("#searches .cite")
    panel.locator("summary").click()
    panel.get_by_role("button", name="Copy link").click()
    told = panel.get_by_text("Copied.", exact=True)
    told.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/charts/searches?country=CA"
    told.evaluate("status => { status.textContent = '' }")
    panel.get_by_role("button", name="Copy citation").click()
    told.wait_for()
    assert "Version" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_the_panel_follows_a_question_asked_without_leaving_the_page(site: str, browser: Browser) -> None:
    with open_sql_page(browser, site) as page:
        page.locator(".cite summary").click()
        run(page, "select 2")
        page.locator(".cite-words", has_text="sql=select+2").wait_for()
        assert page.locator(".cite-link a").get_attribute("href") == page.url == f"{site}/clearview?sql=select+2"
        link = page.locator(".cite a", has_text="BibTeX").get_attribute("href")
    read = parse_string(httpx.get(site + str(link), trust_env=False).text)
    assert read.entries[0].fields_dict["url"].value == f"{site}/clearview?sql=select+2"
