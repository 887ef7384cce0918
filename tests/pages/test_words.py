"""One vocabulary: the pages say agency, report, response and regulatory action, and no other word for these."""

import re
from html import unescape

import httpx
import pytest
from conftest import ROOT

OLD = re.compile(r"\b(?:bod(?:y|ies)|claims?|answer(?:s|ed)?|acts?|entit(?:y|ies))\b", re.IGNORECASE)
# What a newspaper would print: the names of categories, and what their reports said.
KEPT = re.compile(r"vendor(?:'s|’s)? claim|claim(?:ed)? (?:only )?by the vendor|declined to answer", re.IGNORECASE)
# A regulatory action's lasting id, as the list of changes names it.
ROW_ID = re.compile(r"(?<=>)[a-z]{2}-\d{4}-[a-z0-9-]+(?=</a>)")
PAGES = (
    "/", "/about", "/api", "/changes", "/charts", "/charts/searches", "/compare",
    "/compare?country=CA,GB", "/embed/table", "/timeline", "/downloads",
    "/search", "/search?q=nobody+at+all+qqq", "/clearview",
    "/clearview/agencies", "/clearview/reports?_size=1", "/clearview/sources?_size=1",
    "/clearview/cleaning_log?_size=1",
    "/clearview/regulatory_actions?_size=1", "/clearview/coverage", "/clearview/countries", "/clearview/responses",
    "/clearview/agencies/ca-toronto-police-service", "/clearview/countries/DE", "/clearview/reports/1",
    "/clearview?sql=select+1", "/no-such-page",
)  # fmt: skip


def words_of(page: str) -> str:
    """Return a page's own words: without marks, code, and what reports and regulators say in theirs."""
    page = re.sub(r"<(script|style|code|pre|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<(aside|tbody|dd|ol)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = ROW_ID.sub(" ", page)
    return KEPT.sub(" ", unescape(re.sub(r"<[^>]*>", " ", page)))


@pytest.mark.parametrize("path", PAGES)
def test_pages_use_the_words_of_the_tables(site: str, path: str) -> None:
    words = words_of(httpx.get(site + path, trust_env=False).text)
    assert len(words.split()) > 50
    assert [words[max(0, found.start() - 40) : found.end() + 40] for found in OLD.finditer(words)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "templates").rglob("*.html")))
def test_templates_use_the_words_of_the_tables(name: str) -> None:
    (path,) = (ROOT / "templates").rglob(name)
    text = re.sub(r"{[{%#].*?[}%#]}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert OLD.findall(KEPT.sub(" ", text)) == []


def test_metadata_uses_the_words_of_the_tables() -> None:
    text = (ROOT / "metadata.yml").read_text("utf-8")
    assert OLD.findall(KEPT.sub(" ", text)) == []
