"""Stands for systemd, which runs nowhere in a container: reads the unit and does what the runbook asks of it.

SITE_HOME, SITE_STATE and SITE_PLACE stand for the unit's folders and its address, SITE_STATE.options for /etc/default/.
"""

import configparser
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HOME, STATE, PLACE = (os.environ[f"SITE_{name}"] for name in ("HOME", "STATE", "PLACE"))
PID = Path(f"{STATE}.pid")


def read_service() -> configparser.SectionProxy:
    """Return the section [Service] of the unit, for this place."""
    text = Path(HOME, "deploy/clearview.service").read_text().replace("\\\n", "")
    for there, here in (("/opt/clearview", HOME), ("/var/lib/clearview", STATE), ("127.0.0.1:8080", PLACE)):
        text = text.replace(there, here)
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(text)
    return unit["Service"]


def read_options() -> str:
    """Return OPTIONS of the unit's EnvironmentFile; nothing where there is none."""
    file = Path(f"{STATE}.options")
    pairs = shlex.split(file.read_text()) if file.exists() else []
    return dict(pair.split("=", 1) for pair in pairs).get("OPTIONS", "")


def start(service: configparser.SectionProxy) -> None:
    """Start the service and wait until it answers."""
    environment = os.environ | dict(pair.split("=") for pair in service["Environment"].split())
    # One process for pages, as on a small machine: a runbook followed to its end starts them ten times.
    command = [*service["ExecStart"].replace("$OPTIONS", read_options()).split(), "--pages", "1"]
    with Path(f"{STATE}.journal").open("ab") as log:
        process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log)
    PID.write_text(str(process.pid))
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{PLACE}/-/healthz").close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"the service ended with {process.returncode}")


def stop() -> None:
    """Send SIGTERM to the main process and wait for its end."""
    process = int(PID.read_text())
    os.kill(process, signal.SIGTERM)
    stat = Path(f"/proc/{process}/stat")
    while stat.exists() and stat.read_text().split()[2] != "Z":
        time.sleep(0.05)


def main() -> None:
    """Do what systemctl VERB does."""
    service = read_service()
    verb = sys.argv[1]
    if verb in ("stop", "restart"):
        stop()
    if verb in ("enable", "start", "restart"):
        start(service)
    elif verb == "reload":
        sys.exit(subprocess.run(service["ExecReload"].split(), cwd=HOME, check=False).returncode)
    elif verb == "status":
        os.kill(int(PID.read_text()), 0)
    elif verb not in ("stop", "daemon-reload"):
        sys.exit(f"the runbook asks systemctl for {verb}, which this stand-in does not know")


if __name__ == "__main__":
    main()
