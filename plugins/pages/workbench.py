"""The SQL page beyond its box: what there is to ask, worked examples, and the script that puts an editor there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from exports.site_words import WORDS
from lookups.yaml_files import read_yaml

from service.api_tables import DATABASE
from service.sql_schema import read_schema

Json = dict[str, Any]
SCRIPT = {"url": "/static/workbench/workbench.js", "module": True}
STYLE = "/static/workbench/workbench.css"
PAGES = {"query.html", "database.html"}
EXAMPLES: list[Json] = WORDS.translate(read_yaml(Path(__file__).parent / "worked_examples.yml"))
MARKED = WORDS.sql((Path(__file__).parent / "sql" / "marked_agencies.sql").read_text("utf-8"))


class Workbench:
    """What the page shows of the database, read once: the file never changes while it is served."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.schema: Json | None = None

    async def read(self, datasette: Datasette) -> Json:
        """Return tables, values, functions and limits."""
        if self.schema is None:
            rows = (await datasette.get_database(DATABASE).execute(MARKED)).rows
            self.schema = await read_schema(datasette, {row["id"]: row["use_label"] for row in rows})
        return self.schema


WORKBENCH = Workbench()


async def serve_schema(datasette: Datasette) -> Response:
    """Return what there is to ask, for the editor."""
    return Response.json(await WORKBENCH.read(datasette))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of the schema."""
    return [(r"^/workbench/schema\.json$", serve_schema)]


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """Give the templates what there is to ask, and the examples."""

    async def workbench() -> Json:
        return await WORKBENCH.read(datasette)

    return {"workbench": workbench, "worked_examples": EXAMPLES}


@hookimpl
def extra_js_urls(template: str, request: Request | None) -> list[dict[str, object]]:
    """Return the script of the SQL page, for that page alone."""
    return [SCRIPT] if request and template in PAGES else []


@hookimpl
def extra_css_urls(template: str, request: Request | None) -> list[str]:
    """Return the looks of the SQL page, for that page alone."""
    return [STYLE] if request and template in PAGES else []
