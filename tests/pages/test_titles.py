"""Each page has a title and a description of its own, and a card for social networks that can be fetched."""

import re
import struct
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx
import pytest

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
KINDS = [
    "/", "/clearview/agencies", "/clearview/agencies/xx-europol", "/clearview/countries/CA", "/clearview/sources/S002",
    "/clearview/reports/17", "/clearview/agencies_by_country", "/about", "/downloads", "/search?q=RCMP",
]  # fmt: skip


def read_sitemap(site: str) -> list[str]:
    return [
        unescape(one) for one in re.findall("<loc>(.*?)</loc>", httpx.get(f"{site}/sitemap.xml", trust_env=False).text)
    ]


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_titles_and_descriptions_of_all_pages_are_their_own(site: str, every: int) -> None:
    addresses = read_sitemap(site)[::every]
    with httpx.Client(trust_env=False, timeout=240) as client, ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda address: client.get(address).text, addresses))
    told: dict[str, list[str]] = defaultdict(list)
    for address, page in zip(addresses, pages, strict=True):
        found = TITLE.search(page)
        told[f"title {found[1] if found else ''}"].append(address)
        told[f"description {dict(META.findall(page)).get('description', '')}"].append(address)
    assert len(addresses) > 600 / every
    assert {words: same for words, same in told.items() if len(same) > 1} == {}
    assert {"title ", "description "} & set(told) == set()


@pytest.mark.parametrize("path", KINDS)
def test_the_card_of_a_page_says_what_the_page_says(site: str, path: str) -> None:
    page = httpx.get(site + path, trust_env=False).text
    meta = dict(META.findall(page))
    title = TITLE.search(page)
    assert title
    assert meta["og:title"] == title[1]
    assert meta["og:description"] == meta["description"]
    assert meta["og:url"] == site + path.partition("?")[0]
    assert (meta["og:type"], meta["twitter:card"]) == ("website", "summary_large_image")
    assert meta["og:image"].startswith(site)
    assert meta["og:image:alt"]


def test_the_picture_of_the_card_is_a_small_png_of_the_size_told(site: str) -> None:
    meta = dict(META.findall(httpx.get(site, trust_env=False).text))
    picture = httpx.get(meta["og:image"], trust_env=False)
    assert picture.headers["content-type"] == "image/png"
    assert len(picture.content) < 150_000
    width, height = struct.unpack(">II", picture.content[16:24])
    assert (str(width), str(height)) == (meta["og:image:width"], meta["og:image:height"])
