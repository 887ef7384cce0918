"""What the served database and metadata.yml say of a table, as /openapi.json tells it: columns, keys, labels."""

import re
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette
from datasette.utils import tilde_encode
from exports.site_words import WORDS

DATABASE = WORDS.database
SQL_TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
Json = dict[str, Any]


@dataclass
class Table:
    """A table or view as it is served."""

    name: str
    about: Json  # its part of metadata.yml
    columns: dict[str, Json]  # the schema of each column
    keys: list[str]
    key_example: str  # empty where there is no row
    lacking: set[str]  # parameters that its columns have no use for


def plain(html: str) -> str:
    """Return a text without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def point_to(part: str, name: str) -> Json:
    """Return the reference to a component."""
    return {"$ref": f"#/components/{part}/{name}"}


def column_schema(column: Any, description: str, labelled: bool) -> Json:  # noqa: ANN401 - a named tuple of Datasette's
    """Return the schema of a column's values; a view's computed column may hold a text or a number."""
    known = SQL_TYPES.get(column.type.upper())
    types = [known] if known else ["string", "number"]
    if not column.notnull and not (column.is_pk and known):
        types.append("null")
    schema: Json = {"type": types[0] if len(types) == 1 else types}
    if labelled:
        schema = {"anyOf": [schema, point_to("schemas", "Labelled")]}
    return {**schema, "description": description}


async def read_table(datasette: Datasette, name: str) -> Table:
    """Return what the database and metadata.yml say of a table; raises KeyError for a column they don't describe."""
    db = datasette.get_database(DATABASE)
    about = datasette.table_metadata(DATABASE, name)
    labelled = {key["column"] for key in await db.foreign_keys_for_table(name)}
    details = await db.table_column_details(name)
    columns = {
        column.name: column_schema(column, about["columns"][column.name], column.name in labelled) for column in details
    }
    keys = await db.primary_keys(name)
    example = ""
    if keys:
        selected = ", ".join(f"[{key}]" for key in keys)
        row = (await db.execute(f"select {selected} from [{name}] limit 1")).first()
        example = ",".join(tilde_encode(str(value)) for value in row or ())
    lacking = {name for name, has in (("_search", await db.fts_table(name)), ("_labels", labelled)) if not has}
    return Table(name, about, columns, keys, example, lacking)
