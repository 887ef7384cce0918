"""The next batch is made while the last one is used: by a process of its own, so that two cores are at work."""

import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

LARGE = 32 << 10  # bytes of a file, some hundred rows, that take longer to read than a process to begin
MOST_WAITING = 8  # batches that are made and not yet taken: what they hold in memory is little beside the rest
FORK = multiprocessing.get_context("fork")  # the other process needs what this one has read so far


def ahead(work: Callable[[], Generator[Any, None, Any]]) -> Generator[Any, None, Any]:
    """Start to make what work() yields in another process; yield that, return what it returns, raise its faults."""
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=send, args=(work, receiver, sender), daemon=True)
    process.start()
    sender.close()
    return take(process, receiver)


def ahead_of_large(paths: list[Path], work: Callable[[], Generator[Any, None, Any]]) -> Generator[Any, None, Any]:
    """Return what work() makes of some files: of large ones ahead in another process, else when it is wanted."""
    return ahead(work) if sum(path.stat().st_size for path in paths) >= LARGE else work()


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
        receiver.close()
        process.join()


def receive(receiver: Connection) -> tuple[str, Any]:
    """Return the next message; end this process with a line where the other one was killed."""
    try:
        message = receiver.recv_bytes()
    except (EOFError, OSError):  # between two messages, or within one
        raise SystemExit("the process that reads ahead was ended, perhaps for want of memory; run this again") from None
    kind, value = pickle.loads(message)
    return kind, value


def send(work: Callable[[], Generator[Any, None, Any]], receiver: Connection, sender: Connection) -> None:
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
