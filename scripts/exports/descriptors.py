"""What says of the exported files what is in them: datapackage.json (Frictionless) and csv-metadata.json (CSVW)."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from dataset.words import OURS

from exports.data_dictionary import Table, read_citation, read_metadata
from exports.site_words import WORDS

Json = dict[str, Any]

# Each kind of file: its media type, and what a reader calls it.
FORMATS = {
    "csv": ("text/csv", "CSV"),
    "ndjson": ("application/x-ndjson", "JSON lines"),
    "parquet": ("application/vnd.apache.parquet", "Parquet"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook"),
    "geojson": ("application/geo+json", "GeoJSON"),
    "db": ("application/vnd.sqlite3", "SQLite database"),
    "json": ("application/json", "JSON"),
}
# Files over all tables, and of the agencies as points: title and description.
WHOLE = {
    f"{WORDS.database}.xlsx": (
        "The whole",
        "Every table on a sheet of its own, up to 100,000 rows, with a sheet README that says what each column means",
    ),
    f"{WORDS.database}.db": ("The whole", "Every table with its keys, indexes and full-text search"),
    "agencies.geojson": (
        "Agencies",
        "The agencies as points; each stands on the town of its headquarters, not on a building",
    ),
    "csv-metadata.json": ("The CSV files described", "Types, keys and meaning of every column of the CSV files (CSVW)"),
}
NAME = "clearview-in-the-open" if WORDS == OURS else WORDS.database.replace("_", "-")
# A type of SQLite as Frictionless and as CSVW call it.
FRICTIONLESS = {"text": "string", "integer": "integer", "real": "number"}
CSVW = {"text": "string", "integer": "integer", "real": "double"}


def say_sizes(rows: dict[str, int]) -> str:
    """Return how much there is, in words: 69 agencies, 295 reports, 173 sources."""
    return f"{rows['agencies']} agencies, {rows['reports']} reports, {rows['sources']} sources"


def describe_dataset(rows: dict[str, int]) -> Json:
    """Return title, description, keywords and licence of tables of so many rows, from CITATION.cff and metadata.yml."""
    metadata, citation = read_metadata(), read_citation()
    return {
        "title": citation["title"],
        "description": f"{' '.join(citation['abstract'].split())} {say_sizes(rows)}.",
        "keywords": citation["keywords"],
        "licenses": [{"name": citation["license"], "path": metadata["license_url"], "title": metadata["license"]}],
        "contributors": [{"title": author["name"], "role": "author"} for author in citation["authors"]],
    }


def read_sources(db: sqlite3.Connection) -> list[Json]:
    """Return every page the data was read on, and where the places come from."""
    pages = [
        {"title": f"{publisher}: {title}" if title else publisher, "path": url}
        for publisher, title, url in db.execute("select publisher, title, url from sources order by id")
    ]
    return [*pages, {"title": "GeoNames (towns and their coordinates, CC BY 4.0)", "path": "https://www.geonames.org/"}]


def describe_package(db: sqlite3.Connection, tables: list[Table], folder: Path) -> Json:
    """Return the content of datapackage.json over the files in the folder; raises OSError for one that is not there."""
    resources = [
        {"name": table.name, "type": "table"}
        | describe_file(folder / f"{table.name}.csv", table.title, table.description)
        | describe_table(table)
        for table in tables
    ]
    resources += [
        {"name": f"{table.name}.{form}", "type": "file"}
        | describe_file(folder / f"{table.name}.{form}", table.title, table.description)
        for table in tables
        for form in ("ndjson", "parquet")
    ]
    resources += [
        {"name": name, "type": "file"} | describe_file(folder / name, words[0], words[1])
        for name, words in WHOLE.items()
    ]
    return {
        "name": NAME,
        **describe_dataset({table.name: table.rows for table in tables}),
        "sources": read_sources(db),
        "resources": resources,
    }


def describe_file(path: Path, title: str, description: str) -> Json:
    """Return what every file has: path, words, format, size (bytes) and hash."""
    media_type, called = FORMATS[path.suffix[1:]]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "path": path.name,
        "title": f"{title} ({called})",
        "description": description,
        "format": path.suffix[1:],
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def describe_table(table: Table) -> Json:
    """Return what a table's CSV has beside: encoding, rows, and the types, keys and meaning of its columns."""
    fields = [
        {"name": column.name, "type": FRICTIONLESS[column.type], "description": column.description}
        | ({"constraints": {"required": True}} if column.required else {})
        for column in table.columns
    ]
    keys = [
        # An empty resource is this one itself.
        {
            "fields": [to.column],
            "reference": {"resource": "" if to.table == table.name else to.table, "fields": [to.key]},
        }
        for to in table.references
    ]
    schema: Json = {"fields": fields, "missingValues": [""]}
    schema |= {"primaryKey": list(table.primary_key)} if table.primary_key else {}
    schema |= {"foreignKeys": keys} if keys else {}
    return {"encoding": "utf-8", "rows": table.rows, "schema": schema}


def describe_csv(tables: list[Table]) -> Json:
    """Return the content of csv-metadata.json over the CSV files, as the W3C's Metadata Vocabulary asks."""
    words = describe_dataset({table.name: table.rows for table in tables})
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": words["title"],
        "dc:description": words["description"],
        "dc:license": {"@id": words["licenses"][0]["path"]},
        "dcat:keyword": words["keywords"],
        "tables": [
            {
                "url": f"{table.name}.csv",
                "dc:title": table.title,
                "dc:description": table.description,
                "tableSchema": describe_columns(table),
            }
            for table in tables
        ],
    }


def describe_columns(table: Table) -> Json:
    """Return the CSVW schema of a table.

    CSVW knows no foreign key that may be empty: of such a column the words alone say what it names.
    """
    required = {column.name for column in table.columns if column.required}
    named = {to.column: f" Where not empty: {to.key} in {to.table}.csv." for to in table.references}
    columns = [
        {
            "name": column.name,
            "titles": column.name,
            "datatype": CSVW[column.type],
            "required": column.required,
            "dc:description": column.description + ("" if column.required else named.get(column.name, "")),
        }
        for column in table.columns
    ]
    keys = [
        {"columnReference": [to.column], "reference": {"resource": f"{to.table}.csv", "columnReference": [to.key]}}
        for to in table.references
        if to.column in required
    ]
    schema: Json = {"columns": columns}
    schema |= {"primaryKey": list(table.primary_key)} if table.primary_key else {}
    return schema | ({"foreignKeys": keys} if keys else {})
