"""Whole files can be had in parts, as readers of Parquet and broken downloads ask for them."""

from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, ROOT

PARTS = [
    ("bytes=0-99", slice(0, 100)),
    ("bytes=100-", slice(100, None)),
    ("bytes=-50", slice(-50, None)),
    ("bytes=10-99999999999", slice(10, None)),
    ("bytes=-99999999999", slice(0, None)),
    ("bytes=0-0", slice(0, 1)),
]


def read_file(path: str, exports: Path) -> bytes:
    """Return the file behind an address."""
    return (ROOT / "clearview.db" if path == "/clearview.db" else exports / path.removeprefix("/exports/")).read_bytes()


def find_files(exports: Path) -> list[str]:
    """Return the addresses of a file of each kind."""
    kinds = {path.suffix: path for path in sorted(exports.rglob("*.*")) if path.is_file()}
    return ["/clearview.db", *(f"/exports/{path.relative_to(exports)}" for path in kinds.values())]


def get(url: str, **headers: str) -> httpx.Response:
    """Return an answer as it was sent, without gzip unless it is asked for."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(url, headers={"Accept-Encoding": "identity", **named}, trust_env=False, timeout=PATIENCE)


def test_every_whole_file_says_that_it_can_be_had_in_parts(site: str, exports: Path) -> None:
    for path in find_files(exports):
        assert get(site + path).headers["accept-ranges"] == "bytes", path


@pytest.mark.parametrize(("asked", "part"), PARTS)
def test_a_part_is_just_these_bytes(site: str, exports: Path, asked: str, part: slice) -> None:
    for path in find_files(exports):
        whole = read_file(path, exports)
        first, stop, _ = part.indices(len(whole))
        response = get(site + path, Range=asked, Accept_Encoding="gzip")
        assert (response.status_code, response.content) == (206, whole[part]), path
        assert response.headers["content-range"] == f"bytes {first}-{stop - 1}/{len(whole)}"
        assert response.headers["content-length"] == str(stop - first)
        assert "content-encoding" not in response.headers
        assert response.headers["etag"] == get(site + path).headers["etag"]


@pytest.mark.parametrize("asked", ["bytes=0-5,10-20", "lines=0-5", "bytes=9-3", "bytes=-", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(site: str, exports: Path, asked: str) -> None:
    response = get(f"{site}/clearview.db", Range=asked)
    assert (response.status_code, response.content) == (200, read_file("/clearview.db", exports))


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0"])
def test_past_the_end_there_is_nothing(site: str, exports: Path, asked: str) -> None:
    response = get(f"{site}/clearview.db", Range=asked)
    size = len(read_file("/clearview.db", exports))
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == f"bytes */{size}"


def test_if_range_gives_a_part_of_the_same_file_alone(site: str) -> None:
    url = f"{site}/clearview.db"
    etag = get(url).headers["etag"]
    assert get(url, Range="bytes=0-9", If_Range=etag).status_code == 206
    assert get(url, Range="bytes=0-9", If_Range='"another"').status_code == 200
    assert get(url, Range="bytes=0-9", If_None_Match=etag).status_code == 304


def test_nothing_beside_the_folder_is_given(site: str) -> None:
    for path in ("/exports/%2e%2e/clearview.db", "/exports/%2e%2e%2fclearview.db", "/exports/none.csv"):
        assert get(site + path, Range="bytes=0-9").status_code in (403, 404), path


def test_a_page_is_given_whole(site: str) -> None:
    assert get(f"{site}/about", Range="bytes=0-9").status_code == 200
