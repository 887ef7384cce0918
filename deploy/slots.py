"""The two slots, each a link to a release; the file use-green says which answers readers (nginx.conf)."""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import httpx
from releases import Unfit

SLOTS, POOLS = ("blue", "green"), ("pages", "sql")
READY_WITHIN = 120.0  # seconds; a start takes long on a machine that is busy
ANSWERED_WITHIN = 30.0  # seconds for a page
SEEN_WITHIN = 20.0  # seconds
FINISH = 3.0  # seconds in which requests may still reach a release that was replaced
# Asked of a new release before readers get it, one of each kind: address, what has to be in the answer, what is sent.
HTML = {"pages": """/clearview/agencies /clearview/agencies/xx-europol /clearview/reports/1 /search?q=police /charts
        /about /downloads /reconcile/preview?id=xx-europol""", "sql": "/clearview?sql=select+1"}  # fmt: skip
OTHERS: dict[str, list[tuple[str, str, dict[str, object]]]] = {
    "pages": [
        ("/", "A listing is not an accusation", {}),
        ("/clearview/agencies.json?_shape=array&_size=1", '"id"', {}),
        ("/clearview/reports.csv?_size=1", "agency_as_printed", {}),
        ("/clearview/agencies.geojson?_size=1", '"FeatureCollection"', {}),
        ("/changes.atom", "</feed>", {}),
        ("/openapi.json", '"openapi"', {}),
        ("/sitemap.xml", "</urlset>", {}),
        ("/static/site.css", "{", {}),
        ("/reconcile", '"result"', {"data": {"queries": '{"q": {"query": "Toronto Police"}}'}}),
    ],
    "sql": [
        ("/clearview.json?_shape=array&sql=select+count(*)+as+n+from+reports", '"n"', {}),
        ("/mcp", '"tools"', {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}),
    ],
}


def slot_in_use(folder: Path) -> str:
    """Return the slot that answers readers."""
    return "green" if (folder / "use-green").exists() else "blue"


def use(slot: str, folder: Path) -> None:
    """Have a slot answer readers from now on."""
    if slot == "green":
        (folder / "use-green").touch()
    else:
        (folder / "use-green").unlink(missing_ok=True)


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

    def check_answers(self) -> None:
        """Return when every kind of page is what readers need; raises Unfit where one is not."""
        for pool in POOLS:
            until, first = time.monotonic() + READY_WITHIN, ""
            asked = [("/-/readyz", '"ok": true', {}), *OTHERS[pool]]
            asked += [(path, "</html>", {}) for path in HTML[pool].split()]
            transport = httpx.HTTPTransport(uds=str(self.run / f"{self.name}-{pool}.sock"))
            with httpx.Client(transport=transport, base_url="http://localhost") as client:
                for path, words, sent in asked:
                    while (answer := self.ask(client, path, sent)) is None:
                        first = first or self.process(pool)
                        if self.process(pool) != first:
                            raise Unfit(f"{pool} ended; why is at the end of {pool}.log")
                        if time.monotonic() > until:
                            raise Unfit(f"{pool} gives no answer to {path} within {READY_WITHIN:.0f} s")
                    if answer.status_code != httpx.codes.OK or words not in answer.text:
                        said = answer.text[:200] if path == "/-/readyz" else f"without “{words}”"
                        raise Unfit(f"{pool} answers {path} with {answer.status_code}: {said}")

    def ask(self, client: httpx.Client, path: str, sent: dict[str, object]) -> httpx.Response | None:
        """Return an answer; None where none came yet at the start. Raises Unfit where a page ends its process."""
        try:
            patience = 1.0 if path == "/-/readyz" else ANSWERED_WITHIN
            return client.request("POST" if sent else "GET", path, timeout=patience, **sent)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            if path != "/-/readyz":
                raise Unfit(f"no answer to {path}: {error or type(error).__name__}") from None
            return None

    def put_in_place(self) -> None:
        """Have readers answered from this slot; where nginx does not, leave the old one in place and raise Unfit."""
        os.utime(self.link)  # the newest that has answered
        before, until = slot_in_use(self.folder), time.monotonic() + SEEN_WITHIN
        use(self.name, self.folder)
        while time.monotonic() < until:
            transport = httpx.HTTPTransport(uds=str(self.run / "outer.sock"))
            with suppress(httpx.TransportError), httpx.Client(transport=transport, timeout=5) as client:
                if client.get("http://localhost/-/slot").headers.get("X-Slot") == self.name:
                    return
            time.sleep(0.05)
        use(before, self.folder)
        raise Unfit(f"nginx does not answer from it within {SEEN_WITHIN:.0f} s")
