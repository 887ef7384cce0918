"""nginx's configuration, written from nginx.conf."""

import argparse
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from releases import Unfit
from slots import POOLS, SLOTS

DEPLOY = Path(__file__).resolve().parent
sys.path.insert(0, str(DEPLOY.parent))
from service.answer_headers import FOR_BROWSERS, FOR_SCRIPTS_OF_OTHERS  # noqa: E402

MODULES = "/usr/lib/nginx/modules"  # of Debian's packages


def list_servers(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """Return nginx's servers of each pool: the processes of this machine, or those of others."""
    if arguments.pages_at:
        away = {"pages": arguments.pages_at, "sql": arguments.sql_at}
        return {pool: [f"{place} max_fails=2 fail_timeout=10s" for place in places] for pool, places in away.items()}
    # One socket for all processes of a pool: named three times, it is asked again where a process ended over a request.
    return {pool: [f"unix:{arguments.run}/{{slot}}-{pool}.sock max_fails=0"] * 3 for pool in POOLS}


def prepare_nginx(arguments: argparse.Namespace) -> list[str]:
    """Return the command that starts nginx, with run/nginx.conf and its folders written; raises Unfit."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or not Path(MODULES, "ngx_http_brotli_static_module.so").exists():
        raise Unfit(
            "nginx or its brotli modules are missing; on Debian and Ubuntu: "
            "apt install nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static"
        )
    for name in ("tmp", *(f"{slot}-cache" for slot in SLOTS)):
        (arguments.folder / name).mkdir(exist_ok=True)
    template = Environment(
        loader=FileSystemLoader(DEPLOY), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    ).get_template("nginx.conf")
    text = template.render(
        vars(arguments),
        user=pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() == 0 else "",
        modules=MODULES,
        headers={"vary": "Accept-Encoding"} | FOR_BROWSERS | FOR_SCRIPTS_OF_OTHERS,
        slots=SLOTS,
        host=urlsplit(arguments.url).netloc,
        # A process of this machine that is silent is busy; a machine that is silent may be gone.
        patience="10s" if arguments.pages_at else "30s",
        pools=list_servers(arguments),
    )
    (arguments.run / "nginx.conf").write_text(text)
    command = [program, "-e", "nginx-error.log", "-p", f"{arguments.folder}/", "-c", str(arguments.run / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if tested.returncode:
        raise Unfit(f"nginx refuses its configuration: {tested.stderr.strip()}")
    return command
