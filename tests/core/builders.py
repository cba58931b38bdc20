"""Small makers of the core's entities, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from watcher.core.check import (
    CheckFailure,
    CheckOutcome,
    Decision,
    Observation,
    OutboxEntry,
    OutboxMessage,
    Same,
    Seen,
    WatchState,
)
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.page import Validators
from watcher.core.values import SINGLE, Row, Rows, Value
from watcher.core.watch import (
    Condition,
    Extraction,
    Items,
    Operator,
    Query,
    Request,
    Rule,
    Selector,
    Step,
    Values,
    Watch,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ENGINE = "test 1"
BROKEN = CheckFailure(kind="unexpected", text="a captcha page")
NOT_MODIFIED = Same(validators=Validators(etag='"1"'), by_server=True)


def state_rule(subject: str, operator: Operator, operand: str | int | None = None) -> Rule:
    """One condition on a value, e.g. `state_rule("price", Operator.BELOW, 10)`."""
    match operand:
        case None:
            return Rule(conditions=(Condition(subject=subject, operator=operator),))
        case int():
            return Rule(conditions=(Condition(subject=subject, operator=operator, operand=Decimal(operand)),))
        case str():
            return Rule(conditions=(Condition(subject=subject, operator=operator, operand=(operand,)),))


def event_rule(operator: Operator, *conditions: Condition) -> Rule:
    """An event, with further conditions."""
    return Rule(conditions=(Condition(operator=operator), *conditions))


def step(text: str) -> Step:
    """`step("5%")`, `step("0.50")`."""
    is_share = text.endswith("%")
    return Step(amount=Decimal(text.rstrip("%")) / (100 if is_share else 1), is_share=is_share)


def measured(operator: Operator, by: str, *, subject: str = "price", topics: tuple[str, ...] = ()) -> Rule:
    """`measured(Operator.DROPS_BY, "5%")`."""
    return Rule(conditions=(Condition(operator=operator, subject=subject, operand=step(by)),), topics=topics)


def watch(*rules: Rule, confirm: int = 1, is_list: bool = False, topics: tuple[str, ...] = ("deals",)) -> Watch:
    """A watch of one price, or of a list with seats."""
    extraction: Extraction = Values(selectors={"price": Selector(query=Query.css(".price"))})
    if is_list:
        extraction = Items(
            query=Query.css("tr"),
            key=Selector(query=Query.css(".code")),
            fields={"seats": Selector(query=Query.css(".seats"))},
        )
    return Watch(
        id="dune",
        name="Dune",
        request=Request(url="https://shop.example/dune"),
        topics=topics,
        extraction=extraction,
        rules=rules or (event_rule(Operator.CHANGES),),
        confirm=confirm,
    )


def rolling(*rules: Rule, confirm: int = 1) -> Watch:
    """A watch of the newest courses."""
    watched = watch(*rules, confirm=confirm, is_list=True)
    assert isinstance(watched.extraction, Items)
    return replace(watched, extraction=replace(watched.extraction, rolling=True))


def seen(
    rows: Rows,
    *,
    digest: str = "",
    plan: str = "plan 1",
    engine: str = ENGINE,
    row_count: int | None = None,
    reread: Rows | None = None,
) -> Seen:
    """A page that was read, with these rows; and `reread` from the page before, where another engine read that."""
    return Seen(
        observation=Observation(rows=rows, engine=engine, row_count=row_count),
        digest=digest or repr(sorted(rows.items())),
        validators=Validators(),
        plan=plan,
        reread=reread,
    )


def price(amount: Value, **others: Value) -> Seen:
    """A page with one price."""
    row: Row = {"price": amount, **others}
    return seen({SINGLE: row})


def seats(rows: Mapping[str, int]) -> Seen:
    """A list of courses with their free seats."""
    return seen({code: {"seats": free} for code, free in rows.items()}, row_count=len(rows))


def play(
    watched: Watch,
    *outcomes: CheckOutcome,
    is_outage: bool = False,
    state: WatchState | None = None,
    since: datetime = NOON,
) -> list[Decision]:
    """Judge one outcome after the other, from this state on or from none, ten minutes apart, the first at noon."""
    state, decisions = state or WatchState(), []
    for place, outcome in enumerate(outcomes):
        now = since + timedelta(minutes=10) * place
        decision = judge(watched, state, outcome, epoch="epoch", budget=UNLIMITED, now=now, is_outage=is_outage)
        state = decision.state
        decisions.append(decision)
    return decisions


def told(decisions: list[Decision]) -> list[int]:
    """The places, from 0, of the checks that carried a message."""
    return [place for place, decision in enumerate(decisions) if decision.messages]


def summaries(decisions: list[Decision]) -> list[str]:
    """The summaries of all messages, in their order."""
    return [message.summary for decision in decisions for message in decision.messages]


def message(number: int, *, topic: str = "deals") -> OutboxMessage:
    """A message `news {number}`, made at noon."""
    return OutboxMessage(
        id=f"{number:032x}",
        watch="dune",
        topic=topic,
        summary=f"news {number}",
        content=f"news {number}\nin full",
        url=None,
        created_at=NOON,
    )


def entry(order: int, *, topic: str = "deals", attempts: int = 0, due_at: datetime = NOON) -> OutboxEntry:
    """An outbox entry of the message with that number."""
    return OutboxEntry(message=message(order, topic=topic), order=order, attempts=attempts, due_at=due_at)
