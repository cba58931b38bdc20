"""The table and the rules at the head of `watcher.core.judge`, row by row."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.builders import (
    BROKEN,
    NOON,
    NOT_MODIFIED,
    event_rule,
    play,
    price,
    seats,
    seen,
    state_rule,
    summaries,
    told,
    watch,
)
from watcher.core.check import CheckFailure, CheckOutcome, Decision, OutboxMessage, Seen, Verdict, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.locale import Locale
from watcher.core.values import SINGLE, Value
from watcher.core.watch import (
    ADMIN_TOPIC,
    Already,
    MessageTemplate,
    OnError,
    Operator,
    Query,
    Rule,
    Selector,
    Step,
    Values,
    Watch,
)
from watcher.store.records import read_state, write_checked, write_state

BELOW_10 = state_rule("price", Operator.BELOW, 10)
CHANGES = event_rule(Operator.CHANGES)
ADDED = event_rule(Operator.ADDED)
REMOVED = event_rule(Operator.REMOVED)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        pytest.param([price(12)], Verdict.BASELINE, id="no snapshot, values: baseline"),
        pytest.param([NOT_MODIFIED], Verdict.FAILED, id="no snapshot, not modified: failed"),
        pytest.param([BROKEN], Verdict.FAILED, id="no snapshot, error: failed"),
        pytest.param([price(12), price(12)], Verdict.UNCHANGED, id="snapshot, same values: unchanged"),
        pytest.param([price(12), price(9)], Verdict.CHANGED, id="snapshot, other values: changed"),
        pytest.param([price(12), NOT_MODIFIED], Verdict.NOT_MODIFIED, id="snapshot, not modified: as same values"),
        pytest.param([price(12), BROKEN], Verdict.FAILED, id="snapshot, error: failed"),
    ],
)
def test_the_table(outcomes: list[CheckOutcome], verdict: Verdict) -> None:
    assert play(watch(), *outcomes)[-1].verdict is verdict


def test_a_failed_check_keeps_the_snapshot_and_counts_the_failure() -> None:
    good, bad = play(watch(), price(12), BROKEN)
    assert bad.state.snapshot == good.state.snapshot
    assert (bad.state.failures, bad.state.failure) == (1, BROKEN)


def test_an_error_page_in_a_series_is_one_error_and_no_change() -> None:
    decisions = play(watch(), price(12), BROKEN, price(12), price(9))
    assert [decision.verdict for decision in decisions] == [
        Verdict.BASELINE,
        Verdict.FAILED,
        Verdict.UNCHANGED,
        Verdict.CHANGED,
    ]
    assert told(decisions) == [3]
    assert decisions[2].state.failures == 0


def test_only_a_change_makes_a_change_record() -> None:
    decisions = play(watch(), price(12), price(12), price(9))
    assert [decision.change is not None for decision in decisions] == [False, False, True]
    change = decisions[2].change
    assert change is not None
    assert (change.old, change.new) == ({SINGLE: {"price": 12}}, {SINGLE: {"price": 9}})
    assert change.messages == tuple(message.id for message in decisions[2].messages)


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(CHANGES, [1, 2, 2, 1], [1, 3], id="A→B→A is two changes"),
        pytest.param(BELOW_10, [12, 9, 8, 11, 9], [1, 4], id="below fires once, and again after it rose and fell"),
        pytest.param(BELOW_10, [9, 8], [0], id="a state that holds at the first check is told at once"),
        pytest.param(state_rule("price", Operator.ABOVE, 10), [12, 9, 12], [0, 2], id="above"),
        pytest.param(state_rule("price", Operator.APPEARS), [None, 5, 6, None, 5], [1, 4], id="appears"),
        pytest.param(state_rule("price", Operator.DISAPPEARS), [5, None, None, 5, None], [1, 4], id="disappears"),
        pytest.param(
            Rule(conditions=BELOW_10.conditions, already=Already.IGNORE), [9, 8, 12, 9], [3], id="already: ignore"
        ),
    ],
)
def test_when_an_entry_fires(rule: Rule, series: list[int | None], expected: list[int]) -> None:
    assert told(play(watch(rule), *map(price, series))) == expected


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(BELOW_10, [12, 9, 9, 9], [2], id="a state must hold twice; then it is told once"),
        pytest.param(BELOW_10, [12, 9, 12, 9, 9], [4], id="a state that ends starts to count anew"),
        pytest.param(BELOW_10, [9, 9], [1], id="a state of the first check is confirmed as well"),
        pytest.param(CHANGES, [1, 2, 2], [2], id="a new value must stand for two checks"),
        pytest.param(CHANGES, [1, 2, 1, 1], [], id="a value that goes back was no change worth telling"),
        pytest.param(CHANGES, [1, 2, 3, 3], [3], id="another new value starts to count anew"),
    ],
)
def test_confirm_2(rule: Rule, series: list[int], expected: list[int]) -> None:
    assert told(play(watch(rule, confirm=2), *map(price, series))) == expected


def test_a_confirmation_may_come_with_a_check_that_saw_no_change() -> None:
    decisions = play(watch(CHANGES, confirm=2), price(1), price(2), NOT_MODIFIED)
    assert decisions[1].is_confirming
    assert decisions[2].verdict is Verdict.NOT_MODIFIED
    assert decisions[2].messages[0].summary == "Dune 1 → 2 (+100%)"


def test_an_error_between_two_good_checks_does_not_end_a_confirmation() -> None:
    assert told(play(watch(BELOW_10, confirm=2), price(12), price(9), BROKEN, price(9))) == [3]


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(ADDED, [{"A": 0}, {"A": 0, "B": 0}], [1], id="a new row"),
        pytest.param(ADDED, [{"A": 0, "B": 1}, {"B": 1, "A": 0}], [], id="a reordered list"),
        pytest.param(ADDED, [{"A": 0}, {"A": 5}], [], id="an edited row is not a new one"),
        pytest.param(ADDED, [{}, {"A": 1}], [1], id="an empty list that fills"),
        pytest.param(REMOVED, [{"A": 0, "B": 0}, {"A": 0}], [1], id="a row that went"),
        pytest.param(event_rule(Operator.CHANGED), [{"A": 0}, {"A": 1}, {"A": 1, "B": 2}], [1], id="an edited row"),
        pytest.param(
            state_rule("seats", Operator.ABOVE, 0),
            [{"A": 1, "B": 0}, {"A": 2, "B": 0}, {"A": 2, "B": 1}, {"A": 2, "B": 1, "C": 4}],
            [2, 3],
            id="a state per row: the first list's rows are not told, later ones are",
        ),
        pytest.param(
            event_rule(Operator.ADDED, *state_rule("seats", Operator.ABOVE, 0).conditions),
            [{}, {"A": 0}, {"A": 1}, {"A": 1, "B": 3}],
            [3],
            id="an event with a state: both in the same check",
        ),
    ],
)
def test_rows(rule: Rule, series: list[dict[str, int]], expected: list[int]) -> None:
    assert told(play(watch(rule, is_list=True), *map(seats, series))) == expected


def test_a_row_that_came_must_stay_to_be_confirmed() -> None:
    watched = watch(ADDED, confirm=2, is_list=True)
    assert told(play(watched, seats({}), seats({"A": 1}), seats({}), seats({"A": 1}), seats({"A": 2}))) == [4]


def test_a_row_that_went_is_told_once_confirmed() -> None:
    watched = watch(REMOVED, confirm=2, is_list=True)
    assert told(play(watched, seats({"A": 1}), seats({}), seats({}), seats({}))) == [2]


def test_one_message_names_every_row_that_fired() -> None:
    decisions = play(watch(ADDED, REMOVED, is_list=True), seats({"A": 1}), seats({"B": 2, "C": 3}))
    (message,) = decisions[1].messages
    assert all(name in message.content for name in ("− A", "+ B", "+ C"))


def test_every_topic_gets_a_message_with_an_id_of_its_own() -> None:
    decisions = play(watch(topics=("deals", "books")), price(12), price(9))
    assert [message.topic for message in decisions[1].messages] == ["deals", "books"]
    assert len({message.id for message in decisions[1].messages}) == 2


def test_a_message_id_depends_on_epoch_watch_sequence_and_topic_alone() -> None:
    first, again = (play(watch(), price(12), price(9))[1].messages for _ in range(2))
    assert first == again
    state = play(watch(), price(12))[0].state
    other = judge(watch(), state, price(9), epoch="another life", budget=UNLIMITED, now=NOON)
    assert other.messages[0].id != first[0].id


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(seen({SINGLE: {"price": 9}}, plan="plan 2"), id="another extraction"),
        pytest.param(seen({SINGLE: {"price": 9}}, engine="test 2", reread={SINGLE: {"price": 9}}), id="another engine"),
    ],
)
@pytest.mark.parametrize("rule", [CHANGES, BELOW_10], ids=["event", "state"])
def test_what_is_read_differently_takes_a_new_baseline_silently(later: CheckOutcome, rule: Rule) -> None:
    decisions = play(watch(rule), price(12), later)
    assert decisions[1].verdict is Verdict.BASELINE
    assert not [message for message in decisions[1].messages if message.topic != ADMIN_TOPIC]
    assert decisions[1].change is not None
    assert decisions[1].change.is_baseline


def test_reordering_entries_keeps_their_state() -> None:
    state = play(watch(BELOW_10, CHANGES), price(9))[0].state
    again = judge(watch(CHANGES, BELOW_10), state, price(9), epoch="epoch", budget=UNLIMITED, now=NOON)
    assert not again.messages


def test_an_edited_entry_is_met_for_the_first_time() -> None:
    state = play(watch(BELOW_10), price(9))[0].state
    edited = watch(state_rule("price", Operator.BELOW, 11))
    assert judge(edited, state, price(9), epoch="epoch", budget=UNLIMITED, now=NOON).messages


def test_an_unchanged_check_is_written_late_and_any_other_at_once() -> None:
    decisions = play(watch(), price(12), price(12), NOT_MODIFIED, BROKEN, price(12))
    assert [decision.is_durable for decision in decisions] == [True, False, False, True, True]
    # the last check ended a row of failures


def test_the_same_values_in_other_bytes_are_written_late_with_what_the_page_is_known_by() -> None:
    noisy = replace(price(12), digest="another")
    decisions = play(watch(), price(12), price(12), noisy, noisy, NOT_MODIFIED)
    assert not any(decision.is_durable for decision in decisions[1:])
    # the last one brought another validator
    assert [decision.has_new_page for decision in decisions[1:]] == [False, True, False, True]


def test_told_is_what_was_there_at_baseline_until_a_message_carries_more() -> None:
    decisions = play(watch(BELOW_10), price(20), price(15), price(9))
    assert [decision.state.told[SINGLE]["price"] for decision in decisions] == [20, 20, 9]


def remembering(rule: Rule, *, every: int = 30, confirm: int = 1, is_list: bool = False) -> Watch:
    """A watch that reminds after so many minutes; checks are ten apart."""
    watched = watch(rule, confirm=confirm, is_list=is_list)
    return replace(watched, remind_every=timedelta(minutes=every))


@pytest.mark.parametrize(
    ("rule", "outcomes", "expected"),
    [
        pytest.param(BELOW_10, [price(9)] * 8, [0, 3, 6], id="a state that was told, while it holds"),
        pytest.param(BELOW_10, [price(9), price(8), price(7), price(6)], [0, 3], id="whatever its value is"),
        pytest.param(BELOW_10, [price(9), *[NOT_MODIFIED] * 3], [0, 3], id="by an answer without news"),
        pytest.param(BELOW_10, [price(9), BROKEN, BROKEN, BROKEN, price(9)], [0, 4], id="after errors"),
        pytest.param(BELOW_10, [price(9), price(9), price(12), price(9), price(9)], [0, 3], id="anew after it ended"),
        pytest.param(
            Rule(conditions=BELOW_10.conditions, already=Already.IGNORE), [price(9)] * 5, [], id="not if it was there"
        ),
        pytest.param(CHANGES, [price(9), *[price(8)] * 5], [1], id="an event has none"),
    ],
)
def test_remind_every(rule: Rule, outcomes: list[CheckOutcome], expected: list[int]) -> None:
    assert told(play(remembering(rule), *outcomes)) == expected


def test_a_reminder_says_that_it_is_one() -> None:
    decisions = play(remembering(BELOW_10), price(12), price(9), *[price(9)] * 3)
    assert summaries(decisions) == ["Dune 12 → 9 (−25%)", "Dune still: 9"]
    assert decisions[-1].is_durable
    assert decisions[-1].change is None


def test_a_reminder_comes_after_the_confirmation() -> None:
    assert told(play(remembering(BELOW_10, confirm=2), *[price(9)] * 6)) == [1, 4]


def test_rows_are_reminded_of_each_by_itself() -> None:
    free = state_rule("seats", Operator.ABOVE, 0)
    pages = [seats({"A": 0, "B": 0}), seats({"A": 1, "B": 0}), seats({"A": 1, "B": 1}), *[seats({"A": 1, "B": 1})] * 3]
    assert summaries(play(remembering(free, is_list=True), *pages)) == [
        "Dune: A: seats 0 → 1",
        "Dune: B: seats 0 → 1",
        "Dune still: A: seats 1",
        "Dune still: B: seats 1",
    ]


def for_topics(rule: Rule, *topics: str) -> Rule:
    return replace(rule, topics=topics)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([CHANGES], {"deals": "The page changed."}, id="an entry without topics tells the watch's"),
        pytest.param([for_topics(CHANGES, "books")], {"books": "The page changed."}, id="its own replace the watch's"),
        pytest.param(
            [CHANGES, for_topics(BELOW_10, "books", "deals")],
            {"deals": "The page changed. Price fell below 10.", "books": "Price fell below 10."},
            id="one message per topic, of what fired for it",
        ),
        pytest.param(
            [CHANGES, for_topics(CHANGES, "books")],
            {"deals": "The page changed.", "books": "The page changed."},
            id="the same entry twice tells both",
        ),
    ],
)
def test_whom_an_entry_tells(rules: list[Rule], expected: dict[str, str]) -> None:
    decision = play(watch(*rules), price(12), price(9))[1]
    reasons = {message.topic: message.content for message in decision.messages}
    assert reasons == expected
    assert len({message.id for message in decision.messages}) == len(decision.messages) == len(expected)


def test_another_language_is_no_other_message() -> None:
    """Else a language that is named later would send again what was sent."""
    watched = replace(watch(BELOW_10), on_error=OnError(after=1))
    spoken = replace(watched, languages=(("deals", Locale.CHINESE), ("admin", Locale.CHINESE)))
    outcomes = (price(12), price(9), BROKEN, price(9))
    before, after = play(watched, *outcomes), play(spoken, *outcomes)
    assert [summaries([one]) for one in after] == [
        [],
        ["Dune：12 → 9（−25%）"],
        ["⚠ Dune：这不是要看的网页"],
        ["Dune：已恢复正常（此前从 12:20 起 1 次检查失败）"],
    ]
    assert [one.id for each in before for one in each.messages] == [one.id for each in after for one in each.messages]
    assert [one.state for one in before] == [one.state for one in after]


def test_each_topic_is_told_in_its_own_language() -> None:
    watched = replace(watch(BELOW_10), topics=("deals", "books"), languages=(("books", Locale.CHINESE),))
    contents = {message.topic: message.content for message in play(watched, price(12), price(9))[1].messages}
    assert contents == {"deals": "Price fell below 10.", "books": "价格已低于 10。"}


def test_messages_for_subscribers_may_wait_for_others_and_the_operators_do_not() -> None:
    watched = replace(
        watch(),
        group_within=timedelta(minutes=5),
        on_error=OnError(after=1),
        message=MessageTemplate(summary="{{ x }}"),
    )
    decision = play(watched, price(12), BROKEN, price(9))[-1]
    holds = {message.summary[:12]: message.hold_until for message in decision.messages}
    assert holds == {
        "Dune 12 → 9 ": NOON + timedelta(minutes=25),
        "dune: the me": None,
        "Dune works a": None,
    }


PRICES = st.one_of(st.integers(0, 3).map(price), st.just(NOT_MODIFIED), st.just(BROKEN), st.just(price(1_000)))


@given(st.lists(PRICES, max_size=30), st.integers(1, 3))
def test_every_confirmed_change_is_told_exactly_once_and_nothing_else_is(
    outcomes: list[CheckOutcome], confirm: int
) -> None:
    """1000 is a jump over `max_step`, and has to be seen twice to be believed."""
    selector = Selector(query=Query.css(".price"), max_step=Step(amount=Decimal(10), is_share=False))
    watched = replace(watch(confirm=confirm), extraction=Values(selectors={"price": selector}), accept_after=2)
    reader = _Reader(confirm)
    state = WatchState()
    for place, outcome in enumerate(outcomes):
        now = NOON + timedelta(minutes=10) * place
        decision = judge(watched, state, outcome, epoch="epoch", budget=UNLIMITED, now=now)
        if decision.verdict is Verdict.FAILED:
            assert decision.state.snapshot == state.snapshot
            assert (decision.state.told, decision.state.progress) == (state.told, state.progress)
        else:
            assert decision.state.snapshot is not None
            reader.sees(decision.state.snapshot.observation.rows[SINGLE]["price"])
        reader.hears([message for message in decision.messages if message.topic == "deals"])
        state = read_state(write_state(decision.state), write_checked(decision.state))
        assert state == stored(decision.state)
    assert reader.heard == reader.changes


class _Reader:
    """Counts what should be told, by the definition: a value other than the last told that stood for `confirm`."""

    def __init__(self, confirm: int) -> None:
        self._confirm = confirm
        self._stood: list[Value] = []
        self.changes: list[tuple[Value, Value]] = []
        self.heard: list[tuple[Value, Value]] = []
        self._last: list[Value] = []

    def sees(self, value: Value) -> None:
        self._last = self._last or [value]
        self._stood = [*self._stood, value] if self._stood and self._stood[-1] == value else [value]
        if value != self._last[-1] and len(self._stood) >= self._confirm:
            self.changes.append((self._last[-1], value))
            self._last.append(value)

    def hears(self, messages: list[OutboxMessage]) -> None:
        for message in messages:
            old, new = re.findall(r"\d+", message.summary.partition("(")[0])
            self.heard.append((int(old), int(new)))


def stored(state: WatchState) -> WatchState:
    """The state without what is not stored."""
    if state.snapshot is None:
        return state
    observation = replace(state.snapshot.observation, row_count=None, notes=())
    return replace(state, snapshot=replace(state.snapshot, observation=observation))


LISTS = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 2), max_size=6).map(seats)


@given(st.lists(st.one_of(LISTS, st.just(BROKEN)), max_size=20))
def test_every_change_of_rows_is_told_exactly_once_and_nothing_else_is(outcomes: list[CheckOutcome]) -> None:
    state, watched = WatchState(), watch(ADDED, REMOVED, event_rule(Operator.CHANGED), is_list=True)
    for outcome in outcomes:
        before = state.snapshot.observation.rows if state.snapshot else None
        decision = judge(watched, state, outcome, epoch="epoch", budget=UNLIMITED, now=NOON)
        state = decision.state
        after = state.snapshot.observation.rows if state.snapshot else None
        is_news = before is not None and before != after
        assert [message.topic for message in decision.messages if message.topic == "deals"] == ["deals"] * is_news
        assert (decision.change is not None) is is_news
        assert isinstance(outcome, Seen) or decision.verdict is Verdict.FAILED


def test_a_captcha_in_the_middle_is_one_error_no_change_and_no_second_baseline() -> None:
    captcha = CheckFailure(kind="blocked", text="a captcha of Cloudflare")
    decisions = play(watch(), price(12), captcha, captcha, price(12), price(9))
    assert [decision.verdict for decision in decisions].count(Verdict.BASELINE) == 1
    assert summaries(decisions) == [
        "⚠ Dune: a captcha of Cloudflare",
        "Dune works again (after 2 failed checks, since 12:10)",
        "Dune 12 → 9 (−25%)",
    ]


@pytest.mark.parametrize("rule", [ADDED, REMOVED, event_rule(Operator.CHANGED)], ids=str)
@pytest.mark.parametrize(
    "pages", [[{"A": 1}, {}], [{}, {"A": 1}]], ids=["a row that is gone once", "that is there once"]
)
def test_a_row_that_flickers_is_neither_new_nor_gone(rule: Rule, pages: list[dict[str, int]]) -> None:
    series = [pages[0], pages[1], pages[0], pages[0], pages[0]]
    assert told(play(watch(rule, confirm=2, is_list=True), *map(seats, series))) == []


def test_a_row_that_was_gone_once_and_is_not_as_before_has_changed() -> None:
    watched = watch(ADDED, REMOVED, event_rule(Operator.CHANGED), confirm=2, is_list=True)
    decisions = play(watched, *map(seats, [{"A": 1}, {}, {"A": 2}, {"A": 2}, {"A": 2}]))
    assert summaries(decisions) == ["Dune: A: seats 1 → 2 (+100%)"]


def test_a_confirmed_state_is_told_from_what_subscribers_knew() -> None:
    assert summaries(play(watch(BELOW_10, confirm=2), price(12), price(9), price(8))) == ["Dune 12 → 8 (−33.3%)"]


@pytest.mark.parametrize("rules", [(CHANGES, BELOW_10), (BELOW_10, CHANGES)], ids=["news first", "reminder first"])
def test_a_change_is_not_hidden_by_a_reminder_of_the_same_row(rules: tuple[Rule, ...]) -> None:
    watched = replace(watch(*rules), remind_every=timedelta(minutes=10))
    assert summaries(play(watched, price(12), price(9), price(8)))[-1] == "Dune 9 → 8 (−11.1%)"


def test_a_clock_that_was_a_year_ahead_silences_no_reminder() -> None:
    watched, ahead = remembering(BELOW_10), NOON + timedelta(days=365)
    state = judge(watched, WatchState(), price(9), epoch="epoch", budget=UNLIMITED, now=ahead).state
    times = [NOON, NOON + timedelta(minutes=20), NOON + timedelta(minutes=30), NOON + timedelta(minutes=40)]
    heard = []
    for now in times:
        decision = judge(watched, state, price(9), epoch="epoch", budget=UNLIMITED, now=now)
        state = decision.state
        heard.append(len(decision.messages))
    assert heard == [0, 0, 1, 0]


def test_a_clock_that_was_a_year_ahead_does_not_put_off_the_word_of_trouble() -> None:
    watched = replace(watch(), on_error=OnError(after=timedelta(hours=1)))
    state = judge(watched, WatchState(), BROKEN, epoch="epoch", budget=UNLIMITED, now=NOON + timedelta(days=365)).state
    state = judge(watched, state, BROKEN, epoch="epoch", budget=UNLIMITED, now=NOON).state
    assert judge(watched, state, BROKEN, epoch="epoch", budget=UNLIMITED, now=NOON + timedelta(hours=1)).messages


READ_DIFFERENTLY = seen({SINGLE: {"price": 9}}, engine="test 2", reread={SINGLE: {"price": 9}})


def test_reminders_go_on_when_the_page_is_read_differently() -> None:
    assert told(play(remembering(BELOW_10), price(9), READ_DIFFERENTLY, *[READ_DIFFERENTLY] * 3)) == [0, 3]


def test_a_state_that_awaits_its_confirmation_is_told_after_the_page_is_read_by_another_engine() -> None:
    decisions = play(watch(BELOW_10, confirm=2), price(12), price(9), READ_DIFFERENTLY, READ_DIFFERENTLY)
    assert told(decisions) == [2]


def test_an_entry_that_is_added_hears_what_changed_since_the_last_check() -> None:
    state = play(watch(BELOW_10), price(12))[0].state
    assert judge(watch(BELOW_10, CHANGES), state, price(11), epoch="epoch", budget=UNLIMITED, now=NOON).messages


def test_an_entry_that_tells_another_topic_keeps_its_state() -> None:
    state = play(watch(BELOW_10), price(9))[0].state
    moved = judge(watch(for_topics(BELOW_10, "books")), state, price(9), epoch="epoch", budget=UNLIMITED, now=NOON)
    assert not moved.messages
    assert not judge(watch(BELOW_10), moved.state, price(9), epoch="epoch", budget=UNLIMITED, now=NOON).messages


def test_an_entry_that_is_written_again_for_another_topic_tells_it() -> None:
    state = play(watch(BELOW_10), price(9))[0].state
    twice = watch(BELOW_10, for_topics(BELOW_10, "books"))
    assert [
        message.topic for message in judge(twice, state, price(9), epoch="epoch", budget=UNLIMITED, now=NOON).messages
    ] == ["books"]


def test_the_word_of_a_failed_template_has_an_id_that_no_topic_has() -> None:
    watched = replace(watch(topics=("a template failed",)), message=MessageTemplate(summary="{{ x }}"))
    ids = [message.id for message in play(watched, price(12), price(9))[1].messages]
    assert len(set(ids)) == len(ids) == 2


@given(st.lists(LISTS, min_size=1, max_size=25), st.integers(1, 3))
def test_a_row_is_told_to_have_come_or_gone_exactly_when_that_stood(outcomes: list[Seen], confirm: int) -> None:
    """By the definition: a row comes when it was away and is there for `confirm` checks in a row, and goes likewise."""
    present, away = set(outcomes[0].observation.rows), dict[str, int]()
    expected = list[set[str]]()
    for outcome in outcomes[1:]:
        differing = present ^ set(outcome.observation.rows)
        away = {key: away.get(key, 0) + 1 for key in differing}
        stood = {key for key, count in away.items() if count == confirm}
        expected.append(stood)
        away = {key: count for key, count in away.items() if key not in stood}
        present ^= stood
    # accept_after 1: losing half of the rows is another story
    watched = replace(watch(ADDED, REMOVED, confirm=confirm, is_list=True), accept_after=1)
    decisions = play(watched, *outcomes)[1:]
    assert [set(re.findall(r"(?:^|: )[+−] (\w)", _texts(decision), re.MULTILINE)) for decision in decisions] == expected


def _texts(decision: Decision) -> str:
    return "\n".join(f"{message.summary}\n{message.content}" for message in decision.messages)
