"""The table at the head of `watcher.core.pausing`, and the row of muted watches in that of `watcher.core.judge`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.builders import BROKEN, NOON, NOT_MODIFIED, measured, play, price, state_rule, step, summaries, watch
from watcher.core.check import CheckOutcome, Decision, Verdict, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.pausing import PauseAct, after, is_muted, is_paused, without_past_ends
from watcher.core.suspicion import accepted, is_suspicious
from watcher.core.watch import OnError, Operator, Query, Selector, Values, Watch

HOUR = timedelta(hours=1)
LATER = NOON + HOUR
TOLD_AT_ONCE = replace(watch(), on_error=OnError(after=1))


def muted(state: WatchState, until: datetime = LATER) -> WatchState:
    newer = after(state, PauseAct.MUTE, until, now=NOON)
    assert newer is not None
    return newer


def known(*outcomes: CheckOutcome, watched: Watch = TOLD_AT_ONCE) -> WatchState:
    """What is known after these checks, the last of them before noon."""
    return play(watched, *outcomes, since=NOON - HOUR)[-1].state


def after_the_mute(watched: Watch, state: WatchState, *outcomes: CheckOutcome) -> list[Decision]:
    return play(watched, *outcomes, state=state, since=LATER)


@pytest.mark.parametrize(
    ("state", "act", "paused", "muted_"),
    [
        pytest.param(WatchState(), PauseAct.PAUSE, True, False, id="pause"),
        pytest.param(WatchState(), PauseAct.MUTE, False, True, id="mute"),
        pytest.param(WatchState(paused_until=LATER), PauseAct.MUTE, True, True, id="a paused one, muted, is both"),
        pytest.param(WatchState(paused_until=LATER, muted_until=LATER), PauseAct.RESUME, False, False, id="resume"),
    ],
)
def test_an_act_does_what_its_name_says(state: WatchState, act: PauseAct, paused: bool, muted_: bool) -> None:
    newer = after(state, act, NOON + 2 * HOUR, now=NOON)
    assert newer is not None
    assert (is_paused(newer, NOON), is_muted(newer, NOON)) == (paused, muted_)
    assert newer.sequence == state.sequence + 1


@pytest.mark.parametrize("state", [WatchState(), WatchState(paused_until=NOON), WatchState(muted_until=NOON)])
def test_what_stands_still_no_more_is_not_resumed(state: WatchState) -> None:
    assert after(state, PauseAct.RESUME, None, now=NOON) is None


def test_the_end_itself_is_no_longer_within() -> None:
    state = WatchState(paused_until=LATER, muted_until=LATER)
    just_before = LATER - timedelta(microseconds=1)
    assert (is_paused(state, just_before), is_muted(state, just_before)) == (True, True)
    assert (is_paused(state, LATER), is_muted(state, LATER)) == (False, False)


@pytest.mark.parametrize(
    ("before", "outcome", "verdict"),
    [
        pytest.param([price(12)], price(9), Verdict.MUTED, id="snapshot, other values"),
        pytest.param([price(12)], price(12), Verdict.MUTED, id="snapshot, same values"),
        pytest.param([price(12)], NOT_MODIFIED, Verdict.MUTED, id="snapshot, not modified"),
        pytest.param([price(12)], BROKEN, Verdict.FAILED, id="snapshot, error"),
        pytest.param([], price(12), Verdict.MUTED, id="no snapshot, values"),
        pytest.param([], NOT_MODIFIED, Verdict.FAILED, id="no snapshot, not modified"),
    ],
)
def test_a_muted_watch_keeps_what_it_knew_and_tells_nobody(
    before: list[CheckOutcome], outcome: CheckOutcome, verdict: Verdict
) -> None:
    state = muted(known(*before) if before else WatchState())
    [decision] = play(TOLD_AT_ONCE, outcome, state=state)
    assert decision.verdict is verdict
    assert (decision.messages, decision.change) == ((), None)
    assert decision.state.snapshot == state.snapshot
    assert (decision.state.progress, decision.state.told) == (state.progress, state.told)
    assert decision.state.checked_at == NOON


def test_what_changed_meanwhile_is_judged_when_the_mute_ends() -> None:
    state = play(watch(), price(11), price(10), price(9), state=muted(known(price(12))))[-1].state
    [decision] = after_the_mute(watch(), state, price(9))
    assert decision.verdict is Verdict.CHANGED
    assert summaries([decision]) == ["Dune 12 → 9 (−25%)"]
    assert decision.state.muted_until is None


def test_what_changed_and_changed_back_meanwhile_is_no_change() -> None:
    state = play(watch(), price(11), price(12), state=muted(known(price(12))))[-1].state
    [decision] = after_the_mute(watch(), state, price(12))
    assert (decision.verdict, decision.messages) == (Verdict.UNCHANGED, ())
    assert decision.state.muted_until is None
    assert decision.is_durable


def test_the_first_check_of_a_watch_that_was_muted_from_the_beginning_is_its_baseline() -> None:
    state = play(watch(), price(12), state=muted(WatchState()))[-1].state
    assert [each.verdict for each in after_the_mute(watch(), state, price(9), price(9))] == [
        Verdict.BASELINE,
        Verdict.UNCHANGED,
    ]


def test_an_entry_that_held_meanwhile_and_no_longer_does_not_fire() -> None:
    below = watch(state_rule("price", Operator.BELOW, 10))
    state = play(below, price(9), price(9), state=muted(known(price(12), watched=below)))[-1].state
    assert summaries(after_the_mute(below, state, price(12))) == []


def test_failures_of_a_muted_watch_are_counted_and_told_by_the_first_after_it() -> None:
    decisions = play(TOLD_AT_ONCE, BROKEN, BROKEN, state=muted(known(price(12))))
    assert summaries(decisions) == []
    assert decisions[-1].state.failures == 2
    assert [event.kind for each in decisions for event in each.events] == [EventKind.FAILING]
    [told] = after_the_mute(TOLD_AT_ONCE, decisions[-1].state, BROKEN)
    assert [message.topic for message in told.messages] == ["admin"]
    assert (told.state.failures, told.state.muted_until) == (3, None)


def test_a_watch_that_fails_and_recovers_while_it_is_muted_is_never_told() -> None:
    decisions = play(TOLD_AT_ONCE, BROKEN, price(12), state=muted(known(price(12))))
    assert (decisions[-1].state.failures, decisions[-1].state.failing_since) == (0, None)
    assert [event.kind for each in decisions for event in each.events] == [EventKind.FAILING, EventKind.RECOVERED]
    assert summaries([*decisions, *after_the_mute(TOLD_AT_ONCE, decisions[-1].state, price(12))]) == []


def test_that_it_works_again_is_told_when_the_mute_ends_without_a_wrong_time() -> None:
    failing = known(price(12), BROKEN)
    assert failing.is_error_told
    decisions = play(TOLD_AT_ONCE, price(12), state=muted(failing))
    assert summaries(decisions) == []
    [told] = after_the_mute(TOLD_AT_ONCE, decisions[-1].state, price(12))
    [message] = told.messages
    assert message.summary == "Dune works again"
    assert "until just now" not in message.content
    assert not told.state.is_error_told


def test_a_check_of_a_muted_watch_that_finds_nothing_new_may_be_written_late() -> None:
    state = muted(known(price(12)))
    [decision] = play(watch(), price(9), state=state)
    assert not decision.is_durable
    assert decision.state.sequence == state.sequence


def test_a_pause_that_has_ended_is_forgotten_by_the_next_check() -> None:
    state = replace(known(price(12)), paused_until=NOON)
    [decision] = play(watch(), price(12), state=state)
    assert (decision.state.paused_until, decision.is_durable) == (None, True)


def test_what_is_odd_is_not_counted_while_the_watch_is_muted() -> None:
    [decision] = play(watch(), price(""), state=muted(known(price(12))))
    assert (decision.state.failure, decision.state.suspect) == (None, None)


_AMOUNTS = st.integers(8, 12)
_RULES = (
    watch(),
    watch(state_rule("price", Operator.BELOW, 10)),
    watch(measured(Operator.DROPS_BY, "10%")),
    watch(confirm=2),
)


@given(
    st.sampled_from(_RULES),
    st.lists(_AMOUNTS, min_size=1, max_size=4),
    st.lists(_AMOUNTS | st.none(), max_size=4),
    st.lists(_AMOUNTS, min_size=1, max_size=4),
)
def test_after_a_mute_all_is_as_if_there_had_been_no_check_meanwhile(
    watched: Watch, before: list[int], meanwhile: list[int | None], afterwards: list[int]
) -> None:
    state = known(*map(price, before), watched=watched)
    between = play(watched, *(BROKEN if amount is None else price(amount) for amount in meanwhile), state=muted(state))
    assert summaries(between) == []
    assert all(decision.change is None for decision in between)
    newest = between[-1].state if between else muted(state)
    heard, unheard = (after_the_mute(watched, each, *map(price, afterwards)) for each in (newest, state))
    assert [each.verdict for each in heard] == [each.verdict for each in unheard]
    assert [each.change and (each.change.old, each.change.new) for each in heard] == [
        each.change and (each.change.old, each.change.new) for each in unheard
    ]
    assert summaries(heard) == summaries(unheard)
    assert (heard[-1].state.progress, heard[-1].state.told) == (unheard[-1].state.progress, unheard[-1].state.told)


def test_since_when_a_watch_is_left_alone_is_known_until_a_check_is_judged_again() -> None:
    first = muted(WatchState())
    second = after(first, PauseAct.PAUSE, LATER + HOUR, now=NOON + HOUR / 2)
    assert second is not None
    assert (first.left_alone_since, second.left_alone_since) == (NOON, NOON)
    resumed = after(second, PauseAct.RESUME, None, now=NOON + HOUR / 2)
    assert resumed is not None
    assert resumed.left_alone_since is None
    assert without_past_ends(second, LATER + HOUR / 2).left_alone_since == NOON
    assert without_past_ends(second, LATER + HOUR).left_alone_since is None


JUMPY = replace(
    TOLD_AT_ONCE, extraction=Values(selectors={"price": Selector(query=Query.css("p"), max_step=step("3"))})
)


def test_a_page_that_is_not_to_be_believed_is_no_good_check_of_a_muted_watch_either() -> None:
    [decision] = play(JUMPY, price(99), state=muted(known(price(12), price(99), watched=JUMPY)))
    assert (decision.verdict, decision.messages) == (Verdict.FAILED, ())
    assert is_suspicious(decision.state)
    assert decision.state.good_at == NOON - HOUR
    assert decision.state.failures == 2
    good = play(JUMPY, price(13), state=decision.state)[-1].state
    assert (good.failures, good.suspect) == (0, None)


def test_what_agrees_or_is_accepted_while_a_watch_is_muted_is_told_when_the_mute_ends() -> None:
    agreed = play(JUMPY, *[price(99)] * 3, state=muted(known(price(12), watched=JUMPY)))
    by_hand = accepted(agreed[0].state)
    assert by_hand is not None
    believed = play(JUMPY, price(99), state=by_hand)
    for decisions in (agreed, believed):
        assert decisions[-1].verdict is Verdict.MUTED
        [decision] = after_the_mute(JUMPY, decisions[-1].state, price(99))
        assert (decision.verdict, len(decision.messages)) == (Verdict.CHANGED, 1)


@pytest.mark.parametrize(("outcome", "is_other"), [(price(9), True), (price(12), False), (NOT_MODIFIED, False)])
def test_a_check_of_a_muted_watch_says_whether_its_page_shows_something_else(
    outcome: CheckOutcome, *, is_other: bool
) -> None:
    (decision,) = play(TOLD_AT_ONCE, outcome, state=muted(known(price(12))))
    assert decision.is_other_page is is_other
