"""A process of the service on one machine is lost under load: one for pages, all of them, then nginx, by kill -9.

usage: rehearse_processes.py     as root (needs nginx and libfaketime); half a minute

Prints what readers met each time. Exits 1 where a page failed that need not, or one took longer than two seconds.
"""

from faults import row
from faulty_site import SLOW, faulty_site
from losses import LOSSES

# What is lost, and whether requests may fail: with nginx its connections end.
LOST = {"a process for pages killed": False, "nginx's first process killed": True, "all of nginx killed": True}


def main() -> int:
    """Print what each loss cost; return 1 where it was too much."""
    broken = 0
    with faulty_site() as site:
        for name, may_fail in LOST.items():
            outcome = site.measure(LOSSES[name])
            print(row(name, outcome), flush=True)
            broken += outcome.seconds is None or outcome.seconds > SLOW or (outcome.failed > 0 and not may_fail)
            site.restore()
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
