"""Deploys that meet something bad, by name: most have to be refused, and none may cost a reader a page."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from faulty_site import FaultySite
from losses import Fault, end, lose_nginx, one_after_another

PLUGIN = """
import os, time
from datasette import hookimpl

@hookimpl
def extra_template_vars(request):
    if request and request.path == "/about":
        {}
"""
EITHER = "refused or not"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def expect(told: "subprocess.CompletedProcess[str]", refused: str | None) -> None:
    """Raise AssertionError unless a deploy was refused with these words, or worked where none are given."""
    if refused != EITHER and ((told.returncode == 0) != (refused is None) or (refused or "") not in told.stderr):
        raise AssertionError(f"expected {refused or 'a deploy'}: {told.stdout}{told.stderr}")


def deploy(change: Fault, refused: str | None = "", after: float = 0, meanwhile: Fault | None = None) -> Fault:
    """Return a deploy of changed files, and what is done so many seconds later; refused: with what words."""

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
    """Change a page, which then has a number that it had not."""
    page = site.home / "templates/pages/about.html"
    page.write_text(page.read_text().replace("</h1>", f"</h1><!-- {time.monotonic_ns()} -->"))


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


def two_deploys(site: FaultySite) -> None:
    """Deploy, and before that has ended deploy a broken template: each has to be told its own outcome."""
    good_page(site)
    releases = site.disk / "releases"
    before = set(releases.iterdir())
    told: list[subprocess.CompletedProcess[str]] = []
    first = threading.Thread(target=lambda: told.append(site.deploy()))
    first.start()
    while first.is_alive() and not any("new-" not in made.name for made in set(releases.iterdir()) - before):
        time.sleep(0.02)  # until the first has copied all that it puts in place
    write("templates/table.html", "{% broken %}")(site)
    second = site.deploy()
    first.join()
    expect(told[0], None)
    expect(second, "/clearview/agencies")


def endless_query(site: FaultySite) -> None:
    """Have a query run on its own, unheeded."""
    threading.Thread(target=site.get, args=("/clearview.json?sql=" + ENDLESS.replace(" ", "+"),)).start()


DEPLOYS: dict[str, Fault] = {
    "a good deploy": deploy(good_page, None),
    "deploy: a page that hangs": deploy(page_that("time.sleep(600)"), "/about"),
    "deploy: a page that ends its process": deploy(page_that("os._exit(1)"), "/about"),
    "deploy: a link of an editor's": deploy(link("templates/.#table.html"), None),
    "deploy: a link to nowhere": deploy(link("notes.txt"), None),
    "deploy: a FIFO": deploy(pipe, None),
    "deploy: files that come and go": deploy(come_and_go, None),
    "deploy: a broken row's template": deploy(
        write("templates/row-clearview-reports.html", "{% broken %}"), "/clearview/reports/1"
    ),
    "deploy: a broken search page": deploy(write("templates/search.html", "{% broken %}"), "/search"),
    "deploy: a broken query page": deploy(write("templates/query.html", "{% broken %}"), "sql"),
    "deploy: a plugin that does not load": deploy(write("plugins/pages/search.py", "\n)"), "pages ended"),
    "deploy: a list of words is gone": deploy(remove("scripts/lookups/search_words.csv"), ""),
    "deploy: the database is cut": deploy(database(lambda content: content[:300_000]), "clearview.db"),
    "deploy: the database is empty": deploy(database(lambda _: b""), "is empty"),
    "deploy: one letter of the database changed": deploy(database(flip_a_letter), "is not the file"),
    "deploy: another database": deploy(another_database, None),
    "deploy: nginx killed meanwhile": deploy(good_page, None, 2, lose_nginx(True)),
    "deploy: all processes killed while new ones are asked": deploy(good_page, EITHER, 4, end("pool.py", "spawn_main")),
    "two deploys at once, the second broken": two_deploys,
    "nginx killed while an old release ends": one_after_another(
        endless_query, deploy(good_page, None), lambda _: time.sleep(4), lose_nginx(True)
    ),
}
