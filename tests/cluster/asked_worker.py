"""A worker that answers what it is asked, and asks no site: what it does to watches it writes into their rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, text

from tests.core.builders import play, price, watch
from tests.running import meanwhile
from watcher.config.declared import declared_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.pausing import PauseAct
from watcher.core.shards import HOST_SHARDS, hosts_lease
from watcher.runtime.workers.answering import ShardAnswers
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.declaring import WantedRows
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.requests import RequestStore
from watcher.store.cluster.transactions import Transactions
from watcher.store.records import write_checked, write_state

FILE = """\
defaults: {topic: deals, every: 1h}
topics: {deals: {name: Bargains}}
watches:
  dune: {name: Dune, tags: [books], url: "https://books.example/dune", extract: {price: ".price"}}
  tent: {tags: [home], url: "https://tents.example/", extract: {price: ".price"}}
"""
_SAVE = (
    "INSERT INTO watcher.state (watch, shard, sequence, record) VALUES (:watch, :shard, :sequence, :record) "
    "ON CONFLICT (watch) DO UPDATE SET sequence = excluded.sequence, record = excluded.record",
    "INSERT INTO watcher.checked (watch, shard, sequence, record) VALUES (:watch, :shard, :sequence, :times) "
    "ON CONFLICT (watch) DO UPDATE SET sequence = excluded.sequence, record = excluded.record",
)
_HOLD = (
    "INSERT INTO watcher.lease (name, epoch, owner, since, renewed) VALUES (:name, 1, 'a worker', now(), now()) "
    "ON CONFLICT (name) DO NOTHING"
)


class Held(Struct, kw_only=True):
    """A lease that it has."""

    name: str
    fence: Fence


class AskedWorker:
    """
    Stands for the runner of a worker.

    Attributes:
        states: of its watches.
        accepted: watches, and by whom.
    """

    def __init__(self, database: Transactions, watches: Sequence[str]) -> None:
        self.watches = dict.fromkeys(watches)
        self.states: dict[str, WatchState] = {}
        self.accepted: list[tuple[str, str]] = []
        self._database = database

    async def check_now(self, ids: Iterable[str], *, limit_seconds: float) -> Sequence[Decision]:
        decisions = [await self._check(one) for one in ids if one in self.watches]
        assert limit_seconds > 0
        return decisions

    async def pause(self, ids: Iterable[str], act: PauseAct, *, until: datetime | None, by: str) -> Sequence[str]:
        del by
        done = [one for one in ids if one in self.watches]
        for one in done:
            how = {PauseAct.PAUSE: "paused_until", PauseAct.MUTE: "muted_until"}
            names = [how[act]] if act in how else [*how.values()]
            await self.save(one, replace(self.states[one], **dict.fromkeys(names, until)))
        return done

    async def accept(self, watch: str, *, by: str) -> bool:
        self.accepted.append((watch, by))
        await self.save(watch, replace(self.states[watch], suspect=None, failure=None, failures=0))
        return True

    async def save(self, watch: str, state: WatchState) -> None:
        """Let this be a watch's state."""
        self.states[watch] = state = replace(state, sequence=state.sequence + 1)
        row = {"watch": watch, "shard": 0, "sequence": state.sequence, "record": write_state(state)}
        await self._database.run(partial(_save, row={**row, "times": write_checked(state)}))

    async def _check(self, one: str) -> Decision:
        now = datetime.now(UTC)
        times = {"checked_at": now, "good_at": now, "next_check_at": now + timedelta(hours=1)}
        decision = play(watch(), price(9))[0]
        verdict = Verdict.UNCHANGED if one in self.states else Verdict.BASELINE
        await self.save(one, replace(self.states.get(one, decision.state), **times))
        return replace(decision, watch=one, verdict=verdict, state=self.states[one], messages=())


def _save(connection: Connection, row: dict[str, object]) -> None:
    for statement in _SAVE:
        connection.execute(text(statement), row)


def _hold(connection: Connection) -> None:
    for shard in range(HOST_SHARDS):
        connection.execute(text(_HOLD), {"name": hosts_lease(shard)})


async def declare(url: str, folder: Path, said: str = FILE) -> None:
    """Apply a file of watches."""
    file = folder / "declared.yaml"
    file.write_text(said, encoding="utf-8")
    declared = declared_of(file, {})
    async with aclosing(DeclarationStore(url)) as store:
        await store.apply(
            WantedRows(
                origin="files",
                frame=declared.frame,
                watches=declared.watches,
                digest=declared.digest,
                applied_by="a test",
            ),
            may_delete=True,
        )


@asynccontextmanager
async def a_worker(url: str, *watches: str) -> AsyncIterator[AskedWorker]:
    """Let a worker have all shards of hosts, with these watches, each of which it has checked."""
    async with aclosing(Transactions(url, name="worker")) as database, aclosing(RequestStore(url)) as requests:
        await database.run(_hold)
        worker, answers = AskedWorker(database, watches), ShardAnswers(requests)
        await worker.check_now(watches, limit_seconds=1)
        async with meanwhile(_answer(answers, worker)):
            yield worker


async def _answer(answers: ShardAnswers, worker: AskedWorker) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(answers.run())
        for name in map(hosts_lease, range(HOST_SHARDS)):
            held = Held(name=name, fence=Fence(name, 1, on_lost=lambda: None))
            tasks.create_task(answers.of_hosts(held, worker))  # type: ignore[arg-type]
