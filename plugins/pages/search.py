"""One search over agencies, sources and regulatory actions: `/search` for readers, `/search.json` for programs.

Which entries match a query, and why, is decided in service/matching.py.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_encode
from datasette.utils.asgi import BadRequest, Request, Response
from exports.site_words import WORDS

from service.hits import Match
from service.matching import NOT_EXACT, Matcher, load_ahead, load_matcher

Row = dict[str, Any]

DATABASE = WORDS.database
SQL = Path(__file__).parent / "sql"
# What a result's own facts are read with, by kind, in the order of the page.
KINDS = {
    "agency": WORDS.sql((SQL / "found_agencies.sql").read_text(encoding="utf-8")),
    "source": WORDS.sql((SQL / "found_sources.sql").read_text(encoding="utf-8")),
    "regulatory_action": WORDS.sql((SQL / "found_regulatory_actions.sql").read_text(encoding="utf-8")),
}
LONGEST_QUERY = 200  # characters; the longest name here has 75
FIRST, MOST = 10, 500  # results of a kind: shown at first, and at most; all of them are counted
PARAMETERS = {"q", "kind", "limit"}


def read_query(request: Request) -> str:
    """Return what is searched for, white space and control characters made single blanks."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", request.args.get("q", "")).split())


def read_kinds(request: Request) -> list[str]:
    """Return the kinds asked for, all where none is named; raises BadRequest for one that is not there."""
    kind = request.args.get("kind")
    if kind and kind not in KINDS:
        raise BadRequest(f"kind is one of {', '.join(KINDS)}")
    return [kind] if kind else list(KINDS)


def find_fault(query: str) -> str | None:
    """Return why nothing is searched for by a text this long; None where it can be."""
    if len(query) <= LONGEST_QUERY:
        return None
    return f"A search may have {LONGEST_QUERY} characters; this one has {len(query):,}. A name or a few words do."


async def get_matcher(datasette: Datasette) -> Matcher:
    """Return the matcher over the database that is served; other pages are answered while it is made."""
    return await asyncio.to_thread(load_matcher, Path(datasette.get_database(DATABASE).path))


async def add_facts(datasette: Datasette, kind: str, matches: list[Match]) -> list[Row]:
    """Return the matches, best first, each with its facts from the database."""
    ids = json.dumps([match.id for match in matches])
    found = await datasette.get_database(DATABASE).execute(KINDS[kind], {"ids": ids})
    facts = {row["id"]: {**dict(row), "url": f"{row['url']}/{tilde_encode(row['id'])}"} for row in found.rows}
    return [{"kind": kind, "score": match.score, "reason": match.reason} | facts[match.id] for match in matches]


async def search(datasette: Datasette, query: str, kinds: list[str], limit: int) -> list[Row]:
    """Return a group for each kind that matches: its kind, number of matches and first results.

    Agencies come first, unless the query is the very name of a source or a regulator.
    """
    matcher = await get_matcher(datasette)
    groups = []
    for kind in kinds:
        matches = await asyncio.to_thread(matcher.match, query, kind=kind, limit=None)
        if matches:
            results = await add_facts(datasette, kind, matches[:limit])
            groups.append(
                {"kind": kind, "count": len(matches), "exact": matches[0].score > NOT_EXACT, "results": results}
            )
    return sorted(groups, key=lambda group: not group["exact"])


def suggest_words(matcher: Matcher, query: str) -> list[Row]:
    """Return the single words of a query that do find agencies, each with how many."""
    words = dict.fromkeys(re.findall(r"\w+", query.lower()))
    counts = {word: len(matcher.match(word, limit=None)) for word in words if len(words) > 1}
    return [{"word": word, "count": count} for word, count in counts.items() if count]


async def show_search(datasette: Datasette, request: Request) -> Response:
    """Return the page: the box, what was found by kind, or what to do where nothing was."""
    query, kinds = read_query(request), read_kinds(request)
    fault = find_fault(query)
    limit = FIRST if len(kinds) > 1 else MOST
    groups = await search(datasette, query, kinds, limit) if query and not fault else []
    page = {
        "query": query[:LONGEST_QUERY],
        "kind": kinds[0] if len(kinds) == 1 else "",
        "fault": fault,
        "groups": groups,
        "most": MOST,
        "words": [] if groups or fault else await asyncio.to_thread(suggest_words, await get_matcher(datasette), query),
    }
    html = await datasette.render_template("search.html", page, request=request)
    return Response.html(html, status=400 if fault else 200)


async def tell_search(datasette: Datasette, request: Request) -> Response:
    """Return the same for a program; raises BadRequest where it asks for what is not there."""
    query, kinds, limit = read_query(request), read_kinds(request), request.args.get("limit", str(FIRST))
    unknown = sorted(set(request.args) - PARAMETERS)
    if unknown:
        raise BadRequest(f"no parameter {unknown[0]!r}; the parameters are {', '.join(sorted(PARAMETERS))}")
    if fault := find_fault(query) if query else "q is what to search for, and it is missing":
        raise BadRequest(fault)
    if not re.fullmatch("[1-9][0-9]{0,2}", limit) or int(limit) > MOST:
        raise BadRequest(f"limit is the number of results of each kind, 1 to {MOST}")
    groups = await search(datasette, query, kinds, int(limit))
    counts = dict.fromkeys(kinds, 0) | {group["kind"]: group["count"] for group in groups}
    results = [result for group in groups for result in group["results"]]
    return Response.json({"query": query, "counts": counts, "results": results})


@hookimpl
def startup(datasette: Datasette) -> None:
    """Begin to read what can be searched for, so that no reader waits for it."""
    load_ahead(Path(datasette.get_database(DATABASE).path))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Return the two addresses."""
    return [(r"^/search$", show_search), (r"^/search\.json$", tell_search)]
