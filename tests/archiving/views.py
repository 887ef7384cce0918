"""What a browser shows of an archive, beside what the site answers."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

import httpx
from archived import Archived
from playwright.sync_api import Page
from random_views import draw_views

KEPT = ("rows", "columns", "filtered_table_rows_count", "next", "primary_keys")
SHOWN = (Path(__file__).parent / "shown.js").read_text("utf-8")
ANSWER = """([name, query]) => window.answers.answerTable(name, window.addresses.readPairs(query))
  .catch(({ message }) => ({ error: message }))"""
LINK = re.compile(r'\s(href|src|action)="([^"]*)"')


def find_faulty_links(folder: Path) -> list[tuple[str, str]]:
    """Return each link of an archive's pages that leads to no file of it, or loads something from elsewhere."""
    faulty = []
    for path in sorted(folder.rglob("*.html")):
        for name, link in LINK.findall(path.read_text("utf-8")):
            target = urldefrag(urljoin(f"file://{path}", unescape(link))).url.partition("?")[0]
            is_own = target.startswith("file://")
            if not Path(unquote(target.removeprefix("file://"))).is_file() if is_own else name == "src":
                faulty.append((path.relative_to(folder).as_posix(), link))
    return faulty


def open_scripts(page: Page, archived: Archived) -> None:
    """Open a page of the archive with its scripts at hand."""
    page.goto(f"{archived.url}/about/index.html")
    names = ("answers", "addresses", "search_answers", "engine")
    page.evaluate(
        "async (names) => { for (const name of names) window[name] = await import(`../copy/${name}.js`); }", names
    )


def choose(told: dict[str, Any]) -> dict[str, Any]:
    """Return what of an answer the archive has to tell as well, addresses without host and form."""
    facets = {
        key: {
            "truncated": facet["truncated"],
            "results": [
                one | {"toggle_url": one["toggle_url"][one["toggle_url"].index("/clearview") :].replace(".json", "")}
                for one in facet["results"]
            ],
        }
        for key, facet in told["facet_results"].items()
    }
    return {key: told[key] for key in KEPT} | {"facets": facets}


def compare_views(page: Page, archived: Archived, seed: int, count: int) -> tuple[int, int]:
    """Assert that views drawn at random are the site's, and the later pages; return how many, how many full."""
    contract = json.loads((archived.folder / "copy" / "tables.json").read_text("utf-8"))
    open_scripts(page, archived)
    views = draw_views(archived.database, contract, seed, count)
    compared = full = 0
    with httpx.Client(base_url=archived.site, trust_env=False) as client:
        while views:
            address = views.pop(0)
            parts = urlsplit(address)
            given = client.get(address)
            if given.status_code != httpx.codes.OK:
                continue  # the site has no answer: nothing to compare
            told = page.evaluate(ANSWER, [parts.path.split("/")[2].removesuffix(".json"), parts.query])
            assert "error" not in told, (address, told)
            assert choose(told) == choose(given.json()), address
            compared += 1
            full += bool(told["rows"])
            if told["next"] and "_next=" not in address:
                views.append(f"{address}&_next={quote(told['next'])}")
    return compared, full


def show_both(page: Page, theirs: str, ours: str) -> tuple[Any, Any]:
    """Return what readers see of a table at the site's address, and at the copy's once it has answered."""
    page.goto(theirs)
    seen = page.evaluate(SHOWN, False)
    page.goto(ours)
    page.wait_for_selector("body[data-copy=ready]")
    return seen, page.evaluate(SHOWN, True)
