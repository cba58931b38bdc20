"""
Alerts about more than one check.

| what is noticed                                  | in               | of                              |
|--------------------------------------------------|------------------|---------------------------------|
| a watch fell silent                              | `silence`        | a watch                         |
| a site has a new design                          | `redesigns`      | a host                          |
| the network is down, no more files can be opened | `process_outage` | this process                    |
| all is well, or what is not                      | `digest`         | all watches, once a day         |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from datetime import datetime, tzinfo
from functools import partial

from watcher.core.check import Decision, WatchState
from watcher.core.trouble import OF_THE_NETWORK, OUT_OF_FILES
from watcher.core.urls import host_of
from watcher.core.watch import AllWell, TopicLanguages, Watch
from watcher.watching.committer import Committer
from watcher.watching.digest import Digest
from watcher.watching.notices import Notices
from watcher.watching.outage import remembered
from watcher.watching.process_outage import ProcessOutage
from watcher.watching.redesigns import RedesignAlerts
from watcher.watching.roster import Roster
from watcher.watching.silence import Silence


class Alerts:
    """
    Follows all checks, and tells the operator what no single check shows.

    Attributes:
        silence: which watches are silent.
        outage: what keeps this process from its work.
    """

    def __init__(
        self,
        roster: Roster,
        committer: Committer,
        *,
        epoch: Callable[[], str],
        all_well: AllWell | None,
        now: Callable[[], datetime],
        timezone: tzinfo | None,
        language_of: TopicLanguages,
        hurry: Callable[[Container[str]], None],
    ) -> None:
        """
        Args:
            epoch: returns that of the store's state.
            now: the wall clock.
            timezone: in which the operator reads times; None: the system's.
            hurry: called with kinds of failures when what they come from is over.
        """
        self._roster = roster
        self._committer = committer
        self._epoch = epoch
        self._now = now
        self._hurry = hurry
        watches, notices = roster.watches, Notices(committer.tell, epoch=epoch(), now=now, language_of=language_of)
        network = remembered(
            roster.states.known(), lambda one: host_of(watches[one].request.url) if one in watches else None
        )
        self.silence = Silence(roster, epoch=epoch, now=now)
        self._redesigns = RedesignAlerts(watches, notices, now=now)
        self.outage = ProcessOutage(
            network,
            notices,
            now=now,
            timezone=timezone,
            on_network_back=self._network_is_back,
            on_files_again=partial(hurry, {OUT_OF_FILES}),
        )
        self._digest = Digest(all_well, now=now(), language_of=language_of)

    def follow(self, all_well: AllWell | None) -> None:
        """Send the daily summary at this time from now on; None: never."""
        self._digest.follow(all_well, now=self._now())

    def leave(self, watches: Collection[str]) -> None:
        """Forget what is known of these alone."""
        self._redesigns.leave(watches)

    def take_note(self, watch: Watch, decision: Decision, *, follows: WatchState) -> None:
        """Take note of the result of a check. `follows`: the state before."""
        state = decision.state
        if state.failure is None:
            self._roster.watchdog.saw_good(watch)
        self._digest.count(decision)
        self.outage.take_note(watch, state)
        if state.failure is not None or self._redesigns.lost:
            self._redesigns.take_note(watch, state, follows=follows)

    async def look_around(self) -> None:
        """Tell the operator of sites that are new and of watches that fell silent, and send the daily summary."""
        self._redesigns.look()
        if words := self._digest.due(self._enabled, self._roster.states.known(), epoch=self._epoch(), now=self._now()):
            self._committer.tell(words)
        self.outage.look()
        await self.silence.look(is_network_down=self.outage.is_network_down)

    def _network_is_back(self) -> None:
        self._roster.watchdog.forgive()
        self._hurry(OF_THE_NETWORK)

    def _enabled(self) -> list[Watch]:
        return [watch for watch in self._roster.watches.values() if watch.is_enabled]
