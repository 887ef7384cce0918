"""The image and the compositions, as far as they can be tested without an engine."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

DEPLOY = ROOT / "deploy"
INSIDE = "/srv/clearview/"


def test_every_step_of_the_image_is_a_script_of_the_repository() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    scripts = re.findall(rf"{INSIDE}(\S+\.sh)", text)
    assert {"deploy/install.sh", "deploy/start.sh"} == set(scripts)
    assert all(os.access(ROOT / script, os.X_OK) for script in scripts)


def test_the_image_leaves_out_what_is_made_again() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "build", "exports"} <= set(left_out)


def test_the_composition_holds_against_its_schema() -> None:
    checker = [str(Path(sys.executable).parent / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*checker, str(DEPLOY / "compose.yml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_front_asks_every_replica_of_the_composition() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    asked = [word.partition("=")[2].partition(":")[0] for word in services["front"]["command"] if "-at=" in word]
    assert sorted(asked) == sorted(set(services) - {"front"})
    assert len([name for name in services if name.startswith("replica")]) == 4


@pytest.mark.parametrize("name", ["front", "replica1", "sql1"])
def test_commands_of_the_composition_take_their_options(name: str) -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    command = [word.replace(INSIDE, f"{ROOT}/") for word in services[name]["command"]]
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (shlex.join(command), done.stderr)


def test_fly_builds_the_same_image() -> None:
    recipe = tomllib.loads((DEPLOY / "fly.toml").read_text())
    assert (DEPLOY / recipe["build"]["dockerfile"]).is_file()
    assert recipe["http_service"]["internal_port"] == int(recipe["env"]["PORT"])
