"""The whole files that `make export` wrote: what the page /downloads says of them, and how they are served."""

import json
import mimetypes
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Response
from exports.data_dictionary import count_rows, open_database
from exports.descriptors import FORMATS, describe_dataset
from exports.site_words import WORDS

Json = dict[str, Any]

MOUNT = "exports"
for suffix, (media_type, _) in FORMATS.items():
    mimetypes.add_type(media_type, f".{suffix}")


def read_package(datasette: Datasette) -> Json | None:
    """Return datapackage.json of the files that are served; None where there are none."""
    path = Path(dict(datasette.static_mounts)[MOUNT]) / "datapackage.json"
    if not path.is_file():
        return None
    package: Json = json.loads(path.read_text(encoding="utf-8"))
    return package


def list_downloads(datasette: Datasette) -> Json:
    """Return the files by what they hold (tables, whole), and whether they are there and made from this database."""
    package = read_package(datasette)
    if package is None:
        return {"state": "absent"}
    files = {
        resource["name"]: resource | {"url": f"/{MOUNT}/{resource['path']}", "called": FORMATS[resource["format"]][1]}
        for resource in package["resources"]
    }
    tables = [
        file | {"forms": [file, files[f"{name}.ndjson"], files[f"{name}.parquet"]]}
        for name, file in files.items()
        if "schema" in file
    ]
    in_tables = {form["name"] for table in tables for form in table["forms"]}
    served = datasette.get_database(WORDS.database).hash
    return {
        "state": "current" if files[f"{WORDS.database}.db"]["hash"] == f"sha256:{served}" else "other",
        "tables": tables,
        "whole": [file for name, file in files.items() if name not in in_tables],
    }


@lru_cache(maxsize=2)
def describe_database(path: str) -> Json:
    """Return title, description, keywords and licence of a database file, as datapackage.json has them."""
    db = open_database(Path(path))
    try:
        return describe_dataset(count_rows(db))
    finally:
        db.close()


async def go_to_page() -> Response:
    """Return the way from the bare folder to the page on its files."""
    return Response.redirect("/downloads")


@hookimpl
def register_routes() -> list[tuple[str, Callable[[], Awaitable[Response]]]]:
    """Return the address of the bare folder."""
    return [(rf"^/{MOUNT}/?$", go_to_page)]


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Callable[[], Json]]:
    """Give the templates the list of files, and the words on the whole."""
    return {
        "downloads": lambda: list_downloads(datasette),
        "dataset": lambda: describe_database(datasette.get_database(WORDS.database).path),
    }
