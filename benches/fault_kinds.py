"""What may go wrong with the public site, by name: each is done to a copy of it, which faulty_site.py then puts right."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from faulty_site import FaultySite

Fault = Callable[[FaultySite], None]
PLUGIN = """
import os, time
from datasette import hookimpl

@hookimpl
def extra_template_vars(request):
    if request and request.path == "/about":
        {}
"""
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def end(*words: str) -> Fault:
    """Return the fault that ends every process of the service whose command holds one of the words."""

    def harm(site: FaultySite) -> None:
        for process in site.find(*words):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    return harm


def signal_pool(pool: str, sent: signal.Signals, most: int = 100) -> Fault:
    """Return the fault that sends a signal to some or all processes of a pool."""

    def harm(site: FaultySite) -> None:
        for process in site.workers(pool)[:most]:
            os.kill(process, sent)

    return harm


def lose_nginx(whole: bool) -> Fault:
    """Return the fault that ends nginx's first process, or all of them."""

    def harm(site: FaultySite) -> None:
        (master,) = site.find("nginx: master")
        if whole:
            os.killpg(master, signal.SIGKILL)
        else:
            os.kill(master, signal.SIGKILL)

    return harm


def expect(told: "subprocess.CompletedProcess[str]", refused: str | None) -> None:
    """Raise AssertionError unless a deploy was refused with these words, or worked where none are given."""
    if (told.returncode == 0) != (refused is None) or (refused or "") not in told.stderr:
        raise AssertionError(f"expected {refused or 'a deploy'}: {told.stdout}{told.stderr}")


def deploy(change: Fault, refused: str | None = "", after: float = 0, meanwhile: Fault | None = None) -> Fault:
    """Return a deploy of changed files, and what is done to the site so many seconds later; refused: with what words."""

    def harm(site: FaultySite) -> None:
        change(site)
        timer = threading.Timer(after, meanwhile or (lambda _: None), [site])
        timer.start()
        told = site.deploy()
        timer.join()
        expect(told, refused)

    return harm


def write(name: str, text: str, mode: str = "a") -> Fault:
    """Return the change that adds text to a file of the site, or makes it."""

    def change(site: FaultySite) -> None:
        with (site.home / name).open(mode) as file:
            file.write(text)

    return change


def remove(name: str) -> Fault:
    """Return the change that removes a file."""
    return lambda site: (site.home / name).unlink()


def page_that(does: str) -> Fault:
    """Return the change that has the page on the site do something instead of answering."""
    return write("plugins/pages/made_for_a_fault.py", PLUGIN.format(does), "w")


def link(name: str) -> Fault:
    """Return the change that makes a link to nowhere."""
    return lambda site: (site.home / name).symlink_to("user@host.1:2")


def pipe(site: FaultySite) -> None:
    """Make a FIFO among the files."""
    os.mkfifo(site.home / "docs/pipe")


def come_and_go(site: FaultySite) -> None:
    """Have files appear and vanish among the templates for ten seconds, as those of an editor do."""
    code = "import pathlib, sys, time\nuntil = time.monotonic() + 10\nwhile time.monotonic() < until:\n"
    code += "  for n in range(40): pathlib.Path(sys.argv[1], f'.{n}.swp').touch()\n"
    code += "  for n in range(40): pathlib.Path(sys.argv[1], f'.{n}.swp').unlink()\n"
    site.helpers.append(subprocess.Popen([sys.executable, "-c", code, str(site.home / "templates")]))


def good_page(site: FaultySite) -> None:
    """Change a word of a page."""
    write("templates/pages/about.html", f"<!-- {time.monotonic_ns()} -->")(site)


def database(harm: Callable[[bytes], bytes]) -> Fault:
    """Return the change that damages the database file."""

    def change(site: FaultySite) -> None:
        path = site.home / "clearview.db"
        path.write_bytes(harm(path.read_bytes()))

    return change


def flip_a_letter(content: bytes) -> bytes:
    """Return the database with one letter of a text changed, which SQLite cannot see."""
    return content.replace(b"Europol", b"Eurobol", 1)


def another_database(site: FaultySite) -> None:
    """Change a text in the database by SQL, and its record."""
    path = site.home / "clearview.db"
    connection = sqlite3.connect(path)
    connection.execute("update agencies set locality = 'Elsewhere' where id = 'xx-europol'")
    connection.commit()
    connection.close()
    (site.home / "clearview.db.sha256.json").unlink()


