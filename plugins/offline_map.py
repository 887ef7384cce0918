"""The map over the rows that have a place: which pages get it. How it is drawn is in static/basemap."""

from datasette import hookimpl

SCRIPT = {"url": "/static/basemap/map.js", "module": True}
STYLE = "/static/basemap/basemap.css"


def has_places(columns: list[str] | None) -> bool:
    """Return whether a page's rows can be put on a map."""
    return {"latitude", "longitude"} <= set(columns or ())


@hookimpl
def extra_js_urls(template: str, columns: list[str] | None) -> list[dict[str, object]]:
    """Return the script that draws maps, for the pages that have one."""
    return [SCRIPT] if template == "index.html" or has_places(columns) else []


@hookimpl
def extra_css_urls(template: str, columns: list[str] | None) -> list[str]:
    """Return the looks of maps, for the same pages."""
    return [STYLE] if template == "index.html" or has_places(columns) else []
