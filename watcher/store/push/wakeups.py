"""Who waits in this process for what a commit may bring: live inboxes, and what works off the queues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeAlias

from watcher.core.wakeups import EVERYBODY, Wakeup, Woken

Wake: TypeAlias = Callable[[Sequence[int] | None], object]
"""Told the ids of who has something new; None: perhaps everybody."""


class Wakeups:
    """
    The wake-ups of one process; used from one event loop. A needless call does no harm.

    Attributes:
        are_heard: those of other processes come by themselves, so nobody has to look for what these wrote.
    """

    def __init__(self) -> None:
        self.are_heard = False
        self._waiting: defaultdict[Wakeup, list[Wake]] = defaultdict(list)

    def on(self, kind: Wakeup, wake: Wake) -> None:
        """Call `wake` after each commit that has something of this kind."""
        self._waiting[kind].append(wake)

    def wake(self, woken: Woken) -> None:
        """Wake these, where they wait here."""
        for kind, ids in woken.items():
            if ids is None or ids:
                for wake in self._waiting[kind]:
                    wake(None if ids is None else sorted(ids))

    def wake_all(self) -> None:
        """Wake everybody: another process wrote, and nobody knows what."""
        self.wake(EVERYBODY)
