"""The site has a host's name to itself: under a prefix (`--setting base_url /foo/`) its links would lead elsewhere."""

from click import ClickException
from datasette import hookimpl
from datasette.app import Datasette


@hookimpl
def startup(datasette: Datasette) -> None:
    """Refuse to start under a prefix."""
    prefix = datasette.setting("base_url")
    if prefix != "/":
        raise ClickException(
            f"base_url is {prefix}: this site cannot be served under a prefix; leave the setting out and give the "
            "site a host's name of its own, such as clearview.example.org (docs/operations.md)"
        )
