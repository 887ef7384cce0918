"""Two more forms of any table, view or query: .geojson (what has a latitude and a longitude) and .ndjson."""

import json
from collections.abc import Iterable
from typing import Any

from datasette import hookimpl
from datasette.utils import CustomJSONEncoder
from datasette.utils.asgi import BadRequest, Response
from exports.features import as_feature
from exports.json_values import find_twice, finite

PLACE = {"latitude", "longitude"}


def next_link(data: dict[str, Any]) -> dict[str, str]:
    """Return the Link header to the next page of rows, if there is one."""
    return {"link": f'<{data["next_url"]}>; rel="next"'} if data.get("next_url") else {}


def has_place(columns: list[str]) -> bool:
    """Return whether the rows can be drawn on a map."""
    return set(columns) >= PLACE


def as_objects(columns: list[str], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return each row as an object; raises BadRequest where two columns share a name, so that one would be lost."""
    if twice := find_twice(columns):
        raise BadRequest(f"two columns are called {twice!r}; name them with AS")
    return [dict(zip(columns, map(finite, row), strict=True)) for row in rows]


def render_geojson(columns: list[str], rows: Iterable[Any], data: dict[str, Any]) -> Response:
    """Return the rows as a GeoJSON FeatureCollection (RFC 7946); refuse rows without a place."""
    if not data.get("error") and not has_place(columns):
        raise BadRequest("GeoJSON needs the columns latitude and longitude; ask for .json instead")
    features = [as_feature(row) for row in as_objects(columns, rows)]
    body = json.dumps({"type": "FeatureCollection", "features": features}, cls=CustomJSONEncoder, ensure_ascii=False)
    return Response(body, headers=next_link(data), content_type="application/geo+json")


def render_ndjson(columns: list[str], rows: Iterable[Any], data: dict[str, Any]) -> Response:
    """Return one JSON object a line."""
    lines = (json.dumps(row, cls=CustomJSONEncoder, ensure_ascii=False) for row in as_objects(columns, rows))
    body = "".join(line + "\n" for line in lines)
    return Response(body, headers=next_link(data), content_type="application/x-ndjson; charset=utf-8")


@hookimpl
def register_output_renderer() -> list[dict[str, Any]]:
    """Return the two forms."""
    return [
        {"extension": "geojson", "render": render_geojson, "can_render": has_place},
        {"extension": "ndjson", "render": render_ndjson, "can_render": lambda: True},
    ]
