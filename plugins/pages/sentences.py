"""Gives the templates an agency, a country and a source in one sentence; service/sentences.py writes them."""

from collections.abc import Callable
from functools import partial

from datasette import hookimpl
from datasette.app import Datasette

from service.sentences import say_agency, say_country, say_source


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Callable[..., str]]:
    """Return the three, with the names that the site gives to the tool and to who sells it."""
    is_own = not datasette.plugin_config("site")
    tool, vendor = ("Clearview AI", "Clearview AI") if is_own else ("the tool", "the vendor")
    return {
        "say_agency": partial(say_agency, tool=tool, vendor=vendor),
        "say_country": partial(say_country, tool=tool, vendor=vendor),
        "say_source": say_source,
    }
