"""The addresses of a large list, by kind of page: one of each question that a reader or a program can ask of it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

SORTED = ("agencies", "reports", "sources")
CHARTS = ("responses", "countries", "searches", "reports", "sums")
SEARCHES = ("police", "tornto polise", "canada police", "nowhere", "timmins")
Words = dict[str, Any]
Addresses = dict[str, list[str]]


def write(path: str, **pairs: object) -> str:
    """Return an address with its parameters."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def list_filters(table: str) -> list[dict[str, object]]:
    """Return filters of a table: of one facet, of two, of a text in a column, of a date, of a number."""
    of_both: list[dict[str, object]] = [
        {"country": "CA"},
        {"country": "CA", "response": "denied"},
        {"country__in": "CA,GB,BR", "use_status": "reported", "listing": "buzzfeed_2021"},
    ]
    if table == "agencies":
        return [*of_both, {"name__contains": "polícia"}, {"report_count__gt": 5}, {"_search": "police"}]
    return [
        *of_both,
        {"agency": "ca-timmins-police-service"},
        {"agency__notnull": 1},
        {"agency_as_printed__contains": "POLÍCIA"},
        {"published__startswith": "2021-08"},
        {"published__gt": "2021", "published__lt": "2022"},
        {"source": "S001", "searches_min__gt": 10},
        {"country__not": "CA", "response": "not_stated"},
    ]


def list_tables(words: Words, database: str) -> Iterator[tuple[str, list[str]]]:
    """Yield kinds and addresses of pages of tables: plain, filtered, in every order of every column."""
    for table, told in words["tables"].items():
        page = f"/{database}/{table}"
        if told.get("hidden"):
            continue
        if table not in SORTED:
            yield "other tables", [page, f"{page}.json?_shape=objects", f"{page}.csv?_size=100"]
            continue
        yield f"{table}", [page, write(page, _all="on"), f"{page}.json?_shape=objects", f"{page}.csv?_size=100"]
        columns = [*told["columns"]]
        shown = [column for column in told["plugins"]["pages"]["columns"] if column in columns]
        other = [column for column in columns if column not in shown]
        for name, some in (("headings", shown), ("other columns", other)):
            sorts = [(how, column) for column in some for how in ("_sort", "_sort_desc")]
            yield f"{table} by {name}", [write(page, **{how: column}) for how, column in sorts]
    for table in SORTED[:2]:
        page = f"/{database}/{table}"
        filters = list_filters(table)
        yield f"{table} filtered", [write(page, **one) for one in filters]
        yield f"{table} filtered and sorted", [write(page, **one, _sort_desc="response") for one in filters]
    facets = ("_facet=source&_facet_size=max", "_facet=agency", "_facet_date=published", "_facet=published")
    yield "reports facets", [f"/{database}/reports?{facet}" for facet in facets]


def list_log(database: str, workbook: str) -> list[str]:
    """Return pages of the log of changed cells."""
    page = f"/{database}/cleaning_log"
    filters: list[dict[str, object]] = [
        {}, {"row": 1000}, {"kind": "parsed"}, {"kind": "translated", "field": "country"}, {"file": workbook},
        {"before__contains": "Polícia"}, {"_facet": "kind"}, {"_sort": "row"}, {"_sort_desc": "row"}, {"row__gt": 900},
    ]  # fmt: skip
    return [write(page, **one) for one in filters] + [f"{page}.json?_shape=objects", f"{page}.csv?_size=100"]


def list_sql(words: Words, database: str) -> list[str]:
    """Return ready-made questions, and questions of a reader's own that read every report."""
    asked = (
        "select country, count(*) from reports group by country order by 2 desc",
        "select agency, count(*) as n from reports group by agency order by n desc limit 10",
        "select count(distinct source) from reports",
        'select * from reports order by "no" desc limit 1000',
    )
    pages = [f"/{database}/{name}" for name in words["queries"]]
    return [*pages, f"/{database}", *(write(f"/{database}.json", sql=sql, _shape="array") for sql in asked)]


def list_addresses(database: Path, metadata: Path) -> Addresses:
    """Return the addresses of a list that bench_folder.py made, by kind of page."""
    (name, words), *_ = yaml.safe_load(metadata.read_text("utf-8"))["databases"].items()
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (last,) = db.execute('select max("no") from reports').fetchone()
    agencies = [key for (key,) in db.execute("select id from agencies order by report_count desc, id limit 6")]
    sources = [key for (key,) in db.execute("select id from sources order by report_count desc, id limit 2")]
    files = [file for (file,) in db.execute("select file from reports limit 1")]
    db.close()
    found: Addresses = {"home": ["/"]}
    for kind, paths in list_tables(words, name):
        found.setdefault(kind, []).extend(paths)
    some = f"/{name}/agencies?country=CA"
    found |= {
        "cleaning log": list_log(name, files[0]),
        "sql": list_sql(words, name),
        "charts": ["/charts", "/charts?country=CA", "/charts?report_count__lt=9"]
        + [f"/charts/{kind}{form}" for kind in CHARTS for form in ("", ".csv", ".svg", ".png")]
        + [f"/charts/figures?id={agencies[0]}"],
        "timeline": ["/timeline", "/timeline?kind=response", "/timeline?kind=report"]
        + [f"/timeline?country={country}" for country in ("CA", "GB")] + [f"/timeline?agency={agencies[0]}"],
        "compare": ["/compare", "/compare?country=CA,GB,BR", write("/compare", agency=",".join(agencies))],
        "embed": ["/embed/map", "/embed/table", "/embed/table?_search=police", f"/embed/agency/{agencies[0]}"]
        + [f"/embed/chart/{kind}" for kind in CHARTS],
        "map": [f"/{name}/agencies.json?_labels=on", f"{some}&_labels=on".replace("?", ".json?", 1)],
        "country": [f"/{name}/countries/{country}" for country in ("CA", "GB", "BR", "XX")],
        "source": [f"/{name}/sources/{source}" for source in sources],
        "agency": [f"/{name}/agencies/{agency}" for agency in agencies[:2]],
        "report": [f"/{name}/reports/{number}" for number in (1, last)],
        "search": [write("/search", q=query) for query in SEARCHES] + ["/search.json?q=police&limit=500"],
        "reconcile": [write("/reconcile", queries='{"q0":{"query":"Timmins Police"}}')],
        "other pages": ["/about", "/api", "/downloads", "/openapi.json", "/llms.txt", "/sitemap.xml", "/robots.txt",
                        "/workbench/schema.json"],
    }  # fmt: skip
    return found
