"""The reconciliation service at /reconcile: OpenRefine and its like match a column of names with our agencies.

It speaks the W3C Reconciliation Service API 0.2: manifest, batches of queries, suggestions, a preview, and values of
matched agencies (data extension). datasette-reconcile has no preview, does not score aliases and takes any property's
name, so this is our own. JSONP is refused: with it, a page of this site could be made to run an answer as a script, and
CORS, which the specification demands, is open. What is matched and how sure that is: service/reconciliation.py.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Base400, NotFound, Request, Response
from exports.site_words import WORDS

from service.agencies import Agency
from service.reconciliation import EVERY_BODY, Candidate, Reconciler, load_reconciler
from service.reconciliation_queries import (
    LONGEST_NAME,
    MOST_QUERIES,
    BadQuery,
    TooMany,
    Vocabulary,
    read_batch,
    read_extension,
    read_json,
)
from service.request_body import CutOff, TooLong, read_request

MOST_BYTES = 1024 * 1024  # of a form; 1,000 names with five properties take 300 kB
MOST_SUGGESTIONS = 20
PREVIEW = {"width": 430, "height": 270}  # pixels
SUGGESTED = ("entity", "property", "type")
FIELDS = {"queries", "query", "extend"}

Answer = dict[str, Any]


class Refused(Base400):  # type: ignore[misc]  # Datasette has no types
    """A request that is not answered, with its own status."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


async def find_reconciler(datasette: Datasette) -> Reconciler:
    """Return the reconciler of the served database."""
    return await asyncio.to_thread(load_reconciler, Path(datasette.get_database(WORDS.database).path))


async def read_fields(request: Request) -> dict[str, str]:
    """Return the fields of the address or of the form; refuse a form that is too long or no form."""
    if request.method in ("GET", "HEAD"):
        return {name: request.args[name] for name in request.args}
    if request.method != "POST":
        raise Refused(f"{request.method} is not understood here; ask with GET or POST", 405)
    try:
        body = await read_request(request.receive, MOST_BYTES)
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=20))
    except TooLong:
        raise Refused(f"the form is over {MOST_BYTES // 1024**2} MB; send fewer names in one request", 413) from None
    except CutOff:
        raise Refused("the form is not whole") from None
    except ValueError as error:
        raise Refused(f"the body is not a form (application/x-www-form-urlencoded): {error}") from None


def describe(candidate: Candidate, reconciler: Reconciler) -> Answer:
    """Return a candidate as the specification has it."""
    agency = candidate.agency
    agreement = [{"id": column, "value": agrees} for column, agrees in candidate.agreement.items()]
    return {
        "id": agency.id,
        "name": agency.name,
        "description": f"{agency.describe()}; {candidate.reason}",
        "type": name_each(reconciler.types_of(agency).items()),
        "score": round(candidate.score, 1),
        "match": candidate.match,
        "features": [{"id": "name", "value": candidate.name_score}, *agreement],
    }


def name_each(pairs: Iterable[tuple[str, str]]) -> list[Answer]:
    """Return ids and names as the specification lists types and properties."""
    return [{"id": one, "name": name} for one, name in pairs]


def answer_queries(fields: dict[str, str], reconciler: Reconciler) -> Answer:
    """Return the candidates of each query in a batch, or of the single query of older clients."""
    if "queries" in fields:
        batch = read_batch(fields["queries"], reconciler.vocabulary)
        return {
            key: {"result": [describe(one, reconciler) for one in reconciler.find_candidates(query)]}
            for key, query in batch.items()
        }
    asked = fields["query"]
    single = read_json(asked, "query") if asked.lstrip().startswith("{") else {"query": asked}
    return dict(answer_queries({"queries": json.dumps({"query": single})}, reconciler)["query"])


def extend(text: str, reconciler: Reconciler, headings: dict[str, str]) -> Answer:
    """Return the values wanted of each agency; an id that is not ours has none."""
    ids, wanted = read_extension(text, Vocabulary(reconciler.types, reconciler.columns))
    rows = {
        one: {column: tell_value(reconciler.agencies.get(one), column) for column in wanted}
        for one in dict.fromkeys(ids)
    }
    return {"meta": name_each((column, headings[column]) for column in wanted), "rows": rows}


def tell_value(agency: Agency | None, column: str) -> list[Answer]:
    """Return a value as a cell of the specification: none where nothing is known."""
    value = agency.say(column) if agency else None
    if value is None or value == "":
        return []
    kind = {int: "int", float: "float"}.get(type(value), "str")
    return [{kind: value}]


def name_columns(datasette: Datasette, reconciler: Reconciler) -> dict[str, str]:
    """Return the heading of each property: that of the table's page, else the column's name."""
    table = datasette.metadata("databases")[WORDS.database]["tables"]["agencies"]
    headings = table["plugins"]["pages"]["columns"]
    return {column: headings.get(column, column.replace("_", " ").capitalize()) for column in reconciler.columns}


def describe_columns(datasette: Datasette, reconciler: Reconciler) -> list[Answer]:
    """Return every property with its heading and the description that metadata.yml gives the column."""
    help_texts = datasette.metadata("databases")[WORDS.database]["tables"]["agencies"]["columns"]
    headings = name_columns(datasette, reconciler)
    return [{"id": one, "name": headings[one], "description": help_texts[one]} for one in reconciler.columns]


