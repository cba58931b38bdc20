"""
What a check means: old state and outcome in, decision out.

| outcome →   | same values                           | other values           | not modified   | error              |
|-------------|---------------------------------------|------------------------|----------------|--------------------|
| no snapshot | baseline                              | baseline (+ `already`) | failed         | failed             |
| snapshot    | unchanged: rules run on the snapshot, | changed → rules        | as same values | failed: snapshot   |
|             | no change record                      |                        |                | kept, no rules run |
| muted       | muted: snapshot or none kept, no      | as same values, unless | as same values | failed, and nobody |
|             | rules run, no change record           | it is suspicious       |                | is told            |

1. An entry *holds* when all its conditions hold; it *fires* when it goes from not holding to holding, for a list
   per row. With `confirm: N` it must hold for N good checks in a row first; for an event, its new value must stand
   for N. So an unchanged check can carry a message. A→B→A is two changes; what did not stand for N is none: a row
   that is gone once is neither gone nor new, and a number that was seen once is not measured from.
2. *Told* is kept per row and value: set at baseline, and when a message carries the row.
3. The first check is the baseline. `already: notify` (default for states of single values) fires at once when the
   entry holds then; `already: ignore` (default for events, and for rows of the first list) does not. A row that
   comes later can fire at once. An entry is recognised by its content, so reordering and other topics keep its state
   and an edited one follows `already`; what changed since the last check it hears. Another extraction takes a new
   baseline, silently; states that held go on. Of another engine see `rereading`.
4. One message per topic and check, naming every entry and row that fired for it; an entry's own topics replace the
   watch's. Its id is a function of the state's epoch, the watch, its sequence and the topic, or the kind of a word to
   the operator. With `group_within` it may wait for others of its topic.
5. `drops_by` and `rises_by` measure from the highest (lowest) value since told (`measures`), and occur too when the
   entry's other conditions come to hold later; another currency begins anew. `new_low` and `new_high` look back
   through a window of time (`series`). With `remind_every` a state that was told is told again while it holds, also
   by a check that saw nothing new.
6. A row that leaves a rolling list stays known (`known`): it is not removed, and not added when it comes back.
7. A value that is written otherwise and means the same (`likeness`) has not changed: no event, no change record.
8. With `known_values: ignore` a value that was seen before (`known_values`) has changed, and that is no event.
9. What is too odd to be believed (`suspicion`) is a failed check, until the operator accepts it or, of what no wall
   would show, enough checks agree.
10. The operator is told that a watch has stopped working, once, and once more when it works again (`trouble`).
11. What is worth noting is part of the decision, as events (`noting`). What another extraction shows instead is in
    the history, as a baseline: no rule is asked of it; nor of what another engine reads otherwise.
12. A check that comes soon after the last one that counted agrees with nothing: neither `confirm` nor `accept_after`
    nor `on_error` counts it (`counting`).
13. What a watch shows while it is muted (`pausing`) is judged by the first check after the end, as if none had been
    between; so is what it shows after a pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import (
    Change,
    CheckFailure,
    CheckOutcome,
    Decision,
    Lost,
    OutboxMessage,
    Same,
    Seen,
    Snapshot,
    Suspect,
    Verdict,
    WatchEvent,
    WatchState,
)
from watcher.core.counting import is_counted
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.event_kinds import EventKind
from watcher.core.known import rows_before, told_after
from watcher.core.likeness import Likeness
from watcher.core.measures import advance_fresh, advance_peaks
from watcher.core.message import usual_url
from watcher.core.noting import announced, of_failure, of_success
from watcher.core.outgoing import Envelope, to_operator, to_subscribers
from watcher.core.page_profile import Examined, Taken, packed_profile
from watcher.core.pausing import is_muted, without_past_ends
from watcher.core.proposal import Proposal
from watcher.core.recent import advance_recent
from watcher.core.rereading import as_read_now, read_otherwise
from watcher.core.running import Run, run_rules
from watcher.core.series import advance_pasts
from watcher.core.suspicion import Belief, Suspicion, belief, empty_after, seen_again, suspicion, suspicion_at_first
from watcher.core.trouble import broken, is_due, recovered, silent
from watcher.core.unsettled import in_turn, is_told, rounds_after
from watcher.core.values import Rows, other_than
from watcher.core.watch import Watch
from watcher.core.wording import wording_of

_TOLD_TOGETHER = timedelta(minutes=15)
"""An upgrade may read many watches otherwise; what the operator is told of them travels as one message."""


def judge(
    watch: Watch,
    state: WatchState,
    outcome: CheckOutcome,
    *,
    epoch: str,
    now: datetime,
    budget: CpuBudget,
    is_outage: bool = False,
) -> Decision:
    """
    Return the whole effect of one check.

    Args:
        epoch: of the state's life; part of message ids.
        budget: what the expressions of `matches` and `ignore_text` may take.
        is_outage: the whole network is down, so that this watch cannot reach its page says nothing of the page.

    Raises:
        PageError: an expression took too long; the check has failed.
    """
    case = _Case(watch=watch, state=state, epoch=epoch, now=now, budget=budget)
    match outcome:
        case CheckFailure():
            return _failed(case, outcome, is_outage=is_outage)
        case Lost():
            return _failed(case, outcome.failure, proposals=outcome.proposals, is_outage=is_outage)
        case Same() if state.snapshot is None:
            return _failed(case, CheckFailure(kind="status", text="304 to a question that was not asked"))
        case Same() | Seen() if state.muted_until is not None and is_muted(state, now):
            return _muted(case, outcome)
        case Same():
            return _same(case, outcome)
        case Seen():
            return _seen(case, outcome)


def stale(watch: Watch, state: WatchState, *, epoch: str, now: datetime) -> Decision | None:
    """
    Return the decision that tells the operator of a watch without a good check for too long.

    None when the operator knows, or wants to know of no trouble and has set no `stale_after`. Whether it has been too
    long is for the caller to say.
    """
    if state.is_error_told or (watch.on_error.after is None and watch.stale_after is None):
        return None
    case = _Case(watch=watch, state=state, epoch=epoch, now=now)
    told = replace(state, sequence=state.sequence + 1, is_error_told=True)
    messages = tuple(to_operator(case.envelope, partial(silent, watch, state), kind="stale"))
    event = WatchEvent(
        kind=EventKind.STALE,
        at=now,
        watch=watch.id,
        sequence=told.sequence,
        failure=state.failure,
        failures=state.failures,
        messages=announced(messages),
    )
    return Decision(watch=watch.id, verdict=Verdict.FAILED, state=told, messages=messages, events=(event,))


class _Case(Struct, frozen=True, kw_only=True):
    """
    What a decision is made of.

    Attributes:
        stored: the state before, where its page was read again and `state` is as it is read now (`rereading`).
        is_read_otherwise: that is not the same.
    """

    watch: Watch
    state: WatchState
    epoch: str
    now: datetime
    budget: CpuBudget = UNLIMITED
    stored: WatchState | None = None
    is_read_otherwise: bool = False

    def counts(self, *, is_good: bool) -> bool:
        """Return whether this check counts as one more that agrees."""
        return is_counted(self.watch, self.state, self.now, is_good=is_good)

    @property
    def envelope(self) -> Envelope:
        return Envelope(epoch=self.epoch, watch=self.watch, sequence=self.state.sequence + 1, now=self.now)


class _Sight(Struct, frozen=True, kw_only=True):
    """
    A good check.

    Attributes:
        old: the rows that its rows are compared with; the very same object when they are equal.
        examined: what came of a closer look, when there was one.
        belief: why it is good although it was suspicious.
    """

    snapshot: Snapshot
    verdict: Verdict
    old: Rows
    row_count: int | None
    examined: Examined | None = None
    belief: Belief | None = None

    @property
    def new(self) -> Rows:
        return self.snapshot.observation.rows

    @property
    def is_baseline(self) -> bool:
        return self.verdict is Verdict.BASELINE


def _failed(
    case: _Case,
    failure: CheckFailure,
    *,
    proposals: Sequence[Proposal] = (),
    suspect: Suspect | None = None,
    is_outage: bool = False,
) -> Decision:
    """
    Count the failure and keep everything else; tell the operator when it is time.

    Args:
        proposals: where the values that were lost may be now, for the message.
    """
    state, counts = case.stored or case.state, case.counts(is_good=False)
    is_first = state.failures == 0 or _is_other(state.suspect, suspect)
    failed = replace(
        state,
        sequence=state.sequence + 1,
        suspect=suspect or state.suspect,
        failures=max(1, state.failures + counts),
        failure=failure,
        counted_at=case.now if counts or is_first else state.counted_at,
        failing_since=min(state.failing_since or case.now, case.now),  # the clock may have been set back
        checked_at=case.now,
    )
    failed = without_past_ends(failed, case.now)
    messages: tuple[OutboxMessage, ...] = ()
    if is_due(case.watch, failed, now=case.now, is_outage=is_outage):
        words = partial(broken, case.watch, failed, proposals=proposals)
        messages = tuple(to_operator(case.envelope, words, kind="error"))
        failed = replace(failed, is_error_told=True)
    events = tuple(of_failure(case.watch.id, state, failed, messages))
    return Decision(watch=case.watch.id, verdict=Verdict.FAILED, state=failed, messages=messages, events=events)


def _is_other(before: Suspect | None, after: Suspect | None) -> bool:
    return after is not None and (before is None or before.odd != after.odd)


def _muted(case: _Case, outcome: Same | Seen) -> Decision:
    """
    Return the decision of a check of which only one thing is judged: whether its page is to be believed.

    What is believed although it is odd is believed once more by the check that judges it.
    """
    state = case.state
    doubt = _doubt_while_muted(case, outcome)
    if isinstance(doubt, Decision):
        return doubt
    good = replace(
        state,
        suspect=state.suspect if doubt else None,
        failures=0,
        failure=None,
        failing_since=None,
        counted_at=None if doubt else state.counted_at,
        checked_at=case.now,
        good_at=case.now,
    )
    is_other = isinstance(outcome, Seen) and state.snapshot is not None and outcome.observation.rows != state.rows
    if not state.failures:
        return Decision(
            watch=case.watch.id, verdict=Verdict.MUTED, state=good, is_durable=False, is_other_page=is_other
        )
    good = replace(good, sequence=state.sequence + 1)
    events = of_success(case.watch.id, state, good, has_changed=False, subscribers=(), operator=())
    return Decision(
        watch=case.watch.id, verdict=Verdict.MUTED, state=good, events=tuple(events), is_other_page=is_other
    )


def _same(case: _Case, outcome: Same) -> Decision:
    before = case.state.snapshot
    assert before is not None  # noqa: S101 - `judge` has looked
    snapshot = before
    if not outcome.by_server or outcome.validators != before.validators:
        fetched_at = before.fetched_at if outcome.by_server else case.now
        snapshot = replace(before, validators=outcome.validators, fetched_at=fetched_at)
    verdict = Verdict.NOT_MODIFIED if outcome.by_server else Verdict.UNCHANGED
    rows = snapshot.observation.rows
    return _good(case, _Sight(snapshot=snapshot, verdict=verdict, old=rows, row_count=case.state.row_count))


def _seen(case: _Case, outcome: Seen) -> Decision:
    observation = outcome.observation
    snapshot = Snapshot(
        observation=observation,
        plan=outcome.plan,
        digest=outcome.digest,
        validators=outcome.validators,
        fetched_at=case.now,
    )
    if _is_baseline(case.state, outcome):
        accusation = outcome.examined.accusation if outcome.examined else None
        doubt = _doubt(case, outcome, suspicion_at_first(case.watch, accusation)) if accusation else None
        if isinstance(doubt, Decision):
            return doubt
        sight = _Sight(
            snapshot=snapshot,
            verdict=Verdict.BASELINE,
            old=observation.rows,
            row_count=observation.row_count,
            examined=outcome.examined,
            belief=doubt,
        )
        return _good(case, sight)
    if outcome.reread is not None:
        state = as_read_now(case.watch, case.state, outcome.reread, now=case.now, budget=case.budget)
        case = replace(case, state=state, stored=case.state, is_read_otherwise=state is not case.state)
    return _compared(case, snapshot, outcome)


def _is_baseline(state: WatchState, outcome: Seen) -> bool:
    """Return whether there is nothing that the page can be compared with."""
    before = state.snapshot
    return before is None or before.plan != outcome.plan


def _compared(case: _Case, snapshot: Snapshot, outcome: Seen) -> Decision:
    """Judge a page by what was known of it, unless it is too odd to be believed."""
    observation, examined = snapshot.observation, outcome.examined
    old = rows_before(case.watch, case.state, observation.rows)
    odd = suspicion(case.watch, case.state, observation, old, examined)
    doubt = _doubt(case, outcome, odd) if odd else None
    if isinstance(doubt, Decision):
        return doubt
    old = Likeness(case.watch, case.budget).rows(old, observation.rows)
    is_same = old is observation.rows
    sight = _Sight(
        snapshot=snapshot,
        verdict=Verdict.UNCHANGED if is_same else Verdict.CHANGED,
        old=old,
        row_count=observation.row_count,
        examined=examined,
        belief=doubt,
    )
    return _good(case, sight)


def _doubt_while_muted(case: _Case, outcome: Same | Seen) -> Decision | Belief | None:
    if isinstance(outcome, Same) or _is_baseline(case.state, outcome):
        return None
    observation = outcome.observation
    old = rows_before(case.watch, case.state, observation.rows)
    odd = suspicion(case.watch, case.state, observation, old, outcome.examined)
    return _doubt(case, outcome, odd) if odd else None


def _doubt(case: _Case, outcome: Seen, odd: Suspicion) -> Decision | Belief:
    """Return the failure that a page is which is too odd to be believed; of one that is believed, why."""
    suspect = seen_again(case.state.suspect, odd, is_counted=case.counts(is_good=False))
    believed = belief(case.watch, suspect, odd)
    if believed is not None:
        return believed
    failure = CheckFailure(kind=odd.kind, text=str(odd.text), wording=wording_of(odd.text))
    return _failed(case, failure, proposals=outcome.proposals, suspect=suspect)


def _good(case: _Case, sight: _Sight) -> Decision:
    run = run_rules(
        case.watch,
        case.state,
        sight.old,
        sight.new,
        now=case.now,
        budget=case.budget,
        is_baseline=sight.is_baseline,
        is_counted=case.watch.confirm == 1 or case.counts(is_good=True),
    )
    if not run.firings and not case.is_read_otherwise and _is_only_time(case.state, sight, run):
        return _quiet(case, sight, run)
    is_new_baseline = sight.is_baseline or (case.is_read_otherwise and sight.verdict is not Verdict.CHANGED)
    decided = _advanced(case, sight, run)
    subscribers = _to_subscribers(case, sight, run, decided)
    operator = (*_to_operator(case, sight), *_of_turns(case, decided))
    if case.is_read_otherwise:
        operator += tuple(_of_reading(case, sight))
    change = _change(case, sight, run, subscribers, is_new_baseline=is_new_baseline)
    return Decision(
        watch=case.watch.id,
        verdict=Verdict.BASELINE if is_new_baseline else sight.verdict,
        state=decided,
        change=change,
        messages=(*subscribers, *operator),
        events=tuple(
            of_success(
                case.watch.id,
                case.state,
                decided,
                has_changed=sight.verdict is Verdict.CHANGED,
                subscribers=subscribers,
                operator=operator,
                firings=run.firings,
                link=subscribers[0].url if subscribers else usual_url(case.watch),
                is_new_baseline=is_new_baseline and (change is not None or _has_new_plan(case.state, sight)),
            )
        ),
        is_confirming=run.is_confirming,
    )


def _quiet(case: _Case, sight: _Sight, run: Run) -> Decision:
    """Return the decision of a check that found nothing to write down but its time."""
    quiet = replace(
        case.state,
        snapshot=sight.snapshot,
        unsettled=max(0, case.state.unsettled - 1),
        counted_at=_counted_at(case, run) if case.watch.confirm > 1 else None,
        checked_at=case.now,
        good_at=case.now,
    )
    return Decision(
        watch=case.watch.id,
        verdict=sight.verdict,
        state=_remembered(case, sight, quiet),
        is_durable=False,
        has_new_page=_has_new_page(case.state.snapshot, sight.snapshot),
        is_confirming=run.is_confirming,
    )


def _is_only_time(state: WatchState, sight: _Sight, run: Run) -> bool:
    """Return whether nothing but the times of the check is new, and perhaps the bytes that the values stand in."""
    before, after = state.snapshot, sight.snapshot
    return (
        before is not None
        and sight.verdict in (Verdict.UNCHANGED, Verdict.NOT_MODIFIED)
        and state.failures == 0
        and not state.is_error_told
        and state.suspect is None
        and not state.fresh
        and state.paused_until is None
        and state.muted_until is None
        and state.row_count == sight.row_count
        and run.progress == state.progress
        and before.observation.link == after.observation.link
        and before.observation.rows.keys() <= sight.new.keys()  # a row that left a rolling list is noted (`known`)
    )


def _counted_at(case: _Case, run: Run) -> datetime | None:
    """Return when a good check counted last, or something began to be counted."""
    is_new = run.is_counted or run.progress != case.state.progress
    return case.now if is_new else case.state.counted_at


def _has_new_page(before: Snapshot | None, after: Snapshot) -> bool:
    return before is None or (
        (before.digest, before.validators, before.observation.engine)
        != (after.digest, after.validators, after.observation.engine)
    )


def _advanced(case: _Case, sight: _Sight, run: Run) -> WatchState:
    """Return the state after a good check that is worth writing down."""
    watch, state, new, is_baseline = case.watch, case.state, sight.new, sight.is_baseline
    fresh = advance_fresh(watch, state.fresh, sight.old, new, is_baseline=is_baseline, is_counted=run.is_counted)
    advanced = replace(
        state,
        sequence=state.sequence + 1,
        snapshot=sight.snapshot,
        progress=run.progress,
        told=told_after(watch, state, new, run.firings, is_baseline=is_baseline),
        peaks=advance_peaks(watch, state, fresh, sight.old, new, run.firings, is_baseline=is_baseline),
        pasts=advance_pasts(watch, state, sight.old, new, now=case.now, is_baseline=is_baseline),
        recent=advance_recent(state, sight.old, new, now=case.now, is_baseline=is_baseline),
        fresh=fresh,
        row_count=sight.row_count,
        empty=empty_after(state, sight.snapshot),
        suspect=None,
        unsettled=rounds_after(watch, state, run),
        known_values=run.known_values,
        failures=0,
        failure=None,
        failing_since=None,
        counted_at=_counted_at(case, run) if watch.confirm > 1 else None,
        is_error_told=False,
        good_at=case.now,
        checked_at=case.now,
        changed_at=case.now if sight.verdict is Verdict.CHANGED else state.changed_at,
    )
    return _remembered(case, sight, without_past_ends(advanced, case.now))


def _remembered(case: _Case, sight: _Sight, state: WatchState) -> WatchState:
    """Return the state with how the page looks now, what is around its values, and whether it is closed."""
    examined, ending = sight.examined, sight.snapshot.observation.ending
    if ending is not None and state.is_closed is bool(ending):
        state = replace(state, is_closed=not ending)
    if examined is None:
        return state
    state = replace(state, witnesses=examined.witnesses, prefix_kib=examined.prefix_kib)
    if examined.profile is None:
        return state
    return replace(state, profile=packed_profile(Taken(examined.profile, case.now)))


def _has_new_plan(state: WatchState, sight: _Sight) -> bool:
    return state.snapshot is not None and state.snapshot.plan != sight.snapshot.plan


def _change(
    case: _Case, sight: _Sight, run: Run, messages: Sequence[OutboxMessage], *, is_new_baseline: bool
) -> Change | None:
    """Return what the history has of this check; nothing of the first look, nor of a baseline with the same values."""
    before = (case.stored or case.state).rows if is_new_baseline else sight.old
    is_other = is_new_baseline and case.state.snapshot is not None and before != sight.new
    if sight.verdict is not Verdict.CHANGED and not is_other:
        return None
    old, new = other_than(sight.new, before), other_than(before, sight.new)
    fired = {firing.key for firing in run.firings}
    return Change(
        watch=case.watch.id,
        sequence=case.state.sequence + 1,
        changed_at=case.now,
        old=old,
        new=new,
        messages=tuple(message.id for message in messages),
        untold=tuple(key for key in {**old, **new} if key not in fired) if messages else (),
        is_baseline=is_new_baseline,
    )


def _to_subscribers(case: _Case, sight: _Sight, run: Run, decided: WatchState) -> Sequence[OutboxMessage]:
    if not run.firings:
        return ()
    link = sight.snapshot.observation.link
    before = None if sight.is_baseline else case.state.snapshot
    is_upgraded = before is not None and before.observation.engine != sight.snapshot.observation.engine
    told = to_subscribers(
        case.envelope,
        run.firings,
        link=link,
        belief=sight.belief,
        is_upgraded=is_upgraded and case.stored is None,
        recent=decided.recent,
    )
    return tuple(told)


def _of_turns(case: _Case, decided: WatchState) -> Sequence[OutboxMessage]:
    """Say that the page shows versions in turn, so that nothing is ever confirmed."""
    if case.watch.on_error.after is None or not is_told(case.state.unsettled, decided.unsettled):
        return ()
    return tuple(to_operator(case.envelope, partial(in_turn, case.watch), kind="in turn"))


def _of_reading(case: _Case, sight: _Sight) -> Sequence[OutboxMessage]:
    """Say which values an upgrade reads otherwise; once, though workers of two versions read the page in turn."""
    stored = case.stored
    if stored is None or stored.snapshot is None or case.watch.on_error.after is None:
        return ()
    engines = sorted((stored.snapshot.observation.engine, sight.snapshot.observation.engine))
    words = partial(read_otherwise, case.watch, stored.rows, case.state.rows)
    envelope = replace(case.envelope, sequence=0)
    kind = "\0".join(("read otherwise", *engines))
    return tuple(to_operator(envelope, words, kind=kind, hold_until=case.now + _TOLD_TOGETHER))


def _to_operator(case: _Case, sight: _Sight) -> Sequence[OutboxMessage]:
    """Say that the watch works again, if the operator was told that it does not."""
    if not case.state.is_error_told:
        return ()
    before = case.state
    if before.muted_until is not None and not before.failures:
        before = replace(before, good_at=None)  # it has worked for a while, unheard: nobody knows since when
    words = partial(recovered, case.watch, before, belief=sight.belief)
    return tuple(to_operator(case.envelope, words, kind="recovered"))
