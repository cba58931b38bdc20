"""The table at the head of `watcher.core.suspicion`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import (
    BROKEN,
    NOON,
    NOT_MODIFIED,
    event_rule,
    play,
    price,
    rolling,
    seats,
    seen,
    step,
    told,
    watch,
)
from watcher.core.check import CheckFailure, CheckOutcome, Seen, Verdict, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.page_profile import Examined, Profile, marks_of, unpacked_profile
from watcher.core.suspicion import accepted
from watcher.core.values import Money, Value, ValueType
from watcher.core.watch import Items, OnError, Operator, Query, Selector, Values, Watch

LISTED = watch(event_rule(Operator.REMOVED), is_list=True)
CUT = "the page was cut short: its end is missing"
FOUR = {"A": 1, "B": 1, "C": 1, "D": 1}


def bounded(by: str, accept_after: int = 3) -> Watch:
    """A price that moves by this at most."""
    selector = Selector(query=Query.css(".price"), max_step=step(by))
    return replace(watch(), extraction=Values(selectors={"price": selector}), accept_after=accept_after)


def optional() -> Watch:
    """A text that may be absent."""
    return replace(watch(), extraction=Values(selectors={"price": Selector(query=Query.css("p"), optional=True)}))


def page_text(css: str | None = None) -> Watch:
    """The text of the whole page, or of this element."""
    return replace(watch(), extraction=Values(selectors={"price": Selector(query=Query.css(css) if css else None)}))


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="€")


def rows(count: int, believed: int | None = None) -> Seen:
    """A list of this many rows, of which so many count."""
    keys = range(count if believed is None else believed)
    return seen({str(key): {"seats": 1} for key in keys}, row_count=count)


def ended(outcome: Seen, ending: str | None) -> Seen:
    """A page that may have been cut, and ends here; "": it is closed."""
    return replace(
        outcome, observation=replace(outcome.observation, ending=ending), digest=f"{outcome.digest} {ending}"
    )


def failure(watched: Watch, *outcomes: CheckOutcome) -> str | None:
    """The text of the failure that the last of these outcomes was, if it was one."""
    state = play(watched, *outcomes)[-1].state
    return state.failure.text if state.failure else None


@pytest.mark.parametrize(
    ("watched", "outcomes", "why"),
    [
        (watch(), [ended(price("1"), ""), ended(price("1"), "a")], CUT),
        (watch(), [ended(price("1"), ""), price("2"), ended(price("2"), "a")], CUT),
        (watch(), [ended(price("1"), ""), ended(price(""), "a")], CUT),
        (watch(), [ended(price("1"), ""), ended(price("2"), "")], None),
        (watch(), [ended(price("1"), "a"), ended(price("2"), "b")], None),
        (watch(), [price("1"), ended(price("2"), "b")], None),
        (LISTED, [rows(12), rows(6)], "the list has 6 rows and had 12"),
        (LISTED, [rows(4), rows(1)], "the list has 1 row and had 4"),
        (LISTED, [rows(12), rows(7)], None),
        (LISTED, [rows(3), rows(1)], None),
        (LISTED, [rows(12), rows(0)], None),
        (LISTED, [rows(12, believed=3), rows(12, believed=0)], None),
        (LISTED, [rows(12, believed=3), rows(5, believed=3)], "the list has 5 rows and had 12"),
        (LISTED, [seen({"A": {}, "B": {}, "C": {}, "D": {}}), seen({"A": {}})], None),
        (rolling(), [rows(12), rows(1)], None),
        (watch(), [price(euros("12")), price(euros("0.00"))], "price is €0.00 and was €12"),
        (watch(), [price(None), price(euros("0.00"))], "price is €0.00 and was absent"),
        (watch(), [price(euros("0")), price(euros("0.00"))], None),
        (watch(), [price(12), price(0)], None),
        (LISTED, [seen({"A": {"fee": euros("5")}}), seen({"A": {"fee": euros("0")}})], "A: fee is €0 and was €5"),
        (LISTED, [seen({"A": {"fee": euros("5")}}), seen({"A": {"fee": euros("5")}, "B": {"fee": euros("0")}})], None),
        (
            bounded("50%"),
            [price(euros("12")), price(euros("18.01"))],
            "price went from €12 to €18.01, by more than its max_step of 50%",
        ),
        (bounded("50%"), [price(12), price(18)], None),
        (bounded("50%"), [price(12), price(6)], None),
        (bounded("50%"), [price(12), price(5)], "price went from 12 to 5, by more than its max_step of 50%"),
        (bounded("3"), [price(12), price(16)], "price went from 12 to 16, by more than its max_step of 3"),
        (bounded("3"), [price(12), price(15), price(18)], None),
        (bounded("3"), [price(12), price(None), price(99)], None),
        (bounded("3"), [price("sold out"), price(99)], None),
        (
            watch(),
            [price("Dune"), price("")],
            "price: the text is empty and was 'Dune'; if it may be, set `optional: true`",
        ),
        (watch(), [price(""), price("Dune"), price("")], None),
        (watch(), [price(None), price("")], None),
        (optional(), [price("Dune"), price("")], None),
        (LISTED, [seen({"A": {"teacher": "Wu"}}), seen({"A": {"teacher": ""}})], None),
        (page_text(), [price("x" * 400), price("x" * 199)], "price: the page has 199 characters of text and had 400"),
        (page_text("body"), [price("x" * 400), price("x" * 9)], "price: the page has 9 characters of text and had 400"),
        (page_text(), [price("x" * 400), price("x" * 200)], None),
        (page_text(), [price("x" * 99), price("x")], None),
        (page_text("main"), [price("x" * 400), price("x")], None),
    ],
)
def test_what_is_suspicious(watched: Watch, outcomes: list[CheckOutcome], why: str | None) -> None:
    assert failure(watched, *outcomes) == (f"{why}; `watcher accept dune` if this is true" if why else None)


@pytest.mark.parametrize(
    "later", [{"plan": "plan 2"}, {"engine": "test 2"}, {}], ids=["another extraction", "another engine", "the first"]
)
def test_a_baseline_is_never_suspicious(later: Mapping[str, str]) -> None:
    other = replace(price(999), plan=later.get("plan", "plan 1"))
    other = replace(other, observation=replace(other.observation, engine=later.get("engine", "test 1")))
    other = replace(other, reread=other.observation.rows if "engine" in later else None)
    decisions = play(bounded("3"), *([price(12)] if later else []), other)
    assert decisions[-1].verdict is Verdict.BASELINE


def test_a_suspicious_check_is_a_failed_one_that_keeps_everything_else() -> None:
    good, odd = play(bounded("3"), price(12), price(99))
    assert odd.verdict is Verdict.FAILED
    assert (odd.messages, odd.change) == ((), None)
    failed = replace(
        good.state,
        sequence=2,
        suspect=odd.state.suspect,
        failures=1,
        failure=odd.state.failure,
        failing_since=odd.state.checked_at,
        counted_at=odd.state.checked_at,
        checked_at=odd.state.checked_at,
    )
    assert odd.state == failed


@pytest.mark.parametrize(
    ("accept_after", "series", "expected"),
    [
        pytest.param(3, [12, 99, 99, 99], [3], id="what is seen three times is true"),
        pytest.param(2, [12, 99, 99], [2], id="or as often as the watch says"),
        pytest.param(1, [12, 99], [1], id="or at once"),
        pytest.param(3, [12, 99, 98, 99, 99, 99], [5], id="only checks in agreement count"),
        pytest.param(3, [12, 99, 99, 12, 99, 99, 99], [6], id="a good check clears the suspicion"),
        pytest.param(3, [12, 99, 99, 13], [3], id="a change within the step is told meanwhile"),
        pytest.param(3, [12, 99, BROKEN, 99, BROKEN, 99], [5], id="another failure neither counts nor clears"),
    ],
)
def test_when_it_is_accepted(accept_after: int, series: list[int | CheckFailure], expected: list[int]) -> None:
    outcomes = [price(one) if isinstance(one, int) else one for one in series]
    decisions = play(bounded("3", accept_after), *outcomes)
    assert told(decisions) == expected
    assert decisions[-1].state.suspect is None
    assert decisions[-1].state.failures == 0


@pytest.mark.parametrize(("accept_after", "note"), [(1, "1 suspicious check."), (3, "3 suspicious checks.")])
def test_what_is_accepted_is_told_as_such(accept_after: int, note: str) -> None:
    decisions = play(bounded("3", accept_after), price(12), *[price(99)] * accept_after)
    assert decisions[-1].messages[0].content == (f"Accepted after {note}\nThe page changed.")


@pytest.mark.parametrize(
    ("watched", "good", "odd", "kind"),
    [(watch(), "Dune", "", "missing"), (page_text(), "x" * 400, "Sorry!", "suspicious")],
    ids=["emptied", "a page that lost half"],
)
def test_what_a_wall_may_show_is_true_by_the_operators_word_alone(
    watched: Watch, good: str, odd: str, kind: str
) -> None:
    decisions = play(watched, price(good), *[price(odd)] * 4)
    assert told(decisions) == []
    assert {decision.state.failure and decision.state.failure.kind for decision in decisions[1:]} == {kind}
    state = accepted(decisions[-1].state)
    assert state is not None
    (believed,) = play(watched, price(odd), state=state)
    assert (believed.verdict, len(believed.messages)) == (Verdict.CHANGED, 1)


def test_a_page_that_may_be_cut_is_true_once_it_ends_at_the_same_place_whatever_it_shows() -> None:
    closed = ended(price("1"), "")
    cuts = [ended(price(str(number)), place) for number, place in enumerate("abcabcabc", 2)]
    assert [each.verdict for each in play(watch(), closed, *cuts)[1:]] == [Verdict.FAILED] * 9
    same = [ended(price(str(number)), "a") for number in range(2, 7)]
    decisions = play(watch(), closed, *same)
    assert told(decisions) == [3, 4, 5]
    assert [each.state.is_closed for each in decisions] == [True, True, True, False, False, False]
    emptied = play(watch(), closed, ended(price(""), "a"))[-1].state.failure
    assert emptied is not None
    assert emptied.kind == "suspicious"


def test_a_text_that_was_accepted_empty_may_be_so_again() -> None:
    state = accepted(play(watch(), price("Dune"), price(""))[-1].state)
    assert told(play(watch(), price(""), price("Emma"), price(""), state=state)) == [0, 1, 2]


def test_a_text_that_was_empty_may_be_so_with_a_newer_engine_and_not_with_another_extraction() -> None:
    state = play(watch(), price(""), price("Dune"))[-1].state
    newer = replace(price("Dune"), observation=replace(price("Dune").observation, engine="test 2"))
    emptied = replace(newer, observation=replace(newer.observation, rows=price("").observation.rows))
    assert told(play(watch(), newer, emptied, state=state)) == [1]
    other, gone = (replace(outcome, plan="plan 2") for outcome in (newer, emptied))
    assert told(play(watch(), other, gone, state=state)) == []


def test_an_answer_without_news_clears_the_suspicion() -> None:
    assert play(bounded("3"), price(12), price(99), NOT_MODIFIED)[-1].state.suspect is None


def test_the_operator_accepts_what_the_next_check_sees() -> None:
    odd = play(bounded("3"), price(12), price(99))[-1].state
    state = accepted(odd)
    assert state is not None
    assert state.sequence == odd.sequence + 1
    decision = judge(bounded("3"), state, price(98), epoch="epoch", budget=UNLIMITED, now=NOON)
    assert decision.verdict is Verdict.CHANGED
    assert "Accepted by hand." in decision.messages[0].content
    assert decision.state.suspect is None


@pytest.mark.parametrize(
    "outcomes", [[], [price(12)], [price(12), BROKEN], [price(12), price(99), price(12)]], ids=range(4)
)
def test_where_nothing_is_suspicious_there_is_nothing_to_accept(outcomes: list[CheckOutcome]) -> None:
    state = play(bounded("3"), *outcomes)[-1].state if outcomes else WatchState()
    assert accepted(state) is None


def test_the_order_of_the_rows_does_not_matter() -> None:
    watched = replace(LISTED, accept_after=2)
    assert told(play(watched, seats(FOUR), seats({"A": 1, "B": 1}), seats({"B": 1, "A": 1}))) == [2]


def test_whatever_a_page_holds_the_reason_is_one_short_line() -> None:
    extraction = Items(
        query=Query.css("li"),
        key=Selector(),
        fields={"fee": Selector(max_step=step("1"))},
    )
    watched = replace(LISTED, extraction=extraction)
    key = "a key\n\u202e" * 500

    def page(value: Value) -> Seen:
        return seen({key: {"fee": value}})

    why = failure(watched, page(1), page(10**50))
    assert why is not None
    assert "\n" not in why
    assert len(why) < 300


def test_the_word_that_a_watch_works_again_says_that_something_suspicious_was_accepted() -> None:
    watched = replace(bounded("50%", accept_after=2), on_error=OnError(after=1))
    decisions = play(watched, price(10), price(100), price(100))
    (recovered,) = [message for message in decisions[2].messages if message.topic == "admin"]
    assert recovered.content.splitlines()[-2] == "Accepted after 2 suspicious checks."


USUAL = Profile(characters=900, links=30, heads=b"a" * 8, marks=marks_of(range(0, 0xFFFFFF, 99_999)))
WALL = Profile(characters=80, links=1, heads=b"b" * 8, marks=marks_of(range(7, 0xFFFFFF, 1_999_999)))


def looking(outcome: Seen, profile: Profile) -> Seen:
    return replace(outcome, examined=Examined(profile=profile))


def usual(state: WatchState) -> Profile | None:
    taken = unpacked_profile(state.profile)
    return taken.profile if taken else None


def typed(type: ValueType) -> Watch:  # noqa: A002  the operator's word
    return replace(watch(), extraction=Values(selectors={"price": Selector(query=Query.css("p"), type=type)}))


@pytest.mark.parametrize(
    ("watched", "before", "after", "is_believed"),
    [
        pytest.param(optional(), price("-10 %"), price(None), False, id="an absent optional"),
        pytest.param(watch(), price("Lamp"), price("Sorry"), False, id="another text"),
        pytest.param(typed(ValueType.INTEGER), price(12), price(503), False, id="another number"),
        pytest.param(typed(ValueType.MONEY), price(euros("12")), price(euros("9")), True, id="another price"),
        pytest.param(typed(ValueType.STOCK), price("in_stock"), price("out_of_stock"), True, id="another stock"),
        pytest.param(optional(), price(None), price(None), False, id="an optional that is absent as before"),
        pytest.param(LISTED, seats({"A": 1}), seats({"B": 1}), False, id="a list of other rows"),
        pytest.param(LISTED, seats({"A": 1}), seats({"A": 1, "B": 1}), True, id="a list with a row that was there"),
        pytest.param(LISTED, seats({"A": 1}), seats({}), True, id="a list that its page says to be empty"),
    ],
)
def test_another_page_is_not_believed_unless_something_vouches_for_it(
    watched: Watch, before: Seen, after: Seen, is_believed: bool
) -> None:
    decisions = play(watched, looking(before, USUAL), *[looking(after, WALL)] * 4)
    assert {each.verdict is not Verdict.FAILED for each in decisions[1:]} == {is_believed}
    whole = play(watched, looking(before, USUAL), looking(after, USUAL))
    assert whole[-1].verdict is not Verdict.FAILED


def test_where_words_of_the_page_are_demanded_its_look_is_not_asked() -> None:
    watched = replace(watch(), page_must_contain=("Lumen",))
    assert told(play(watched, looking(price("Lamp"), USUAL), looking(price("Sorry"), WALL))) == [1]


def test_an_accepted_page_is_the_usual_one_from_then_on() -> None:
    state = accepted(play(watch(), looking(price("Lamp"), USUAL), looking(price("Sorry"), WALL))[-1].state)
    decisions = play(watch(), looking(price("Sorry"), WALL), looking(price("Lamp"), WALL), state=state)
    assert told(decisions) == [0, 1]
    assert usual(decisions[-1].state) == WALL


def test_a_check_that_did_not_look_closer_keeps_what_is_known() -> None:
    state = play(watch(), looking(price("Lamp"), USUAL), price("Lamp"))[-1].state
    assert usual(state) == USUAL
