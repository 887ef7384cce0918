"""Half of the machines are lost under load: four replicas in network namespaces behind one nginx with its cache.

usage: rehearse.py [SECONDS]     as root (needs ip, nginx, wrk); a load of 24 seconds unless told otherwise

In the first quarter of the time somebody asks for addresses of 8,000 bytes, then the processes of one replica are
killed, after half of it another is unplugged. Prints what readers saw: requests, faults, and how long after each loss a
page that no cache has took longer than SLOW. Exits 1 where more was lost than an answer that had begun, or an answer
took longer than LONGEST.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from load import HERE
from namespaces import Machine, cut_off, machines

ROOT = Path(__file__).resolve().parent.parent
FRONT = "127.0.0.1:8080"  # in its namespace
REPLICAS, CONNECTIONS, READERS, SLOW = 4, 8, 2000, 1.0
LONGEST = 2.0  # seconds
LOST = 1  # the answer that the killed replica had begun
SERVED = "Accept-Encoding: br"
FRESH = "/clearview/reports.json?_shape=array&_size=2&row__gt={}"
CACHED = ["/", "/clearview/agencies", "/clearview/agencies/xx-europol"]
LONG = "/clearview/agencies.json?_shape=array&_size=1&name__not=" + "d" * 8000  # no machine is to seem lost over it
READY_WITHIN = 120


def start_replica(machine: Machine, folder: Path) -> list["subprocess.Popen[bytes]"]:
    """Start a process for pages and one for SQL, as a replica has them."""
    started = []
    for port in ("8001", "8002"):
        with (folder / f"{machine.name}-{port}.log").open("wb") as log:
            command = (str(ROOT / "scripts/serve.sh"), "-h", machine.address, "-p", port)
            started.append(machine.start(*command, stdout=subprocess.DEVNULL, stderr=log))
    return started


def start_front(front: Machine, replicas: list[Machine], folder: Path) -> "subprocess.Popen[bytes]":
    """Start nginx and its cache before the replicas."""
    command = [sys.executable, str(ROOT / "deploy/serve_public.py"), "--folder", str(folder / "front")]
    command += ["--listen", FRONT, "--trust", "127.0.0.1"]
    for replica in replicas:
        command += ["--pages-at", f"{replica.address}:8001", "--sql-at", f"{replica.address}:8002"]
    return front.start(*command, stdout=subprocess.DEVNULL)


def ask(front: Machine, path: str) -> tuple[int, float]:
    """Return the status and seconds of one request in the front's namespace; status 0 where there was no answer."""
    form = "%{http_code} %{time_total}"
    command = ["ip", "netns", "exec", front.name, "curl", "-s", "-o", "/dev/null", "-w", form, "-m", "20"]
    said = subprocess.run([*command, f"http://{FRONT}{path}"], capture_output=True, text=True, check=False)
    status, seconds = said.stdout.split()
    return int(status), float(seconds)


def wait_until_served(front: Machine, replicas: list[Machine]) -> None:
    """Return when every replica and the front answer; exit where they do not."""
    until = time.monotonic() + READY_WITHIN
    places = [f"{replica.address}:{port}" for replica in replicas for port in (8001, 8002)] + [FRONT]
    for place in places:
        command = ["ip", "netns", "exec", front.name, "curl", "-s", "-f", "-o", "/dev/null"]
        command += [f"http://{place}/-/healthz"]
        while subprocess.run(command, check=False).returncode:
            if time.monotonic() > until:
                raise SystemExit(f"no answer from {place}")
            time.sleep(0.2)


def start_load(front: Machine, seconds: int) -> "subprocess.Popen[bytes]":
    """Start wrk beside nginx: pages from the cache and, between them, pages that no cache has."""
    fresh = [FRESH.format(number) for number in range(6000)]
    paths = [path for number, path in enumerate(fresh) for path in (path, CACHED[number % len(CACHED)])]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "15s", "-H", SERVED]
    command += ["-s", str(HERE / "load_many.lua"), f"http://{FRONT}", "--", str(READERS), *paths]
    return front.start(*command, stdout=subprocess.PIPE)


def watch(front: Machine, seconds: float, begin: int, beside: str = "") -> list[tuple[float, int, float]]:
    """Ask for a fresh page four times a second; return for each the time it was asked, its status and its seconds.

    Beside each of them something else may be asked, under an address that no cache has.
    """
    seen: list[tuple[float, int, float]] = []
    began = time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        seen.append((at, *ask(front, FRESH.format(begin + len(seen)))))
        if beside:
            seen.append((at, *ask(front, f"{beside}{len(seen)}")))
        time.sleep(0.25)
    return seen


def recovery(seen: list[tuple[float, int, float]]) -> float:
    """Return how long after the loss the last page was answered that had failed or taken longer than SLOW (seconds)."""
    return max((at + seconds for at, status, seconds in seen if status != 200 or seconds > SLOW), default=0.0)


def main() -> int:
    """Print what readers saw; return 1 where too many requests failed."""
    if os.geteuid():
        raise SystemExit("network namespaces need root: sudo make rehearse")
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    with tempfile.TemporaryDirectory() as name, machines(REPLICAS) as (front, replicas), ExitStack() as ends:
        processes = [start_replica(replica, Path(name)) for replica in replicas]
        served = start_front(front, replicas, Path(name))
        for process in [served, *(process for pair in processes for process in pair)]:
            ends.callback(end, process)
        print(f"starting {REPLICAS} replicas of 2 processes and nginx", flush=True)
        wait_until_served(front, replicas)
        running = start_load(front, total)
        quiet = watch(front, total / 4, 100_000, LONG)
        for process in processes[0]:
            os.killpg(process.pid, signal.SIGKILL)
        killed = watch(front, total / 4, 200_000)
        cut_off(front, replicas[1])
        unplugged = watch(front, total / 4, 300_000)
        output, _ = running.communicate()
        found = json.loads(output.decode().splitlines()[-1])
        after = watch(front, 2, 400_000)
    seen = quiet + killed + unplugged + after
    failed = found["faults"] + found["broken"] + found["refused"] + sum(status != 200 for _, status, _ in seen)
    how = f"{failed} failed ({found['broken']} cut off, {found['refused']} refused, {found['faults']} with a fault)"
    print(f"{found['requests']:,} requests in {found['seconds']:.0f} s, p99 {found['p99'] * 1000:.0f} ms, {how}")
    longest = max(found["longest"], *(seconds for *_, seconds in seen))
    print(f"longest answer {longest:.1f} s")
    lost = sum(status != 200 for _, status, _ in quiet)
    print(f"beside addresses of 8,000 bytes: {lost} of {len(quiet)} failed")
    print(f"replica killed: pages over {SLOW:.0f} s or failing until {recovery(killed):.1f} s after")
    print(f"replica unplugged: pages over {SLOW:.0f} s or failing until {recovery(unplugged):.1f} s after")
    return int(failed > LOST or longest > LONGEST)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Stop a process and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
