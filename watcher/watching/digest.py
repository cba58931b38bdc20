"""A daily message to the operator: that all is well, or what is not. If it does not come, that says something, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from watcher.core.check import Decision, OutboxMessage, Verdict, WatchState
from watcher.core.pausing import is_left_alone
from watcher.core.phrases import Phrases, fill
from watcher.core.shown import shown_moment
from watcher.core.trouble import has_lost_a_value
from watcher.core.watch import NO_LANGUAGES, AllWell, TopicLanguages, Watch
from watcher.watching.notices import notices

_DAY = timedelta(days=1)
_FAILURES_OF_A_BROKEN_WATCH = 3
_NAMED_IN_SUMMARY = 3
_EMPTY = WatchState()


class Digest:
    """Counts the results of checks, and reports them once a day."""

    def __init__(
        self,
        all_well: AllWell | None,
        *,
        now: datetime,
        language_of: TopicLanguages = NO_LANGUAGES,
    ) -> None:
        self._all_well = all_well
        self._language_of = language_of
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
        if not self.is_time(now):
            return []
        named = watches()
        report = Report(
            watches=len(named),
            broken=broken_of(named, states, now=now),
            checks=self._checks,
            changes=self._changes,
            since=None if now - self._since > _DAY * 0.9 else self._since,
        )
        messages = self.messages(report, epoch=epoch, now=now)
        self.move_on(now)
        return messages

    def is_time(self, now: datetime) -> bool:
        """Return whether it is to be reported now, and was not yet."""
        if self._due_at is not None and self._due_at - now > 2 * _DAY:  # the clock was set back
            self._due_at = _next_time(self._all_well, now)
        return self._due_at is not None and now >= self._due_at

    def messages(self, report: Report, *, epoch: str, now: datetime) -> list[OutboxMessage]:
        """Return what is to be said of a report. It is time until it is said that it was: `move_on`."""
        all_well = self._all_well
        if all_well is None:
            return []
        today = now.astimezone(all_well.timezone).date()
        return notices(
            epoch,
            f"all well {today}",
            words=partial(_words, report, all_well),
            language_of=self._language_of,
            now=now,
            topics=all_well.topics,
        )

    def move_on(self, now: datetime) -> None:
        """Wait for the next time, and count anew."""
        self._due_at = _next_time(self._all_well, now)
        self._restart(now)

    def _restart(self, now: datetime) -> None:
        self._checks = self._changes = 0
        self._since = now


def broken_of(
    watches: Sequence[Watch], states: Mapping[str, WatchState], *, now: datetime
) -> list[tuple[str, WatchState]]:
    """Return the ids and states of those that do not work."""
    return [(one.id, states[one.id]) for one in watches if _is_broken(states.get(one.id, _EMPTY), now)]


class Report(Struct, frozen=True, kw_only=True):
    """
    What the message of a day is about.

    Attributes:
        broken: ids and states of the watches that do not work.
        checks: None: they were not counted.
        since: when the counts begin; None: a day ago.
    """

    watches: int
    broken: Sequence[tuple[str, WatchState]]
    checks: int | None
    changes: int
    since: datetime | None


def _words(report: Report, all_well: AllWell, phrases: Phrases) -> tuple[str, str]:
    since = report.since
    began = _shown(since, all_well, phrases) if since else phrases.yesterday
    watches, changes = phrases.watches(report.watches), phrases.values_changed(report.changes)
    counts = _counts(report, changes, began, phrases)
    if not report.broken:
        summary = fill(phrases.all_well, watches=watches, changes=changes, began=began)
        return summary, counts or summary
    broken = [_trouble(watch, state, all_well, phrases) for watch, state in report.broken]
    names = phrases.comma.join(broken[:_NAMED_IN_SUMMARY]) + (" …" if len(broken) > _NAMED_IN_SUMMARY else "")
    summary = fill(phrases.some_broken, working=report.watches - len(broken), watches=watches, names=names)
    lost = sum(has_lost_a_value(state.failure) for _, state in report.broken)
    advice = [phrases.suggest_failing] if lost > 1 else []
    return summary, "\n".join([*(f"- {line}" for line in broken), *advice, *(["", counts] if counts else ())])


def _counts(report: Report, changes: str, began: str, phrases: Phrases) -> str:
    if report.checks is None:
        return ""
    return fill(phrases.counts_since, checks=phrases.checks(report.checks), changes=changes, began=began)


def _next_time(all_well: AllWell | None, after: datetime) -> datetime | None:
    if all_well is None:
        return None
    today = after.astimezone(all_well.timezone).date()
    # Times that clocks skip are read with the offset before the gap (PEP 495): an hour later, on one day a year.
    times = (datetime.combine(today + _DAY * ahead, all_well.at, tzinfo=all_well.timezone) for ahead in range(3))
    return next(at for at in times if at.timestamp() > after.timestamp())


def _is_broken(state: WatchState, now: datetime) -> bool:
    """Return whether the summary should name this watch: a single failed check is no news."""
    if is_left_alone(state, now):
        return False
    return state.is_error_told or state.failures >= _FAILURES_OF_A_BROKEN_WATCH


def _trouble(watch: str, state: WatchState, all_well: AllWell, phrases: Phrases) -> str:
    kind = phrases.failures.get(state.failure.kind, state.failure.kind) if state.failure else phrases.no_check
    since = state.failing_since or state.good_at
    if since is None:
        return fill(phrases.broken, watch=watch, kind=kind)
    return fill(phrases.broken_since, watch=watch, kind=kind, moment=_shown(since, all_well, phrases))


def _shown(moment: datetime, all_well: AllWell, phrases: Phrases) -> str:
    """Return a moment by the clock that the operator named for this message."""
    return shown_moment(moment.astimezone(all_well.timezone).replace(tzinfo=None), phrases)
