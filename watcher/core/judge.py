"""
What a check means: old state and outcome in, decision out.

| outcome →   | same values                           | other values           | not modified   | error              |
|-------------|---------------------------------------|------------------------|----------------|--------------------|
| no snapshot | baseline                              | baseline (+ `already`) | failed         | failed             |
| snapshot    | unchanged: rules run on the snapshot, | changed → rules        | as same values | failed: snapshot   |
|             | no change record                      |                        |                | kept, no rules run |

1. An entry *holds* when all its conditions hold; it *fires* when it goes from not holding to holding, for a list
   per row. With `confirm: N` it must hold for N good checks in a row first; for an event, its new value must stand
   for N. So an unchanged check can carry a message. A→B→A is two changes.
2. *Told* is kept per row and value: set at baseline, and when a message carries the row.
3. The first check is the baseline. `already: notify` (default for states of single values) fires at once when the
   entry holds then; `already: ignore` (default for events, and for rows of the first list) does not. A row that
   comes later can fire at once. An entry is recognised by its content, so reordering keeps its state and an edited
   one follows `already`. Another extraction or engine takes a new baseline, silently.
4. One message per watch, check and topic, naming every entry and row that fired. Its id is a function of the
   state's epoch, the watch, its sequence and the topic, or the kind of a word to the operator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.check import (
    Change,
    CheckFailure,
    Decision,
    Observation,
    OutboxMessage,
    Outcome,
    Progress,
    Same,
    Seen,
    Snapshot,
    Verdict,
    WatchState,
)
from watcher.core.compare import difference, restrict
from watcher.core.conditions import fields_of, holds, occurs
from watcher.core.message import compose
from watcher.core.values import Row, Rows
from watcher.core.watch import ADMIN_TOPIC, Already, Items, Rule, Watch
from watcher.core.words import SUMMARY_CHARACTERS, Firing, cut, one_line

ProgressByRule = Mapping[str, Mapping[str, Progress]]


def judge(watch: Watch, state: WatchState, outcome: Outcome, *, epoch: str, now: datetime) -> Decision:
    """
    Return the whole effect of one check.

    Args:
        epoch: of the state's life; part of message ids.

    Raises:
        PageError: an expression of `matches` took too long; the check has failed.
    """
    match outcome:
        case CheckFailure():
            return _failed(watch, state, outcome, now)
        case Same() if state.snapshot is None:
            return _failed(watch, state, CheckFailure(kind="status", text="304 to a question that was not asked"), now)
        case Same():
            return _same(watch, state, outcome, epoch, now)
        case Seen():
            return _seen(watch, state, outcome, epoch, now)


def message_id(epoch: str, watch: str, sequence: int, kind: str) -> str:
    """Return the id by which the push service recognises a repeat: 32 hex digits. `kind` is a topic, or what it is."""
    name = "\0".join((epoch, watch, str(sequence), kind))
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def _failed(watch: Watch, state: WatchState, failure: CheckFailure, now: datetime) -> Decision:
    failed = replace(state, sequence=state.sequence + 1, failures=state.failures + 1, failure=failure, checked_at=now)
    return Decision(watch=watch.id, verdict=Verdict.FAILED, state=failed)


def _same(watch: Watch, state: WatchState, outcome: Same, epoch: str, now: datetime) -> Decision:
    assert state.snapshot is not None  # noqa: S101 - `judge` has looked
    verdict = Verdict.NOT_MODIFIED if outcome.by_server else Verdict.UNCHANGED
    snapshot = replace(
        state.snapshot,
        validators=outcome.validators,
        fetched_at=state.snapshot.fetched_at if outcome.by_server else now,
    )
    return _decide(watch, state, snapshot, verdict, epoch, now)


def _seen(watch: Watch, state: WatchState, outcome: Seen, epoch: str, now: datetime) -> Decision:
    snapshot = Snapshot(
        observation=outcome.observation,
        plan=outcome.plan,
        digest=outcome.digest,
        validators=outcome.validators,
        fetched_at=now,
    )
    before = state.snapshot
    if before is None or not _comparable(before, snapshot):
        return _decide(watch, state, snapshot, Verdict.BASELINE, epoch, now)
    same = before.observation.rows == outcome.observation.rows
    return _decide(watch, state, snapshot, Verdict.UNCHANGED if same else Verdict.CHANGED, epoch, now)


def _comparable(before: Snapshot, after: Snapshot) -> bool:
    return before.plan == after.plan and before.observation.engine == after.observation.engine


def _decide(
    watch: Watch, state: WatchState, snapshot: Snapshot, verdict: Verdict, epoch: str, now: datetime
) -> Decision:
    """Run the rules on a good check, and put the decision together."""
    new = snapshot.observation.rows
    is_baseline = verdict is Verdict.BASELINE
    old = new if is_baseline or state.snapshot is None else state.snapshot.observation.rows
    run = _run_rules(watch, state, old, new, is_baseline=is_baseline)
    quiet = replace(state, snapshot=snapshot, checked_at=now)
    if verdict in (Verdict.UNCHANGED, Verdict.NOT_MODIFIED) and not run.firings and _is_only_time(state, quiet, run):
        return Decision(watch=watch.id, verdict=verdict, state=quiet, is_durable=False, is_confirming=run.is_confirming)
    decided = replace(
        quiet,
        sequence=state.sequence + 1,
        progress=run.progress,
        told=_told(state.told, new, run.firings, is_baseline=is_baseline),
        failures=0,
        failure=None,
        changed_at=now if verdict is Verdict.CHANGED else state.changed_at,
    )
    messages = _messages(watch, decided, snapshot.observation, run.firings, epoch, now)
    return Decision(
        watch=watch.id,
        verdict=verdict,
        state=decided,
        change=_change(watch, decided, old, new, messages, now) if verdict is Verdict.CHANGED else None,
        messages=messages,
        is_confirming=run.is_confirming,
    )


def _is_only_time(state: WatchState, quiet: WatchState, run: _Run) -> bool:
    """Return whether nothing but the times of the check would be written."""
    before, after = state.snapshot, quiet.snapshot
    return (
        before is not None
        and after is not None
        and state.failures == 0
        and run.progress == state.progress
        and before.validators == after.validators
        and before.digest == after.digest
        and before.observation.link == after.observation.link
    )


def _change(
    watch: Watch, decided: WatchState, old: Rows, new: Rows, messages: Iterable[OutboxMessage], now: datetime
) -> Change:
    differing = difference(old, new)
    return Change(
        watch=watch.id,
        sequence=decided.sequence,
        changed_at=now,
        old=differing.old,
        new=differing.new,
        messages=tuple(message.id for message in messages),
    )


def _messages(
    watch: Watch, decided: WatchState, seen: Observation, firings: tuple[Firing, ...], epoch: str, now: datetime
) -> tuple[OutboxMessage, ...]:
    if not firings:
        return ()
    words = compose(watch, firings, link=seen.link, now=now)
    texts = [(topic, topic, words.summary, words.content) for topic in watch.topics]
    if words.problem:
        text = f"{words.problem}\n\nThe default message was sent."
        texts.append((ADMIN_TOPIC, "a template failed", f"{watch.id}: {words.problem}", text))
    return tuple(
        OutboxMessage(
            id=message_id(epoch, watch.id, decided.sequence, kind),
            watch=watch.id,
            topic=topic,
            summary=cut(one_line(summary), SUMMARY_CHARACTERS),
            content=content,
            url=words.url,
            created_at=now,
        )
        for topic, kind, summary, content in texts
    )


def _told(told: Rows, new: Rows, firings: Iterable[Firing], *, is_baseline: bool) -> Rows:
    """Return what subscribers know now: of a row that came, what it was then; of one that was told, that."""
    carried = {firing.key: new[firing.key] for firing in firings if firing.key in new}
    if is_baseline:
        return new
    return {key: carried.get(key) or told.get(key, row) for key, row in new.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What running the rules came to."""

    progress: ProgressByRule
    firings: tuple[Firing, ...]

    @property
    def is_confirming(self) -> bool:
        return any(not step.has_fired for rows in self.progress.values() for step in rows.values())


