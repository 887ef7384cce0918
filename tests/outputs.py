"""All that a build gives to readers, as text: the cells of its files, and the pages of the site over it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import duckdb
import httpx
import openpyxl
from conftest import PATIENCE


def read_cells(path: Path) -> Iterator[str]:
    """Yield what is in a written file, cell by cell where it is packed."""
    if path.suffix == ".parquet":
        yield from (str(cell) for row in duckdb.sql(f"select * from '{path}'").fetchall() for cell in row)
    elif path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    elif path.suffix == ".db":
        db = sqlite3.connect(path)
        yield from db.iterdump()
        db.close()
    # The file as it is as well: what its reader does not show is in it all the same.
    yield path.read_bytes().decode("latin-1")


def read_site(url: str, follow: bool = True) -> dict[str, str]:
    """Return the pages and files of the site; followed, every page that a reader comes to without a filter."""
    forms = [".json?_shape=array", ".json?_labels=on&_size=max", ".csv", ".ndjson"]
    ahead = ["/", "/charts", "/llms.txt", "/openapi.json", "/sitemap.xml", "/changes.atom", "/mcp"]
    ahead += ["/search.json?q=police", "/clearview/agencies?_all=on", "/clearview/agencies?_sort_desc=accounts_max"]
    ahead += [f"/clearview/{table}{form}" for table in ("agencies", "reports", "cleaning_log") for form in forms]
    ahead += ["/clearview.json?_shape=array&sql=select+*+from+agencies", "/clearview/agencies.geojson"]
    pages: dict[str, str] = {}
    with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client:
        while ahead:
            path = ahead.pop()
            if path in pages:
                continue
            answer = client.get(path)
            pages[path] = answer.text
            if follow and "text/html" in answer.headers["content-type"]:
                for link in re.findall(r'(?:href|data-map-src)="([^"#]+)"', answer.text):
                    there = urlsplit(urldefrag(urljoin(url + path, link.replace("&amp;", "&"))).url)
                    ours = there.netloc == urlsplit(url).netloc and not there.path.startswith(("/-/", "/static"))
                    ahead += [there.path] if ours and not there.query else []
    return pages
