"""The processes of one release, in a pool for pages and one for SQL: started, asked, stopped."""

import argparse
import json
import os
import socket
import subprocess
import time
from pathlib import Path

import httpx
from releases import Unfit

READY_WITHIN = 120.0  # seconds; a start takes long on a machine that is busy
ANSWERED_WITHIN = 30.0  # seconds for a page
STOP_WITHIN = 20.0  # seconds
WAITING = 2048  # connections that nobody has taken up yet; they wait while a process is replaced
POOLS = {"pages": ["--setting", "num_sql_threads", "1"], "sql": []}
NAMES = {"queries": json.dumps({"q": {"query": "Toronto Police"}})}
# Asked of a new release before readers get it, one of each kind: address, what has to be in the answer, what is sent.
ANSWERS: dict[str, list[tuple[str, str, dict[str, object]]]] = {
    "pages": [
        ("/", "A listing is not an accusation", {}),
        ("/clearview/agencies", "</html>", {}),
        ("/clearview/agencies/xx-europol", "</html>", {}),
        ("/clearview/reports/1", "</html>", {}),
        ("/clearview/agencies.json?_shape=array&_size=1", '"id"', {}),
        ("/clearview/reports.csv?_size=1", "agency_as_printed", {}),
        ("/clearview/agencies.geojson?_size=1", '"FeatureCollection"', {}),
        ("/search?q=police", "</html>", {}),
        ("/charts", "</html>", {}),
        ("/about", "</html>", {}),
        ("/downloads", "</html>", {}),
        ("/changes.atom", "</feed>", {}),
        ("/openapi.json", '"openapi"', {}),
        ("/sitemap.xml", "</urlset>", {}),
        ("/static/site.css", "{", {}),
        ("/reconcile", '"result"', {"data": NAMES}),
        ("/reconcile/preview?id=xx-europol", "</html>", {}),
    ],
    "sql": [
        ("/clearview.json?_shape=array&sql=select+count(*)+as+n+from+reports", '"n"', {}),
        ("/clearview?sql=select+count(*)+as+n+from+reports", "</html>", {}),
        ("/mcp", '"tools"', {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}),
    ],
}


class Workers:
    """The pools of one release in one slot; each is asked at RUN/SLOT-POOL.sock, which outlives its processes."""

    def __init__(self, release: Path, slot: str, arguments: argparse.Namespace) -> None:
        self.release, self.slot, self.arguments = release, slot, arguments
        self.run: Path = arguments.run
        self.asked_to_stop = False
        pools = [] if arguments.pages_at else list(POOLS)
        self.sockets = {pool: self.open_socket(pool) for pool in pools}
        self.processes = {pool: self.start(pool) for pool in pools}

    def open_socket(self, pool: str) -> socket.socket:
        """Return a socket that takes connections from now on."""
        path = self.run / f"{self.slot}-{pool}.sock"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(WAITING)
        return listener

    def start(self, pool: str) -> subprocess.Popen[bytes]:
        """Start a pool; once started, that for SQL gives way to that for pages where both want a core."""
        fd = self.sockets[pool].fileno()
        told = {"fd": fd, "workers": getattr(self.arguments, pool), "memory": self.arguments.memory}
        told["parent"] = os.getpid()
        told["nice"] = 10 if pool == "sql" else 0
        command = [str(self.release / "scripts/serve.sh"), *POOLS[pool], "--setting", "default_cache_ttl", "60"]
        command += ["--setting", "force_https_urls", "on"] if self.arguments.url.startswith("https:") else []
        environment = {key: value for key, value in os.environ.items() if key != "CLEARVIEW_DB"}
        environment |= {"CLEARVIEW_WITH": "python deploy/pool.py", "CLEARVIEW_POOL": json.dumps(told)}
        with Path(f"{pool}.log").open("ab") as output:
            return subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output,
                pass_fds=[fd], process_group=0,
            )  # fmt: skip

    def check_answers(self) -> None:
        """Return when every kind of page is what readers need; raises Unfit where one is not."""
        for pool, process in self.processes.items():
            until = time.monotonic() + READY_WITHIN
            transport = httpx.HTTPTransport(uds=str(self.run / f"{self.slot}-{pool}.sock"))
            with httpx.Client(transport=transport, base_url="http://localhost") as client:
                for path, words, sent in (("/-/readyz", '"ok": true', {}), *ANSWERS[pool]):
                    while (answer := self.ask(client, path, sent)) is None:
                        if process.poll() is not None:
                            raise Unfit(f"{pool} ended with code {process.returncode}; why is at the end of {pool}.log")
                        if time.monotonic() > until:
                            raise Unfit(f"{pool} gives no answer to {path} within {READY_WITHIN:.0f} s")
                    if answer.status_code != httpx.codes.OK or words not in answer.text:
                        said = answer.text[:200] if path == "/-/readyz" else f"without “{words}”"
                        raise Unfit(f"{pool} answers {path} with {answer.status_code}: {said}")

    def ask(self, client: httpx.Client, path: str, sent: dict[str, object]) -> httpx.Response | None:
        """Return an answer; None where none came yet at the start. Raises Unfit where a page ends its process."""
        try:
            patience = 5.0 if path == "/-/readyz" else ANSWERED_WITHIN
            return client.request("POST" if sent else "GET", path, timeout=patience, **sent)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            if path != "/-/readyz":
                raise Unfit(f"no answer to {path}: {error or type(error).__name__}") from None
            return None

    def revive(self) -> list[tuple[str, str]]:
        """Start the pools again that ended; return their names, each with the reason."""
        ended = [(pool, process.returncode) for pool, process in self.processes.items() if process.poll() is not None]
        for pool, _ in ended:
            self.processes[pool] = self.start(pool)
        return [(pool, f"ended with code {code}") for pool, code in ended]

    def ask_to_stop(self) -> None:
        """Have the processes end after the requests they have begun."""
        self.asked_to_stop = True
        for process in self.processes.values():
            process.terminate()

    def have_stopped(self) -> bool:
        """Return whether all have ended."""
        return all(process.poll() is not None for process in self.processes.values())

    def kill(self) -> None:
        """End what is left, at once."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()
        for listener in self.sockets.values():
            listener.close()

    def stop(self) -> None:
        """Stop the processes, each after the requests it has begun."""
        self.ask_to_stop()
        until = time.monotonic() + STOP_WITHIN
        while not self.have_stopped() and time.monotonic() < until:
            time.sleep(0.05)
        self.kill()
