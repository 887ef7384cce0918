"""A process that reads ahead: its batches, its result, its faults, and its end when nobody wants more."""

import multiprocessing
import os
import signal
import struct
from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from spreadsheets.ahead import LARGE, ahead, ahead_of_large


def count(end: int) -> Generator[int, None, str]:
    """Yield numbers, then return a word."""
    yield from range(end)
    return "done"


def collect() -> Iterator[int]:
    """Yield the numbers and check the word."""
    assert (yield from ahead(lambda: count(3))) == "done"


def test_items_and_result_come_from_another_process() -> None:
    assert list(collect()) == [0, 1, 2]
    assert next(ahead(lambda: (os.getpid() for _ in range(1)))) != os.getpid()


def test_fault_is_raised_where_its_items_are_wanted() -> None:
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda: (1 // number for number in (1, 0))))


def test_process_that_was_killed_is_told_in_a_line() -> None:
    with pytest.raises(SystemExit, match="perhaps for want of memory; run this again"):
        list(ahead(lambda: (os.kill(os.getpid(), signal.SIGKILL) for _ in range(1))))


def test_process_ends_when_nobody_wants_the_rest() -> None:
    before = {*multiprocessing.active_children()}  # those of other tests
    numbers = ahead(lambda: count(1_000_000))
    assert next(numbers) == 0
    assert {*multiprocessing.active_children()} - before
    numbers.close()
    assert {*multiprocessing.active_children()} - before == set()


def test_process_that_was_killed_within_a_message_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "send_bytes", send_half)
    with pytest.raises(SystemExit, match="was ended"):
        list(ahead(lambda: count(3)))


def send_half(connection: Connection, message: bytes) -> None:
    """Send less than was announced, as a process does that is killed on its way."""
    os.write(connection.fileno(), struct.pack("!i", len(message)) + message[:3])
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("more", "is_apart"), [(0, True), (-1, False)])
def test_files_together_large_are_read_in_another_process(more: int, is_apart: bool, tmp_path: Path) -> None:
    paths = [tmp_path / "reports.csv", tmp_path / "reports-2.csv"]
    for path, size in zip(paths, (LARGE - 1, 1 + more), strict=True):
        path.write_bytes(b"1" * size)
    [number] = ahead_of_large(paths, lambda: (os.getpid() for _ in range(1)))
    assert (number != os.getpid()) == is_apart
