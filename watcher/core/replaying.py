"""A history judged again: what rules would have told of the changes that are stored. Keeps nothing and tells nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate, chain
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Change, Observation, Seen, Suspect, WatchState
from watcher.core.page import Validators
from watcher.core.rehearsal import Told, rehearse, replayed, rows_before
from watcher.core.values import Rows
from watcher.core.watch import Extraction, Items, Rule, Values, Watch

_ENGINE = "replay"
_ACCEPTED = Suspect(odd="", checks=0, is_accepted=True)
"""What is stored was accepted, be it by hand: it is not doubted again."""


class Replayed(Struct, frozen=True, kw_only=True):
    """One message that would have been sent, when, and the entries that made it."""

    at: datetime
    told: Told
    fired: tuple[Rule, ...]


class Replay(Struct, frozen=True, kw_only=True):
    """What would have been told of a history. `judged`: of how many changes, the oldest first."""

    messages: Sequence[Replayed]
    judged: int


def replay_changes(
    watch: Watch, changes: Sequence[Change], rows_now: Rows, *, clock: Callable[[], float], seconds: float = inf
) -> Replay:
    """
    Return what would have been told, from the baseline before the first change on; each new one tells nothing, too.

    Args:
        changes: oldest first, at least one.
        rows_now: what the page shows after them.
        clock: the processor time of this thread in seconds.
        seconds: after so many it goes no further.

    Raises:
        PageError: an expression of `matches` takes too long.
    """
    watch = _unhurried(watch)
    before = rows_before(changes, rows_now)
    times = chain([changes[0].changed_at - watch.every], (change.changed_at for change in changes))
    plans = accumulate((change.is_baseline for change in changes), initial=0)
    state, messages, judged, ends_at = WatchState(), list[Replayed](), -1, clock() + seconds
    for at, rows, plan in zip(times, chain([before], replayed(changes, before)), plans, strict=True):
        rehearsed = rehearse(watch, replace(state, suspect=_ACCEPTED), _seen(rows, at, plan), now=at, clock=clock)
        state = rehearsed.decision.state
        messages += (Replayed(at=at, told=told, fired=rehearsed.fired) for told in rehearsed.told)
        judged += 1
        if clock() >= ends_at:
            break
    return Replay(messages=messages, judged=judged)


def _seen(rows: Rows, at: datetime, plan: int) -> Seen:
    observation = Observation(rows=rows, engine=_ENGINE)
    return Seen(observation=observation, digest=at.isoformat(), validators=Validators(), plan=str(plan))


def _unhurried(watch: Watch) -> Watch:
    """Return the watch without what needs checks that are not stored."""
    extraction = _believing(watch.extraction)
    return replace(watch, confirm=1, remind_every=None, group_within=None, extraction=extraction)


def _believing(extraction: Extraction) -> Extraction:
    match extraction:
        case Values(selectors=selectors):
            free = {name: replace(selector, max_step=None) for name, selector in selectors.items()}
            return replace(extraction, selectors=free)
        case Items(fields=fields):
            free = {name: replace(selector, max_step=None) for name, selector in fields.items()}
            return replace(extraction, fields=free)
