"""
The watches of a cluster as they are declared, for whoever shows them or asks of them and checks none.

What they take from the environment may be set on the workers alone: in place of what is not set here stands something
else. Who asks again reads only what was declared since.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import tzinfo
from itertools import islice
from typing import Final

from msgspec import Struct

from watcher.config.declared import Reader, merged
from watcher.config.request import StandIns
from watcher.core.databases import ANSWER_SECONDS
from watcher.core.watch import Topic, Watch, WatchFile
from watcher.errors import ConfigError
from watcher.store.cluster.declarations import Changes, DeclarationStore, DeclaredRows
from watcher.store.cluster.inspection import require_cluster

_AT_ONCE: Final = 5_000
_NO_WATCHES: Final = WatchFile(topics={}, watches={})
_log = logging.getLogger(__name__)


class _Origin(Struct, kw_only=True):
    """
    What one origin declares, as far as it was read.

    Attributes:
        reader: with what is set here; `stand_ins`: with something else in place of what is not.
    """

    frame: str
    reader: Reader
    stand_ins: Reader
    watches: dict[str, Watch]
    topics: dict[str, Topic]


class Catalog:
    """
    The watches of one cluster. Used from one event loop.

    Attributes:
        file: as they were declared when it was last looked; topics that nobody tells any more may be among its topics.
        problems: what is wrong with each of the others.
        lacking: of each watch that takes something from the environment that is not set here, what is wrong.
    """

    def __init__(self, store: DeclarationStore, environ: Mapping[str, str], *, timezone: tzinfo | None = None) -> None:
        self._store = store
        self._environ = environ
        self._timezone = timezone
        self._generation = 0
        self._origins: dict[str, _Origin] = {}
        self._looking = asyncio.Lock()
        self.file = _NO_WATCHES
        self.problems: dict[str, str] = {}
        self.lacking: dict[str, str] = {}

    @property
    def generation(self) -> int:
        """The number of the declaration that is known; 0: none was made yet."""
        return self._generation

    async def refresh(self) -> None:
        """Know what is declared now. Raises StoreError."""
        async with self._looking:
            if await self._store.generation_now() != self._generation:
                await self._take(await self._store.changed_since(self._generation))

    async def _take(self, changes: Changes) -> None:
        """Read what was declared since. Whatever fails on the way is read again by the next one."""
        self._forget(row.watch for row in changes.rows)
        for origin, frame in changes.frames.items():
            if origin not in self._origins or self._origins[origin].frame != frame:
                declared = await self._store.of_origin(origin)
                self._origins[origin] = await asyncio.to_thread(self._new_origin, frame)
                await self._read(declared)
        for ids in _parts(row.watch for row in changes.rows if not row.is_gone):
            await self._read(await self._store.of_ids(ids))
        self.file = await asyncio.to_thread(self._whole)
        self._generation = changes.generation

    def _new_origin(self, frame: str) -> _Origin:
        reader = Reader(frame, self._environ, timezone=self._timezone)
        stand_ins = Reader(frame, StandIns(self._environ), timezone=self._timezone)
        topics = dict(stand_ins.read({}).file.topics)
        return _Origin(frame=frame, reader=reader, stand_ins=stand_ins, watches={}, topics=topics)

    def _forget(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            self.problems.pop(id_, None)
            self.lacking.pop(id_, None)
            for origin in self._origins.values():
                origin.watches.pop(id_, None)

    async def _read(self, declared: DeclaredRows) -> None:
        for name, bodies in declared.bodies.items():
            if (origin := self._origins.get(name)) is None:  # it began a moment ago, and is read by the next look
                continue
            wanted = {id_: body for id_, body in bodies.items() if id_ not in origin.watches}
            found = await asyncio.to_thread(origin.reader.read, wanted)
            rest = await asyncio.to_thread(origin.stand_ins.read, {id_: wanted[id_] for id_ in found.problems})
            origin.watches.update({**found.file.watches, **rest.file.watches})
            origin.topics = {**found.file.topics, **rest.file.topics, **origin.topics}
            self.problems.update(rest.problems)
            self.lacking.update({id_: found.problems[id_] for id_ in rest.file.watches})

    def _whole(self) -> WatchFile:
        parts = [WatchFile(topics=each.topics, watches=each.watches) for each in self._origins.values()]
        whole = merged(parts)
        return WatchFile(topics=whole.topics, watches=dict(sorted(whole.watches.items())))


def _parts(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    left = iter(ids)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def cluster_catalog(
    url: str, environ: Mapping[str, str], *, timezone: tzinfo | None = None, answer_seconds: float = ANSWER_SECONDS
) -> Catalog:
    """
    Return all that is declared, to a command. Blocks.

    `answer_seconds`: how long a database may take to answer at all.

    Raises:
        ConfigError: the URL names no database, it was moved elsewhere, or nothing was declared there yet.
        StoreError: the database refused.
    """

    async def read() -> Catalog:
        async with aclosing(DeclarationStore(url)) as store:
            watches = Catalog(store, environ, timezone=timezone)
            await watches.refresh()
            return watches

    require_cluster(url, seconds=answer_seconds)
    known = asyncio.run(read())
    for id_, problem in known.problems.items():
        _log.warning("%s is left out: %s", id_, problem)
    if not known.generation:
        raise ConfigError("no watches were declared in this database yet; `watcher apply` declares those of a file")
    return known
