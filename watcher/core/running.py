"""
Runs a watch's entries over the rows of a good check: what fires, and how far each entry has come with each row.

The rules are at the head of `watcher.core.judge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Progress, WatchState, idle
from watcher.core.conditions import fields_of, holds, occurs
from watcher.core.cpu_budget import CpuBudget
from watcher.core.known import is_rolling
from watcher.core.known_values import is_ignoring, is_of_changes, recognised
from watcher.core.likeness import Likeness
from watcher.core.measures import from_peak, moved, peak_name
from watcher.core.series import is_extreme
from watcher.core.values import Row, Rows
from watcher.core.watch import Already, Condition, Items, Operator, Rule, Watch
from watcher.core.words import Firing

ProgressByRule = Mapping[str, Mapping[str, Progress]]


class Run(Struct, frozen=True, kw_only=True):
    """
    What running the entries came to.

    Attributes:
        known_values: those of the state, after this check.
        is_counted: whether what holds has held for one check more (`counting`).
    """

    progress: ProgressByRule
    firings: tuple[Firing, ...]
    known_values: Mapping[str, tuple[str, ...]]
    is_counted: bool

    @property
    def is_confirming(self) -> bool:
        """True while an entry awaits its confirmation."""
        return any(not step.has_fired for rows in self.progress.values() for step in rows.values())


class _Look(Struct, frozen=True, kw_only=True):
    """
    What entries are run over.

    Attributes:
        old: the rows before; the very object of `new` when nothing is different.
        known: names of values that have changed to one that is no news (`known_values`).
        is_counted: whether what holds has held for one check more (`counting`).
    """

    watch: Watch
    state: WatchState
    old: Rows
    new: Rows
    now: datetime
    budget: CpuBudget
    likeness: Likeness
    known: frozenset[str]
    is_counted: bool


_Step = tuple[str, Progress | None, Firing | None]
_NOTHING: Mapping[str, Progress] = {}


def run_rules(
    watch: Watch,
    state: WatchState,
    old: Rows,
    new: Rows,
    *,
    now: datetime,
    budget: CpuBudget,
    is_baseline: bool,
    is_counted: bool = True,
) -> Run:
    """
    Return what fires between two looks at the rows.

    Args:
        old: the same object as `new` says that they are equal, which saves looking for events.
        is_counted: whether what holds has held for one check more (`counting`).

    Raises:
        PageError: an expression of `matches` took too long.
    """
    likeness = Likeness(watch, budget)
    known_values = recognised(watch, state, old, new, likeness, is_baseline=is_baseline)
    look = _Look(
        watch=watch,
        state=state,
        old=old,
        new=new,
        now=now,
        budget=budget,
        likeness=likeness,
        known=known_values.names,
        is_counted=is_counted,
    )
    is_mute = is_baseline and state.snapshot is not None
    progress: dict[str, dict[str, Progress]] = {}
    firings: list[Firing] = []
    for rule in watch.rules:
        name = progress_name(rule)
        known = _known(watch, state.progress, rule, name)
        if is_baseline or (known is None and not rule.is_event):
            steps = _first_steps(look, rule, known or _NOTHING, is_mute=is_mute)
        else:
            steps = _steps(look, rule, known or _NOTHING)
        progress[name] = advanced = {}
        for key, step, fired in steps:
            if step is not None:
                advanced[key] = step
            if fired is not None:
                firings.append(_with_told(watch, fired, state.told))
    return Run(
        progress=progress if any(progress.values()) else idle(tuple(progress)),
        firings=tuple(firings),
        known_values=known_values.digests,
        is_counted=is_counted,
    )


def progress_name(rule: Rule) -> str:
    """Return the name of an entry's progress: its id, with the topics of one that has its own."""
    return f"{rule.id} for {', '.join(sorted(rule.topics))}" if rule.topics else rule.id


def _known(watch: Watch, progress: ProgressByRule, rule: Rule, name: str) -> Mapping[str, Progress] | None:
    """Return how far the entry has come, while it told other topics too; None when it is met for the first time."""
    if name in progress or not progress:
        return progress.get(name)
    names = set(map(progress_name, watch.rules))
    same = (rows for name, rows in progress.items() if name.partition(" ")[0] == rule.id and name not in names)
    return next(same, None)