def _run_rules(watch: Watch, state: WatchState, old: Rows, new: Rows, *, is_baseline: bool) -> _Run:
    progress: dict[str, dict[str, Progress]] = {}
    firings: list[Firing] = []
    for rule in watch.rules:
        known = state.progress.get(rule.id)
        mute = is_baseline and state.snapshot is not None
        if known is None or mute:
            steps = _first_steps(watch, rule, new, mute=mute)
        else:
            steps = _next_steps(rule, known, old, new, watch.confirm)
        progress[rule.id] = {}
        for key, step, fired in steps:
            if step is not None:
                progress[rule.id][key] = step
            if fired is not None:
                firings.append(_with_told(fired, state.told))
    return _Run(progress=progress, firings=tuple(firings))


_Step = tuple[str, Progress | None, Firing | None]


def _first_steps(watch: Watch, rule: Rule, new: Rows, *, mute: bool) -> Iterator[_Step]:
    """Meet an entry for the first time: no event has occurred, and what holds is told only with `already: notify`."""
    if rule.is_event:
        return
    is_told = mute or _already(watch, rule) is Already.IGNORE
    for key, row in new.items():
        if _all_states_hold(rule, row):
            if is_told:
                yield key, Progress(streak=watch.confirm, has_fired=True), None
            else:
                yield _advance_state(rule, key, None, None, row, watch.confirm)


