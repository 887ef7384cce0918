"""What may go wrong with the public site, by name: each is done to a copy of it (faulty_site.py)."""

import os
import re
import signal
import socket
import subprocess
import time
from contextlib import suppress

from bad_deploys import DEPLOYS, EITHER, deploy, good_page, write
from faulty_site import FaultySite
from losses import LOSSES, Fault, one_after_another, signal_pool

BLOCK, MEGABYTE, FILLING = 2**16, 2**20, 100e6  # bytes; bytes a second


def fill_disk(left: int = 0) -> Fault:
    """Return the fault that leaves so many bytes of room, filled as fast as an upload or a log fills a disk."""

    def harm(site: FaultySite) -> None:
        state = os.statvfs(site.disk)
        with suppress(OSError), (site.disk / "filler").open("ab", buffering=0) as filler:
            rest = max(0, state.f_bavail * state.f_frsize - left) + BLOCK
            while rest > 0:
                rest -= filler.write(bytes(min(MEGABYTE, rest))) or rest
                time.sleep(MEGABYTE / FILLING)

    return harm


def set_clock(offset: str) -> Fault:
    """Return the fault that moves the clock, such as by -2h; at the start it is right."""
    return lambda site: site.set_clock(offset)


def wait_for_the_page(site: FaultySite) -> None:
    """Return when the page that was deployed is the one that readers get; raise AssertionError after 10 seconds."""
    words = re.findall(r"<!-- \d+ -->", (site.home / "templates/pages/about.html").read_text())[0]
    until = time.monotonic() + 10
    while words not in site.read("/about"):
        if time.monotonic() > until:
            raise AssertionError("the page that was deployed is not there")
        time.sleep(0.1)


def damage_served_copy(site: FaultySite) -> None:
    """Overwrite the database of the release in use."""
    for served in (site.disk / "releases").glob("*/clearview.db"):
        content = served.read_bytes()
        served.write_bytes(content[:8192] + bytes(len(content) - 8192))


def cut_compressed_files(site: FaultySite) -> None:
    """Cut each kept compressed file in half, as a full disk leaves it."""
    for path in (site.disk / "compressed").iterdir():
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[: len(content) // 2])


def map_is_whole(site: FaultySite) -> None:
    """Raise AssertionError unless the ground of the map comes whole."""
    command = [
        "curl",
        "-sf",
        "--compressed",
        "-H",
        "Accept-Encoding: br",
        f"http://{site.place}/static/basemap/land.json",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or done.stdout != (site.home / "static/basemap/land.json").read_bytes():
        raise AssertionError("the ground of the map does not come whole")


def start_again(site: FaultySite) -> None:
    """Stop and start it."""
    site.stop()
    site.start()
    if site.service.poll() is not None:
        raise AssertionError(site.tell().decode()[-2000:])


def slow_posts(site: FaultySite) -> None:
    """Open 3,000 connections from one address that each send a byte in five seconds."""
    head = b"POST /reconcile HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.18.200.1\r\nContent-Length: 100000\r\n\r\nq"
    host, _, port = site.place.partition(":")
    lines = []
    for _ in range(3000):
        with suppress(OSError):
            lines.append(socket.create_connection((host, int(port)), timeout=5))
            lines[-1].sendall(head)
    for _ in range(3):
        time.sleep(5)
        for line in lines:
            with suppress(OSError):
                line.sendall(b"u")
    for line in lines:
        line.close()


def long_addresses(site: FaultySite) -> None:
    """Ask for 60 addresses of up to 15,700 bytes, one after another; raise AssertionError where one gets a 5xx."""
    for number in range(60):
        long = "d" * (6000 + 160 * number)
        status, _ = site.get(f"/clearview/agencies.json?_shape=array&_size=1&name__not={long}", "198.18.201.1")
        if status >= 500 or status == 0:
            raise AssertionError(f"{status} for an address of {len(long)} bytes")


DISK_AND_CLOCK: dict[str, Fault] = {
    "the disk is full": one_after_another(fill_disk(), lambda _: time.sleep(5)),
    "the disk is full, all processes killed": one_after_another(fill_disk(), signal_pool("pages", signal.SIGKILL)),
    "the disk is full, a deploy": deploy(one_after_another(good_page, fill_disk()), "No space left"),
    "200 kB of room, a deploy": deploy(one_after_another(good_page, fill_disk(200_000)), EITHER),
    "the disk is full, started again": one_after_another(fill_disk(), start_again),
    "the clock 2 hours back, a deploy": one_after_another(
        set_clock("-2h"), deploy(good_page, None), wait_for_the_page, pause=1
    ),
    "the clock 10 years on": one_after_another(set_clock("+10y"), lambda _: time.sleep(3)),
    "the served database damaged, a deploy": one_after_another(damage_served_copy, deploy(lambda _: None, None)),
    "kept compressed files cut, a deploy": one_after_another(
        cut_compressed_files, deploy(good_page, None), map_is_whole
    ),
    "started again with broken files": one_after_another(write("templates/table.html", "{% broken %}"), start_again),
}
ATTACKS: dict[str, Fault] = {
    "addresses of up to 16,000 bytes": long_addresses,
    "3,000 slow POSTs from one address": slow_posts,
}
FAULTS = LOSSES | DEPLOYS | DISK_AND_CLOCK | ATTACKS
