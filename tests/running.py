"""A script run or a site served as by hand, without the seconds that a new Python takes to load its modules.

The standard library's fork server loads them once; each run is a process of its own, forked from it.
"""

import asyncio
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

TESTS = Path(__file__).resolve().parent
SCRIPTS = TESTS.parent / "scripts"
CONTEXT = get_context("forkserver")
T = TypeVar("T")
# Not export: its modules read a variable of the environment as they are loaded.
SCRIPT_MODULES = ["build", "check", "new_dataset", "new_report", "site_metadata", "loaded"]
SERVER_MODULES = ["datasette.cli", "uvicorn", "rapidfuzz.fuzz", "babel", "resvg_py", "prometheus_client"]
CONTEXT.set_forkserver_preload([*SCRIPT_MODULES, *SERVER_MODULES])


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine gives, run in a thread: the browser of other tests keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def run_script(name: str, *words: object, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Return what scripts/NAME.py did with these words on its command line and these environment variables."""
    start_server()
    command = [str(SCRIPTS / f"{name}.py"), *map(str, words)]
    with TemporaryDirectory() as folder:
        given, said, complained = paths = [Path(folder) / stream for stream in ("in", "out", "err")]
        given.write_text(typed, "utf-8")
        process = CONTEXT.Process(target=run, args=(command, {**os.environ, **variables}, str(Path.cwd()), paths))
        process.start()
        process.join()
        texts = [path.read_text("utf-8") for path in (said, complained)]
    return subprocess.CompletedProcess(command, process.exitcode or 0, *texts)


def start_server() -> None:
    """Start the fork server, if it does not run, where it finds the scripts' modules."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join((str(SCRIPTS), str(TESTS)))
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def run(command: list[str], variables: dict[str, str], folder: str, paths: list[Path]) -> None:
    """Be the script: in this process, with files for its three streams; end with its exit code."""
    for stream, path in enumerate(paths):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), stream)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    sys.argv = command
    sys.path[0] = str(SCRIPTS)
    runpy.run_path(command[0], run_name="__main__")


class Server:
    """What scripts/serve.sh starts, in a process forked from the server that has Datasette loaded."""

    def __init__(self, log: Path, *words: str, **variables: str) -> None:
        """Start it with these words and variables; what it says goes into the log."""
        start_server()
        asked = {**os.environ, **variables, "CLEARVIEW_WITH": "python tests/started_with.py"}
        told = subprocess.run([SCRIPTS / "serve.sh", *words], env=asked, capture_output=True, text=True, check=True)
        self.process = CONTEXT.Process(target=be_datasette, args=(*json.loads(told.stdout), str(log)))
        self.process.start()

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self.process.exitcode

    def stop(self, patience: int) -> None:
        """End it as a service manager would; fail if it runs on for so many seconds."""
        self.process.terminate()
        self.process.join(patience)
        assert self.poll() is not None


def be_datasette(words: list[str], variables: dict[str, str], log: str) -> None:
    """Be `datasette serve`, as scripts/serve.sh starts it."""
    for stream in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(TESTS.parent)
    sys.path[:] = [*variables["PYTHONPATH"].split(os.pathsep), *(path for path in sys.path if path != str(TESTS))]
    import_module("datasette.cli").cli(["serve", *words])
