"""Clients made from /openapi.json by three generators list, filter and read agencies as the database has them."""

import importlib
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT, need

BIN = ROOT / ".venv" / "bin"
TYPED = Path(__file__).with_name("typed_client")
KEY = "ca-toronto-police-service"


@pytest.fixture(scope="module")
def description(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the description as a file."""
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    path.write_bytes(httpx.get(f"{site}/openapi.json", trust_env=False).content)
    return path


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    """Return what a client is to find: all ids, those of Canada, an agency's name and lowest number of searches."""
    db = sqlite3.connect(ROOT / "clearview.db")
    rows = db.execute("select id, country, name, searches_min from agencies order by id").fetchall()
    db.close()
    one = next(row for row in rows if row[0] == KEY)
    return {"all": [row[0] for row in rows], "canada": [row[0] for row in rows if row[1] == "CA"], "one": list(one[2:])}


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a program printed; fail with its words where it fails."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_openapi_python_client(
    site: str, description: Path, tmp_path: Path, facts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    said = run(
        BIN / "openapi-python-client", "generate", "--path", description, "--meta", "none",
        "--config", "config.yml", "--output-path", "python_client", cwd=tmp_path,
    )  # fmt: skip
    # It knows no lines of JSON, and leaves those answers to the caller.
    left_out = [line for line in said.splitlines() if "will be omitted" in line]
    assert not [line for line in left_out if "Unsupported content_type application/x-ndjson" not in line]
    monkeypatch.syspath_prepend(str(tmp_path))

    def load(name: str) -> Any:  # noqa: ANN401 - a module that is made here
        return importlib.import_module(f"python_client.{name}")

    client = load("client").Client(base_url=site, httpx_args={"trust_env": False})
    agencies, models = load("api.rows_of_a_table.clearview_agencies_json"), load("models")
    as_array = models.ClearviewAgenciesJsonShape.ARRAY
    page = agencies.sync(client=client, field_shape=models.ClearviewAgenciesJsonShape.OBJECTS, field_size=1000)
    assert isinstance(page, models.AgenciesPage)
    assert sorted(agency.id for agency in page.rows) == facts["all"]
    assert page.filtered_table_rows_count == len(facts["all"])
    canada = models.ClearviewAgenciesJsonFilters(country="CA")
    found = agencies.sync(client=client, field_shape=as_array, field_size=1000, filters=canada)
    assert sorted(agency.id for agency in found) == facts["canada"]
    one = load("api.one_row.clearview_agencies_key_json")
    [agency] = one.sync(KEY, client=client, field_shape=models.ClearviewAgenciesKeyJsonShape.ARRAY)
    assert [agency.name, agency.searches_min] == facts["one"]


def test_datamodel_codegen(
    site: str, description: Path, tmp_path: Path, facts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(
        BIN / "datamodel-codegen", "--input", description, "--input-file-type", "openapi", "--output", "made_models.py",
        "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin", cwd=tmp_path,
    )  # fmt: skip
    monkeypatch.syspath_prepend(str(tmp_path))
    models: Any = importlib.import_module("made_models")
    with httpx.Client(base_url=f"{site}/clearview", trust_env=False) as client:
        listed = client.get("/agencies.json", params={"_shape": "objects", "_size": 1000, "_facet": "country"})
        page = models.AgenciesPage.model_validate_json(listed.content)
        assert sorted(agency.id for agency in page.rows) == facts["all"]
        counts = page.facet_results.root["country"].results
        assert next(one.count for one in counts if one.value == "CA") == len(facts["canada"])
        found = client.get("/agencies.json", params={"_shape": "objects", "_size": 1000, "country": "CA"})
        page = models.AgenciesPage.model_validate_json(found.content)
        assert sorted(agency.id for agency in page.rows) == facts["canada"]
        [row] = client.get(f"/agencies/{KEY}.json", params={"_shape": "array"}).json()
        agency = models.Agencies.model_validate(row)
        assert [agency.name, agency.searches_min] == facts["one"]


@pytest.mark.slow
def test_openapi_typescript_and_openapi_fetch(
    site: str, description: Path, tmp_path: Path, facts: dict[str, Any]
) -> None:
    for name in ("package.json", "package-lock.json", "client.ts"):
        shutil.copy(TYPED / name, tmp_path)
    run(need("npm"), "ci", "--silent", "--ignore-scripts", cwd=tmp_path)
    programs = tmp_path / "node_modules" / ".bin"
    run(programs / "openapi-typescript", description, "-o", "api.d.ts", cwd=tmp_path)
    # Compiling is half of the test: what the client reads has to be typed.
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "--types", "node")
    run(programs / "tsc", *options, "client.ts", cwd=tmp_path)
    assert json.loads(run(need("node"), "client.js", site, KEY, cwd=tmp_path)) == facts