NAME = "Clearview in the open: agencies reported to have used Clearview AI outside the United States"


def write_manifest(datasette: Datasette, request: Request) -> Answer:
    """Return what the service offers, with addresses as the client reached it."""

    def address(path: str) -> str:
        return str(datasette.absolute_url(request, path))

    service = address("/reconcile")
    return {
        "versions": ["0.2"],
        "name": NAME if not datasette.plugin_config("site") else datasette.metadata("title"),
        "identifierSpace": address(f"/{WORDS.database}/agencies"),
        "schemaSpace": address(f"/{WORDS.database}/agency_types"),
        "documentation": address("/api#reconciliation"),
        "logo": address("/static/icon.svg"),
        "defaultTypes": name_each([(EVERY_BODY, "Agency")]),
        "view": {"url": address(f"/{WORDS.database}/agencies/") + "{{id}}"},
        "preview": {"url": service + "/preview?id={{id}}", **PREVIEW},
        "suggest": {kind: {"service_url": service, "service_path": f"/suggest/{kind}"} for kind in SUGGESTED},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/extend/propose"},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
    }


async def reconcile(datasette: Datasette, request: Request) -> Response:
    """Return the manifest, the candidates of a batch of names, or values of agencies."""
    fields = await read_fields(request)
    reconciler = await find_reconciler(datasette)
    if "callback" in fields:
        raise Refused("JSONP (callback) is not offered; CORS is open to every site, so ask for plain JSON")
    if unknown := fields.keys() - FIELDS:
        raise Refused(f"no field {min(unknown)!a}; the fields are {', '.join(sorted(FIELDS))}")
    if not fields and request.method == "POST":
        raise Refused("the form is empty; put the batch of queries into its field “queries”")
    if not fields:
        return Response.json(write_manifest(datasette, request))
    try:
        if "extend" in fields:
            headings = name_columns(datasette, reconciler)
            return Response.json(await asyncio.to_thread(extend, fields["extend"], reconciler, headings))
        return Response.json(await asyncio.to_thread(answer_queries, fields, reconciler))
    except BadQuery as error:
        raise Refused(str(error), 413 if isinstance(error, TooMany) else 400) from None


async def suggest(datasette: Datasette, request: Request) -> Response:
    """Return agencies, properties or types that begin with, or answer to, what a person has typed so far."""
    prefix, kind = request.args.get("prefix", "").strip(), request.url_vars["kind"]
    skipped = request.args.get("cursor", "0")
    if len(prefix) > LONGEST_NAME:
        raise Refused(f"a prefix may have {LONGEST_NAME} characters, not {len(prefix):,}")
    if not (skipped.isascii() and skipped.isdecimal() and len(skipped) < 6):
        raise Refused("cursor must be a number of suggestions to skip")
    reconciler = await find_reconciler(datasette)
    if kind == "entity":
        begun = await asyncio.to_thread(reconciler.find_beginning, prefix)
        found = [suggest_agency(agency, reconciler) for agency in begun]
    else:
        types = [{**one, "description": "Type of agency"} for one in name_each(reconciler.types.items())]
        choices = types if kind == "type" else describe_columns(datasette, reconciler)
        found = [one for one in choices if prefix.lower() in f"{one['id']} {one['name']}".lower()]
    return Response.json({"result": found[int(skipped) : int(skipped) + MOST_SUGGESTIONS]})


def suggest_agency(agency: Agency, reconciler: Reconciler) -> Answer:
    """Return an agency as a suggestion."""
    types = name_each(reconciler.types_of(agency).items())
    return {"id": agency.id, "name": agency.name, "description": agency.describe(), "notable": types}


async def propose(datasette: Datasette, request: Request) -> Response:
    """Return the properties whose values can be taken into a table, the use reported first."""
    reconciler = await find_reconciler(datasette)
    wanted, limit = request.args.get("type", EVERY_BODY), request.args.get("limit", "100")
    if wanted not in reconciler.types:
        raise Refused(f"no type {wanted!a}; the types are {', '.join(reconciler.types)}")
    if not (limit.isascii() and limit.isdecimal() and 0 < len(limit) < 6):
        raise Refused("limit must be a number of properties")
    ordered = sorted(name_columns(datasette, reconciler).items(), key=lambda pair: pair[0] != "use_status")
    return Response.json({"type": wanted, "limit": int(limit), "properties": name_each(ordered[: int(limit)])})


async def preview(datasette: Datasette, request: Request) -> Response:
    """Return a small page on one agency, to be shown inside the client's own page."""
    agency = (await find_reconciler(datasette)).agencies.get(request.args.get("id", ""))
    if agency is None:
        raise NotFound("no agency has this id; /reconcile/suggest/entity?prefix= finds ids by name")
    return Response.html(await datasette.render_template("reconcile_preview.html", {"agency": agency}, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the addresses of the service."""
    return [
        (r"^/reconcile/?$", reconcile),
        (r"^/reconcile/suggest/(?P<kind>entity|property|type)$", suggest),
        (r"^/reconcile/extend/propose$", propose),
        (r"^/reconcile/preview$", preview),
    ]


@hookimpl
def skip_csrf(scope: dict[str, Any]) -> bool:
    """Return whether a form from another site may be read: this one changes nothing."""
    return bool(scope["path"].rstrip("/") == "/reconcile")
