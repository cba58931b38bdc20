"""Alerts about more than one check: watches that fell silent, a network that is down, the daily summary."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from watcher.core.check import Decision, WatchState
from watcher.core.files import ADVICE
from watcher.core.judge import stale
from watcher.core.message import NAME_CHARACTERS
from watcher.core.pausing import is_left_alone, is_muted, is_paused
from watcher.core.phrases import Phrases, fill
from watcher.core.phrases.english import ENGLISH
from watcher.core.redaction import redacted
from watcher.core.schedule import is_active
from watcher.core.shown import shown_moment
from watcher.core.trouble import OF_THE_NETWORK, OUT_OF_FILES
from watcher.core.urls import host_of
from watcher.core.watch import AllWell, TopicLanguages, Watch
from watcher.core.words import cut, one_line
from watcher.errors import StoreError
from watcher.watching.committer import Committer
from watcher.watching.digest import Digest
from watcher.watching.notices import notices
from watcher.watching.outage import Network, remembered
from watcher.watching.redesigns import Redesign, Redesigns
from watcher.watching.roster import Roster

_SHORTAGE_OVER_AFTER: Final = timedelta(minutes=1)
_MOST_NAMED: Final = 20
_log = logging.getLogger(__name__)


class Alerts:
    """Follows all checks, and tells the operator what no single check shows."""

    def __init__(
        self,
        roster: Roster,
        committer: Committer,
        *,
        epoch: str,
        all_well: AllWell | None,
        now: Callable[[], datetime],
        timezone: tzinfo | None,
        language_of: TopicLanguages,
        hurry: Callable[[Container[str]], None],
    ) -> None:
        """
        Args:
            epoch: of the store's state.
            now: the wall clock.
            timezone: in which the operator reads times; None: the system's.
            hurry: called with kinds of failures when what they come from is over: an outage of the whole network, or
                no check has failed for a minute because no more files can be opened.
        """
        self._watches = watches = roster.watches
        self._states = roster.states
        self._watchdog = roster.watchdog
        self._committer = committer
        self._epoch = epoch
        self._now = now
        self._timezone = timezone
        self._language_of = language_of
        self._hurry = hurry
        self._shortage = _Shortage()
        self._redesigns = Redesigns()
        self._digest = Digest(all_well, now=now(), language_of=language_of)
        self._with_hours, self._patient = self._special()
        self._network = remembered(
            self._states.known(), lambda one: host_of(watches[one].request.url) if one in watches else None
        )

    @property
    def is_network_down(self) -> bool:
        """Whether the whole network is down, as far as the checks show."""
        return self._network.is_down

    def silent(self) -> int:
        """Return how many watches are silent."""
        return sum(map(self._watchdog.is_silent, self._perhaps_silent()))

    def follow(self, all_well: AllWell | None) -> None:
        """Go by the watches as they are now, and send the daily summary at this time; None: never."""
        self._digest.follow(all_well, now=self._now())
        self._with_hours, self._patient = self._special()

    def take_note(self, watch: Watch, decision: Decision, *, follows: WatchState) -> None:
        """Take note of the result of a check. `follows`: the state before."""
        if decision.state.failure is None:
            self._watchdog.saw_good(watch)
        self._digest.count(decision)
        self._follow_network(watch, decision.state)
        if decision.state.failure is not None or self._redesigns.lost:
            self._follow_redesigns(watch, decision.state, follows)
        if (failure := decision.state.failure) is not None and failure.kind == OUT_OF_FILES:
            self._note_shortage()

    def _follow_redesigns(self, watch: Watch, state: WatchState, follows: WatchState) -> None:
        if not is_muted(state, self._now()):
            host = redacted(host_of(watch.request.url), watch.request.secrets)
            self._redesigns.take_note(watch.id, host, follows, state, now=self._now())

    async def look_around(self) -> None:
        """Tell the operator of sites that are new and of watches that fell silent, and send the daily summary."""
        for redesign in self._redesigns.due(now=self._now()):
            self._tell_of_redesign(redesign)
        if words := self._digest.due(self._enabled, self._states.known(), epoch=self._epoch, now=self._now()):
            self._committer.tell(words)
        if self._shortage.has_ended(now=self._now()):
            self._hurry({OUT_OF_FILES})
        now = self._now()
        closed = set(_closed(self._with_hours, now))
        closed.update(watch.id for watch in self._patient if is_paused(self._states.of(watch.id), now))
        for one in closed:
            self._watchdog.saw_closed(one)
        for watch in [] if self._network.is_down else self._perhaps_silent():
            if watch.id not in closed and self._watchdog.is_silent(watch):
                await self._tell_silence(watch)

    def _perhaps_silent(self) -> list[Watch]:
        """Return all watches that are silent, and some that are not: looking at each of 100,000 takes too long."""
        overdue = (self._watches[one] for one in self._watchdog.overdue() if one in self._watches)
        return [*self._patient, *(watch for watch in overdue if watch.is_enabled and watch.stale_after is None)]

    def _enabled(self) -> list[Watch]:
        return [watch for watch in self._watches.values() if watch.is_enabled]

    def _special(self) -> tuple[list[Watch], list[Watch]]:
        """Return the watches with active hours, and those with `stale_after`, which are examined each time."""
        enabled = self._enabled()
        return (
            [watch for watch in enabled if watch.active_hours is not None],
            [watch for watch in enabled if watch.stale_after is not None],
        )

    async def _tell_silence(self, watch: Watch) -> None:
        state = self._states.of(watch.id)
        if is_left_alone(state, self._now()):
            return
        decision = stale(watch, state, epoch=self._epoch, now=self._now())
        if decision is None:
            return
        try:
            is_told = await self._states.save(decision, follows=state)
        except StoreError as error:
            _log.error("watch %s has fallen silent, and that cannot be saved: %s", watch.id, error)
            return
        if is_told:  # else a check has ended in the meantime
            _log.warning("%s: has fallen silent; the operator is told", watch.id)

    def _follow_network(self, watch: Watch, state: WatchState) -> None:
        before, kind = self._network, state.failure.kind if state.failure else None
        if kind is None and before.is_well:
            return  # nearly always, and to read the host out of the URL takes as long as all else here
        self._network = after = before.seen(
            watch.id, host_of(watch.request.url), kind, at=state.checked_at or self._now()
        )
        if after.is_down and not before.is_down:
            self._tell_of_network(after)
        elif before.is_down and not after.is_down:
            self._tell_of_network(before, is_back=True)
            self._watchdog.forgive()
            self._hurry(OF_THE_NETWORK)

    def _note_shortage(self) -> None:
        """Tell the operator once a day that checks fail because no more files can be opened."""
        now = self._now()
        today = now.astimezone(self._timezone).date()
        if not self._shortage.note(today, now=now):
            return
        _log.error("%s; %s", ENGLISH.out_of_files, ADVICE)
        self._committer.tell(
            notices(
                self._epoch,
                f"files {today}",
                words=lambda phrases: (phrases.out_of_files, phrases.out_of_files_means),
                language_of=self._language_of,
                now=now,
            )
        )

    def _tell_of_network(self, network: Network, *, is_back: bool = False) -> None:
        """Tell the operator once of each outage and once of its end: its id is that of the outage."""
        since = (network.since or self._now()).astimezone(self._timezone)
        words = partial(_of_network, network, since, is_back=is_back)
        summary, _ = words(ENGLISH)
        _log.warning(summary)
        self._committer.tell(
            notices(
                self._epoch,
                f"outage {network.is_down} The network is {'back' if is_back else 'down'}",
                number=int(since.timestamp()),
                words=words,
                language_of=self._language_of,
                now=self._now(),
            )
        )

    def _tell_of_redesign(self, redesign: Redesign) -> None:
        """Tell the operator once which line mends all watches of a site with a new design."""
        names = [self._watches[one].name if one in self._watches else one for one in redesign.watches]
        _log.warning(
            "%s: %d watches lost a value; `watcher suggest --failing` shows where they are now",
            redesign.host,
            len(names),
        )
        self._committer.tell(
            notices(
                self._epoch,
                f"redesign {redesign.host}",
                number=int(redesign.since.timestamp()),
                words=partial(_of_redesign, redesign.host, names),
                language_of=self._language_of,
                now=self._now(),
            )
        )


def _of_redesign(host: str, names: Sequence[str], phrases: Phrases) -> tuple[str, str]:
    summary = fill(phrases.redesigned, host=host, watches=phrases.watches(len(names)))
    listed = [f"- {one_line(cut(name, NAME_CHARACTERS))}" for name in names[:_MOST_NAMED]]
    more = ["…"] if len(names) > _MOST_NAMED else []
    return summary, "\n".join([*listed, *more, phrases.suggest_failing])


def _of_network(network: Network, since: datetime, phrases: Phrases, *, is_back: bool) -> tuple[str, str]:
    summary = fill(
        phrases.network_back if is_back else phrases.network_down,
        watches=phrases.watches(len(network.watches)),
        hosts=phrases.hosts(len(network.hosts)),
        time=f"{since:%H:%M}",
    )
    means = phrases.network_back_means if is_back else phrases.network_down_means
    return summary, f"{fill(phrases.since, moment=shown_moment(since, phrases))}\n{means}"


def _closed(watches: Iterable[Watch], now: datetime) -> Iterator[str]:
    """Yield the ids of those that may not be checked now. Many have the same hours, which are looked at once."""
    known: dict[tuple[int, int], bool] = {}
    for watch in watches:
        hours = id(watch.active_hours), id(watch.timezone)
        if hours not in known:
            known[hours] = is_active(watch, now)
        if not known[hours]:
            yield watch.id


class _Shortage:
    """Whether this process can open no more files, as far as its checks show."""

    def __init__(self) -> None:
        self._last_at: datetime | None = None
        self._told_on: date | None = None

    def note(self, today: date, *, now: datetime) -> bool:
        """Take note of a check that failed for it; return whether the operator is to be told, which is once a day."""
        self._last_at = now
        is_news, self._told_on = today != self._told_on, today
        return is_news

    def has_ended(self, *, now: datetime) -> bool:
        """Return, once, that there was no such check for a minute."""
        if self._last_at is None or timedelta(0) <= now - self._last_at < _SHORTAGE_OVER_AFTER:
            return False
        self._last_at = None
        return True
