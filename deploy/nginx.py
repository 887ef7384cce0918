"""nginx: its configuration, written from nginx.conf, and its process."""

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from releases import SLOTS, Unfit
from workers import POOLS

DEPLOY = Path(__file__).resolve().parent
MODULES = "/usr/lib/nginx/modules"  # of Debian's packages
STOP_WITHIN = 30  # seconds


def list_servers(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """Return nginx's servers of each pool: the processes of this machine, or those of others."""
    if arguments.pages_at:
        away = {"pages": arguments.pages_at, "sql": arguments.sql_at}
        return {pool: [f"{place} max_fails=2 fail_timeout=10s" for place in places] for pool, places in away.items()}
    # One socket for all processes of a pool: named three times, it is asked again where a process ended over a request.
    return {pool: [f"unix:{arguments.run}/{{slot}}-{pool}.sock max_fails=0"] * 3 for pool in POOLS}


def write_config(arguments: argparse.Namespace) -> None:
    """Write run/nginx.conf and the folders it names."""
    for name in ("tmp", *(f"{slot}-cache" for slot in SLOTS)):
        (arguments.folder / name).mkdir(exist_ok=True)
    template = Environment(
        loader=FileSystemLoader(DEPLOY), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    ).get_template("nginx.conf")
    text = template.render(
        user=pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() == 0 else "",
        modules=MODULES,
        folder=arguments.folder,
        run=arguments.run,
        slots=SLOTS,
        listen=arguments.listen,
        host=urlsplit(arguments.url).netloc,
        certificate=arguments.certificate,
        key=arguments.key,
        trusted=arguments.trust,
        away=bool(arguments.pages_at),
        # A process of this machine that is silent is busy; a machine that is silent may be gone.
        patience="10s" if arguments.pages_at else "30s",
        pools=list_servers(arguments),
    )
    (arguments.run / "nginx.conf").write_text(text)


class Nginx:
    """One nginx, in the folder of its configuration."""

    def __init__(self, folder: Path, run: Path) -> None:
        self.folder, self.run = folder, run
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start nginx, after the end of what is left of the last one; raises Unfit where it cannot run."""
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None or not Path(MODULES, "ngx_http_brotli_static_module.so").exists():
            raise Unfit(
                "nginx or its brotli modules are missing; on Debian and Ubuntu: "
                "apt install nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static"
            )
        self.end_last()
        command = [program, "-e", "nginx-error.log", "-p", f"{self.folder}/", "-c", str(self.run / "nginx.conf")]
        tested = subprocess.run([*command, "-t"], cwd=self.folder, capture_output=True, text=True, check=False)
        if tested.returncode:
            raise Unfit(f"nginx refuses its configuration: {tested.stderr.strip()}")
        for name in ("inner.sock", "outer.sock", "nginx.pid"):  # the test writes a pid file too
            (self.run / name).unlink(missing_ok=True)
        self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, process_group=0)
        while not self.has_ended() and not (self.run / "nginx.pid").exists():  # written when it listens
            time.sleep(0.01)

    def end_last(self) -> None:
        """Kill what is left of the nginx that ran here before, of this run or of one that was killed."""
        try:
            group = int((self.run / "nginx.pid").read_text())
        except (FileNotFoundError, ValueError):
            return
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                name, _, rest = stat.read_text().rpartition(") ")
                if name.endswith("(nginx") and int(rest.split()[2]) == group:
                    os.kill(int(stat.parent.name), signal.SIGKILL)

    def has_ended(self) -> bool:
        """Return whether nginx was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def slot(self) -> str:
        """Return the slot from which nginx answers, as it says itself."""
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self.run / "outer.sock")), timeout=5) as client:
            return str(client.get("http://localhost/-/slot").headers.get("X-Slot", ""))

    def stop(self) -> None:
        """Stop nginx after the requests it has begun."""
        if self.process is None or self.has_ended():
            return
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.end_last()
            self.process.wait()