def _first_steps(look: _Look, rule: Rule, known: Mapping[str, Progress], *, is_mute: bool) -> Iterator[_Step]:
    """
    Meet an entry, or a page, for the first time: what holds is told only with `already: notify`.

    When the page is read differently, a state that held before goes on, and is not told by this check.
    """
    if rule.is_event:
        return
    is_known = is_mute or _already(look.watch, rule) is Already.IGNORE
    for key, row in look.new.items():
        if not _all_hold(look, rule, row):
            continue
        if is_mute and key in known:
            yield key, known[key], None
        elif is_known:
            yield key, Progress(streak=look.watch.confirm, has_fired=True), None
        else:
            yield _advance_state(look, rule, key, None)


def _already(watch: Watch, rule: Rule) -> Already:
    default = Already.IGNORE if isinstance(watch.extraction, Items) else Already.NOTIFY
    return rule.already or default


def _steps(look: _Look, rule: Rule, known: Mapping[str, Progress]) -> Iterator[_Step]:
    if not rule.is_event:
        yield from _steps_of_state(look, rule, known)
    elif known or look.old is not look.new:
        for key in _rows_of_events(look, known):
            yield _advance_event(look, rule, key, known.get(key))


def _steps_of_state(look: _Look, rule: Rule, known: Mapping[str, Progress]) -> Iterator[_Step]:
    for key, row in look.new.items():
        if _all_hold(look, rule, row):
            yield _advance_state(look, rule, key, known.get(key))
    if known and is_rolling(look.watch):  # what left holds still: when it comes back it is not told again
        for key, step in known.items():
            if key not in look.new and key in look.state.told and step.has_fired:
                yield key, step, None


def _rows_of_events(look: _Look, known: Mapping[str, Progress]) -> Iterable[str]:
    """Return the rows in which an event can occur: those that are not as they were, or await a confirmation."""
    here = [key for key, row in look.new.items() if key in known or look.old.get(key) != row]
    if is_rolling(look.watch):
        return here
    gone = [key for key in (*look.old, *known) if key not in look.new]
    return dict.fromkeys((*here, *gone))


def _advance_state(look: _Look, rule: Rule, key: str, known: Progress | None) -> _Step:
    """The entry holds in this row: count, fire once when it has held for long enough, and remind."""
    if known is not None and known.has_fired and not _is_reminder_due(look, known):
        return key, _not_ahead(look, known), None
    has_fired = known is not None and known.has_fired
    streak = min(look.watch.confirm, known.streak + look.is_counted if known else 1)
    if streak < look.watch.confirm and not has_fired:
        return key, Progress(streak=streak), None
    firing = Firing(rule=rule, key=key, old=look.old.get(key), new=look.new[key], is_reminder=has_fired)
    return key, Progress(streak=streak, has_fired=True, told_at=look.now), firing


def _is_reminder_due(look: _Look, known: Progress) -> bool:
    every = look.watch.remind_every
    return every is not None and known.told_at is not None and look.now - known.told_at >= every


def _not_ahead(look: _Look, known: Progress) -> Progress:
    """Count the time to the next reminder from now when the clock was set back behind the last one."""
    if look.watch.remind_every is None or known.told_at is None or known.told_at <= look.now:
        return known
    return replace(known, told_at=look.now)


def _advance_event(look: _Look, rule: Rule, key: str, known: Progress | None) -> _Step:
    """
    Look whether the event occurs, counted from the row before it.

    An event that awaits its confirmation starts again when the row changes once more, and is forgotten when the
    row is as it was.
    """
    before, after = known.basis if known else look.old.get(key), look.new.get(key)
    if known and before is not None and after is not None:
        before = look.likeness.row(before, after)
    if not _all_occur(look, rule, key, known, before, after):
        return key, _came_or_went(look, known, before, after), None
    candidate = None if after is None else {name: after.get(name) for name in _watched_fields(rule, after)}
    is_same = known is not None and not known.has_fired and _is_like(look, known.candidate, candidate)
    if is_same and not look.is_counted:
        return key, known, None
    streak = known.streak + 1 if known and is_same else 1
    if streak < look.watch.confirm and not (is_of_changes(rule) and is_ignoring(look.watch)):
        return key, Progress(streak=streak, basis=before, candidate=candidate), None
    shown = from_peak(rule, before, look.state.peaks.get(key, {}))
    return key, None, Firing(rule=rule, key=key, old=shown, new=after)


