"""Deploys that meet something bad cost no reader a page: each is done to a copy of the site."""

from collections.abc import Iterator

import pytest
from bad_deploys import DEPLOYS
from faulty_site import FaultySite
from test_bad_days import check_it_is_got_over, copy_to_spoil

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site() -> Iterator[FaultySite]:
    with copy_to_spoil("--pages", "1") as started:  # of each release, which is enough to put others in place
        yield started


@pytest.mark.parametrize("name", DEPLOYS)
def test_a_deploy_is_got_over(site: FaultySite, name: str) -> None:
    check_it_is_got_over(site, name)
