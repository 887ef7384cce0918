"""Two more forms of any table, view or query: .geojson (what has a latitude and a longitude) and .ndjson."""

import json
from collections.abc import Iterable
from typing import Any

from datasette import hookimpl
from datasette.utils import CustomJSONEncoder
from datasette.utils.asgi import BadRequest, Response
from exports.features import as_feature

PLACE = {"latitude", "longitude"}


def next_link(data: dict[str, Any]) -> dict[str, str]:
    """Return the Link header to the next page of rows, if there is one."""
    return {"link": f'<{data["next_url"]}>; rel="next"'} if data.get("next_url") else {}


def has_place(columns: list[str]) -> bool:
    """Return whether the rows can be drawn on a map."""
    return set(columns) >= PLACE


def render_geojson(columns: list[str], rows: Iterable[Any], data: dict[str, Any]) -> Response:
    """Return the rows as a GeoJSON FeatureCollection (RFC 7946); refuse rows without a place."""
    if not data.get("error") and not has_place(columns):
        raise BadRequest("GeoJSON needs the columns latitude and longitude; ask for .json instead")
    features = [as_feature(dict(zip(columns, row, strict=True))) for row in rows]
    body = json.dumps({"type": "FeatureCollection", "features": features}, cls=CustomJSONEncoder, ensure_ascii=False)
    return Response(body, headers=next_link(data), content_type="application/geo+json")


def render_ndjson(columns: list[str], rows: Iterable[Any], data: dict[str, Any]) -> Response:
    """Return one JSON object a line."""
    lines = (
        json.dumps(dict(zip(columns, row, strict=True)), cls=CustomJSONEncoder, ensure_ascii=False) for row in rows
    )
    body = "".join(line + "\n" for line in lines)
    return Response(body, headers=next_link(data), content_type="application/x-ndjson; charset=utf-8")


@hookimpl
def register_output_renderer() -> list[dict[str, Any]]:
    """Return the two forms."""
    return [
        {"extension": "geojson", "render": render_geojson, "can_render": has_place},
        {"extension": "ndjson", "render": render_ndjson, "can_render": lambda: True},
    ]
