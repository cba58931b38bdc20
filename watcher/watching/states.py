"""
The newest state of each watch, and the only way to a newer one.

A decision counts once it is saved, and only when the state that it was made from is still the newest: a check, `accept`
and a word about silence may be under way for one watch at the same time, and none of them undoes another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from weakref import WeakValueDictionary

from msgspec.structs import replace

from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.noting import of_acceptance, of_pause
from watcher.core.pausing import PauseAct, after
from watcher.core.redaction import redacted_state
from watcher.core.suspicion import accepted
from watcher.core.watch import Watch
from watcher.errors import StaleDecisionError, StoreError
from watcher.watching.committer import Committer

_EMPTY = WatchState()
_MOST_STALE: Final = 3
"""So often somebody else may have saved a state before what an operator asks for is refused."""
_log = logging.getLogger(__name__)


class States:
    """
    The states of all watches, including removed ones: they may come back. Those that left are forgotten.

    Attributes:
        pauses: until when each watch is paused that is, or was when it was checked last; few are.
        stale: watches of which the store has another state, so that it refused their late times; `refresh` reads it.
    """

    def __init__(self, committer: Committer, *, on_saved: Callable[[str, WatchState, WatchState], None]) -> None:
        """`on_saved`: told a watch, its state before, and the one that was saved."""
        self._states: dict[str, WatchState] = {}
        self._pauses: dict[str, datetime] = {}
        self.pauses: Mapping[str, datetime] = MappingProxyType(self._pauses)
        self.stale: Container[str] = committer.stale
        self._committer = committer
        self._on_saved = on_saved
        self._redacted: set[str] = set()
        # One lives as long as somebody holds it or waits for it, whatever becomes of its watch meanwhile.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def join(self, states: Mapping[str, WatchState]) -> None:
        """Go on from these states too, as they were saved."""
        self._states |= states
        self._pauses |= {one: state.paused_until for one, state in states.items() if state.paused_until is not None}

    async def settled(self, watches: Iterable[str]) -> None:
        """Return when what was being saved of these has been saved, or refused."""
        for one in watches:
            if (turn := self._turns.get(one)) is not None:
                async with turn:
                    pass

    def forget(self, watches: Iterable[str]) -> None:
        """Forget the states of these: whoever checks them next reads them anew."""
        for one in watches:
            self._states.pop(one, None)
            self._pauses.pop(one, None)
            self._redacted.discard(one)
            self._committer.stale.discard(one)

    def is_being_saved(self, watch: str) -> bool:
        """Return whether a state of this watch is on its way to the store."""
        turn = self._turns.get(watch)
        return turn is not None and turn.locked()

    def of(self, watch: str) -> WatchState:
        """Return the newest state; an empty one for a watch that is new."""
        return self._states.get(watch, _EMPTY)

    def known(self) -> Mapping[str, WatchState]:
        """Return the newest states of all that have one."""
        return self._states

    async def save(self, decision: Decision, *, follows: WatchState) -> bool:
        """
        Save a decision and return True; False when the state that it was made from is no longer the newest.

        Raises:
            StaleDecisionError: the store has another state, which is the newest from now on.
            StoreError: that state still stands.
        """
        if not decision.is_durable and decision.watch not in self._turns:
            return await self._save(decision, follows=follows)  # waits for nothing, so nobody can come between
        async with self._turn(decision.watch):
            return await self._save(decision, follows=follows)

    async def _save(self, decision: Decision, *, follows: WatchState) -> bool:
        """Save a decision as `save` does, while nobody else can save one of its watch."""
        if self.of(decision.watch) is not follows:
            return False
        try:
            await self._committer.save(decision)
        except StaleDecisionError:
            await self._read_anew(decision.watch, follows=follows)
            raise
        self._states[decision.watch] = decision.state
        if decision.state.paused_until is not None:
            self._pauses[decision.watch] = decision.state.paused_until
        elif follows.paused_until is not None:
            del self._pauses[decision.watch]
        self._on_saved(decision.watch, follows, decision.state)
        return True

    def plan(self, watch: str, at: datetime) -> None:
        """Let a watch be checked next at that time, for whoever reads its state or goes on from it; written late."""
        state = self.of(watch)
        if state.next_check_at is None or self.is_being_saved(watch):
            return
        planned = self._states[watch] = replace(state, next_check_at=at)
        self._committer.save_late_with_others(
            Decision(watch=watch, verdict=Verdict.UNCHANGED, state=planned, is_durable=False)
        )

    async def refresh(self, watch: str) -> None:
        """Go on from the state that the store has. Raises StoreError."""
        async with self._turn(watch):
            await self._read_anew(watch, follows=self.of(watch))

    async def _read_anew(self, watch: str, *, follows: WatchState) -> None:
        """Go on from the state that the store has. Raises StoreError."""
        state = await self._committer.state_of(watch)
        self._committer.stale.discard(watch)
        self._pauses.pop(watch, None)
        self.join({watch: state})
        self._on_saved(watch, follows, state)

    def _turn(self, watch: str) -> asyncio.Lock:
        turn = self._turns.get(watch)
        if turn is None:
            turn = self._turns[watch] = asyncio.Lock()
        return turn

    def redact(self, watches: Iterable[Watch]) -> None:
        """Remove secrets from states that an older version, or the watch before it had `${…}`, stored."""
        for watch in watches:
            state = self.of(watch.id)
            shown = redacted_state(state, watch.request.secrets)
            if shown is not state:
                self._states[watch.id] = shown
                self._redacted.add(watch.id)

    async def save_redacted(self) -> None:
        """Remove them from the disk, too. What it refuses is saved with the next change of that watch."""
        while self._redacted:
            one = self._redacted.pop()
            try:
                await self._rewrite(one)
            except StoreError as error:
                _log.warning("watch %s: what is stored of it may hold a secret still: %s", one, error)

    async def _rewrite(self, watch: str) -> None:
        """Save the state of a watch as it is. Raises StoreError."""
        is_saved = False
        while not is_saved:
            state = self.of(watch)
            newer = replace(state, sequence=state.sequence + 1)
            is_saved = await self.save(Decision(watch=watch, verdict=Verdict.UNCHANGED, state=newer), follows=state)

    async def pause(self, watch: str, act: PauseAct, until: datetime | None, *, by: str, now: datetime) -> bool:
        """
        Pause, mute or resume a watch; return whether there was anything to do.

        Args:
            by: from where somebody does it, for the record of events.

        Raises:
            StoreError: it was not done.
        """

        def paused(state: WatchState) -> Decision | None:
            if (newer := after(state, act, until, now=now)) is None:
                return None
            event = of_pause(watch, act, newer, until=until, by=by, now=now)
            return Decision(watch=watch, verdict=Verdict.UNCHANGED, state=newer, events=(event,))

        return await self._change(watch, paused)

    async def accept(self, watch: str, *, by: str, now: datetime) -> bool:
        """
        Let the next check accept what was suspicious; return whether anything was.

        Args:
            by: from where somebody does it.

        Raises:
            StaleDecisionError: by now something else is suspicious, which nobody was shown.
            StoreError: it was not done.
        """
        seen = self.of(watch).suspect

        def believed(state: WatchState) -> Decision | None:
            if (believing := accepted(state)) is None:
                return None
            if seen is None or believing.suspect is None or believing.suspect.odd != seen.odd:
                raise StaleDecisionError(f"something else about {watch} is suspicious by now; look at it, then accept")
            event = of_acceptance(watch, believing, by=by, now=now)
            return Decision(watch=watch, verdict=Verdict.UNCHANGED, state=believing, events=(event,))

        return await self._change(watch, believed)

    async def _change(self, watch: str, change: Callable[[WatchState], Decision | None]) -> bool:
        """
        Save what a change makes of the newest state; return False where it makes nothing of it.

        Raises StoreError: it was refused, or others saved newer states all the time.
        """
        stale = 0
        while (decision := change(state := self.of(watch))) is not None:
            try:
                if await self.save(decision, follows=state):
                    return True
            except StaleDecisionError:  # what the store has was read by that
                stale += 1
                if stale == _MOST_STALE:
                    raise
        return False
