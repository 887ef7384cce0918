"""The page /compare: countries (?country=CA,AU,GB) or agencies (?agency=…) side by side.

A name may be given several times, as the ticked rows of a table are sent, or several values in one.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, Request, Response
from exports.site_words import WORDS

from service.chart_rows import with_pairs
from service.chosen_agencies import DRAWN, Chosen
from service.facet_values import join_values, split_values

NAMES = WORDS.sql((Path(__file__).parent / "sql" / "compared_names.sql").read_text(encoding="utf-8"))
KINDS = {"country": "country", "agency": "id"}  # the parameter, and the column of agencies that it names
DRAWN_OF = {"country": ("sums", "countries"), "agency": ("searches", "responses")}
MOST = 6  # side by side


def read_chosen(request: Request) -> tuple[str, list[str]]:
    """Return what is compared, countries or agencies, and their keys in order; raises BadRequest on anything else."""
    names = list(request.args)
    if set(names) - set(KINDS) or len(names) > 1:
        raise BadRequest("a comparison takes country or agency, not both, and no other parameter")
    if not names:
        return "country", []
    keys = [key for text in request.args.getlist(names[0]) for key in split_values(text) if key]
    keys = list(dict.fromkeys(keys))
    if len(keys) > MOST:
        raise BadRequest(f"{len(keys):,} are chosen; at most {MOST} can stand side by side")
    return names[0], keys


async def find_compared(datasette: Datasette, kind: str, keys: list[str]) -> list[dict[str, str]]:
    """Return key, name and country of each, in the order of the keys; raises BadRequest for a key that is not here."""
    rows = (await datasette.get_database(WORDS.database).execute(NAMES, {"kind": kind, "ids": json.dumps(keys)})).rows
    found = {row["id"]: WORDS.row(row) for row in rows}
    if missing := [key for key in keys if key not in found]:
        raise BadRequest(f"no {kind} has the identifier {', '.join(missing)[:200]}")
    return [found[key] for key in keys]


def choose_compared(kind: str, keys: list[str]) -> Chosen:
    """Return the agencies that are compared, or those of the countries that are."""
    column = KINDS[kind]
    pairs = [(f"{column}__in", join_values(keys))] if keys else []
    return Chosen(f"where {column} in (select value from json_each(:compared))", {"compared": json.dumps(keys)}, pairs)


async def show_comparison(datasette: Datasette, request: Request) -> Response:
    """Return the page; with nothing chosen, what there is to choose from."""
    kind, keys = read_chosen(request)
    compared = await find_compared(datasette, kind, keys)
    chosen = choose_compared(kind, keys)
    countries = dict.fromkeys(one["country"] for one in compared)
    page: dict[str, Any] = {
        "kind": kind,
        "keys": keys,
        "names": [one["name"] for one in compared],
        "countries": [country for country in countries if country != "XX"],  # "XX": of several countries
        "chosen": chosen,
        "charts": [await DRAWN[name](datasette, chosen) for name in DRAWN_OF[kind]] if keys else [],
        "charts_address": with_pairs("/charts", chosen.pairs),
    }
    return Response.html(await datasette.render_template("compare.html", page, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of the page."""
    return [(r"^/compare$", show_comparison)]
