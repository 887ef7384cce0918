"""What may go wrong with the public site costs readers little or nothing: each fault is done to a copy of it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from conftest import need, skip_or_fail
from fault_kinds import FAULTS
from faulty_site import FAKETIME, FaultySite, faulty_site

PATIENT, WELL_WITHIN = 35.0, 300.0  # seconds for a page, and until all is well: a busy machine needs them
# What costs requests: connections to nginx end with it, and nobody listens while nothing runs.
MAY_FAIL = {name for name in FAULTS if "nginx" in name or "started again" in name or name.startswith("all but")}
# One of each kind; make test-slow does the others.
SOON = {
    "all processes killed, and those that keep them",
    "deploy: a page that ends its process",
    "deploy: a link of an editor's",
    "deploy: a FIFO",
    "deploy: a broken row's template",
    "deploy: one letter of the database changed",
    "two deploys at once, the second broken",
    "the disk is full",
    "the disk is full, a deploy",
    "the clock 2 hours back, a deploy",
    "the served database damaged, a deploy",
    "kept compressed files cut, a deploy",
    "started again with broken files",
    "addresses of up to 16,000 bytes",
}


@pytest.fixture(scope="module")
def site() -> Iterator[FaultySite]:
    need("nginx")
    if os.geteuid() or not FAKETIME.exists() or not shutil.which("mount"):
        skip_or_fail("a disk and a clock that may go wrong need root and faketime")
    with faulty_site() as started:
        yield started


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SOON else [pytest.mark.slow]) for name in FAULTS]
)
def test_a_fault_is_got_over(site: FaultySite, name: str) -> None:
    try:
        outcome = site.measure(FAULTS[name], PATIENT, WELL_WITHIN)
        assert outcome.seconds is not None
        assert outcome.asked > 3
        assert outcome.failed == 0 or name in MAY_FAIL
    finally:
        site.restore()
