"""Rows as GeoJSON features (RFC 7946)."""

from typing import Any


def as_feature(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a GeoJSON feature; its geometry is null where its place is not known."""
    properties = {name: value for name, value in row.items() if name not in ("latitude", "longitude")}
    place = [row["longitude"], row["latitude"]]
    geometry = {"type": "Point", "coordinates": place} if None not in place else None
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return feature | ({"id": row["id"]} if "id" in row else {})
