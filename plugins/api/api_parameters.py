"""Parameters of a table's page or file: what is not understood is refused, never passed over.

Datasette alone takes a misspelt column for a word that no row holds, and drops an unknown operator.
"""

import json
import re
from collections.abc import Awaitable, Callable

from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils.asgi import BadRequest, Request

OPPOSITES = {"isnull": "notnull", "notnull": "isnull", "isblank": "notblank", "notblank": "isblank"}
OPERATORS = {kind.key for kind in Filters._filters}
FILES = re.compile(r"\.(json|csv|geojson|ndjson)$")
KNOWN = re.compile(
    "_(size|next|sort|sort_desc|shape|nl|labels|label|col|nocol|search|search_.+|searchmode|where|through"
    "|facet|facet_array|facet_date|facet_size|nofacet|nocount|nosuggest|json|json_infinity|stream|dl|header|ttl"
    "|timelimit|trace|extra)"
)
LONGEST_SEARCH = 300  # characters
LARGEST_INTEGER = 2**63 - 1


def check_filter(name: str, values: list[str], columns: list[str]) -> None:
    """Refuse a column or an operator that is not there, or a number that SQLite has no room for."""
    column, _, operator = name.rpartition("__") if "__" in name else (name, "", "exact")
    if column not in columns:
        raise BadRequest(f"no column {column!r} here; the columns are {', '.join(columns)}")
    if operator not in OPERATORS:
        raise BadRequest(f"no operator {operator!r}; the operators are {', '.join(sorted(OPERATORS))}")
    if operator in OPPOSITES and values != ["1"]:
        raise BadRequest(f"{name} takes 1; what it does not keep is kept by {OPPOSITES[operator]}")
    for value in values:
        if value.lstrip("-").isdecimal() and abs(int(value[:40])) > LARGEST_INTEGER:
            raise BadRequest(f"the number in {name} is beyond 64 bits")


def check_facets(name: str, values: list[str], columns: list[str]) -> None:
    """Refuse to count by what is no column."""
    for value in values:
        if value not in columns:
            raise BadRequest(f"no column {value!r} for {name}; the columns are {', '.join(columns)}")


def check_search(request: Request) -> None:
    """Refuse words so many that the search index would compare them with each other for seconds."""
    for name in request.args:
        if name.startswith("_search") and len(request.args[name]) > LONGEST_SEARCH:
            raise BadRequest(f"{name} may have {LONGEST_SEARCH} characters, not {len(request.args[name]):,}")


def check_through(values: list[str]) -> None:
    """Refuse a _through that is not JSON with table, column and value."""
    for value in values:
        try:
            asked = json.loads(value)
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or not {"table", "column", "value"} <= set(asked):
            raise BadRequest('_through must be JSON such as {"table": "reports", "column": "source", "value": "S001"}')


async def check_parameters(datasette: Datasette, database: str, table: str, request: Request) -> None:
    """Refuse what the table cannot answer truthfully."""
    db = datasette.get_database(database)
    columns = [*await db.table_columns(table), "rowid"]
    # The table's own page has parameters of its own besides these, for how it shows rows.
    is_strict = bool(FILES.search(request.path)) or request.path == "/charts"
    for name in request.args:
        values = request.args.getlist(name)
        if "__" in name or not name.startswith("_"):
            check_filter(name, values, columns)
        elif is_strict and not KNOWN.fullmatch(name):
            raise BadRequest(f"no parameter {name!r}; /api lists the parameters")
        elif name.startswith("_facet") and name != "_facet_size":
            check_facets(name, values, columns)
    check_search(request)
    check_through(request.args.getlist("_through"))
    if await db.get_view_definition(table) and not request.args.get("_next", "0").isdecimal():
        raise BadRequest("_next must be taken from the Link header of the page before")


@hookimpl
def filters_from_request(
    datasette: Datasette, database: str, table: str, request: Request
) -> Callable[[], Awaitable[None]]:
    """Return the check, which adds no filter of its own."""
    return lambda: check_parameters(datasette, database, table, request)
