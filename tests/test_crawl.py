"""Every link in two steps from the home page answers, and no page asks another host for anything."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx

STEPS = 2
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
# Links that tell where a page's own data or address is; they load nothing.
RELATIONS = {"alternate", "canonical", "next", "license"}


class Links(HTMLParser):
    """Collects what a page links to and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.linked: set[str] = set()
        self.loaded: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.linked.add(unescape(str(values["href"])))
        elif tag in LOADED and values.get(LOADED[tag]) and values.get("rel") not in RELATIONS:
            self.loaded.add(str(values[LOADED[tag]]))


def test_every_link_in_two_steps_answers(site: str) -> None:
    seen: set[str] = set()
    broken: list[str] = []
    foreign: list[str] = []
    frontier = {site + "/"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        for step in range(STEPS + 1):
            found: set[str] = set()
            for address in sorted(frontier - seen):
                seen.add(address)
                answer = client.get(address, follow_redirects=True)
                if answer.status_code != 200:
                    broken.append(f"{answer.status_code} {address}")
                if "html" not in answer.headers.get("content-type", "") or step == STEPS:
                    continue
                links = Links()
                links.feed(answer.text)
                foreign += [f"{address} loads {url}" for url in links.loaded if re.match(r"(https?:)?//", url)]
                inside = (urldefrag(urljoin(address, link)).url for link in links.linked)
                found |= {link for link in inside if link.startswith(site + "/")}
            frontier = found
    assert broken == []
    assert foreign == []
    assert len(seen) > 300
