"""The image and the compositions, as far as they can be tested without an engine."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, need
from serving import find_free_port
from test_public import PLAIN_USER, share_compressed

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
    assert services["replica"]["scale"] == 4


@pytest.mark.parametrize("name", ["front", "replica", "sql"])
def test_commands_of_the_composition_take_their_options(name: str) -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    command = [word.replace(INSIDE, f"{ROOT}/") for word in services[name]["command"]]
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (shlex.join(command), done.stderr)


def test_the_image_logs_no_words_of_readers() -> None:
    settings = re.findall(r"^ENV (.+)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert "CLEARVIEW_LOG=json" in " ".join(settings).split()


def test_health_is_asked_of_the_port_that_is_listened_on(site: str) -> None:
    text = (DEPLOY / "Containerfile").read_text()
    command = re.findall(r"^HEALTHCHECK .*? CMD ((?:.*\\\n)*.*)$", text, re.MULTILINE)[0].replace(INSIDE, f"{ROOT}/")
    for port, healthy in ((site.rpartition(":")[2], True), (str(find_free_port()), False)):
        asked = subprocess.run(["sh", "-c", command], env={"PORT": port}, capture_output=True, check=False)
        assert (asked.returncode == 0) == healthy, asked.stderr


def test_an_image_without_an_address_names_one_that_can_be_opened() -> None:
    need("nginx")
    folder, port = Path(tempfile.mkdtemp()), find_free_port()
    folder.chmod(0o777)
    share_compressed(folder)
    environment = os.environ | {"PORT": str(port), "DATA": str(folder)}
    plain = PLAIN_USER if os.geteuid() == 0 else ()
    command = [*plain, str(DEPLOY / "start.sh"), "--pages", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        told = json.loads(started.stdout.readline())
        started.terminate()
    shutil.rmtree(folder)
    assert (told["event"], told["url"]) == ("ready", f"http://127.0.0.1:{port}")


def test_fly_builds_the_same_image() -> None:
    recipe = tomllib.loads((DEPLOY / "fly.toml").read_text())
    assert (DEPLOY / recipe["build"]["dockerfile"]).is_file()
    assert recipe["http_service"]["internal_port"] == int(recipe["env"]["PORT"])
