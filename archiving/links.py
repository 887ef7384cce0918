"""A page of the site made one of the archive: its links lead to files, from wherever the archive stands."""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from posixpath import dirname, relpath
from urllib.parse import urljoin

from archiving.addresses import HOST, Addresses

LINK = re.compile(r'(\s(?:href|src|action|data-modules|data-map-src)=")([^"]*)(")')
OWN = re.compile(rf"{re.escape(HOST)}(/[^\s\"'<>&)}}\]]*)?")
MAP = re.compile(r'\sdata-map-src="([^"]*)"')
IMPORT = re.compile(r'''(?:from|import|import\(|get\(|URL\()\s*"([\w./-]+\.(?:js|json|css))"''')
LOOKS = re.compile(r"""(?:url\(|@import)\s*["']?(?!data:)([\w./-]+\.\w+)["']?""")  # what a sheet of looks names
NEXT = re.compile(r'<a class="button" href="([^"]*)" rel="next')
TIMES = ("query_ms", "next_url")  # of JSON: how long the server took, and an address that only a server answers


def own_path(link: str) -> str | None:
    """Return a link's address on the site, None where it leads elsewhere or stays on its page."""
    if link == HOST or link.startswith(f"{HOST}/"):
        return link.removeprefix(HOST) or "/"
    return link if link.startswith("/") and not link.startswith("//") else None


def find_links(html: str) -> Iterator[str]:
    """Yield the addresses of the site that a page names."""
    for name, value, _ in LINK.findall(html):
        for link in unescape(value).split(" ") if not name.endswith('data-map-src="') else ():
            if path := own_path(link):
                yield path


def find_imports(script: str, address: str) -> Iterator[str]:
    """Yield the addresses of the modules and files that a script or a sheet of looks names."""
    for link in [*IMPORT.findall(script), *LOOKS.findall(script)]:
        yield urljoin(address, link)


def find_next(html: str) -> str | None:
    """Return the address of the page of rows behind this one."""
    found = NEXT.search(html)
    return own_path(unescape(found[1])) if found else None


def find_map(html: str) -> str | None:
    """Return where the page's map takes its rows from, "" for the page's own rows; None where it has no map."""
    found = MAP.search(html)
    return unescape(found[1]) if found else None


def point_to_files(html: str, page_file: str, addresses: Addresses, published_at: str, map_file: str = "") -> str:
    """Return a page with every link to the site made relative; its map takes its rows from a file of the archive."""
    rows = relpath(map_file, dirname(page_file) or ".") if map_file else ""

    def change(found: re.Match[str]) -> str:
        if found[1].endswith('data-map-src="'):
            return f"{found[1]}{rows}{found[3]}"
        links = unescape(found[2]).split(" ")
        changed = [addresses.link(path, page_file) if (path := own_path(link)) else link for link in links]
        return f"{found[1]}{escape(' '.join(changed))}{found[3]}"

    changed = LINK.sub(change, html)
    return say_addresses(changed, addresses, published_at)


def say_addresses(text: str, addresses: Addresses, published_at: str) -> str:
    """Return a text in which the site's absolute addresses are those of the archive, or its files where it has none."""
    return OWN.sub(lambda found: published_at + addresses.link(found[1] or "/", "index.html"), text)


def make_lasting(body: bytes) -> bytes:
    """Return an answer in JSON, written short, without what differs each time it is asked for or needs a server."""
    told = json.loads(body)
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in TIMES}
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
