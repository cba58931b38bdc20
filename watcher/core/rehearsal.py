"""Judging for show: what a check would tell, and which entries make it. Nothing is kept and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Change, CheckOutcome, Decision, OutboxMessage, WatchState
from watcher.core.cpu_budget import OF_COMPARING_SECONDS, OF_RULES_SECONDS, CpuBudget
from watcher.core.judge import judge
from watcher.core.noting import MOST_RULES, rule_name
from watcher.core.values import Json, Rows
from watcher.core.watch import Rule, Watch

_EPOCH = "rehearsal"


class Rehearsed(Struct, frozen=True, kw_only=True):
    """A decision, and the entries of `notify_when` that fired in it."""

    decision: Decision
    fired: tuple[Rule, ...]

    @property
    def told(self) -> list[Told]:
        """The messages, those with the same words as one, in their order."""
        topics: dict[tuple[str, str], list[OutboxMessage]] = {}
        for message in self.decision.messages:
            topics.setdefault((message.summary, message.content), []).append(message)
        return [
            Told(
                summary=summary,
                content=content,
                url=messages[0].url,
                topics=tuple(message.topic for message in messages),
            )
            for (summary, content), messages in topics.items()
        ]


class Told(Struct, frozen=True, kw_only=True):
    """What a message would say, and to which topics."""

    summary: str
    content: str
    url: str | None
    topics: tuple[str, ...]

    @property
    def record(self) -> dict[str, Json]:
        """What `--json` shows of it."""
        return {"topics": list(self.topics), "summary": self.summary, "content": self.content, "url": self.url}


def rehearse(
    watch: Watch, state: WatchState, outcome: CheckOutcome, *, now: datetime, clock: Callable[[], float]
) -> Rehearsed:
    """
    Return what a check would decide.

    Args:
        clock: the processor time of this thread in seconds.

    Raises:
        PageError: an expression of `matches` takes too long.
    """

    def judged(watch: Watch) -> Decision:
        """Judge as a check does: rules that it would give up are given up here, too."""
        budget = CpuBudget(clock, regex_seconds=OF_RULES_SECONDS, comparing_seconds=OF_COMPARING_SECONDS)
        return judge(watch, state, outcome, epoch=_EPOCH, now=now, budget=budget)

    decision = judged(watch)
    return Rehearsed(decision=decision, fired=_fired(watch, decision, judged) if decision.messages else ())


def _fired(watch: Watch, decision: Decision, judged: Callable[[Watch], Decision]) -> tuple[Rule, ...]:
    """Return the entries that fired: those that are named, and where names may not tell all, those that would alone."""
    named = {name for event in decision.events for name in event.rules}
    names = [*map(rule_name, watch.rules)]
    if len(named) < MOST_RULES and len({*names}) == len(names):
        return tuple(rule for rule, name in zip(watch.rules, names, strict=True) if name in named)
    return tuple(rule for rule in watch.rules if _fires(watch, rule, judged))


def _fires(watch: Watch, rule: Rule, judged: Callable[[Watch], Decision]) -> bool:
    """Return whether the entry alone would tell its own topics."""
    alone = judged(replace(watch, rules=(rule,)))
    return any(message.topic in (rule.topics or watch.topics) for message in alone.messages)


def rows_before(changes: Iterable[Change], rows: Rows) -> Rows:
    """
    Return what the page showed before all of these changes.

    Args:
        changes: oldest first.
        rows: what it shows after them.
    """
    for change in reversed([*changes]):
        rows = _applied(rows, went=change.new, came=change.old)
    return rows


def replayed(changes: Sequence[Change], rows: Rows) -> Iterator[Rows]:
    """Yield what the page showed after each change, from what it showed before the first."""
    for change in changes:
        rows = _applied(rows, went=change.old, came=change.new)
        yield rows


def _applied(rows: Rows, *, went: Rows, came: Rows) -> Rows:
    return {key: row for key, row in rows.items() if key not in went or key in came} | {**came}
