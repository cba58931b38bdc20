"""A daily message to the operator: that all is well, or what is not. If it does not come, that says something, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.core.check import Decision, OutboxMessage, Verdict, WatchState
from watcher.core.watch import AllWell, Watch
from watcher.watching.notices import notices

_DAY = timedelta(days=1)
_FAILURES_OF_A_BROKEN_WATCH = 3
_NAMED_IN_SUMMARY = 3
_EMPTY = WatchState()


class Digest:
    """Counts the results of checks, and reports them once a day."""

    def __init__(self, all_well: AllWell | None, *, now: datetime) -> None:
        self._all_well = all_well
        self._due_at = _next_time(all_well, now)
        self._restart(now)

    def follow(self, all_well: AllWell | None, *, now: datetime) -> None:
        """Report at this time from now on."""
        if all_well != self._all_well:
            self._all_well = all_well
            self._due_at = _next_time(all_well, now)

    def count(self, decision: Decision) -> None:
        """Count a check."""
        self._checks += 1
        self._changes += decision.verdict is Verdict.CHANGED

    def due(
        self, watches: Callable[[], Sequence[Watch]], states: Mapping[str, WatchState], *, epoch: str, now: datetime
    ) -> list[OutboxMessage]:
        """
        Return what is to be said now: nothing but once a day; it begins to count anew then.

        Args:
            watches: returns those that are enabled; asked when something is to be said.
        """
        all_well, due_at = self._all_well, self._due_at
        if all_well is None or due_at is None:
            return []
        if due_at - now > 2 * _DAY:  # the clock was set back
            self._due_at = _next_time(all_well, now)
        if now < due_at:
            return []
        summary, content = self._words(watches(), states, all_well, now)
        today = now.astimezone(all_well.timezone).date()
        self._due_at = _next_time(all_well, now)
        self._restart(now)
        return notices(epoch, f"all well {today}", summary=summary, content=content, now=now, topics=all_well.topics)

    def _restart(self, now: datetime) -> None:
        self._checks = self._changes = 0
        self._since = now

    def _words(
        self, watches: Sequence[Watch], states: Mapping[str, WatchState], all_well: AllWell, now: datetime
    ) -> tuple[str, str]:
        since = self._since.astimezone(all_well.timezone)
        began = "yesterday" if now - self._since > _DAY * 0.9 else f"{since:%Y-%m-%d %H:%M}"
        counts = f"{_counted(self._checks, 'check')}, {_counted(self._changes, 'change')} since {began}"
        broken = [
            _trouble(watch, states[watch.id], all_well) for watch in watches if _is_broken(states.get(watch.id, _EMPTY))
        ]
        if not broken:
            summary = f"All well: {_counted(len(watches), 'watch')}, {counts}"
            return summary, summary
        named = ", ".join(broken[:_NAMED_IN_SUMMARY]) + (", …" if len(broken) > _NAMED_IN_SUMMARY else "")
        works = f"{len(watches) - len(broken)} of {_counted(len(watches), 'watch')} work; broken: "
        return works + named, "\n".join([f"{works}", *(f"- {line}" for line in broken), "", counts])


def _next_time(all_well: AllWell | None, after: datetime) -> datetime | None:
    if all_well is None:
        return None
    today = after.astimezone(all_well.timezone).date()
    # Times that clocks skip are read with the offset before the gap (PEP 495): an hour later, on one day a year.
    times = (datetime.combine(today + _DAY * ahead, all_well.at, tzinfo=all_well.timezone) for ahead in range(3))
    return next(at for at in times if at.timestamp() > after.timestamp())


def _is_broken(state: WatchState) -> bool:
    """Return whether the summary should name this watch: a single failed check is no news."""
    return state.is_error_told or state.failures >= _FAILURES_OF_A_BROKEN_WATCH


def _trouble(watch: Watch, state: WatchState, all_well: AllWell) -> str:
    kind = state.failure.kind if state.failure else "silent"
    since = state.failing_since or state.good_at
    return f"{watch.id} ({kind}{f' since {since.astimezone(all_well.timezone):%Y-%m-%d %H:%M}' if since else ''})"


def _counted(number: int, noun: str) -> str:
    plural = "" if number == 1 else "es" if noun.endswith("ch") else "s"
    return f"{number:,} {noun}{plural}"
