"""oEmbed: /oembed.json?url=ADDRESS gives the code that shows a page of this site in a frame on another (oembed.com)."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import BadRequest, NotFound, Request, Response

from service.charts import TITLES
from service.chosen_agencies import Chosen, fetch
from service.embeds import WIDTH, find_frame, height_of, write_code

PARAMETERS = {"url", "format", "maxwidth", "maxheight"}
NAMES = {"map": "Where the agencies are", "table": "Agencies named in reports"}


async def find_title(datasette: Datasette, frame: str) -> str:
    """Return what a frame shows; raises NotFound where it shows nothing."""
    kind, *more = urlsplit(frame).path.removeprefix("/embed/").split("/")
    if kind == "chart":
        return TITLES[more[0]]
    if kind != "agency":
        return NAMES[kind]
    found = await fetch(datasette, "listed", Chosen("where id = :id", {"id": tilde_decode(more[0])}, []), most=1)
    if not found:
        raise NotFound("No agency has this identifier")
    use = "" if found[0]["use_status"] == "reported" else f" ({found[0]['use_label'].lower()})"
    return f"{found[0]['name']}{use}"


def read_limit(request: Request, name: str, most: int) -> int:
    """Return the smaller of a number of pixels and what the asker has room for; raises BadRequest where it is none."""
    given = request.args.get(name)
    if given is None:
        return most
    if not re.fullmatch(r"[1-9]\d{0,4}", given):
        raise BadRequest(f"{name} is a number of pixels")
    return min(most, int(given))


async def serve_oembed(datasette: Datasette, request: Request) -> Response:
    """Return what oEmbed says of an address here; raises NotFound where it is not one that can be embedded."""
    if set(request.args) - PARAMETERS or "url" not in request.args:
        raise BadRequest("url is needed: the address of a page here; maxwidth and maxheight may be given")
    if request.args.get("format", "json") != "json":
        return Response.json({"ok": False, "status": 501, "error": "the only format is json"}, status=501)
    parts = urlsplit(request.args["url"])
    here = urlsplit(datasette.absolute_url(request, "/"))
    if parts.scheme not in ("http", "https") or parts.netloc != here.netloc:
        raise NotFound("url is not an address of this site")
    frame = find_frame(parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl())
    if frame is None:
        raise NotFound("Only maps, charts, the table of agencies and the card of an agency can be embedded")
    title = await find_title(datasette, frame)
    width, height = read_limit(request, "maxwidth", WIDTH), read_limit(request, "maxheight", height_of(frame))
    address = datasette.absolute_url(request, frame)
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": datasette.metadata("title"),
        "provider_url": datasette.absolute_url(request, "/"),
        "title": title,
        "width": width,
        "height": height,
        "html": write_code(address, title, str(width), height),
    }
    return Response.json(answer)


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[[], str]]:
    """Give the templates the address of what oEmbed says of their page; empty where it says nothing."""

    def oembed_link() -> str:
        if request is None:
            return ""
        address = request.path + (f"?{request.query_string}" if request.query_string else "")
        if find_frame(address) is None:
            return ""
        url = datasette.absolute_url(request, address)
        return str(datasette.absolute_url(request, f"/oembed.json?url={quote(url, safe='')}"))

    return {"oembed_link": oembed_link}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of it."""
    return [(r"^/oembed\.json$", serve_oembed)]
