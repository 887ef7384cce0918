"""Which file of the archive holds the answer to an address of the site.

A page is the index.html of a folder, so that its address is the site's own with a slash behind it; links name the file
itself, which works on hosts that know no index files and from a memory stick too. A file keeps its name.
"""

import hashlib
import re
from collections.abc import Iterable
from posixpath import dirname, relpath
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urlencode, urlsplit

from datasette.utils import tilde_encode, urlsafe_components
from exports.site_words import WORDS

HOST = "http://archive.invalid"  # by which the site is asked, so that every absolute address of its own can be found
HASHED = re.compile(r"^/static-[0-9a-f]{12}/")
DATABASE = f"/{WORDS.database}"
DATABASE_FILE = f"exports/{WORDS.database}.db"
SAME = {f"{DATABASE}.db": f"/{DATABASE_FILE}"}
OF_A_TABLE = re.compile(rf"{DATABASE}/(\w+)(?:/([^/]+?))?(?:\.(\w+))?")  # its name, a row's key, a form
WITHOUT_ENDING = {"SHA256SUMS"}  # files that could be taken for pages
FORMS = re.compile(r"\.(csv|json|geojson|ndjson)$")
CITED = re.compile(r"^/cite\.(\w+)$")
WHOLE = {("_shape", "array"), ("_stream", "on"), ("_size", "max")}  # what every file of rows here is
ORDER = {"_sort", "_sort_desc"}  # a table's later pages name its own
PAGE = {*ORDER, "_next"}
ROWS = re.compile(r"\.(csv|ndjson)$")  # forms in which the exports hold just what a table's own file does
OF_A_QUESTION = re.compile(rf"^({DATABASE}|/search)\.\w+$")  # with a reader's own question behind it
BY_ONE_VALUE = {"/charts", "/timeline", "/embed/map"}  # pages that the site links to for one country, agency or kind
LONGEST_NAME = 200  # bytes of a file's name, which may have 255


class Addresses:
    """The addresses of one site, with the later pages of its tables, which get a number when they are met."""

    def __init__(
        self, large: dict[str, list[str]] | None = None, most_pages: int = 0, exported: Iterable[str] = ()
    ) -> None:
        """Begin with no later pages; large tables, each with its keys, have so many and no pages of single rows.

        A table's CSV or lines of JSON that is exported under the same name is not there a second time.
        """
        self.later: dict[str, str] = {}
        self.large, self.most_pages = large or {}, most_pages
        self.exported = {f"{DATABASE}/{name}": f"/exports/{name}" for name in exported if ROWS.search(name)}

    def find_large(self, path: str) -> re.Match[str] | None:
        """Return table, key and form of a path to a row or a file of a large table, which a script answers."""
        found = OF_A_TABLE.fullmatch(path)
        return found if found and found[1] in self.large and (found[2] or found[3]) else None

    def find_exported(self, address: str) -> str | None:
        """Return the address of the export that holds the rows of a table's own file, None for another address."""
        parts = urlsplit(address)
        is_whole = all(pair in WHOLE or pair[0] in PAGE for pair in parse_qsl(parts.query))
        return self.exported.get(parts.path) if is_whole else None

    def find_file(self, address: str) -> str | None:
        """Return the file of an address without fragment; None where a script answers, because it chooses rows."""
        parts = urlsplit(address)
        path = HASHED.sub("/static/", parts.path)
        if exported := self.find_exported(address):
            return name_file(exported)
        if self.find_large(path):
            return None
        if not parts.query:
            return name_file(SAME.get(path, path))
        if address in self.later:
            return self.later[address]
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if (cited := CITED.match(path)) and [name for name, _ in pairs] == ["of"]:
            of, part = urldefrag(pairs[0][1])
            page = self.find_file(of)
            return page and f"{dirname(page)}/cite{part and '-' + part}.{cited[1]}".lstrip("/")
        if path in BY_ONE_VALUE and len(pairs) == 1 and not pairs[0][0].startswith("_") and "__" not in pairs[0][0]:
            return name_file(f"{path}/{tilde_encode(pairs[0][0])}/{tilde_encode(pairs[0][1])}")
        if FORMS.search(path) and "_next" in dict(pairs):
            return name_file(path)  # which holds every row
        if FORMS.search(path) and all(name.startswith("_") for name, _ in pairs):
            stem, _, form = path.rpartition(".")
            words = [f".{tilde_encode(name[1:] if value == 'on' else value)}" for name, value in pairs
                     if (name, value) not in WHOLE and name not in ORDER]  # fmt: skip
            return name_file(f"{stem}{''.join(words)}.{form}")
        return None

    def page_of(self, address: str) -> str:
        """Return the path of what answers, by script, an address that find_file knows no file of."""
        if found := self.find_large(urlsplit(address).path):
            return f"{DATABASE}/{found[1]}" + (f".{found[3]}" if found[3] and not found[2] else "")
        return OF_A_QUESTION.sub(r"\1", urlsplit(address).path)

    def ask_of(self, address: str) -> str:
        """Return what a script is asked of an address that find_file knows no file of: its question, or its row."""
        parts = urlsplit(address)
        found = self.find_large(parts.path)
        if not found or not found[2]:
            return parts.query or "_size=max"
        keys = zip(self.large[found[1]], urlsafe_components(found[2]), strict=False)
        return urlencode([*keys, ("_all", "on")])

    def add_later_page(self, page_file: str, address: str) -> None:
        """Give the page after one of a table's own pages its file, as long as a large table may have more."""
        folder, _, number = dirname(page_file).partition("/page-")
        following = int(number or 1) + 1
        if folder.rpartition("/")[2] not in self.large or following <= self.most_pages:
            self.later[address] = f"{folder}/page-{following}/index.html"

    def link(self, address: str, page_file: str) -> str:
        """Return a link to an address of the site as it stands in a file of the archive."""
        whole, fragment = urldefrag(address)
        found = self.find_file(whole)
        query = ""
        if found is None:
            found, query = name_file(self.page_of(whole)), f"?{self.ask_of(whole)}"
        end = query + (f"#{fragment}" if fragment else "")
        if found == page_file and fragment and not query:
            return end
        return quote(relpath(found, dirname(page_file) or "."), safe="/~,+()") + end


def name_file(path: str) -> str:
    """Return the file of a path: itself where it has an ending, else the page of its folder."""
    names = [shorten(name) for name in unquote(path).split("/") if name]
    return "/".join(names if names and ("." in names[-1] or names[-1] in WITHOUT_ENDING) else [*names, "index.html"])


def shorten(name: str) -> str:
    """Return a name that file systems take, with a hash at the end of one that is too long."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name[:60]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
