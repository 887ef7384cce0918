"""Rows as GeoJSON features (RFC 7946)."""

from typing import Any

from exports.json_values import finite

FARTHEST = {"longitude": 180, "latitude": 90}  # degrees from zero


def is_place(row: dict[str, Any]) -> bool:
    """Return whether longitude and latitude are numbers on the Earth."""
    return all(isinstance(row[name], int | float) and abs(row[name]) <= most for name, most in FARTHEST.items())


def as_feature(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a GeoJSON feature; its geometry is null where its place is not known or is none."""
    properties = {name: finite(value) for name, value in row.items() if name not in FARTHEST}
    geometry = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if is_place(row) else None
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return feature | ({"id": row["id"]} if isinstance(row.get("id"), str | int) else {})
