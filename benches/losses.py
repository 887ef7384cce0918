"""What the public site may lose: processes that end or hang, by name (fault_kinds.py has all faults)."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from faulty_site import FaultySite, workers_of

Fault = Callable[[FaultySite], None]


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
        for process in workers_of(site.service.pid, pool)[:most]:
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


def one_after_another(*faults: Fault, pause: float = 0) -> Fault:
    """Return several faults as one."""

    def harm(site: FaultySite) -> None:
        for fault in faults:
            fault(site)
            time.sleep(pause)

    return harm


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
