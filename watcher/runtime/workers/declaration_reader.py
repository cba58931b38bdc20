"""Puts together what is declared to a cluster, in the environment of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from watcher.config.declared import NO_FRAME, Reader, ReadWatches, merged
from watcher.core.watch import WatchFile

if TYPE_CHECKING:
    from watcher.store.cluster.declarations import DeclaredRows


class DeclarationReader:
    """Reads what is declared as watches of this process. From one event loop; the work is done in a thread."""

    def __init__(self, environ: Mapping[str, str], timezone: tzinfo | None) -> None:
        """
        Args:
            environ: where `${NAME}` comes from.
            timezone: of watches that name none.
        """
        self._environ = environ
        self._timezone = timezone
        self._readers: dict[str, Reader] = {}
        self._one_at_a_time = threading.Lock()

    async def read(self, declared: DeclaredRows) -> ReadWatches:
        """Return the watches, and what is wrong with each that cannot be read."""
        return await asyncio.to_thread(self._read, declared.frames, declared.bodies)

    async def frame(self, frames: Mapping[str, str]) -> WatchFile:
        """Return what is declared besides watches."""
        nothing: dict[str, dict[str, str]] = {origin: {} for origin in frames}
        return (await asyncio.to_thread(self._read, frames, nothing)).file

    def _read(self, frames: Mapping[str, str], bodies: Mapping[str, Mapping[str, str]]) -> ReadWatches:
        with self._one_at_a_time:
            wanted = {origin: frames.get(origin, NO_FRAME) for origin in bodies}
            self._readers = {text: self._reader(text) for text in {*frames.values(), *wanted.values()}}
            found = [self._readers[wanted[origin]].read(each) for origin, each in bodies.items()]
        problems = {watch: problem for each in found for watch, problem in each.problems.items()}
        return ReadWatches(file=merged([each.file for each in found]), problems=problems)

    def _reader(self, frame: str) -> Reader:
        known = self._readers.get(frame)
        return Reader(frame, self._environ, timezone=self._timezone) if known is None else known
