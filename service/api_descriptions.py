"""The parts of /openapi.json: addresses, parameters and schemas of tables, questions and SQL, worded by openapi.yml."""

import re
from pathlib import Path
from typing import Any

from exports.site_words import WORDS
from lookups.yaml_files import read_yaml

from service.api_tables import Table, plain, point_to

DATABASE = WORDS.database
PROMISE = WORDS.translate(read_yaml(Path(__file__).parent / "openapi.yml"))
PLACE = {"latitude", "longitude"}
Json = dict[str, Any]


def table_parameters(table: Table) -> Json:
    """Return the components of the parameters that name a table's columns."""
    names = "|".join(map(re.escape, table.columns))
    patterns: Json = {f"^({names})__({'|'.join(PROMISE['operators'])})$": {"type": "string"}}
    patterns[f"^({names})__({'|'.join(PROMISE['yes_operators'])})$"] = {"const": "1"}
    filters = {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": schema["description"]} for name, schema in table.columns.items()
        },
        "patternProperties": patterns,
        "additionalProperties": False,
    }
    choices = {"type": "string", "enum": list(table.columns)}
    return {
        f"{table.name}.{name}": {
            "name": name, "in": "query", **common, "schema": filters if name == "filters" else choices,
        }
        for name, common in PROMISE["parameters"].items() if "schema" not in common
    }  # fmt: skip


def pick_parameters(names: list[str], table: Table | None = None) -> list[Json]:
    """Return the references to parameters, in their order, and to the one that every address takes."""
    prefix, lacking = (f"{table.name}.", table.lacking) if table else ("", set())
    own = [name for name in names if name not in lacking]
    return [
        point_to("parameters", name if "schema" in PROMISE["parameters"][name] else prefix + name)
        for name in [*own, "If-None-Match"]
    ]


def page_of(row: str) -> str:
    """Return the name of the component that describes rows with what is to be known of them."""
    return f"{row}_page"


def describe_page(row: str) -> Json:
    """Return that component, whole: makers of clients understand no parts that say something of one property."""
    page = PROMISE["page"]
    rows = {"type": "array", "items": point_to("schemas", row)}
    return {**page, "properties": {"rows": rows, **page["properties"]}}


def answer_schema(form: str, row: str) -> Json:
    """Return the schema of a whole answer in this form, its rows described by a component."""
    rows = {"type": "array", "items": point_to("schemas", row)}
    if form == "json":
        return {"anyOf": [rows, point_to("schemas", page_of(row))]}
    return point_to("schemas", "FeatureCollection") if form == "geojson" else {"type": "string"}


def describe(kind: Json, path: str, media_type: str, schema: Json, parameters: list[Json], **words: str) -> Json:
    """Return the description of one address."""
    headers = [
        name for name in PROMISE["headers"] if name != "Retry-After" and (name != "Link" or "_next" in str(parameters))
    ]
    answers: Json = {
        "200": {
            "description": words["summary"],
            "headers": {name: point_to("headers", name) for name in headers},
            "content": {media_type: {"schema": schema}},
        },
        "304": point_to("responses", "NotModified"),
        **{status: point_to("responses", f"Fault{status}") for status in PROMISE["faults"]},
    }
    if kind["of"] in PROMISE["redirects"]:
        answers["302"] = {"description": PROMISE["redirects"][kind["of"]]}
    return {"get": {"tags": [kind["name"]], "operationId": re.sub(r"\W+", "_", path).strip("_"),
                    **words, "parameters": parameters, "responses": answers}}  # fmt: skip


def describe_table(kind: Json, table: Table) -> Json:
    """Return the addresses of a table's rows, in each form it has."""
    paths: Json = {}
    words = {"summary": table.about["title"]}
    if said := plain(table.about.get("description_html") or table.about.get("description", "")):
        words["description"] = said
    for form, names in kind["forms"].items():
        if form != "geojson" or set(table.columns) >= PLACE:
            path = f"/{DATABASE}/{table.name}.{form}"
            schema = answer_schema(form, table.name)
            paths[path] = describe(kind, path, PROMISE["forms"][form], schema, pick_parameters(names, table), **words)
    return paths


def describe_row(kind: Json, table: Table) -> Json:
    """Return the address of a row."""
    path = f"/{DATABASE}/{table.name}/{{key}}.json"
    key: Json = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1},
           "description": "The row's " + ", ".join(table.keys)}  # fmt: skip
    if table.key_example:  # another dataset may have a table without rows
        key["example"] = table.key_example
    words = {"summary": f"{table.about['title']}: one row"}
    parameters = [key, *pick_parameters(kind["forms"]["json"])]
    return {
        path: describe(kind, path, PROMISE["forms"]["json"], answer_schema("json", table.name), parameters, **words)
    }


def describe_query(kind: Json, query: Json) -> Json:
    """Return the addresses of a question kept in metadata.yml, in each form."""
    paths: Json = {}
    boxes = [
        {"name": name, "in": "query", "schema": {"type": "string"}, "description": f"Fills :{name} in the SQL."}
        for name in query.get("params", [])
    ]
    for form, names in kind["forms"].items():
        path = f"/{DATABASE}/{query['name']}.{form}"
        words = {"summary": query["title"], "description": query["description"]}
        parameters = [*boxes, *pick_parameters(names)]
        paths[path] = describe(kind, path, PROMISE["forms"][form], answer_schema(form, "Row"), parameters, **words)
    return paths


def describe_sql(kind: Json, database: str) -> Json:
    """Return the addresses that take SQL, in each form."""
    return {
        f"/{database}.{form}": describe(
            kind, f"sql_{form}", PROMISE["forms"][form], answer_schema(form, "Row"), pick_parameters(names),
            summary=f"{kind['name']} as {form}", description=kind["description"],
        )
        for form, names in kind["forms"].items()
    }  # fmt: skip


def describe_address(kind: Json, address: Json) -> Json:
    """Return an address that is one of a kind."""
    path, schema, parameters = address["path"], point_to("schemas", address["schema"]), address["parameters"]
    words = {"summary": address["summary"], "description": kind["description"]}
    return {path: describe(kind, path, address["media_type"], schema, pick_parameters(parameters), **words)}


def describe_components(tables: list[Table]) -> Json:
    """Return what the addresses refer to."""
    parameters: Json = {
        name: {"name": name, "in": "query", **said} for name, said in PROMISE["parameters"].items() if "schema" in said
    }
    schemas: Json = {**PROMISE["schemas"], page_of("Row"): describe_page("Row")}
    for table in tables:
        parameters |= table_parameters(table)
        schemas[table.name] = {
            "type": "object", "description": table.about["title"], "properties": table.columns,
            "required": list(table.columns),
        }  # fmt: skip
        schemas[page_of(table.name)] = describe_page(table.name)
    fault = {"application/json": {"schema": point_to("schemas", "Fault")}}
    faults: Json = {
        f"Fault{status}": {"description": said, "content": fault} for status, said in PROMISE["faults"].items()
    }
    faults["Fault400"]["content"] = fault | PROMISE["unreadable"]
    faults["Fault429"]["headers"] = {"Retry-After": point_to("headers", "Retry-After")}
    faults["NotModified"] = {"description": "Nothing changed since the ETag sent as If-None-Match was given."}
    return {"schemas": schemas, "parameters": parameters, "headers": PROMISE["headers"], "responses": faults}