def _already(watch: Watch, rule: Rule) -> Already:
    default = Already.IGNORE if isinstance(watch.extraction, Items) else Already.NOTIFY
    return rule.already or default


def _next_steps(rule: Rule, known: Mapping[str, Progress], old: Rows, new: Rows, confirm: int) -> Iterator[_Step]:
    gone = [key for key in (*old, *known) if key not in new]
    for key in dict.fromkeys((*new, *gone)):
        if rule.is_event:
            yield _advance_event(rule, key, known.get(key), old.get(key), new.get(key), confirm)
        elif key in new and _all_states_hold(rule, new[key]):
            yield _advance_state(rule, key, known.get(key), old.get(key), new[key], confirm)


def _advance_state(rule: Rule, key: str, known: Progress | None, old: Row | None, new: Row, confirm: int) -> _Step:
    """The entry holds in this row: count, and fire once when it has held for long enough."""
    streak = min(confirm, known.streak + 1 if known else 1)
    has_fired = known is not None and known.has_fired
    fires = streak >= confirm and not has_fired
    firing = Firing(rule=rule, key=key, old=old, new=new) if fires else None
    return key, Progress(streak=streak, has_fired=has_fired or fires), firing


def _advance_event(
    rule: Rule, key: str, known: Progress | None, old: Row | None, new: Row | None, confirm: int
) -> _Step:
    """
    Look whether the event occurs, counted from the row before it.

    An event that awaits its confirmation starts again when the row changes once more, and is forgotten when the
    row is as it was.
    """
    basis = known.basis if known else old
    if not _all_occur(rule, basis, new):
        return key, None, None
    candidate = restrict(new, _watched_fields(rule, new))
    streak = known.streak + 1 if known and known.candidate == candidate else 1
    if streak >= confirm:
        return key, None, Firing(rule=rule, key=key, old=basis, new=new)
    return key, Progress(streak=streak, basis=basis, candidate=candidate), None


def _all_states_hold(rule: Rule, row: Row) -> bool:
    return all(holds(condition, row) for condition in rule.conditions)


def _all_occur(rule: Rule, before: Row | None, after: Row | None) -> bool:
    """Return whether all events occur and all states hold; of a row that went, they are asked of its last values."""
    row = after if after is not None else before
    return row is not None and all(
        occurs(condition, before, after) if condition.operator.is_event else holds(condition, row)
        for condition in rule.conditions
    )


def _watched_fields(rule: Rule, row: Row | None) -> Iterable[str]:
    """Return the values that must stand still while an event awaits its confirmation."""
    events = [condition for condition in rule.conditions if condition.operator.is_event]
    named = [name for condition in events for name in fields_of(condition)]
    changes = any(condition.operator.value in ("changes", "changed") for condition in events)
    return named if named or not changes else (row or {})


def _with_told(firing: Firing, told: Rows) -> Firing:
    """A firing whose row did not change in this check shows what subscribers knew in place of what was seen last."""
    if firing.old is None or firing.old != firing.new:
        return firing
    return replace(firing, old=told.get(firing.key, firing.old))
