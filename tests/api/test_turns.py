"""Whose turn it is where many ask at once: who took little lately goes before who took much, however many those are."""

import asyncio
import time

from running import run_apart

from plugins.limits.fair_shares import CROWD, HALF_LIFE, Line


async def ask(line: Line, client: str, order: list[str]) -> None:
    await line.begin(client, is_sql=True)
    order.append(client)


async def wait_all(line: Line, clients: list[str]) -> list[str]:
    """Return the order in which clients get the one place that another gives up."""
    await line.begin("first", is_sql=True)
    order: list[str] = []
    waiting = []
    for client in clients:
        waiting.append(asyncio.create_task(ask(line, client, order)))
        await asyncio.sleep(0.001)
    line.end("first", 0.0, 0.0)
    for _ in clients:
        await asyncio.wait(waiting, return_when="FIRST_COMPLETED")
        while not order or not line.running[order[-1]]:
            await asyncio.sleep(0)
        line.end(order[-1], 0.01, 0.01)
        waiting = [one for one in waiting if not one.done()]
        if waiting:
            await asyncio.sleep(0)
    return order


def order_of(clients: list[str], known: dict[str, float]) -> list[str]:
    async def run() -> list[str]:
        line = Line(1, 1)
        for client, seconds in known.items():
            await line.begin(client, is_sql=True)
            line.end(client, seconds, seconds)
        return await wait_all(line, clients)

    return run_apart(run())


def test_who_took_little_goes_before_who_took_much() -> None:
    assert order_of(["greedy", "modest"], {"greedy": 3.0, "modest": 0.02}) == ["modest", "greedy"]
    assert order_of(["greedy", "new"], {"greedy": 3.0}) == ["new", "greedy"]


def test_a_crowd_of_newcomers_does_not_go_before_a_reader_who_asks_for_little() -> None:
    crowd = [f"new {number}" for number in range(2 * CROWD)]
    order = order_of([*crowd, "modest"], {"other": 1.0, "modest": 0.02})
    assert order[0] == "modest"
    assert order[1] == crowd[-1]  # the last of them first: those who came before will have given up by their turn
    assert sorted(order) == sorted([*crowd, "modest"])


def test_few_newcomers_are_answered_as_they_come() -> None:
    assert order_of(["a", "b", "c"], {}) == ["a", "b", "c"]


def test_what_a_reader_took_is_forgotten() -> None:
    line = Line(1, 1)
    then = time.monotonic() - 3 * HALF_LIFE
    line.taken["greedy"] = 8.0, then
    left = line.taken_lately("greedy")
    assert 8.0 * 0.5 ** ((time.monotonic() - then) / HALF_LIFE) <= left <= 1.0
