"""
Whether what awaits its confirmation (`confirm`) comes to nothing again and again.

A page that shows two versions in turn never shows one of them twice in a row, so nothing is ever told of it: the
operator hears that, once, after UNSETTLED_ROUNDS. A page that only flickers now and then is counted down again by the
checks that find it as it was.
"""

from __future__ import annotations

from watcher.core.check import Progress, WatchState
from watcher.core.known_values import is_ignoring, may_ignore
from watcher.core.message import NAME_CHARACTERS, page_url
from watcher.core.phrases import Phrases, fill
from watcher.core.running import Run
from watcher.core.watch import Watch
from watcher.core.words import Words, cut

UNSETTLED_ROUNDS = 5
_TOLD = 1_000
"""Stands for a count that was told, so that it is not told again soon."""


def rounds_after(watch: Watch, state: WatchState, run: Run) -> int:
    """Return how often in a row something awaited its confirmation in vain; 0 once something is confirmed."""
    if watch.confirm == 1 or any(firing.rule.is_event for firing in run.firings):
        return 0
    known = [(rule, key, step) for rule, rows in state.progress.items() for key, step in rows.items()]
    waiting = [(rule, key, step) for rule, key, step in known if not step.has_fired and step.basis is not None]
    is_in_vain = any(_is_over(step, run.progress.get(rule, {}).get(key)) for rule, key, step in waiting)
    rounds = state.unsettled + is_in_vain
    return _TOLD if is_told(state.unsettled, rounds) else min(rounds, _TOLD)


def is_told(before: int, rounds: int) -> bool:
    """Return whether the operator is to hear of it now."""
    return before < UNSETTLED_ROUNDS <= rounds


def in_turn(watch: Watch, phrases: Phrases) -> Words:
    """Return the words that the page shows versions in turn."""
    name = cut(watch.name, NAME_CHARACTERS)
    content = fill(phrases.in_turn_advice, count=str(watch.confirm))
    if may_ignore(watch) and not is_ignoring(watch):
        content += f"\n{phrases.in_turn_known}"
    return Words(summary=fill(phrases.in_turn, name=name), content=content, url=page_url(watch))


def _is_over(before: Progress, after: Progress | None) -> bool:
    """Return whether this wait has ended, or has begun anew with another value."""
    return after is None or after.has_fired or (after != before and after.streak <= before.streak)
