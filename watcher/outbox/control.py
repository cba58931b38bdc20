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
from watcher.core.protocols import Outbox
from watcher.core.retry import tried_anew
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.held import is_held

_log = logging.getLogger(__name__)


class OutboxControl:
    """What is done with an outbox, in the process that publishes it."""

    def __init__(self, outbox: Outbox, dispatcher: Dispatcher, *, now: Callable[[], datetime]) -> None:
        self._outbox = outbox
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
            entries = await self._outbox.entries(message_ids)
            match act:
                case OutboxAct.TRY:
                    entries = [entry for entry in entries if not is_held(entry)]
                    await self._outbox.settle([], [tried_anew(entry, now=self._now()) for entry in entries], [])
                case OutboxAct.DROP:
                    await self._outbox.drop(entries)
                case _:
                    assert_never(act)
        self._dispatcher.loop.wake()
        for entry in entries:
            _log.info("message %s to %s: %s, as the operator asked", entry.message.id, entry.message.topic, act)
        return [entry.message.id for entry in entries]
