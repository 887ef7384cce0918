"""What several tests share: the served site, a browser, a copy of the raw files to spoil."""

import gc
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from archived import DEEP, Archived, host, make_few, write_archive
from export import export
from odd_database import make_odd_database
from playwright.sync_api import Browser, sync_playwright
from running import Server
from serving import find_free_port

ROOT = Path(__file__).resolve().parent.parent
# A busy machine makes a test slow, not wrong: so many seconds are waited for a page, by the browser and by httpx.
PATIENCE = 240
for part in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, part, PATIENCE)
# httpx.get reads the certificates of all authorities for each request, which takes ten times as long as the request.
httpx._transports.default.create_ssl_context = cache(httpx._config.create_ssl_context)
# The site's limits on facets and statements are by the clock: what others do on the machine runs it down.
COUNTING = ("--setting", "facet_time_limit_ms", "20000")
ANSWERING = ("--setting", "sql_time_limit_ms", "20000")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # As on a desktop; the headless shell has them otherwise, and its PDFs lose blanks.
    "--site-per-process",
    "--font-render-hinting=none",
]

# A worker takes a file at a time: with one of these at the end, the other workers would have nothing left to do.
LONGEST = (
    "test_whole_archive.py", "test_bad_deploys.py", "test_fuzz_build.py", "test_accessibility.py", "test_bad_days.py",
    "test_operations.py", "test_small_folders.py", "test_crawl.py", "test_guides.py", "test_long_list.py",
    "test_public.py", "test_archive.py", "test_changes.py",
)  # fmt: skip


def need(program: str) -> str:
    """Return the program's path; without it skip the test, but fail where CI=true."""
    path = shutil.which(program)
    if path is None:
        skip_or_fail(f"{program} is not installed here")
    return path


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test with a reason, but fail it where CI=true: there everything must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run_make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Return what make did in a folder, as if called by hand even where make runs the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment["PYTHONPATH"] = str(ROOT / "tests" / "as_users_have")
    return subprocess.run(["make", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def wait_until_up(url: str, server: subprocess.Popen[bytes] | Server, log: Path, minutes: int = 3) -> None:
    """Return when the server answers; fail with its own words if it stops or stays silent."""
    for _ in range(minutes * 600):
        if server.poll() is not None:
            break
        try:
            httpx.get(url, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"no answer from {url}:\n{log.read_text()}")


@contextmanager
def serve(
    database: Path,
    log: Path,
    exports: Path | None = None,
    metadata: Path = ROOT / "metadata.yml",
    *,
    limited: bool = False,
) -> Iterator[str]:
    """Serve a database as `make serve` does, with its whole files and words; yield the address, no slash at its end.

    Facets and statements are given the time that a busy machine needs; where limited, statements the site's own.
    """
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    server = Server(
        log,
        *("-h", "127.0.0.1", "-p", str(port), *COUNTING, *(() if limited else ANSWERING)),
        CLEARVIEW_DB=str(database),
        CLEARVIEW_EXPORTS=str(exports or log.parent / "exports"),
        CLEARVIEW_METADATA=str(metadata),
    )
    try:
        wait_until_up(f"{url}/-/versions.json", server, log)
        yield url
    finally:
        server.stop(PATIENCE)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the whole files of the committed clearview.db."""
    folder = tmp_path_factory.mktemp("exports")
    export(ROOT / "clearview.db", folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, exports: Path) -> Iterator[str]:
    """Serve the committed clearview.db and its whole files; yield the site's address without a final slash."""
    with serve(ROOT / "clearview.db", tmp_path_factory.mktemp("site") / "server.log", exports) as url:
        yield url


@pytest.fixture(scope="session")
def limited_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the committed clearview.db with the site's own limit on a statement; yield the address."""
    with serve(ROOT / "clearview.db", tmp_path_factory.mktemp("limited") / "server.log", limited=True) as url:
        yield url


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    """Write the archive of a few agencies, host it under a deep path and serve the site itself."""
    place = tmp_path_factory.mktemp("few") / "dataset"
    database, words = make_few(place), place / "metadata.yml"
    folder = place / "host" / DEEP
    write_archive(folder, database, place / "exports", metadata=words)
    with (
        serve(database, place / "server.log", place / "exports", words) as site,
        host(place / "host") as url,
    ):
        yield Archived(folder, f"{url}/{DEEP}", site, database)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, exports: Path, site: str) -> Iterator[Archived]:
    """Write the archive of the committed database and host it under a deep path."""
    place = tmp_path_factory.mktemp("whole")
    folder = place / DEEP
    write_archive(folder, ROOT / "clearview.db", exports)
    with host(place) as url:
        yield Archived(folder, f"{url}/{DEEP}", site, ROOT / "clearview.db")


def be_patient(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes a page or a context whose waits end after minutes only."""

    def made(*words: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the browser's own takes
        page = make(*words, **options)
        page.set_default_timeout(PATIENCE * 1000)
        return page

    return made


@pytest.fixture(scope="session")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the database of odd_database.py; yield the site's address without a final slash."""
    folder = tmp_path_factory.mktemp("odd_site")
    with serve(make_odd_database(folder / "clearview.db"), folder / "server.log") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's own Chromium, or its headless shell where there is one (a page in a quarter of the time)."""
    chromium = shutil.which("chromium-headless-shell") or need("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        started.new_page = be_patient(started.new_page)  # type: ignore[method-assign]
        started.new_context = be_patient(started.new_context)  # type: ignore[method-assign]
        yield started
        started.close()


@pytest.fixture
def workbook_copy(tmp_path: Path) -> Path:
    """Return a folder of its own with a copy of all raw files, for planting faults."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))


def copy_project(folder: Path) -> Path:
    """Return a copy of the project for running make in: it shares the environment and has its own built files."""
    folder.mkdir()
    for name in ("raw", "scripts", "service"):
        shutil.copytree(ROOT / name, folder / name)
    for path in (*ROOT.glob("requirements*.txt"), ROOT / "Makefile", *ROOT.glob("clearview.db*")):
        shutil.copy2(path, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project of this test's own."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def other_sqlite() -> Path:
    """Return the folder that, as PYTHONPATH, makes sqlite-utils use a second SQLite library."""
    folder = ROOT / ".venv" / "other-sqlite"
    if not (folder / "pysqlite3").is_dir():
        skip_or_fail("the second SQLite library has no package for this machine")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the public service as slow, which take minutes; put the longest files first."""
    for item in items:
        if ROOT / "tests" / "deploy" in item.path.parents:
            item.add_marker(pytest.mark.slow)
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


def pytest_collection_finish() -> None:
    """Let the collector of Python pass over what was loaded: it would walk all libraries again and again."""
    gc.collect()
    gc.freeze()
