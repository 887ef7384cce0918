"""A script run as by hand, without the second that a new Python takes to load its modules.

The standard library's fork server loads them once; each run is a process of its own, forked from it.
"""

import os
import runpy
import subprocess
import sys
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from tempfile import TemporaryDirectory

TESTS = Path(__file__).resolve().parent
SCRIPTS = TESTS.parent / "scripts"
CONTEXT = get_context("forkserver")
# Not export: its modules read a variable of the environment as they are loaded.
CONTEXT.set_forkserver_preload(["build", "check", "new_dataset", "new_report", "site_metadata", "loaded"])


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
