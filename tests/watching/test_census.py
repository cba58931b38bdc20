"""How the watches stand: what is counted as they change is what a look at each of them would show."""

from __future__ import annotations

import random
from collections import Counter

from msgspec.structs import replace

from tests.core.builders import BROKEN, play, price, watch
from watcher.core.check import WatchState
from watcher.core.watch import Watch
from watcher.watching.census import Census

GOOD = play(watch(), price(1))[0].state
STATES = (WatchState(), GOOD, replace(GOOD, failure=BROKEN), WatchState(failure=BROKEN))


def seen(watches: dict[str, Watch], states: dict[str, WatchState]) -> Counter[str]:
    def stands(one: Watch) -> str:
        state = states.get(one.id, WatchState())
        return "disabled" if not one.is_enabled else "failing" if state.failure else "ok" if state.snapshot else "new"

    return Counter(map(stands, watches.values()))


def test_after_any_changes_the_counts_are_what_a_look_would_show() -> None:
    chance = random.Random(3)
    states: dict[str, WatchState] = {}
    watches = {f"w{number}": replace(watch(), id=f"w{number}") for number in range(5)}
    census = Census(lambda one: states.get(one, WatchState()))
    census.follow(watches.values(), ())
    for _ in range(500):
        one = f"w{chance.randrange(8)}"
        known = watches.get(one)
        if chance.random() < 0.6:
            before, states[one] = states.get(one, WatchState()), chance.choice(STATES)
            if known is not None and known.is_enabled:
                census.moved(before, states[one])
        else:
            went = [] if known is None else [watches.pop(one)]
            came = []
            if known is None or chance.random() < 0.7:
                watches[one] = replace(watch(), id=one, is_enabled=chance.random() < 0.7)
                came.append(watches[one])
            census.follow(came, went)
        assert census.counts == seen(watches, states)
