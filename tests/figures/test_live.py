"""
How fast a message reaches open live inboxes; `pytest -rP tests/figures` prints the figures.

The limits are generous, for the machine may have other work. FIGURES=full opens 5,000 inboxes and has 100,000 readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.figures.machine import found_town, many_files, serving
from tests.figures.readers import reading, sending, tell_readers
from tests.sizes import FIGURES

_INBOXES, _SUBSCRIBERS = FIGURES.sized(1_000, 5_000), FIGURES.sized(8_000, 100_000)
_FIRST = 50
_ROUNDS = 5


async def test_a_topic_message_reaches_all_live_inboxes(tmp_path: Path) -> None:
    """Meant, of 5,000: p99 under 300 ms from the beginning of the send, 11 KB a connection at most."""
    town = await found_town(tmp_path, _INBOXES + 1)
    with _enough_files():
        async with serving(tmp_path) as server:
            async with reading(server, town, _FIRST), sending(server, town) as sender:
                await sender.to_user("what sends is loaded by the first message", town.uids[-1])
                empty = server.memory()
            async with reading(server, town, _INBOXES) as hall:
                _, worst = await tell_readers(hall, server, town, _ROUNDS)
                held = (server.memory() - empty) / _INBOXES
    print(f"{_INBOXES:,} live inboxes: {_described(worst)}")
    print(f"memory: {held / 1000:.1f} KB a connection")
    assert median(worst) < 2.0
    assert held < 11_000


async def test_a_topic_of_many_of_whom_some_have_the_inbox_open(tmp_path: Path) -> None:
    """Meant, of 100,000 with 5,000 connected: accepted under 200 ms, and those have it with p99 under 500 ms."""
    town = await found_town(tmp_path, _SUBSCRIBERS)
    with _enough_files():
        async with serving(tmp_path) as server, reading(server, town, _INBOXES) as hall:
            accepted, worst = await tell_readers(hall, server, town, _ROUNDS)
    print(f"{_SUBSCRIBERS:,} subscribers: accepted in {median(accepted) * 1000:.0f} ms (median of {_ROUNDS})")
    print(f"{_INBOXES:,} live inboxes of them: {_described(worst)}")
    assert median(accepted) < 1.0
    assert median(worst) < 3.0


@contextmanager
def _enough_files() -> Iterator[None]:
    with many_files() as files:
        assert files > _INBOXES + 100, f"only {files} files may be open"
        yield


def _described(worst: Sequence[float]) -> str:
    middle, last = median(worst) * 1000, max(worst) * 1000
    return f"p99 {middle:.0f} ms (median of {_ROUNDS}; worst {last:.0f} ms)"
