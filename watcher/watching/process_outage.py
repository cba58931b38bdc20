"""
What keeps this process from its work, as far as its checks show: the network is down, or it may open no more files.

Each is told to the operator once, in place of once per watch, and when it is over what waited for it is checked soon.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from watcher.core.check import WatchState
from watcher.core.files import ADVICE
from watcher.core.phrases import Phrases, fill
from watcher.core.phrases.english import ENGLISH
from watcher.core.shown import shown_moment
from watcher.core.trouble import OUT_OF_FILES
from watcher.core.urls import host_of
from watcher.core.watch import Watch
from watcher.watching.notices import Notices
from watcher.watching.outage import Network

_SHORTAGE_OVER_AFTER: Final = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class ProcessOutage:
    """Follows the checks of this process, and tells what none of them shows alone."""

    def __init__(
        self,
        network: Network,
        notices: Notices,
        *,
        now: Callable[[], datetime],
        timezone: tzinfo | None,
        on_network_back: Callable[[], None],
        on_files_again: Callable[[], None],
    ) -> None:
        """
        Args:
            network: how it looked when the process before this one ended.
            now: the wall clock.
            timezone: in which the operator reads times; None: the system's.
            on_network_back: called when the network is no longer down.
            on_files_again: called when no check has failed for a minute because no more files can be opened.
        """
        self._network = network
        self._notices = notices
        self._now = now
        self._timezone = timezone
        self._on_network_back = on_network_back
        self._on_files_again = on_files_again
        self._shortage = _Shortage()

    @property
    def is_network_down(self) -> bool:
        """Whether the whole network is down, as far as the checks show."""
        return self._network.is_down

    def take_note(self, watch: Watch, state: WatchState) -> None:
        """Take note of the state of a watch after a check."""
        if state.failure is None and self._network.is_well:
            return  # nearly always, and to read the host out of the URL takes as long as all else here
        if state.failure and state.failure.kind == OUT_OF_FILES:
            self._note_shortage()
        before, host = self._network, host_of(watch.request.url)
        self._network = after = before.seen(watch.id, host, state.failure, at=state.checked_at or self._now())
        if after.is_down and not before.is_down:
            self._tell_of_network(after)
        elif before.is_down and not after.is_down:
            self._tell_of_network(before, is_back=True)
            self._on_network_back()

    def look(self) -> None:
        """See whether a shortage of files is over, which no check says."""
        if self._shortage.has_ended(now=self._now()):
            self._on_files_again()

    def _note_shortage(self) -> None:
        """Tell the operator once a day that checks fail because no more files can be opened."""
        now = self._now()
        today = now.astimezone(self._timezone).date()
        if not self._shortage.note(today, now=now):
            return
        _log.error("%s; %s", ENGLISH.out_of_files, ADVICE)
        self._notices.tell(f"files {today}", lambda phrases: (phrases.out_of_files, phrases.out_of_files_means))

    def _tell_of_network(self, network: Network, *, is_back: bool = False) -> None:
        """Tell the operator once of each outage and once of its end: its id is that of the outage."""
        since = (network.since or self._now()).astimezone(self._timezone)
        words = partial(_of_network, network, since, is_back=is_back)
        summary, _ = words(ENGLISH)
        _log.warning(summary)
        kind = f"outage {network.is_down} The network is {'back' if is_back else 'down'}"
        self._notices.tell(kind, words, number=int(since.timestamp()))


def _of_network(network: Network, since: datetime, phrases: Phrases, *, is_back: bool) -> tuple[str, str]:
    down, down_means = phrases.network_down, phrases.network_down_means
    if network.walls:
        down, down_means = phrases.walled_off, phrases.walled_off_means
    summary = fill(
        phrases.network_back if is_back else down,
        watches=phrases.watches(len(network.watches)),
        hosts=phrases.hosts(len(network.hosts)),
        time=f"{since:%H:%M}",
    )
    means = phrases.network_back_means if is_back else down_means
    return summary, f"{fill(phrases.since, moment=shown_moment(since, phrases))}\n{means}"


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