def fill_disk(left: int = 0) -> Fault:
    """Return the fault that leaves so many bytes of room."""

    def harm(site: FaultySite) -> None:
        state = os.statvfs(site.disk)
        with suppress(OSError), (site.disk / "filler").open("ab", buffering=0) as filler:
            for _ in range(max(0, state.f_bavail * state.f_frsize - left) // 65536 + 1):
                filler.write(bytes(65536))

    return harm


def one_after_another(*faults: Fault, pause: float = 0) -> Fault:
    """Return several faults as one."""

    def harm(site: FaultySite) -> None:
        for fault in faults:
            fault(site)
            time.sleep(pause)

    return harm


def set_clock(offset: str) -> Fault:
    """Return the fault that moves the clock, such as by -2h; at the start it is right."""
    return lambda site: site.set_clock(offset)


def wait_for_the_page(site: FaultySite) -> None:
    """Return when the page that was deployed is the one that readers get; raise AssertionError after 10 seconds."""
    words = (site.home / "templates/pages/about.html").read_text()[-30:]
    until = time.monotonic() + 10
    while words not in site.read(f"/about"):
        if time.monotonic() > until:
            raise AssertionError("the page that was deployed is not there")
        time.sleep(0.1)


def damage_served_copy(site: FaultySite) -> None:
    """Overwrite the database of the release in use."""
    served = next((site.disk / "releases").glob("*/clearview.db"))
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
    command = ["curl", "-sf", "--compressed", "-H", "Accept-Encoding: br", f"http://{site.place}/static/basemap/land.json"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or done.stdout != (site.home / "static/basemap/land.json").read_bytes():
        raise AssertionError("the ground of the map does not come whole")


def lose_the_supervisor(site: FaultySite) -> None:
    """End serve_public.py alone, and start it again as systemd would."""
    site.service.kill()
    site.service.wait()
    time.sleep(1)
    site.start()


def lose_everything(site: FaultySite) -> None:
    """End serve_public.py and all that it started, and start it again."""
    for process in site.find(""):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    lose_the_supervisor(site)


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


def two_deploys(site: FaultySite) -> None:
    """Deploy, and half a second later deploy a broken template: each has to be told its own outcome."""
    good_page(site)
    told: list[subprocess.CompletedProcess[str]] = []
    first = threading.Thread(target=lambda: told.append(site.deploy()))
    first.start()
    until = time.monotonic() + 60
    while not site.find("deploy/pool.py --", "new-") and not list((site.disk / "releases").glob("new-*")):
        if time.monotonic() > until:
            raise AssertionError("the first deploy did not begin")
        time.sleep(0.02)
    time.sleep(1)
    write("templates/table.html", "{% broken %}")(site)
    second = site.deploy()
    first.join()
    expect(told[0], None)
    expect(second, "/clearview/agencies")


def endless_query(site: FaultySite) -> None:
    """Have a query run on its own, unheeded."""
    threading.Thread(target=site.get, args=("/clearview.json?sql=" + ENDLESS.replace(" ", "+"),)).start()


LOSSES: dict[str, Fault] = {
    "a process for pages killed": signal_pool("pages", signal.SIGKILL, 1),
    "all processes for pages killed": signal_pool("pages", signal.SIGKILL),
    "the process for SQL killed": signal_pool("sql", signal.SIGKILL),
    "all processes killed, and those that keep them": end("pool.py", "spawn_main"),
    "nginx's first process killed": lose_nginx(False),
    "all of nginx killed": lose_nginx(True),
    "all but serve_public.py killed": end(""),
    "serve_public.py killed, started again": lose_the_supervisor,
    "everything killed, started again": lose_everything,
    "a process for pages hangs": signal_pool("pages", signal.SIGSTOP, 1),
    "the process for SQL hangs": signal_pool("sql", signal.SIGSTOP),
}
DEPLOYS: dict[str, Fault] = {
    "a good deploy": deploy(good_page, None),
    "deploy: a page that hangs": deploy(page_that("time.sleep(60)"), "/about"),
    "deploy: a page that ends its process": deploy(page_that("os._exit(1)"), "/about"),
    "deploy: a link of an editor's": deploy(link("templates/.#table.html"), None),
    "deploy: a link to nowhere": deploy(link("notes.txt"), None),
    "deploy: a FIFO": deploy(pipe, None),
    "deploy: files that come and go": deploy(come_and_go, None),
    "deploy: a broken row's template": deploy(write("templates/row-clearview-claims.html", "{% broken %}"), "/clearview/claims/1"),
    "deploy: a broken search page": deploy(write("templates/search.html", "{% broken %}"), "/search"),
    "deploy: a broken query page": deploy(write("templates/query.html", "{% broken %}"), "sql"),
    "deploy: a plugin that does not load": deploy(write("plugins/pages/search.py", "\n)"), "pages ended with code"),
    "deploy: a list of words is gone": deploy(remove("scripts/lookups/search_words.csv"), ""),
    "deploy: the database is cut": deploy(database(lambda content: content[:300_000]), "clearview.db"),
    "deploy: the database is empty": deploy(database(lambda _: b""), "is empty"),
    "deploy: one letter of the database changed": deploy(database(flip_a_letter), "is not the file"),
    "deploy: another database": deploy(another_database, None),
    "deploy: nginx killed meanwhile": deploy(good_page, None, 2, lose_nginx(True)),
    "deploy: all processes killed while new ones are asked": deploy(good_page, None, 4, end("pool.py", "spawn_main")),
    "two deploys at once, the second broken": two_deploys,
    "nginx killed while an old release ends": one_after_another(
        endless_query, deploy(good_page, None), lambda _: time.sleep(4), lose_nginx(True)
    ),
}
DISK_AND_CLOCK: dict[str, Fault] = {
    "the disk is full": one_after_another(fill_disk(), lambda _: time.sleep(5)),
    "the disk is full, all processes killed": one_after_another(fill_disk(), signal_pool("pages", signal.SIGKILL)),
    "the disk is full, a deploy": deploy(one_after_another(good_page, fill_disk()), "No space left"),
    "200 kB of room, a deploy": deploy(one_after_another(good_page, fill_disk(200_000)), "No space left"),
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
