"""One check of a real page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from typing import ParamSpec, TypeVar

import pytest

from tests.core.builders import NOON
from tests.watching.shop import Shop, watch_of
from watcher.core.check import CheckFailure, Decision, Verdict, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.values import SINGLE, Value
from watcher.core.watch import Query, Request, Selector, Values, Watch
from watcher.extract.plan import plan
from watcher.watching.check import Bench, check

P = ParamSpec("P")
T = TypeVar("T")


async def look(bench: Bench, watch: Watch, before: Decision | None = None, *, hours: float = 0) -> Decision:
    state = before.state if before else WatchState()
    planned = plan(watch.extraction, watch.link)
    return (await check(bench, watch, planned, state, now=NOON + timedelta(hours=hours))).decision


def price_of(decision: Decision) -> Value:
    assert decision.state.snapshot is not None
    return decision.state.snapshot.observation.rows[SINGLE]["price"]


def verdicts(*decisions: Decision) -> list[Verdict]:
    return [decision.verdict for decision in decisions]


async def test_a_page_is_read_and_then_compared(shop: Shop, bench: Bench) -> None:
    shop.price("/dune", "12.00")
    first = await look(bench, watch_of(shop))
    same = await look(bench, watch_of(shop), first)
    shop.price("/dune", "8.50")
    other = await look(bench, watch_of(shop), same)
    assert verdicts(first, same, other) == [Verdict.BASELINE, Verdict.UNCHANGED, Verdict.CHANGED]
    assert [message.summary for message in other.messages] == ["Dune: 12.00 → 8.50"]


async def test_a_page_with_an_etag_is_asked_for_on_a_condition(shop: Shop, bench: Bench) -> None:
    shop.price("/dune", "12.00", etag='"1"')
    first = await look(bench, watch_of(shop))
    same = await look(bench, watch_of(shop), first)
    shop.price("/dune", "8.50", etag='"2"')
    other = await look(bench, watch_of(shop), same)
    assert verdicts(first, same, other) == [Verdict.BASELINE, Verdict.NOT_MODIFIED, Verdict.CHANGED]
    assert ["If-None-Match" in head for head in shop.heads] == [False, True, True]


@pytest.mark.parametrize(("hours", "is_asked"), [(23, True), (24, False), (-24 * 365, False)])
async def test_a_page_that_answers_304_for_ever_is_read_in_full_once_a_day(
    shop: Shop, bench: Bench, hours: float, is_asked: bool
) -> None:
    shop.price("/dune", "12.00", etag='"1"')
    first = await look(bench, watch_of(shop))
    later = await look(bench, watch_of(shop), first, hours=hours)
    assert ("If-None-Match" in shop.heads[1]) is is_asked
    assert later.verdict is (Verdict.NOT_MODIFIED if is_asked else Verdict.UNCHANGED)


@pytest.mark.parametrize(
    ("html", "status", "kind"),
    [
        ("gone", "404 Not Found", "status"),
        ("<p>a shop without a price</p>", "200 OK", "missing"),
        ("<p class=price>12</p>please log in", "200 OK", "unexpected"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "200 OK", "body"),
    ],
)
async def test_what_goes_wrong_is_a_failure_that_keeps_the_snapshot(
    shop: Shop, bench: Bench, html: str | bytes, status: str, kind: str
) -> None:
    watch = replace(watch_of(shop), page_must_contain=("shop",))
    shop.show("/dune", "<p class=price>12</p>shop")
    first = await look(bench, watch)
    shop.show("/dune", html, status=status)
    bad = await look(bench, watch, first)
    assert bad.state.failure is not None
    assert bad.state.failure.kind == kind
    assert (bad.state.snapshot, bad.messages) == (first.state.snapshot, ())


async def test_a_site_that_is_down_is_a_failure(bench: Bench, shop: Shop) -> None:
    nobody = replace(watch_of(shop), request=replace(watch_of(shop).request, url="http://127.0.0.1:1/"))
    down = await look(bench, nobody)
    assert down.state.failure is not None
    assert down.state.failure.kind == "network"


async def test_the_wait_that_a_server_asks_for_is_passed_on(shop: Shop, bench: Bench) -> None:
    shop.show("/dune", "", status="503 Service Unavailable", headers={"Retry-After": "120"})
    checked = await check(bench, watch_of(shop), "plan", WatchState(), now=NOON)
    assert checked.retry_after == timedelta(minutes=2)


class Tripping:
    """A fetcher with a defect."""

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        raise KeyError(request.url, validators.etag)


async def test_a_defect_is_that_watchs_failure_and_is_logged(
    shop: Shop, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    failed = await look(replace(bench, fetcher=Tripping()), watch_of(shop))
    assert failed.verdict is Verdict.FAILED
    assert isinstance(failed.state.failure, CheckFailure)
    assert failed.state.failure.kind == "defect"
    assert "Traceback" in caplog.text


def asked(watch: Watch, *, url: str | None = None, encoding: str | None = None) -> Watch:
    return replace(watch, request=replace(watch.request, url=url or watch.request.url, encoding=encoding))


async def test_an_answer_to_another_question_is_not_the_same_page(shop: Shop, bench: Bench) -> None:
    """The validators of the old URL say nothing about the new one, but its values are compared."""
    shop.price("/dune", "12.00", etag='"1"')
    shop.price("/new", "9.00", etag='"1"')
    first = await look(bench, watch_of(shop))
    moved = await look(bench, asked(watch_of(shop), url=f"{shop.base}/new"), first)
    assert "If-None-Match" not in shop.heads[1]
    assert (moved.verdict, price_of(moved)) == (Verdict.CHANGED, "9.00")


async def test_the_same_bytes_in_another_encoding_are_read_again(shop: Shop, bench: Bench) -> None:
    shop.show(
        "/dune", "<p class=price>有票</p>".encode("gb18030"), headers={"Content-Type": "text/html; charset=latin1"}
    )
    first = await look(bench, watch_of(shop))
    mended = await look(bench, asked(watch_of(shop), encoding="gbk"), first)
    assert (price_of(first) == "有票", price_of(mended)) == (False, "有票")


async def test_what_a_page_must_contain_is_asked_of_the_same_bytes_when_it_is_new(shop: Shop, bench: Bench) -> None:
    shop.price("/dune", "12.00")
    first = await look(bench, watch_of(shop))
    wall = await look(bench, replace(watch_of(shop), page_must_contain=("12月12日",)), first)
    assert wall.verdict is Verdict.FAILED


async def test_another_extraction_reads_the_page_again_and_takes_a_new_baseline(shop: Shop, bench: Bench) -> None:
    shop.show("/dune", "<p class=price>12</p><p class=now>9</p>", etag='"1"')
    first = await look(bench, watch_of(shop))
    other = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(query=Query.css(".now"))}))
    again = await look(bench, other, first)
    assert "If-None-Match" not in shop.heads[1]
    assert (again.verdict, again.messages, price_of(again)) == (Verdict.BASELINE, (), "9")


class Counting(Executor):
    """Runs everything at once, and counts."""

    def __init__(self) -> None:
        self.runs = 0

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self.runs += 1
        future: Future[T] = Future()
        future.set_result(work(*args, **kwargs))
        return future


@pytest.mark.parametrize(
    ("css", "padding", "runs"),
    [
        pytest.param(".price", 0, 0, id="plain and small: on the loop"),
        pytest.param(".price", 300_000, 1, id="big: off the loop"),
        pytest.param("p:-soup-contains('12')", 0, 1, id="Beautiful Soup: off the loop"),
    ],
)
async def test_what_is_slow_to_read_is_read_off_the_loop(
    shop: Shop, bench: Bench, css: str, padding: int, runs: int
) -> None:
    shop.show("/dune", "<p class=price>12</p>" + " " * padding)
    watch = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(query=Query.css(css))}))
    executor = Counting()
    decision = await look(replace(bench, executor=executor), watch)
    assert (price_of(decision), executor.runs) == ("12", runs)
