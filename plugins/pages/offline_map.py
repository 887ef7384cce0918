"""The map over the rows that have a place: which pages get it. How it is drawn is in static/basemap."""

from datasette import hookimpl

SCRIPT = {"url": "/static/basemap/map.js", "module": True}
STYLE = "/static/basemap/basemap.css"
WITH_MAP = {"index.html", "row-clearview-countries.html", "embed_map.html"}  # pages whose own rows have no place


def has_map(template: str, columns: list[str] | None) -> bool:
    """Return whether a page has a map: a template that draws one, or rows that have a place."""
    return template in WITH_MAP or {"latitude", "longitude"} <= set(columns or ())


@hookimpl
def extra_js_urls(template: str, columns: list[str] | None) -> list[dict[str, object]]:
    """Return the script that draws maps, for the pages that have one."""
    return [SCRIPT] if has_map(template, columns) else []


@hookimpl
def extra_css_urls(template: str, columns: list[str] | None) -> list[str]:
    """Return the looks of maps, for the same pages."""
    return [STYLE] if has_map(template, columns) else []
