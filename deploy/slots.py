"""The two slots, each a link to a release; the file use-green says which answers readers (nginx.conf)."""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from releases import Unfit

SLOTS, POOLS = ("blue", "green"), ("pages", "sql")
READY_WITHIN = 120.0  # seconds; a start takes long on a machine that is busy
ANSWERED_WITHIN = 30.0  # seconds for a page
SEEN_WITHIN = 60.0  # seconds
FINISH = 3.0  # seconds in which requests may still reach a release that was replaced
PAGES = """/clearview/agencies /clearview/agencies/xx-europol /clearview/reports/1 /search?q=police /charts /about
    /downloads /reconcile/preview?id=xx-europol"""
SQL = "sql=select+count(*)+as+n+from+reports"
# Asked of a new release before readers get it, one of each kind: address, and what has to be in the answer.
ASKED = {
    "pages": dict.fromkeys(PAGES.split(), "</html>") | {
        "/": "A listing is not an accusation", "/static/site.css": "{", "/reconcile": '"result"',
        "/clearview/agencies.json?_size=1": '"id"', "/clearview/agencies.geojson?_size=1": '"FeatureCollection"',
        "/clearview/reports.csv?_size=1": "agency_as_printed", "/changes.atom": "</feed>",
        "/sitemap.xml": "</urlset>", "/openapi.json": '"openapi"',
    },
    "sql": {f"/clearview.json?{SQL}": '"n"', f"/clearview?{SQL}": "</html>", "/mcp": '"tools"'},
}  # fmt: skip
SENT: dict[str, dict[str, Any]] = {
    "/reconcile": {"data": {"queries": '{"q": {"query": "Toronto Police"}}'}},
    "/mcp": {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}},
}


def slot_in_use(folder: Path) -> str:
    """Return the slot that answers readers."""
    return "green" if (folder / "use-green").exists() else "blue"


def use(slot: str, folder: Path) -> None:
    """Have a slot answer readers from now on."""
    mark = folder / "use-green"
    mark.touch() if slot == "green" else mark.unlink(missing_ok=True)


class Slot:
    """A slot of a folder; run is where the sockets of its pools are."""

    def __init__(self, name: str, folder: Path, run: Path) -> None:
        self.name, self.folder, self.run = name, folder, run
        self.link = folder / name

    def process(self, pool: str) -> str:
        """Return the number of the process that keeps a pool; nothing where none runs."""
        with suppress(FileNotFoundError):
            return (self.run / f"{self.name}-{pool}.pid").read_text()
        return ""

    def fill(self, release: Path) -> None:
        """Link a slot that answers nobody to a release, and empty its cache; keeper.py starts the processes."""
        self.link.unlink(missing_ok=True)
        until = time.monotonic() + READY_WITHIN
        while any(map(self.process, POOLS)):
            if time.monotonic() > until:
                raise Unfit("the processes of the release before the last do not end")
            time.sleep(0.05)
        shutil.rmtree(self.folder / f"{self.name}-cache", ignore_errors=True)
        for cache in ("answers", "pages"):
            (self.folder / f"{self.name}-cache" / cache).mkdir(parents=True)
        self.link.symlink_to(release.relative_to(self.folder))

    def ask(self, socket: str, path: str, patience: float = ANSWERED_WITHIN) -> httpx.Response:
        """Return the answer that comes at a socket; raises httpx.TransportError where none comes (seconds)."""
        transport = httpx.HTTPTransport(uds=str(self.run / f"{socket}.sock"))
        with httpx.Client(transport=transport, timeout=patience) as client:
            return client.request("POST" if path in SENT else "GET", f"http://localhost{path}", **SENT.get(path, {}))

    def check_answers(self) -> None:
        """Return when every kind of page is what readers need; raises Unfit where one is not."""
        for pool, asked in ASKED.items():
            self.wait_for(pool)
            for path, words in asked.items():
                try:
                    answer = self.ask(f"{self.name}-{pool}", path)
                except httpx.TransportError as error:
                    raise Unfit(f"no answer to {path}: {error or type(error).__name__}") from None
                if answer.status_code != httpx.codes.OK or words not in answer.text:
                    raise Unfit(f"{pool} answers {path} with {answer.status_code}, without “{words}”")

    def wait_for(self, pool: str) -> None:
        """Return when a pool says that it is ready; raises Unfit where it ends or says why not."""
        until, first = time.monotonic() + READY_WITHIN, ""
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                answer = self.ask(f"{self.name}-{pool}", "/-/readyz", patience=1)
                if answer.status_code == httpx.codes.OK:
                    return
                raise Unfit(f"{pool} is not ready: {answer.text[:200]}")
            first = first or self.process(pool)
            if self.process(pool) != first:
                raise Unfit(f"{pool} ended; why is at the end of {pool}.log")
        raise Unfit(f"{pool} is not ready within {READY_WITHIN:.0f} s")

    def put_in_place(self, asked: str) -> None:
        """Have readers answered from this slot; where nginx does not, leave the old one in place and raise Unfit."""
        os.utime(self.link)  # the newest that has answered
        before, until = slot_in_use(self.folder), time.monotonic() + SEEN_WITHIN
        use(self.name, self.folder)
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                answer = self.ask("outer", asked)
                if answer.status_code == httpx.codes.OK and answer.headers.get("X-Slot", self.name) == self.name:
                    return
            time.sleep(0.05)
        use(before, self.folder)
        raise Unfit(f"nginx does not answer {asked} from it within {SEEN_WITHIN:.0f} s")
