"""The next batch is made while the last one is used: by a process of its own, so that two cores are at work."""

import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar

MOST_WAITING = 8  # batches that are made and not yet taken: what they hold in memory is little beside the rest
FORK = multiprocessing.get_context("fork")  # the other process needs what this one has read so far
Result = TypeVar("Result")


def ahead(work: Callable[[], Iterator[Any]]) -> Generator[Any, None, Any]:
    """Start to make what work() yields in another process; yield that, return what it returns, raise its faults."""
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=send, args=(work, receiver, sender), daemon=True)
    process.start()
    sender.close()
    return take(process, receiver)


def result_of(made: Generator[Any, None, Result]) -> Result:
    """Return what a generator returns, once it has yielded all it does; that is thrown away."""
    while True:
        try:
            next(made)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def take(process: ForkProcess, receiver: Connection) -> Generator[Any, None, Any]:
    """Yield the items of a process and return its result; raise its faults; end it when nobody wants more."""
    try:
        while True:
            kind, value = receive(receiver)
            if kind == "error":
                raise value
            if kind == "result":
                return value
            yield value
    finally:
        with suppress(OSError):  # at the end of this process it may be closed
            receiver.close()
        process.terminate()
        process.join()


def receive(receiver: Connection) -> tuple[str, Any]:
    """Return the next message; end this process with a line where the other one was killed."""
    try:
        message = receiver.recv_bytes()
    except (EOFError, OSError):  # between two messages, or within one
        raise SystemExit("the process that reads ahead was ended, perhaps for want of memory; run this again") from None
    kind, value = pickle.loads(message)
    return kind, value


def send(work: Callable[[], Iterator[Any]], receiver: Connection, sender: Connection) -> None:
    """Send what work() yields, then what it returns or raises; make the next ones while those before are waited for."""
    receiver.close()  # so that a send fails when nobody is left to read
    made = work()
    waiting: deque[Future[None]] = deque()
    message: tuple[str, Any] = ("item", None)
    with ThreadPoolExecutor(1) as sending:
        while message[0] == "item":
            try:
                message = ("item", next(made))
            except StopIteration as end:
                message = ("result", end.value)
            except Exception as error:
                message = ("error", error)
            waiting.append(sending.submit(sender.send_bytes, pickle.dumps(message, pickle.HIGHEST_PROTOCOL)))
            try:
                while len(waiting) > (MOST_WAITING if message[0] == "item" else 0):
                    waiting.popleft().result()
            except BrokenPipeError:
                return
