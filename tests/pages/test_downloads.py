"""The page of whole files and what it links to; and that every description of the data agrees with the database."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from conftest import ROOT, serve
from exports.data_dictionary import Table, open_database, read_dictionary

DATABASE = ROOT / "clearview.db"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    db = open_database(DATABASE)
    found = read_dictionary(db)
    db.close()
    return found


@pytest.fixture(scope="module")
def package(exports: Path) -> Json:
    told: Json = json.loads((exports / "datapackage.json").read_text(encoding="utf-8"))
    return told


def read_json_ld(site: str, path: str) -> Json:
    page = httpx.get(site + path, trust_env=False).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found, path
    told: Json = json.loads(found[1])
    return told


def test_the_page_links_every_file_and_each_comes_whole(site: str, exports: Path) -> None:
    page = httpx.get(f"{site}/downloads", trust_env=False).text
    linked = set(re.findall(r'href="/exports/([^"]+)"', page))
    assert linked == {path.name for path in exports.iterdir()}
    for name in linked:
        answer = httpx.get(f"{site}/exports/{name}", trust_env=False)
        assert (answer.status_code, answer.content) == (200, (exports / name).read_bytes()), name
        assert answer.headers["access-control-allow-origin"] == "*"


def test_the_page_says_what_each_file_holds(site: str, tables: list[Table]) -> None:
    page = unescape(httpx.get(f"{site}/downloads", trust_env=False).text)
    for table in tables:
        row = re.search(rf'<a href="/clearview/{table.name}">{table.name}</a>.*?</tr>', page, re.DOTALL)
        assert row
        numbers = re.findall(r'<td data-label="(\w+)" class="num">([\d,]+)</td>', row[0])
        assert numbers == [("Rows", f"{table.rows:,}"), ("Columns", f"{len(table.columns)}")]
    assert ("An empty figure is not zero" in page, "keep that label beside the name" in page) == (True, True)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("agencies.csv", "text/csv"), ("agencies.geojson", "application/geo+json"),
     ("agencies.parquet", "application/vnd.apache.parquet"), ("agencies.ndjson", "application/x-ndjson"),
     ("clearview.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
     ("clearview.db", "application/vnd.sqlite3"), ("datapackage.json", "application/json")],
)  # fmt: skip
def test_a_file_is_sent_as_what_it_is(site: str, name: str, media_type: str) -> None:
    first = httpx.get(f"{site}/exports/{name}", trust_env=False)
    assert first.headers["content-type"].split(";")[0] == media_type
    known = {"If-None-Match": first.headers["etag"]}
    assert httpx.get(f"{site}/exports/{name}", headers=known, trust_env=False).status_code == 304


@pytest.mark.parametrize("path", ["/exports", "/exports/"])
def test_the_bare_folder_leads_to_the_page(site: str, path: str) -> None:
    answer = httpx.get(site + path, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/downloads")


def test_a_site_without_the_files_says_so(tmp_path: Path) -> None:
    with serve(DATABASE, tmp_path / "server.log") as site:
        answer = httpx.get(f"{site}/downloads", trust_env=False)
        assert answer.status_code == 200
        assert "The files have not been made on this server" in answer.text
        assert "/exports/" not in answer.text
        assert read_json_ld(site, "/")["distribution"][0]["contentUrl"] == f"{site}/clearview.db"


def test_files_of_another_version_are_told_apart(tmp_path: Path, exports: Path) -> None:
    package = json.loads((exports / "datapackage.json").read_text(encoding="utf-8"))
    database = next(file for file in package["resources"] if file["name"] == "clearview.db")
    database["hash"] = "sha256:" + "0" * 64
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with serve(DATABASE, tmp_path / "server.log", tmp_path / "exports") as site:
        assert "made from another version of the database" in httpx.get(f"{site}/downloads", trust_env=False).text


def test_datapackage_and_csvw_have_the_columns_and_keys_of_the_database(
    exports: Path, package: Json, tables: list[Table]
) -> None:
    db = open_database(DATABASE)
    csvw = json.loads((exports / "csv-metadata.json").read_text(encoding="utf-8"))
    schemas = {file["name"]: file for file in package["resources"] if "schema" in file}
    described = {one["url"].removesuffix(".csv"): one["tableSchema"] for one in csvw["tables"]}
    assert set(schemas) == set(described) == {table.name for table in tables}
    for name, file in schemas.items():
        names = [row[1] for row in db.execute(f"pragma table_info([{name}])")]
        keys = {(row[3], row[2], row[4]) for row in db.execute(f"pragma foreign_key_list([{name}])")}
        primary = [row[1] for row in db.execute(f"pragma table_info([{name}])") if row[5]]
        schema, columns = file["schema"], described[name]
        assert [field["name"] for field in schema["fields"]] == [one["name"] for one in columns["columns"]] == names
        assert schema.get("primaryKey", []) == columns.get("primaryKey", []) == primary
        assert keys == {
            (key["fields"][0], key["reference"]["resource"] or name, key["reference"]["fields"][0])
            for key in schema.get("foreignKeys", [])
        }
        # CSVW has no foreign key that may be empty.
        required = {one["name"] for one in columns["columns"] if one["required"]}
        told = {key["columnReference"][0] for key in columns.get("foreignKeys", [])}
        assert told == {key[0] for key in keys} & required
        assert file["rows"] == db.execute(f"select count(*) from [{name}]").fetchone()[0]
    db.close()


def test_every_description_of_the_data_agrees(site: str, package: Json, exports: Path) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    csvw = json.loads((exports / "csv-metadata.json").read_text(encoding="utf-8"))
    db = open_database(DATABASE)
    sizes = [db.execute(f"select count(*) from {table}").fetchone()[0] for table in ("agencies", "reports", "sources")]
    pages = [row[0] for row in db.execute("select url from sources order by id")]
    db.close()
    for path in ("/", "/clearview", "/downloads"):
        told = read_json_ld(site, path)
        assert (told["@type"], told["url"]) == ("Dataset", f"{site}/")
        assert told["name"] == package["title"] == csvw["dc:title"] == citation["title"]
        assert told["description"] == package["description"] == csvw["dc:description"]
        assert told["description"].endswith("{} agencies, {} reports, {} sources.".format(*sizes))
        assert told["keywords"] == package["keywords"] == csvw["dcat:keyword"] == citation["keywords"]
        assert told["license"] == package["licenses"][0]["path"] == csvw["dc:license"]["@id"]
        assert told["creator"]["name"] == package["contributors"][0]["title"] == citation["authors"][0]["name"]
        for file in told["distribution"]:
            answer = httpx.get(file["contentUrl"], trust_env=False)
            assert answer.headers["content-type"].split(";")[0] == file["encodingFormat"]
            assert f"{len(answer.content)} B" == file["contentSize"]
    assert package["licenses"][0]["name"] == citation["license"] == "CC-BY-4.0"
    assert [source["path"] for source in package["sources"]][: len(pages)] == pages


def test_the_citation_has_what_its_format_asks() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
