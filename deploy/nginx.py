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

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from releases import SLOTS, Unfit

DEPLOY = Path(__file__).resolve().parent
MODULES = "/usr/lib/nginx/modules"  # of Debian's packages
STOP_WITHIN = 30  # seconds


def list_servers(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """Return nginx's servers of each pool: the processes of this machine, or those of others."""
    if arguments.pages_at:
        away = {"pages": arguments.pages_at, "sql": arguments.sql_at}
        return {pool: [f"{place} max_fails=1 fail_timeout=10s" for place in places] for pool, places in away.items()}
    counts = {"pages": arguments.pages, "sql": arguments.sql}
    return {
        pool: [f"unix:{{slot}}/{pool}-{number}.sock max_fails=0" for number in range(count)]
        for pool, count in counts.items()
    }


def write_config(arguments: argparse.Namespace) -> None:
    """Write folder/nginx.conf and the folders it names."""
    for name in ("tmp", *(f"{slot}-cache" for slot in SLOTS)):
        (arguments.folder / name).mkdir(exist_ok=True)
    template = Environment(
        loader=FileSystemLoader(DEPLOY), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    ).get_template("nginx.conf")
    text = template.render(
        user=pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() == 0 else "",
        modules=MODULES,
        deploy=DEPLOY,
        folder=arguments.folder,
        slots=SLOTS,
        listen=arguments.listen,
        host=urlsplit(arguments.url).netloc,
        certificate=arguments.certificate,
        key=arguments.key,
        trusted=arguments.trust,
        sql_at_once=arguments.sql_at_once,
        # A process of this machine that is silent is busy; a machine that is silent may be gone.
        patience="10s" if arguments.pages_at else "30s",
        pools=list_servers(arguments),
    )
    (arguments.folder / "nginx.conf").write_text(text)


class Nginx:
    """One nginx, in the folder of its configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start nginx, after the end of what is left of the last one; raises Unfit where it cannot run."""
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None or not Path(MODULES, "ngx_http_brotli_static_module.so").exists():
            raise Unfit(
                "nginx or its brotli modules are missing; on Debian and Ubuntu: "
                "apt install nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static"
            )
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        command = [program, "-e", "nginx-error.log", "-p", f"{self.folder}/", "-c", "nginx.conf"]
        tested = subprocess.run([*command, "-t"], cwd=self.folder, capture_output=True, text=True, check=False)
        if tested.returncode:
            raise Unfit(f"nginx refuses its configuration: {tested.stderr.strip()}")
        for name in ("inner.sock", "nginx.pid"):  # the test writes a pid file too
            (self.folder / name).unlink(missing_ok=True)
        self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, process_group=0)
        while not self.has_ended() and not (self.folder / "nginx.pid").exists():  # written when it listens
            time.sleep(0.01)

    def has_ended(self) -> bool:
        """Return whether nginx was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Stop nginx after the requests it has begun."""
        if self.process is None or self.has_ended():
            return
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
