"""The picture beside a link to a page on social networks: /card/ADDRESS.png, with the page's own title and sentence.

It is drawn from the row by the library that draws the charts, no browser. Only addresses without parameters have one:
nobody else's words stand in a picture of this site. The other pages share static/card.png.
"""

import re
from asyncio import to_thread
from collections.abc import Awaitable, Callable

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Request, Response
from exports.site_words import WORDS

from service.cards import write_card
from service.charts import TITLES
from service.chosen_agencies import Chosen, fetch
from service.png import draw_png
from service.sentences import say_agency

AGENCY, CHART = re.compile(rf"/{WORDS.database}/agencies/([^/.]+)"), re.compile(rf"/charts/({'|'.join(TITLES)})")


async def find_words(datasette: Datasette, address: str) -> tuple[str, str]:
    """Return title and sentence of a page; raises NotFound where it has no card of its own."""
    if chart := CHART.fullmatch(address):
        return TITLES[chart[1]], "A chart of what was reported of Clearview AI outside the United States."
    if agency := AGENCY.fullmatch(address):
        asked = Chosen("where id = :id", {"id": tilde_decode(agency[1])}, [])
        if found := await fetch(datasette, "agency", asked):
            row = found[0]
            use = "" if row["use_status"] == "reported" else f" ({row['use_label'].lower()})"
            return row["name"] + use, say_agency(row, "Clearview AI", "Clearview AI")
    raise NotFound("This page has no card of its own")


async def serve_card(datasette: Datasette, request: Request) -> Response:
    """Return the card of a page; raises NotFound where it has none."""
    if datasette.plugin_config("site"):
        raise NotFound("These are cards of another dataset")
    title, sentence = await find_words(datasette, f"/{request.url_vars['address']}")
    card = write_card(title, sentence, str(datasette.metadata("title")))
    return Response(await to_thread(draw_png, card, 1), content_type="image/png")


@hookimpl
def extra_template_vars(request: Request | None) -> dict[str, Callable[[], str]]:
    """Give the templates the address of their page's card."""

    def card() -> str:
        path = request.path if request else ""
        has_own = CHART.fullmatch(path) or AGENCY.fullmatch(path)
        return f"/card{path}.png" if has_own and path != "/charts/figures" else "/static/card.png"

    return {"card": card}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the addresses of the cards."""
    return [(r"^/card/(?P<address>.+)\.png$", serve_card)]
