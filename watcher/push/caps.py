"""
What strangers make, counted in the transaction that makes it, so that a restart forgets nothing.

At a cap nothing more of its kind is made until the oldest hour of the last 24 is over: new readers, trials, questions
by mail are turned away, whoever they are. What is there already goes on. The operator hears of it once a day.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from watcher.core.caps import DailyCaps, Made, MadeToday, until_next_hour
from watcher.core.phrases import Phrases, fill
from watcher.core.push import Subscriber, TopicDraft
from watcher.core.wakeups import Woken
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import CapReachedError, PushError, StoreError
from watcher.push.draft import make_draft

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Strangers:
    """Carries out what strangers ask for, and counts it against the daily caps, over one push store."""

    def __init__(
        self,
        store: PushStore,
        caps: DailyCaps,
        *,
        now: Callable[[], datetime],
        tell: Callable[[TopicDraft], Awaitable[object]],
        phrases: Callable[[], Phrases],
    ) -> None:
        """
        Args:
            tell: sends a message to the operator. Raises a PushError or StoreError.
            phrases: returns those of the operator's language.
        """
        self._store = store
        self._caps = caps
        self._now = now
        self._tell = tell
        self._phrases = phrases
        self._told: dict[Made, str] = {}

    async def make(
        self,
        what: Made,
        work: Callable[[Transaction], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        counts: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """
        Return what `work` returns, done as one transaction.

        Args:
            wakes: says who has something new by it (see `PushStore.write`).
            counts: whether something was made.

        Raises:
            CapReachedError: too many were made in 24 hours; nothing is saved.
        """

        now, most = self._now(), self._caps.of(what)

        def counted(tx: Transaction) -> T:
            if tx.made.count(what, at=now) >= most:
                raise CapReachedError(f"{most} were made in 24 hours", field=what, retry_after=until_next_hour(now))
            made = work(tx)
            if counts(made):
                tx.made.add(what, at=now, most=most)
            return made

        try:
            return await self._store.write(counted, wakes=wakes)
        except CapReachedError:
            await self._tell_once(what)
            raise

    async def make_for(
        self, subscriber: Subscriber | None, work: Callable[[Transaction], T], *, wakes: Callable[[T], Woken]
    ) -> T:
        """Return what a subscriber's work returns; a stranger, who becomes one by it, is counted as in `make`."""
        if subscriber is not None:
            return await self._store.write(work, wakes=wakes)
        return await self.make(Made.SUBSCRIBERS, work, wakes=wakes)

    async def count(self, what: Made) -> None:
        """Count one that is made elsewhere. Raises CapReachedError."""
        await self.make(what, lambda _: None)

    async def made_today(self) -> Sequence[MadeToday]:
        """Return for each kind how many strangers made in the last 24 hours, and the cap."""
        now = self._now()
        counted = {each.what: each.count for each in await self._store.read(lambda tx: tx.made.today(at=now))}
        return [MadeToday(what=what, count=counted.get(what, 0), most=self._caps.of(what)) for what in Made]

    async def give_back(self, what: Made, *, at: datetime) -> None:
        """Uncount one that was counted at this time, since nothing came of it."""
        await self._store.write(lambda tx: tx.made.give_back(what, at=at))

    async def _tell_once(self, what: Made) -> None:
        day = f"{self._now():%Y-%m-%d}"
        if self._told.get(what) == day:
            return
        self._told[what] = day
        _log.warning("%s: %d were made in 24 hours; more are turned away (--daily-%s)", what, self._caps.of(what), what)
        try:
            await self._tell(self._word(what, day))
        except (PushError, StoreError) as error:
            _log.warning("the operator was not told of it: %s", error)

    def _word(self, what: Made, day: str) -> TopicDraft:
        phrases = self._phrases()
        means = fill(
            phrases.too_many_means,
            most=f"{self._caps.of(what):,}",
            option=f"--daily-{what}",
            variable=f"WATCHER_DAILY_{what.upper()}",
        )
        summary = fill(phrases.too_many, things=phrases.strangers[what])
        return TopicDraft(
            idempotency_key=f"cap {what} {day}", topic=ADMIN_TOPIC, draft=make_draft(means, summary=summary)
        )
