"""Every page, file and feed of the site as the files of the archive, asked of the application itself."""

import json
import re
from collections.abc import AsyncIterator, Container, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

import httpx
from datasette.app import Datasette
from exports.site_words import WORDS
from tqdm import tqdm

from archiving.addresses import DATABASE, FORMS, HOST, Addresses, name_file
from archiving.links import find_imports, find_links, find_map, find_next, make_lasting, point_to_files, say_addresses

# Where reading begins; everything else is found by its links.
STARTS = ("/", "/robots.txt", DATABASE, "/search", "/downloads")
WITH_ADDRESS = ("/sitemap.xml",)  # such a list names whole addresses only
NAME = HOST.partition("//")[2]
# What answers programs while the site runs; and what is written behind the pages.
SERVED_ONLY = ("/mcp", "/reconcile", "/-/readyz", "/-/healthz", "/-/metrics", "/copy", "/SHA256SUMS")
# What a map reads of an agency (static/basemap/popup.js); other rows have few columns.
OF_AN_AGENCY = ("id", "name", "use_status", "country", "agency_type", "locality", WORDS.sql("searches"), "response",
                "latitude", "longitude")  # fmt: skip
OF_ROWS = re.compile(rf"{DATABASE}/(\w+)\.json")
JSON = (".json", ".geojson")
MOST_ON_A_MAP = 10_000  # rows, as static/basemap/rows.js has it


class CannotCopy(Exception):
    """The site has no answer where one of its pages says that there is one."""


