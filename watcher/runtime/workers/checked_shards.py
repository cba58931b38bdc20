"""
What this process checks of a cluster's watches: those of each shard of hosts whose lease it has.

| step | what is done |
|---|---|
| begin | what is declared is read in this process' environment; states and how the hosts stood are read; they join |
| new generation | watches that differ are changed, those that came join, those that went or are elsewhere leave |
| end | the watches leave the runner, how their hosts stand is saved, and all of it is forgotten |

A watch that cannot be read here (a `${NAME}` that is not set, say) is not checked: that is logged, and the operator is
told once of each distinct mistake, however many watches have it and wherever it is found.
No request starts for a host whose lease this process may have lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.background.loop import BackgroundLoop
from watcher.core.check import WatchState
from watcher.core.phrases import Phrases, fill
from watcher.core.shards import shard_of
from watcher.core.watch import AllWell, TopicLanguages, Watch
from watcher.errors import LeaseLostError, StoreError
from watcher.runtime.checker import Checker
from watcher.runtime.workers.declaration_reader import DeclarationReader
from watcher.runtime.workers.held_hosts import HeldHosts, HeldLease
from watcher.store.cluster.hosts import read_paces, save_paces
from watcher.watching.notices import notices

if TYPE_CHECKING:
    from watcher.runtime.workers.tables import WorkerTables
    from watcher.store.cluster.declarations import Changes, DeclaredRows

LOOK_SECONDS: Final = 30.0
"""So often a new generation is looked for where nothing is heard of one."""
_NAMED: Final = 20
_FEW: Final = 20
"""So many states are read one by one; of more, those of the whole shard."""
_log = logging.getLogger(__name__)


class _CheckedShard:
    """
    What is checked here of one shard.

    Attributes:
        watches: ids of those that are checked.
        generation: as of which they are; None: they are being read.
        frames: with which all of them were read.
        turn: had by whoever changes them.
    """

    def __init__(self, shard: int, lease: HeldLease) -> None:
        self.shard = shard
        self.lease = lease
        self.watches: set[str] = set()
        self.generation: int | None = None
        self.frames: Mapping[str, str] = {}
        self.turn = asyncio.Lock()


class CheckedShards:
    """
    The shards of hosts of this process. Used from one event loop, while `follow` runs.

    Attributes:
        all_well: when and to whom a daily summary is sent, as it is declared.
    """

    all_well: AllWell | None = None

    def __init__(
        self,
        tables: WorkerTables,
        reader: DeclarationReader,
        checker: Checker,
        hosts: HeldHosts,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """
        Args:
            checker: is given the watches of the shards to check, and the topics that are declared.
            hosts: is told which are asked here.
            now: the wall clock.
        """
        self._declarations = tables.declarations
        self._store = tables.store
        self._held_watches = tables.store.held
        self._database = tables.database
        self._pages = tables.pages
        self._reader = reader
        self._runner = checker.runner
        self._committer = checker.committer
        self._lanes = checker.lanes
        self._topics = checker.topics
        self._hosts = hosts
        self._now = now
        self._shards: dict[int, _CheckedShard] = {}
        self._generation = 0
        self._frames: Mapping[str, str] = {}
        # Of two shards that a watch moves between, the one that read later is right, and has to be the later to take.
        self._joining = asyncio.Lock()
        self.loop = BackgroundLoop("follows what is declared", longest_wait=LOOK_SECONDS)

    @asynccontextmanager
    async def of_shard(self, shard: int, lease: HeldLease) -> AsyncIterator[None]:
        """Check the watches of a shard while the context lasts; after it none of them is checked here any more."""
        held = _CheckedShard(shard, lease)
        self._held_watches.take(shard, lease.fence)
        self._hosts.take(shard, lease)
        self._shards[shard] = held
        try:
            async with self._joining, held.turn:
                await self._begin(held)
            yield
        finally:
            async with held.turn:
                await self._end(held)

    async def follow(self) -> None:
        """Take new generations into use, until cancelled."""
        await self.loop.run(self._turn)

    # One shard

    async def _begin(self, held: _CheckedShard) -> None:
        await self._store.refresh()
        declared = await self._declarations.of_shard(held.shard)
        await self._learn(declared.frames)
        paces = await self._database.run(partial(read_paces, shard=held.shard))
        self._lanes.put_in(paces)
        await self._take_all(held, declared)
        _log.info("%s: %d watches are checked here", held.lease.name, len(held.watches))

    async def _end(self, held: _CheckedShard) -> None:
        await self._leave(held, [*held.watches])
        held.generation = None
        del self._shards[held.shard]
        self._hosts.leave(held.shard)
        is_of_it = partial(_is_in, shard=held.shard, shards=self._hosts.shards)
        paces = self._lanes.take_out(is_of_it)
        try:
            await self._database.run(partial(save_paces, shard=held.shard, fence=held.lease.fence, paces=paces))
        except LeaseLostError:
            pass  # who has it by now knows better
        except StoreError as error:
            _log.warning("%s: how its hosts stand is not handed on: %s", held.lease.name, error)
        finally:
            self._held_watches.leave(held.shard)

    async def _take(self, held: _CheckedShard, declared: DeclaredRows, went: Collection[str]) -> None:
        """Check these watches as they are declared now, and no longer those that went or cannot be read."""
        found = await self._reader.read(declared)
        self._report(found.problems)
        watches = found.file.watches
        await self._leave(held, [one for one in (*went, *found.problems) if one in held.watches and one not in watches])
        came = {one: watch for one, watch in watches.items() if one not in held.watches}
        await self._join(held, came)
        self._runner.change({one: watch for one, watch in watches.items() if one not in came})
        if unkept := [one for one, watch in watches.items() if not watch.keep_page]:
            await asyncio.to_thread(self._pages.forget_all, unkept)

    async def _take_all(self, held: _CheckedShard, declared: DeclaredRows) -> None:
        """Check what a shard has now, and nothing else of it."""
        said = {one for bodies in declared.bodies.values() for one in bodies}
        await self._take(held, declared, went=held.watches - said)
        held.generation, held.frames = declared.generation, declared.frames

    async def _join(self, held: _CheckedShard, came: Mapping[str, Watch]) -> None:
        if not came:
            return
        await self._leave_elsewhere(held, came.keys())
        states = await self._states(held.shard, came.keys())
        self._held_watches.add(held.shard, came.keys())
        held.watches.update(came)
        self._runner.join(came, states)

    async def _states(self, shard: int, watches: Collection[str]) -> Mapping[str, WatchState]:
        """Return those of these watches' states that there are."""
        if len(watches) > _FEW:
            states = await self._store.states_of(shard)
            return {one: states[one] for one in watches if one in states}
        found = {one: await self._store.state_of(one) for one in watches}
        return {one: state for one, state in found.items() if state is not None}

    async def _leave_elsewhere(self, held: _CheckedShard, watches: Collection[str]) -> None:
        """Let these leave the shard that they were in before their host was another one."""
        for other in [self._shards[shard] for shard in self._held_watches.shards_of(watches) - {held.shard}]:
            async with other.turn:  # it may be ending, and forgets them when it has
                await self._leave(other, [one for one in watches if one in other.watches])

    async def _leave(self, held: _CheckedShard, watches: Collection[str]) -> None:
        if not watches:
            return
        try:
            await self._runner.leave(watches)
        finally:
            held.watches.difference_update(watches)
            self._held_watches.remove(watches)

    def _report(self, problems: Mapping[str, str]) -> None:
        """Say which watches cannot be checked here, and tell the operator."""
        alike = defaultdict[str, list[str]](list)
        for watch, problem in problems.items():
            alike[problem].append(watch)
        for problem, watches in alike.items():
            _log.error("not checked here (%d): %s: %s", len(watches), ", ".join(watches[:_NAMED]), problem)
            self._committer.tell(
                notices(
                    self._store.epoch,
                    f"unread watch\0{problem}",
                    words=partial(_of_unread, problem, watches),
                    language_of=TopicLanguages(self._topics),
                    now=self._now(),
                )
            )

    # New generations

    async def _turn(self) -> float:
        """Take what was declared since the last time into use."""
        newest = await self._declarations.generation_now()
        known = [held.generation for held in self._shards.values() if held.generation is not None]
        behind = [generation for generation in known if generation < newest]
        if behind or newest > self._generation:
            since = min(behind, default=newest)
            await self._use(await self._declarations.changed_since(since), since)
        return LOOK_SECONDS

    async def _use(self, changes: Changes, since: int) -> None:
        await self._learn(changes.frames)
        for held in [*self._shards.values()]:
            async with self._joining, held.turn:
                if held.generation is not None and held.generation < changes.generation:
                    await self._change(held, changes, since)
        self._generation = changes.generation

    async def _change(self, held: _CheckedShard, changes: Changes, since: int) -> None:
        # Another frame may concern all watches; and what was being read meanwhile may be older than the changes are.
        if held.frames != changes.frames or held.generation is None or held.generation < since:
            await self._take_all(held, await self._declarations.of_shard(held.shard))
            return
        here = {row.watch for row in changes.rows if row.shard == held.shard and not row.is_gone}
        went = {row.watch for row in changes.rows if row.watch in held.watches} - here
        if here or went:
            await self._take(held, await self._declarations.of_ids(sorted(here), shard=held.shard), went)
        held.generation = changes.generation

    async def _learn(self, frames: Mapping[str, str]) -> None:
        """Know the topics that are declared; those that are gone stay: what waits in the outbox still goes to them."""
        if frames != self._frames:
            frame = await self._reader.frame(frames)
            self._topics.update(frame.topics)
            self._frames, self.all_well = frames, frame.all_well


def _is_in(host: str, shard: int, shards: int) -> bool:
    return shard_of(host, shards) == shard


def _of_unread(problem: str, watches: Sequence[str], phrases: Phrases) -> tuple[str, str]:
    """Return the words for watches that a worker cannot read."""
    summary = fill(phrases.watches_unread, problem=problem)
    more = ["…"] if len(watches) > _NAMED else []
    return summary, "\n".join([phrases.watches_unread_means, "", *(f"- {one}" for one in watches[:_NAMED]), *more])