def _came_or_went(look: _Look, known: Progress | None, before: Row | None, after: Row | None) -> Progress | None:
    """Remember a row that came or went until that is confirmed: one that flickers is neither new nor gone."""
    if look.watch.confirm == 1 or (before is None) == (after is None):
        return None
    candidate: Row | None = None if after is None else {}
    is_same = known is not None and known.has_fired and known.candidate == candidate
    if is_same and not look.is_counted:
        return known
    streak = known.streak + 1 if known and is_same else 1
    waiting = Progress(streak=streak, has_fired=True, basis=before, candidate=candidate)
    return waiting if streak < look.watch.confirm else None


def _is_like(look: _Look, before: Row | None, after: Row | None) -> bool:
    return before == after or (before is not None and after is not None and look.likeness.row(before, after) == after)


def _all_hold(look: _Look, rule: Rule, row: Row) -> bool:
    return all(holds(condition, row, look.budget) for condition in rule.conditions)


def _all_occur(
    look: _Look, rule: Rule, key: str, known: Progress | None, before: Row | None, after: Row | None
) -> bool:
    """Return whether all events occur and all states hold; of a row that went, they are asked of its last values."""
    row = after if after is not None else before
    return row is not None and all(
        _occurs(look, rule, condition, key, known, before, after)
        if condition.operator.is_event
        else holds(condition, row, look.budget)
        for condition in rule.conditions
    )


def _occurs(
    look: _Look,
    rule: Rule,
    condition: Condition,
    key: str,
    known: Progress | None,
    before: Row | None,
    after: Row | None,
) -> bool:
    name, state = condition.subject or "", look.state
    then, now = (before or {}).get(name), (after or {}).get(name)
    is_fresh = known is None and name in state.fresh.get(key, ())
    match condition.operator:
        case Operator.DROPS_BY | Operator.RISES_BY:
            peak = state.peaks.get(key, {}).get(peak_name(rule, condition))
            return moved(condition, None if is_fresh else then, now, peak)
        case Operator.NEW_LOW | Operator.NEW_HIGH if then == now:
            return False
        case Operator.NEW_LOW | Operator.NEW_HIGH:
            pasts = state.pasts.get(str(condition), {}).get(key, ())
            # What stood before an event that awaits its confirmation is among the pasts.
            return is_extreme(condition, None if is_fresh or (known and pasts) else then, now, pasts, look.now)
        case _:
            return occurs(condition, _besides_known(look, before, after), after)


def _besides_known(look: _Look, before: Row | None, after: Row | None) -> Row | None:
    """Return the row before, each value that has changed to one that is no news as it is now."""
    if not look.known or before is None or after is None:
        return before
    return {**before, **{name: after[name] for name in look.known}}


def _watched_fields(rule: Rule, row: Row) -> Iterable[str]:
    """Return the values that must stand still while an event awaits its confirmation."""
    events = [condition for condition in rule.conditions if condition.operator.is_event]
    named = [name for condition in events for name in fields_of(condition)]
    changes = any(condition.operator in (Operator.CHANGES, Operator.CHANGED) for condition in events)
    return named if named or not changes else row


def _with_told(watch: Watch, firing: Firing, told: Rows) -> Firing:
    """A firing whose row may have changed before this check shows what subscribers knew, not what was seen last."""
    was_before = watch.confirm > 1 and not firing.rule.is_event
    if was_before or firing.is_reminder or (firing.old is not None and firing.old == firing.new):
        return replace(firing, old=told.get(firing.key, firing.old))
    return firing
