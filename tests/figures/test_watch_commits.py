"""
What it costs a processor to save the decisions of checks: in a data directory, and in a PostgreSQL with what that
spends; `FIGURES=full pytest -rP tests/figures/test_watch_commits.py` prints the figures.

Processor time, so a busy machine matters little; of some rounds the least counts.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tests import postgresql
from tests.core.builders import NOON, play, price, watch
from tests.figures.cluster_processes import spent_by
from tests.sizes import FIGURES
from tests.store.cluster.places import HELD, declare, holding, opened
from watcher.cluster.jobs import job_tables
from watcher.core.check import Decision
from watcher.store.cluster.schema import make_schemas
from watcher.store.watch_store import open_watch_store
from watcher.watching.committer import GROUP

_WATCHES: Final = FIGURES.sized(2_048, 16_384)
_ROUNDS: Final = FIGURES.sized(3, 8)
_MOST_MS: Final = 0.2
"""More of a processor than in a data directory, for what is saved of a check; meant."""

Commit = Callable[[Sequence[Decision]], Awaitable[None]]


async def test_what_a_check_costs_a_processor_until_it_is_saved(
    tmp_path: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    names = [f"watch-{number:06}" for number in range(_WATCHES)]
    make_schemas(postgresql_url, job_tables())
    postgresql_server.ask(HELD + declare(names), database=postgresql_url.rpartition("/")[2])
    async with in_directory(tmp_path) as save:
        directory = await _costs(save, names, lambda: 0.0)
    async with opened(postgresql_url, holding(names)) as store:
        shared = await _costs(store.commit, names, lambda: spent_by(postgresql_server.pid))
    for what, mine, theirs in zip(("first states", "changes", "times"), directory, shared, strict=True):
        print(f"{what}: {mine:.3f} ms in a directory, {theirs:.3f} ms in PostgreSQL and here")
        assert theirs - mine < _MOST_MS


@asynccontextmanager
async def in_directory(directory: Path) -> AsyncIterator[Commit]:
    """Give what saves decisions there."""
    store, _ = await open_watch_store(directory)
    try:
        yield store.commit
    finally:
        await store.close()


async def _costs(save: Commit, names: Sequence[str], spent: Callable[[], float]) -> Sequence[float]:
    """Return milliseconds for a first state, for a change with its message, and for the times of a check."""
    note = "what a page says of itself, as long as such texts are " * 20
    steps = play(watch(), *(price(amount, note=note) for amount in range(_ROUNDS + 1)))
    first = await _cost(save, names, steps[0], spent)
    changes = [await _cost(save, names, step, spent) for step in steps[1:]]
    same = replace(steps[-1], is_durable=False, change=None, messages=(), events=())
    times = [await _cost(save, names, _later(same, number), spent) for number in range(_ROUNDS)]
    return first, min(changes), min(times)


def _later(step: Decision, minutes: int) -> Decision:
    return replace(step, state=replace(step.state, checked_at=NOON + timedelta(minutes=minutes)))


async def _cost(save: Commit, names: Sequence[str], step: Decision, spent: Callable[[], float]) -> float:
    """Return the milliseconds that one decision costs here and in PostgreSQL, in full groups."""
    groups = [[_of(name, step) for name in names[begin : begin + GROUP]] for begin in range(0, len(names), GROUP)]
    began = time.process_time() + spent()
    for group in groups:
        await save(group)
    return (time.process_time() + spent() - began) * 1_000 / len(names)


def _of(name: str, step: Decision) -> Decision:
    return replace(
        step,
        watch=name,
        change=replace(step.change, watch=name) if step.change else None,
        messages=tuple(replace(each, id=f"{name}-{each.id}") for each in step.messages),
        events=tuple(replace(each, watch=name) for each in step.events),
    )
