"""Where readers report a mistake: report_mistakes_to in metadata.yml, which whoever publishes the site fills in."""

import re
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import StartupError
from jinja2 import Environment

KEY = "report_mistakes_to"
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
EMAIL = re.compile(r"[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+")


def read_address(text: str) -> dict[str, str] | None:
    """Return the address as a link and its words, None where there is none; raises ValueError for what is neither."""
    if not text:
        return None
    if WEB_ADDRESS.fullmatch(text):
        return {"href": text, "text": text}
    if EMAIL.fullmatch(text):
        return {"href": f"mailto:{text}", "text": text}
    raise ValueError(f"metadata.yml: {KEY}: {text!r} is no web or e-mail address; correct it or leave it empty")


def find_address(datasette: Datasette) -> dict[str, str] | None:
    """Return where this site's readers report a mistake."""
    return read_address(str(datasette.metadata(KEY) or "").strip())


@hookimpl
def startup(datasette: Datasette) -> None:
    """Stop the start over an address that readers could not use."""
    try:
        find_address(datasette)
    except ValueError as error:
        raise StartupError(str(error)) from None


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give the templates the address."""

    def report_mistakes_to() -> dict[str, Any] | None:
        return find_address(datasette)

    env.globals["report_mistakes_to"] = report_mistakes_to
