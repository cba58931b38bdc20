"""What subscribers have just ended, so that they can take it back: it is for a slip of the finger."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from watcher.core.push import Place, Subscription

UNDO_WITHIN: Final = timedelta(minutes=10)
_MOST_LEFT: Final = 10_000


class JustLeft:
    """
    The subscriptions that their subscribers ended last, in memory: a restart forgets them.

    Whoever asks to follow again, and whatever an owner says then, makes what was before past: it is no more restored.
    """

    def __init__(self) -> None:
        self._left: OrderedDict[tuple[int, Place], tuple[Subscription, datetime]] = OrderedDict()

    def add(self, subscriber_id: int, place: Place, ended: Subscription, *, at: datetime) -> None:
        """Remember what a subscriber ended."""
        self._left[subscriber_id, place] = (ended, at)
        self._left.move_to_end((subscriber_id, place))
        if len(self._left) > _MOST_LEFT:
            self._left.popitem(last=False)

    def find(self, subscriber_id: int, place: Place, *, now: datetime) -> Subscription | None:
        """Return what the subscriber ended there within UNDO_WITHIN, as it was."""
        ended, at = self._left.get((subscriber_id, place), (None, now))
        return ended if abs(now - at) < UNDO_WITHIN else None

    def forget(self, subscriber_id: int, place: Place) -> None:
        """Restore nothing of the subscriber there any more."""
        self._left.pop((subscriber_id, place), None)

    def forget_all_of(self, subscriber_id: int) -> None:
        """Restore nothing of the subscriber any more."""
        for key in [key for key in self._left if key[0] == subscriber_id]:
            del self._left[key]
