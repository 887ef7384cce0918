"""What may go wrong with the public site costs readers little or nothing: each fault is done to a copy of it.

test_bad_deploys.py has the deploys, so that two workers share them.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bad_deploys import DEPLOYS
from conftest import need, skip_or_fail
from fault_kinds import FAULTS
from faulty_site import FAKETIME, FaultySite, faulty_site

PATIENT, WELL_WITHIN = 35.0, 300.0  # seconds for a page, and until all is well: a busy machine needs them
PAUSE = 0.25  # seconds between two pages of a reader; with less, four readers take most of the processor
# What costs requests: connections to nginx end with it, nobody listens while nothing runs, and where all processes have
# ended a request waits half a minute for the next ones, which a busy machine may take longer to start.
COSTLY = ("nginx", "started again", "all but", "all processes")
MAY_FAIL = {name for name in FAULTS if any(words in name for words in COSTLY)}
pytestmark = pytest.mark.slow  # each takes a start or more: make test-slow


@contextmanager
def copy_to_spoil(*options: str) -> Iterator[FaultySite]:
    """Serve a copy of the site with options of serve_public.py, where all that it needs is here."""
    need("nginx")
    if os.geteuid() or not FAKETIME.exists() or not shutil.which("mount"):
        skip_or_fail("a disk and a clock that may go wrong need root and faketime")
    with faulty_site(*options) as started:
        started.pause = PAUSE
        yield started


def check_it_is_got_over(site: FaultySite, name: str) -> None:
    """Do what has this name to the site, and put it right again; fail where readers met more than they may."""
    try:
        outcome = site.measure(FAULTS[name], PATIENT, WELL_WITHIN)
        assert outcome.seconds is not None
        assert outcome.asked > 3
        assert outcome.failed == 0 or name in MAY_FAIL
    finally:
        site.restore()


@pytest.fixture(scope="module")
def site() -> Iterator[FaultySite]:
    with copy_to_spoil() as started:
        yield started


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in DEPLOYS])
def test_a_fault_is_got_over(site: FaultySite, name: str) -> None:
    check_it_is_got_over(site, name)
