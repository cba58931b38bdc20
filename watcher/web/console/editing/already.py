"""What a watch tells as soon as it is saved: entries that hold already, as its page was read last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from time import thread_time
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Same, WatchState
from watcher.core.conditions import holds
from watcher.core.cpu_budget import OF_RULES_SECONDS, CpuBudget
from watcher.core.locale import Locale
from watcher.core.redaction import redacted
from watcher.core.rehearsal import rehearse
from watcher.core.watch import Rule, Watch
from watcher.errors import PageError
from watcher.web.console.watch.because import words_of

_MESSAGES: Final = 5


class AlreadyTrue(Struct, frozen=True, kw_only=True):
    """
    What holds already.

    Attributes:
        told: messages of the next check.
        entries: those that make them, as sentences.
        untold: entries that hold, and are told once they have ended and hold again.
    """

    told: Sequence[str] = ()
    entries: Sequence[str] = ()
    untold: Sequence[str] = ()


def already_true(before: Watch | None, after: Watch | None, state: WatchState, language: Locale) -> AlreadyTrue:
    """
    Return what holds already of a watch that is changed; nothing where another page or value is read.

    Blocks, for as long as a check's rules may take.
    """
    if before is None or after is None or state.snapshot is None or _reading(before) != _reading(after):
        return AlreadyTrue()
    heard = replace(state, muted_until=None, suspect=None)
    same = Same(validators=state.snapshot.validators, by_server=True)
    try:
        rehearsed = rehearse(after, heard, same, now=datetime.now(UTC), clock=thread_time)
        held = [rule for rule in after.rules if rule not in (*before.rules, *rehearsed.fired) and _holds(rule, state)]
    except PageError:  # an expression of `matches` takes too long: the check says so
        return AlreadyTrue()
    return AlreadyTrue(
        told=[redacted(each.summary, after.request.secrets) for each in rehearsed.told[:_MESSAGES]],
        entries=words_of(after, rehearsed.fired, language),
        untold=words_of(after, held, language),
    )


def _reading(watch: Watch) -> tuple[object, ...]:
    return watch.request.url, watch.extraction, watch.link, watch.scope


def _holds(rule: Rule, state: WatchState) -> bool:
    budget = CpuBudget(thread_time, regex_seconds=OF_RULES_SECONDS)
    is_state = not any(condition.operator.is_event for condition in rule.conditions)
    return is_state and any(all(holds(each, row, budget) for each in rule.conditions) for row in state.rows.values())
