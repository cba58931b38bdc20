"""
What the operator does with messages in the outbox: tries them again, or drops them.

Both are done between two batches of the dispatcher: what is being published is settled first, so that nothing that was
dropped comes back, and nothing is published beside itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import assert_never

from watcher.core.check import OutboxAct
from watcher.core.retry import tried_anew
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.held import is_held
from watcher.store.watch_store import DiskWatchStore

_log = logging.getLogger(__name__)


class OutboxControl:
    """The outbox of one watch store, in the process that owns it."""

    def __init__(self, store: DiskWatchStore, dispatcher: Dispatcher, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._now = now

    async def do(self, act: OutboxAct, message_ids: Collection[str]) -> Sequence[str]:
        """
        Do this with those of the messages that are in the outbox; return their ids.

        | act | a waiting one | a dead one | a held one |
        |---|---|---|---|
        | try | is due now | lives again, with three days before it | is passed over: it waits for others |
        | drop | is gone | is gone | is gone |

        Raises StoreError: nothing was done.
        """
        async with self._dispatcher.between_batches():
            entries = await self._store.entries(message_ids)
            match act:
                case OutboxAct.TRY:
                    entries = [entry for entry in entries if not is_held(entry)]
                    await self._store.settle([], [tried_anew(entry, now=self._now()) for entry in entries], [])
                case OutboxAct.DROP:
                    await self._store.drop(entries)
                case _:
                    assert_never(act)
        self._dispatcher.loop.wake()
        for entry in entries:
            _log.info("message %s to %s: %s, as the operator asked", entry.message.id, entry.message.topic, act)
        return [entry.message.id for entry in entries]
