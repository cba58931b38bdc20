"""What the resources of the push service share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.push.caps import Strangers
from watcher.push.leaving import JustLeft
from watcher.push.wakeups import Wakeups

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore


class Context(Struct, frozen=True, kw_only=True):
    """
    What all resources of one push store share.

    Attributes:
        now: the wall clock, aware.
    """

    store: PushStore
    now: Callable[[], datetime]
    wakeups: Wakeups
    strangers: Strangers
    left: JustLeft


class Resource:
    """One resource of a push store. Each method that awaits raises StoreError when the disk or the database refuses."""

    def __init__(self, context: Context) -> None:
        self._store = context.store
        self._now = context.now
        self._wakeups = context.wakeups
        self._strangers = context.strangers
        self._left = context.left
