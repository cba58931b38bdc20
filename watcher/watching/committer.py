"""
Saves decisions in groups.

While one group is being written the next one gathers, so `synchronous=FULL` costs one sync per group, not per check.
One decision alone is written at once; after a group of several the next one gathers for GATHER_SECONDS, unless it is
full before, for a pass over many watches makes a decision every millisecond.
A decision that changes only the times of its check, or what its page is known by, is written within LATE_SECONDS,
with others of its kind.
What others hold up is tried again ten times in HELD_SECONDS, in groups of its own, for the store waits a moment for it
each time and what comes meanwhile need not; then it is refused.
Words to the operator that belong to no decision are saved at once, and again with the late ones where the disk refuses.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from watcher.background.loop import BackgroundLoop
from watcher.core.check import Decision, OutboxMessage, WatchState
from watcher.core.figures import Durations
from watcher.core.protocols import OutboxAppender, WatchStore
from watcher.errors import HeldUpError, LeaseLostError, StaleDecisionError, StoreError

LATE_SECONDS = 60.0
GROUP = 256
GATHER_SECONDS = 0.1
HELD_SECONDS = 10.0
_HELD_TRIES = 10
_MOST_NOTICES = 100
_OF_A_DECISION = (StaleDecisionError, LeaseLostError, HeldUpError)
"""What refuses a group for the sake of one decision, or of some, and says nothing of the store."""
_EMPTY = WatchState()
_log = logging.getLogger(__name__)


class _Waiting(Struct, kw_only=True):
    """
    A decision that waits to be saved.

    Attributes:
        saved: what its waiter is told by.
        held_since: when others held it up first, on the loop's clock; None: they did not.
    """

    decision: Decision
    saved: asyncio.Future[None]
    held_since: float | None = None


class Committer:
    """Saves decisions in groups. `run` does the work; `save` asks for it."""

    def __init__(
        self,
        store: WatchStore,
        outbox: OutboxAppender,
        *,
        on_messages: Callable[[], None],
        late_seconds: float = LATE_SECONDS,
        gather_seconds: float = GATHER_SECONDS,
        held_seconds: float = HELD_SECONDS,
    ) -> None:
        """
        Args:
            outbox: for the words to the operator; decisions bring theirs by the store.
            on_messages: called after a group that brought the outbox something.
            late_seconds: how long a decision may wait that changes only the times of its check.
            gather_seconds: how long the group after one of several gathers.
            held_seconds: how long a decision is tried again that others hold up.
        """
        self._store = store
        self._outbox = outbox
        self._on_messages = on_messages
        self._late_seconds = late_seconds
        self._gather_seconds = gather_seconds
        self._held_seconds = held_seconds
        self._late: dict[str, Decision] = {}
        self.stale: set[str] = set()
        """watches whose late times the store refused, for it has another state; who reads that takes them out"""
        self._waiting: list[_Waiting] = []
        self._held: list[_Waiting] = []
        self._held_at = math.inf
        self._notices: list[OutboxMessage] = []
        self._late_at = 0.0
        self._late_turn = asyncio.Lock()
        self._is_full = asyncio.Event()
        self.loop = BackgroundLoop("saves what checks found", longest_wait=late_seconds, stuck_seconds=3 * late_seconds)
        self.commit_seconds = Durations()
        self.refused = 0
        self.trouble: str | None = None
        """why the last commit was refused; None: it was not"""

    @property
    def late(self) -> int:
        """How many decisions wait for the next late write."""
        return len(self._late)

    async def save(self, decision: Decision) -> None:
        """
        Return when the decision is on disk; at once for one that may be written late.

        Raises:
            StoreError: it is not, and the state it was made from still stands.
        """
        if not decision.is_durable:
            self._late[decision.watch] = _after(self._late.get(decision.watch), decision)
            return
        self._late.pop(decision.watch, None)
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(decision=decision, saved=saved))
        self.loop.wake()
        if len(self._waiting) >= GROUP:
            self._is_full.set()
        await saved

    def save_late_with_others(self, decision: Decision) -> None:
        """Save one that may be written late, without waiting for it."""
        self._late[decision.watch] = _after(self._late.get(decision.watch), decision)

    def tell(self, messages: Sequence[OutboxMessage]) -> None:
        """Put messages that belong to no decision into the outbox, soon, without waiting for it."""
        self._notices = [*self._notices, *messages][-_MOST_NOTICES:]
        self.loop.wake()

    async def state_of(self, watch: str) -> WatchState:
        """Return the state of a watch that the store has; an empty one where it has none. Raises StoreError."""
        return await self._store.state_of(watch) or _EMPTY

    async def save_late(self, watches: Collection[str]) -> None:
        """Save the times of these that wait, and return when none is being saved. What is not saved then is lost."""
        async with self._late_turn:
            wanted = {one: self._late.pop(one) for one in watches if one in self._late}
            await self._save_late_of(wanted)

    async def run(self) -> None:
        """Save groups until cancelled; then save what is left."""
        self._late_at = asyncio.get_running_loop().time() + self._late_seconds
        try:
            await self.loop.run(self._turn)
        finally:
            await self.flush()

    async def flush(self) -> None:
        """Save everything that waits. What the disk refuses is logged, and comes again with the next check."""
        while self._waiting or self._held:
            await self._save_next()
            await self._save_held()
        await self._save_notices()
        await self._save_late()

    async def _turn(self) -> float:
        loop = asyncio.get_running_loop()
        is_burst = await self._save_next() > 1
        if loop.time() >= self._held_at:
            await self._save_held()
        await self._save_notices()
        if loop.time() >= self._late_at:  # reached even when there is always something that waits
            await self._save_late()
            self._late_at = loop.time() + self._late_seconds
        if is_burst:
            await self._gather()
        return 0.0 if self._waiting else min(self._late_at, self._held_at) - loop.time()

    async def _gather(self) -> None:
        """Wait until the next group is full, or has had its time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._gather_seconds):
                await self._is_full.wait()

    async def _save_next(self) -> int:
        """Save a group; return how many decisions it had."""
        group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
        if len(self._waiting) < GROUP:
            self._is_full.clear()
        await self._save_or_cancel(group)
        return len(group)

    async def _save_held(self) -> None:
        """Try a group again that others held up; the next one at once, unless this one still is."""
        group, self._held = self._held[:GROUP], self._held[GROUP:]
        self._held_at = math.inf
        await self._save_or_cancel(group)
        if self._held and self._held_at == math.inf:
            self._held_at = 0.0

    async def _save_or_cancel(self, group: Sequence[_Waiting]) -> None:
        try:
            await self._save_group(group)
        except asyncio.CancelledError:
            for each in group:
                each.saved.cancel()  # nobody would answer
            raise

    async def _save_group(self, group: Sequence[_Waiting]) -> None:
        if not group:
            return
        try:
            await self._commit([each.decision for each in group])
        except HeldUpError as error:
            await self._save_unheld(group, error)
        except _OF_A_DECISION as error:
            await self._save_apart(group, error)
        except StoreError as error:
            _answer(group, error)
        except Exception as error:
            _log.exception("a defect in watcher: a group of %d decisions was not saved", len(group))
            await self._save_apart(group, StoreError(f"a defect in watcher: {type(error).__name__}: {error}"))
        else:
            _answer(group, None)
            if any(each.decision.messages for each in group):
                self._on_messages()

    async def _commit(self, decisions: Sequence[Decision]) -> None:
        """Save these in one transaction, and count it. Raises StoreError."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await self._store.commit(decisions)
        except HeldUpError:
            raise
        except StoreError as error:
            self.refused += 1
            if not isinstance(error, _OF_A_DECISION):
                self.trouble = str(error)
            raise
        self.trouble = None
        self.commit_seconds.note(loop.time() - began)

    async def _save_apart(self, group: Sequence[_Waiting], error: StoreError) -> None:
        """Save each of a refused group by itself, so that only the decision at fault is refused."""
        if len(group) == 1:
            _answer(group, error)
            return
        for each in group:
            await self._save_group([each])

    async def _save_unheld(self, group: Sequence[_Waiting], error: HeldUpError) -> None:
        """Save those of a group that nobody holds up; let the others wait for their next turn, or refuse them."""
        now = asyncio.get_running_loop().time()
        for each in group:
            if each.decision.watch not in error.watches:
                continue
            if each.held_since is None:
                each.held_since = now
            if now - each.held_since < self._held_seconds:
                self._held.append(each)
                self._held_at = min(self._held_at, now + self._held_seconds / _HELD_TRIES)
            else:
                self.refused += 1
                _answer([each], error)
        await self._save_group([each for each in group if each.decision.watch not in error.watches])

    async def _save_notices(self) -> None:
        """Save messages that belong to no decision; when the store refuses they wait for the next time."""
        notices = self._notices
        if not notices:
            return
        try:
            await self._outbox.add(notices)
        except StoreError as error:
            _log.warning("%d messages to the operator wait, for they were not saved: %s", len(notices), error)
            return
        except Exception:
            _log.exception(
                "a defect in watcher: %d messages to the operator wait, for they were not saved", len(notices)
            )
            return
        self._notices = [one for one in self._notices if one not in notices]
        self._on_messages()

    async def _save_late(self) -> None:
        """Save the late decisions that wait now; after a refusal the rest waits for the next time."""
        async with self._late_turn:
            await self._save_late_of(self._late)

    async def _save_late_of(self, late: dict[str, Decision]) -> None:
        """Save these that wait now, in groups that are taken out of it, until one is refused; keep what is held up."""
        held_up: dict[str, Decision] = {}
        for _ in range(0, len(late), GROUP):
            group = [late.pop(watch) for watch in list(islice(late, GROUP))]
            try:
                held_up.update(await self._save_times(group))
            except StoreError as error:
                _log.warning("the times of up to %d checks were not saved: %s", len(group), error)
                return
            except Exception:
                _log.exception("a defect in watcher: the times of some checks were not saved")
        for watch, decision in held_up.items():
            late.setdefault(watch, decision)

    async def _save_times(self, group: Sequence[Decision]) -> Mapping[str, Decision]:
        """Save these, and without those that are refused by themselves; return those held up. Raises StoreError."""
        try:
            await self._commit(group)
        except HeldUpError as error:
            held_up = {each.watch: each for each in group if each.watch in error.watches}
            free = [each for each in group if each.watch not in held_up]
            return {**held_up, **(await self._save_times(free) if free else {})}
        except _OF_A_DECISION as error:
            if len(group) > 1:
                return {one: held for each in group for one, held in (await self._save_times([each])).items()}
            if isinstance(error, StaleDecisionError):
                self.stale.add(group[0].watch)
            _log.log(_gravity(error), "watch %s: the times of its check were not saved: %s", group[0].watch, error)
        return {}


def _after(earlier: Decision | None, decision: Decision) -> Decision:
    """Return the later of two decisions that may both be written late, with what the earlier one had to write."""
    if earlier is None or not earlier.has_new_page or decision.has_new_page:
        return decision
    return replace(decision, has_new_page=True)


def _gravity(error: StoreError) -> int:
    """Return the level at which a refusal is logged: that another process has a watch by now is in order."""
    return logging.DEBUG if isinstance(error, LeaseLostError) else logging.WARNING


def _answer(group: Sequence[_Waiting], error: StoreError | None) -> None:
    for each in group:
        if each.saved.done():  # its waiter was cancelled
            continue
        if error is None:
            each.saved.set_result(None)
        else:
            each.saved.set_exception(error)
