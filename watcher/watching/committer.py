"""
Saves decisions in groups.

While one group is being written the next one gathers, so `synchronous=FULL` costs one sync per group, not per check.
A decision that changes only the times of its check is written within LATE_SECONDS, with others of its kind.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from watcher.core.check import Decision
from watcher.core.protocols import WatchStore
from watcher.errors import StaleDecisionError, StoreError

LATE_SECONDS = 60.0
GROUP = 256
_log = logging.getLogger(__name__)


class Committer:
    """Saves decisions in groups. `run` does the work; `save` asks for it."""

    def __init__(self, store: WatchStore, *, on_messages: Callable[[], None]) -> None:
        """
        Args:
            on_messages: called after a group that brought the outbox something.
        """
        self._store = store
        self._on_messages = on_messages
        self._late: dict[str, Decision] = {}
        self._waiting: list[tuple[Decision, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    async def save(self, decision: Decision) -> None:
        """
        Return when the decision is on disk; at once for one that may be written late.

        Raises:
            StoreError: it is not, and the state it was made from still stands.
        """
        if not decision.is_durable:
            self._late[decision.watch] = decision
            return
        self._late.pop(decision.watch, None)
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((decision, saved))
        self._wake.set()
        await saved

    async def run(self) -> None:
        """Save groups until cancelled; then save what is left."""
        loop = asyncio.get_running_loop()
        late_at = loop.time() + LATE_SECONDS
        try:
            while True:
                try:
                    async with asyncio.timeout_at(late_at):
                        await self._wake.wait()
                except TimeoutError:
                    late_at = loop.time() + LATE_SECONDS
                    await self._save_late()
                await self._save_waiting()
        finally:
            await self.flush()

    async def flush(self) -> None:
        """Save everything that waits. What the disk refuses is logged, and comes again with the next check."""
        await self._save_waiting()
        await self._save_late()

    async def _save_waiting(self) -> None:
        self._wake.clear()
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            await self._save_group(group)

    async def _save_group(self, group: Sequence[tuple[Decision, asyncio.Future[None]]]) -> None:
        try:
            await self._store.commit([decision for decision, _ in group])
        except StaleDecisionError:
            await self._save_apart(group)
        except StoreError as error:
            _answer(group, error)
        else:
            _answer(group, None)
            if any(decision.messages for decision, _ in group):
                self._on_messages()

    async def _save_apart(self, group: Sequence[tuple[Decision, asyncio.Future[None]]]) -> None:
        """One decision of the group is stale: find it, and do not let the others suffer for it."""
        for decision, saved in group:
            try:
                await self._store.commit([decision])
            except StoreError as error:
                _answer([(decision, saved)], error)
            else:
                _answer([(decision, saved)], None)
        self._on_messages()

    async def _save_late(self) -> None:
        late, self._late = list(self._late.values()), {}
        for start in range(0, len(late), GROUP):
            try:
                await self._store.commit(late[start : start + GROUP])
            except StoreError as error:
                _log.warning("the times of %d checks were not saved: %s", len(late) - start, error)
                return


def _answer(group: Sequence[tuple[Decision, asyncio.Future[None]]], error: StoreError | None) -> None:
    for _, saved in group:
        if saved.done():  # its waiter was cancelled
            continue
        if error is None:
            saved.set_result(None)
        else:
            saved.set_exception(error)