class CopiedSite:
    """A site on its way into files: what was asked already, and what is still to be asked."""

    def __init__(self, datasette: Datasette, published_at: str, addresses: Addresses) -> None:
        """Take the running application, and the address at which the copy will stand, "" where nobody knows it."""
        self.datasette, self.published_at = datasette, published_at
        self.addresses = addresses
        self.files: dict[str, str] = {}
        self.maps: dict[str, str] = {}  # of the address of a map's rows, their file
        self.todo: list[tuple[str, str]] = []
        self.questions: Container[str] = ()
        self.uncounted: Container[str] = ()

    async def read(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield each file with its contents."""
        large, views = self.addresses.large, await self.datasette.get_database(WORDS.database).view_names()
        self.uncounted = [name for name in views if name in large]
        self.questions = await self.datasette.get_canned_queries(WORDS.database, None)
        for start in (*STARTS, *(WITH_ADDRESS if self.published_at else ())):
            self.note(start, "")
        with tqdm(desc="pages and files", unit="", total=len(self.files), disable=None) as bar:
            while self.todo:
                address, page = self.todo.pop(0)
                async for made in self.copy(address, page):
                    yield made
                bar.total = len(self.files)
                bar.update()

    def note(self, address: str, page: str) -> None:
        """Note an address that a page names, unless a script answers it or it is known."""
        whole = urldefrag(address)[0]
        whole = self.addresses.find_exported(whole) or whole
        found = self.addresses.find_file(whole)
        if self.addresses.find_large(urlsplit(whole).path) and FORMS.search(self.addresses.page_of(whole)):
            return  # a file of many rows, which the browser makes
        if found is None or ("_next=" in whole and FORMS.search(urlsplit(whole).path)):
            whole = self.addresses.page_of(whole)
            found = name_file(whole)
        if found not in self.files and not whole.startswith(SERVED_ONLY):
            self.files[found] = whole
            self.todo.append((whole, page))

    def is_question(self, address: str) -> bool:
        """Return whether an address is that of a ready-made question."""
        return address.removeprefix(f"{DATABASE}/") in self.questions

    async def ask(self, address: str, page: str = "") -> httpx.Response:
        """Return the answer to an address; raises CannotCopy where there is none."""
        given: httpx.Response = await self.datasette.client.get(
            address, headers={"accept-encoding": "identity", "host": NAME}
        )
        is_too_much = given.status_code == HTTPStatus.BAD_REQUEST and self.addresses.large and self.is_question(address)
        if given.status_code != HTTPStatus.OK and not is_too_much:  # of a large list, whose page says so itself
            raise CannotCopy(f"{address} answers {given.status_code}, and {page or 'the archive'} links to it")
        return given

    async def copy(self, address: str, page: str) -> AsyncIterator[tuple[str, bytes]]:
        """Yield the file of an address, and that of its map where it is a page with one."""
        found = str(self.addresses.find_file(address))
        given = await self.ask(whole_form(address, self.questions, self.uncounted), page)
        kind = given.headers["content-type"].partition(";")[0]
        if kind == "text/html":
            if (after := find_next(given.text)) is not None:
                self.addresses.add_later_page(found, after)
                self.note(after, address)
            for link in find_links(given.text):
                self.note(link, address)
            map_file = ""
            if (rows := find_map(given.text)) is not None:
                rows = name_rows(rows or of_page(address))
                if rows not in self.maps:
                    self.maps[rows] = f"{found.removesuffix('index.html')}map.json"
                    yield self.maps[rows], await self.read_map(rows)
                map_file = self.maps[rows]
            yield found, point_to_files(given.text, found, self.addresses, self.published_at, map_file).encode()
        elif found.endswith((".js", ".css")):
            for link in find_imports(given.text, address):
                self.note(link, address)
            yield found, given.content
        else:
            yield found, self.make_own(address, given.content)

    def make_own(self, address: str, body: bytes) -> bytes:
        """Return a file as the archive has it: without what a server alone can tell, with addresses of its own."""
        if address.startswith("/exports/"):
            return body
        lasting = make_lasting(body) if urlsplit(address).path.endswith(JSON) else body
        if HOST.encode() not in lasting:
            return lasting
        return say_addresses(lasting.decode("utf-8"), self.addresses, self.published_at).encode()

    async def read_map(self, address: str) -> bytes:
        """Return the rows that a map shows, with their words, and how many there are."""
        rows: list[object] = []
        following = ""
        while True:
            told = (await self.ask(address + following)).json()
            rows += told["rows"]
            if not told.get("next") or len(rows) >= MOST_ON_A_MAP:
                break
            following = f"&{urlencode({'_next': told['next']})}"
        total = told.get("filtered_table_rows_count", len(rows)) if told.get("next") else len(rows)
        return json.dumps({"rows": rows, "total": total}, ensure_ascii=False, separators=(",", ":")).encode()


def name_rows(address: str) -> str:
    """Return the address of all rows that a map shows, however its page asks for them."""
    parts = urlsplit(address)
    left_out = {"_next", "_col", "_nocol", "_size", "_facet", "_all", "_shape", "_nofacet", "_sort", "_sort_desc"}
    pairs = [pair for pair in parse_qsl(parts.query) if pair[0] not in left_out]
    pairs += [("_shape", "objects"), ("_size", "max"), ("_nofacet", "1")]
    if parts.path == f"{DATABASE}/agencies.json":
        pairs += [("_col", column) for column in OF_AN_AGENCY]
        pairs += [] if ("_labels", "on") in pairs else [("_labels", "on")]
    return f"{parts.path}?{urlencode(sorted(pairs))}"


def of_page(address: str) -> str:
    """Return the address of the rows of a page."""
    parts = urlsplit(address)
    return f"{parts.path}.json?{parts.query}"


def whole_form(address: str, questions: Container[str], uncounted: Container[str] = ()) -> str:
    """Return what is asked for the JSON of a table: all of its rows, where the site would page them.

    The rows of a large view are not counted: that would take minutes.
    """
    parts = urlsplit(address)
    if parts.path.removeprefix(f"{DATABASE}/") in uncounted and not parts.query:
        return f"{address}?_nocount=1&_nofacet=1"
    found = OF_ROWS.fullmatch(parts.path)
    if not found:
        return address
    whole = {} if found[1] in questions else {"_stream": "on"}
    return f"{parts.path}?{urlencode({'_shape': 'array', **dict(parse_qsl(parts.query)), **whole})}"


def list_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file below a folder, by its name there."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
