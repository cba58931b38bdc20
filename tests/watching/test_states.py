"""The newest states, where somebody else saves one between a look and a save."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, play, price, watch
from tests.running import meanwhile
from tests.store.around import Around
from watcher.core.acts import BY_COMMAND
from watcher.core.check import CheckFailure, Decision, Suspect
from watcher.core.pausing import PauseAct
from watcher.errors import StaleDecisionError
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.committer import Committer
from watcher.watching.states import States

BASELINE = play(watch(), price(1))[0]
DUNE = BASELINE.watch
UNTIL = NOON + timedelta(hours=1)


def after(decision: Decision, odd: str = "x") -> Decision:
    """Return what another process saves after it: something suspicious."""
    failure = CheckFailure(kind="suspicious", text="half of it is gone")
    state = replace(decision.state, sequence=decision.state.sequence + 1, failures=1, failure=failure)
    return Decision(watch=DUNE, verdict=decision.verdict, state=replace(state, suspect=Suspect(odd=odd, checks=1)))


class Late(Around):
    """Is always told that somebody was quicker."""

    commits = 0

    async def commit(self, decisions: Sequence[Decision]) -> None:
        self.commits += len(decisions)
        raise StaleDecisionError("somebody was quicker")


@pytest.fixture
async def committer(store: DiskWatchStore) -> AsyncIterator[Committer]:
    await store.commit([BASELINE])
    committer = Committer(store, store.outbox, on_messages=lambda: None)
    async with meanwhile(committer.run()):
        yield committer


async def test_what_an_operator_asks_for_goes_on_from_a_state_that_somebody_saved_meanwhile(
    store: DiskWatchStore, committer: Committer, tmp_path: Path
) -> None:
    states = States(committer, on_saved=lambda *_: None)
    states.join({DUNE: BASELINE.state})
    await store.commit([after(BASELINE)])
    assert await states.pause(DUNE, PauseAct.PAUSE, UNTIL, by=BY_COMMAND, now=NOON)
    kept = DiskWatchReader(tmp_path).state(DUNE)
    assert kept is not None
    assert (kept.paused_until, kept.failures) == (UNTIL, 1), "of both"


async def test_what_somebody_else_found_suspicious_is_accepted_though_it_was_not_known(
    store: DiskWatchStore, committer: Committer, tmp_path: Path
) -> None:
    states = States(committer, on_saved=lambda *_: None)
    odd = after(BASELINE)
    states.join({DUNE: odd.state})
    await store.commit([odd])
    newer = replace(odd.state, sequence=odd.state.sequence + 1, failures=2)
    await store.commit([replace(odd, state=newer)])
    assert await states.accept(DUNE, by=BY_COMMAND, now=NOON)
    kept = DiskWatchReader(tmp_path).state(DUNE)
    assert kept is not None
    assert kept.sequence == newer.sequence + 1


async def test_what_became_suspicious_meanwhile_for_another_reason_is_not_accepted(
    store: DiskWatchStore, committer: Committer, tmp_path: Path
) -> None:
    states = States(committer, on_saved=lambda *_: None)
    seen = after(BASELINE, odd="x")
    states.join({DUNE: seen.state})
    await store.commit([seen])
    await store.commit([after(seen, odd="y")])
    with pytest.raises(StaleDecisionError, match="something else"):
        await states.accept(DUNE, by=BY_COMMAND, now=NOON)
    kept = DiskWatchReader(tmp_path).state(DUNE)
    assert kept is not None
    assert kept.suspect == Suspect(odd="y", checks=1), "it is not believed"


async def test_who_is_never_the_first_gives_up(store: DiskWatchStore) -> None:
    late = Late(store)
    committer = Committer(late, late.outbox, on_messages=lambda: None)
    states = States(committer, on_saved=lambda *_: None)
    states.join({DUNE: BASELINE.state})
    async with meanwhile(committer.run()):
        with pytest.raises(StaleDecisionError):
            await states.pause(DUNE, PauseAct.PAUSE, UNTIL, by=BY_COMMAND, now=NOON)
    assert late.commits == 3
