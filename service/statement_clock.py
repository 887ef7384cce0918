"""Stops SQL statements at their limit of time, from a thread beside them.

SQLite's own hook looks at a clock each so many steps, however long they take; a statement that is interrupted stops at
its next jump.

    with CLOCK.limit(connection, 1000):
        connection.execute(sql).fetchall()  # raises sqlite3.OperationalError("interrupted") after 1,000 ms
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LOOK_EVERY = 0.01  # seconds
HANGING = 2.0  # times its limit that a statement may run before its process counts as hanging


@dataclass(frozen=True)
class Running:
    """A statement under way: its connection, when it began (seconds), how long it may run (seconds), by which clock."""

    connection: sqlite3.Connection
    began: float
    limit: float
    now: Callable[[], float]


class Clock:
    """Knows which statements are under way and interrupts each that is past its limit."""

    def __init__(self) -> None:
        """Have no thread until the first statement comes."""
        self.running: set[Running] = set()
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None

    @contextmanager
    def limit(
        self, connection: sqlite3.Connection, milliseconds: float, now: Callable[[], float] = time.monotonic
    ) -> Iterator[None]:
        """Interrupt what the connection runs in the block once the time is over."""
        statement = Running(connection, now(), milliseconds / 1000, now)
        with self.changed:
            if self.thread is None:
                self.thread = threading.Thread(target=self.watch, name="statement clock", daemon=True)
                self.thread.start()
            self.running.add(statement)
            self.changed.notify()
        try:
            yield
        finally:
            with self.changed:
                self.running.discard(statement)

    def watch(self) -> None:
        """Interrupt statements past their limit, for ever; under the lock, so that none is hit after its end."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.running)
                for statement in self.running:
                    if statement.now() - statement.began >= statement.limit:
                        statement.connection.interrupt()
            time.sleep(LOOK_EVERY)

    def find_hanging(self) -> float | None:
        """Return for how long (seconds) a statement runs that did not stop at twice its limit; None where none does."""
        with self.changed:
            by_the_clock = [one for one in self.running if one.now is time.monotonic]
            taken = [(one.now() - one.began, one.limit) for one in by_the_clock]
            hanging = [seconds for seconds, limit in taken if seconds > HANGING * limit]
        return max(hanging, default=None)


def processor_clock() -> Callable[[], float]:
    """Return the clock of the processor time that this thread takes (seconds), which any other may look at."""
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


CLOCK = Clock()
