"""One check of a real page."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from tests.bounded import bounded
from tests.core.builders import NOON
from tests.extract.builders import css
from tests.watching.shop import Shop, watch_of
from watcher.core.check import CheckFailure, Decision, Verdict, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.page_profile import NO_PROFILE, Examined, Usual, unpacked_profile
from watcher.core.proposal import Proposal
from watcher.core.values import SINGLE, Rows, Value
from watcher.core.watch import (
    Condition,
    Items,
    NextPages,
    NumberedPages,
    Operator,
    Pages,
    Query,
    Request,
    Rule,
    Selector,
    Values,
    Watch,
)
from watcher.extract.observe import Sight
from watcher.extract.plan import plan
from watcher.watching.check import CheckTools, check
from watcher.watching.reading import examine, propose, see


async def look(tools: CheckTools, watch: Watch, before: Decision | None = None, *, hours: float = 0) -> Decision:
    state = before.state if before else WatchState()
    planned = plan(watch.extraction, watch.link)
    return await check(tools, watch, planned, state, now=NOON + timedelta(hours=hours))


def price_of(decision: Decision) -> Value:
    assert decision.state.snapshot is not None
    return decision.state.snapshot.observation.rows[SINGLE]["price"]


def verdicts(*decisions: Decision) -> list[Verdict]:
    return [decision.verdict for decision in decisions]


async def test_a_page_is_read_and_then_compared(shop: Shop, tools: CheckTools) -> None:
    shop.price("/dune", "12.00")
    first = await look(tools, watch_of(shop))
    same = await look(tools, watch_of(shop), first)
    shop.price("/dune", "8.50")
    other = await look(tools, watch_of(shop), same)
    assert verdicts(first, same, other) == [Verdict.BASELINE, Verdict.UNCHANGED, Verdict.CHANGED]
    assert [message.summary for message in other.messages] == ["Dune: 12.00 → 8.50"]


async def test_a_page_with_an_etag_is_asked_for_on_a_condition(shop: Shop, tools: CheckTools) -> None:
    shop.price("/dune", "12.00", etag='"1"')
    first = await look(tools, watch_of(shop))
    same = await look(tools, watch_of(shop), first)
    shop.price("/dune", "8.50", etag='"2"')
    other = await look(tools, watch_of(shop), same)
    assert verdicts(first, same, other) == [Verdict.BASELINE, Verdict.NOT_MODIFIED, Verdict.CHANGED]
    assert ["If-None-Match" in head for head in shop.heads] == [False, True, True]


@pytest.mark.parametrize(("hours", "is_asked"), [(23, True), (24, False), (-24 * 365, False)])
async def test_a_page_that_answers_304_for_ever_is_read_in_full_once_a_day(
    shop: Shop, tools: CheckTools, hours: float, is_asked: bool
) -> None:
    shop.price("/dune", "12.00", etag='"1"')
    first = await look(tools, watch_of(shop))
    later = await look(tools, watch_of(shop), first, hours=hours)
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
    shop: Shop, tools: CheckTools, html: str | bytes, status: str, kind: str
) -> None:
    watch = replace(watch_of(shop), page_must_contain=("shop",))
    shop.show("/dune", "<p class=price>12</p>shop")
    first = await look(tools, watch)
    shop.show("/dune", html, status=status)
    bad = await look(tools, watch, first)
    assert bad.state.failure is not None
    assert bad.state.failure.kind == kind
    assert (bad.state.snapshot, bad.messages) == (first.state.snapshot, ())


async def test_a_site_that_is_down_is_a_failure(tools: CheckTools, shop: Shop) -> None:
    nobody = replace(watch_of(shop), request=replace(watch_of(shop).request, url="http://127.0.0.1:1/"))
    down = await look(tools, nobody)
    assert down.state.failure is not None
    assert down.state.failure.kind == "network"


async def test_the_wait_that_a_server_asks_for_is_passed_on(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", "", status="503 Service Unavailable", headers={"Retry-After": "120"})
    decision = await check(tools, watch_of(shop), "plan", WatchState(), now=NOON)
    assert failure_of(decision).retry_after == timedelta(minutes=2)


class Tripping:
    """A fetcher with a defect."""

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        raise KeyError(request.url, validators.etag)


async def test_a_defect_is_that_watchs_failure_and_is_logged(
    shop: Shop, tools: CheckTools, caplog: pytest.LogCaptureFixture
) -> None:
    failed = await look(replace(tools, fetcher=Tripping()), watch_of(shop))
    assert failed.verdict is Verdict.FAILED
    assert isinstance(failed.state.failure, CheckFailure)
    assert failed.state.failure.kind == "defect"
    assert "Traceback" in caplog.text


def asked(watch: Watch, *, url: str | None = None, encoding: str | None = None) -> Watch:
    return replace(watch, request=replace(watch.request, url=url or watch.request.url, encoding=encoding))


async def test_an_answer_to_another_question_is_not_the_same_page(shop: Shop, tools: CheckTools) -> None:
    """The validators of the old URL say nothing about the new one, but its values are compared."""
    shop.price("/dune", "12.00", etag='"1"')
    shop.price("/new", "9.00", etag='"1"')
    first = await look(tools, watch_of(shop))
    moved = await look(tools, asked(watch_of(shop), url=f"{shop.base}/new"), first)
    assert "If-None-Match" not in shop.heads[1]
    assert (moved.verdict, price_of(moved)) == (Verdict.CHANGED, "9.00")


async def test_the_same_bytes_in_another_encoding_are_read_again(shop: Shop, tools: CheckTools) -> None:
    shop.show(
        "/dune", "<p class=price>有票</p>".encode("gb18030"), headers={"Content-Type": "text/html; charset=latin1"}
    )
    first = await look(tools, watch_of(shop))
    mended = await look(tools, asked(watch_of(shop), encoding="gbk"), first)
    assert (price_of(first) == "有票", price_of(mended)) == (False, "有票")


async def test_what_a_page_must_contain_is_asked_of_the_same_bytes_when_it_is_new(
    shop: Shop, tools: CheckTools
) -> None:
    shop.price("/dune", "12.00")
    first = await look(tools, watch_of(shop))
    wall = await look(tools, replace(watch_of(shop), page_must_contain=("12月12日",)), first)
    assert wall.verdict is Verdict.FAILED


async def test_another_extraction_reads_the_page_again_and_takes_a_new_baseline(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", "<p class=price>12</p><p class=now>9</p>", etag='"1"')
    first = await look(tools, watch_of(shop))
    other = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(query=Query.css(".now"))}))
    again = await look(tools, other, first)
    assert "If-None-Match" not in shop.heads[1]
    assert (again.verdict, again.messages, price_of(again)) == (Verdict.BASELINE, (), "9")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"method": "POST"}, id="method"),
        pytest.param({"headers": {"Accept-Language": "de"}}, id="headers"),
        pytest.param({"cookies": {"city": "berlin"}}, id="cookies"),
        pytest.param({"user_agent": "mine"}, id="user agent"),
    ],
)
async def test_whatever_decides_the_answer_is_part_of_the_question(
    shop: Shop, tools: CheckTools, change: dict[str, Any]
) -> None:
    shop.price("/dune", "12.00", etag='"1"')
    watch = watch_of(shop)
    first = await look(tools, watch)
    await look(tools, replace(watch, request=replace(watch.request, **change)), first)
    assert "If-None-Match" not in shop.heads[1]


@pytest.mark.parametrize("etag", [None, '"1"'])
async def test_a_selector_edited_on_an_unchanged_page_alarms_nobody(
    shop: Shop, tools: CheckTools, etag: str | None
) -> None:
    shop.show("/dune", "<p class=price>12</p><p class=now>9</p>", etag=etag)
    edited = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(query=Query.css(".now"))}))
    first = await look(tools, watch_of(shop))
    again = await look(tools, edited, first)
    after = await look(tools, edited, again)
    assert (again.messages, after.messages, after.change) == ((), (), None)
    assert again.change is not None
    assert again.change.is_baseline
    assert after.verdict is (Verdict.NOT_MODIFIED if etag else Verdict.UNCHANGED)
    assert price_of(after) == "9"


# Dates


async def test_the_date_of_the_watch_is_asked_for_and_tomorrow_is_another_question(
    shop: Shop, tools: CheckTools
) -> None:
    watch = replace(asked(watch_of(shop), url=f"{shop.base}/{{today+1d:%d}}"), timezone=timezone(timedelta(hours=13)))
    day = int(f"{NOON.astimezone(watch.timezone) + timedelta(days=1):%d}")
    for number in (day, day + 1):
        shop.price(f"/{number:02}", "12.00", etag='"1"')
    first = await look(tools, watch)
    await look(tools, watch, first, hours=1)
    await look(tools, watch, first, hours=23.5)
    assert shop.asked == [f"/{day:02}", f"/{day:02}", f"/{day + 1:02}"]
    assert ["If-None-Match" in head for head in shop.heads] == [False, True, False]


async def test_a_message_links_to_the_page_of_the_day(shop: Shop, tools: CheckTools) -> None:
    watch = asked(watch_of(shop), url=f"{shop.base}/{{today:%Y}}")
    shop.price(f"/{NOON:%Y}", "12.00")
    first = await look(tools, watch)
    shop.price(f"/{NOON:%Y}", "8.50")
    other = await look(tools, watch, first)
    assert [message.url for message in other.messages] == [f"{shop.base}/{NOON:%Y}"]


async def test_a_date_beyond_the_calendar_is_a_failure(shop: Shop, tools: CheckTools) -> None:
    failed = await look(tools, asked(watch_of(shop), url=f"{shop.base}/{{today+99999y}}"))
    assert failed.state.failure is not None
    assert failed.state.failure.kind == "network"
    assert "outside of the calendar" in failed.state.failure.text


# Walls

CHALLENGE = "<title>Just a moment...</title><p class=price>12</p><script>window._cf_chl_opt={}</script>"
CAPTCHA = "<title>安全验证</title><p class=price>请拖动滑块完成验证</p>"
LOGIN = "<title>Sign in</title><form><input type=password></form>"
GONE = "<title>404 Not Found</title><h1>404 Not Found</h1>"
WHOLE_TEXT = Values(selectors={"price": Selector()})
ALL_OPTIONAL = Values(selectors={"price": Selector(query=Query.css(".sale"), optional=True)})
BY_PRICE = Values(selectors={"price": Selector(query=Query.css(".price"))})


def failure_of(decision: Decision) -> CheckFailure:
    assert decision.state.failure is not None
    return decision.state.failure


@pytest.mark.parametrize(
    ("extraction", "html", "kind"),
    [
        pytest.param(BY_PRICE, CHALLENGE, "blocked", id="a strong wall, whatever is found on it"),
        pytest.param(BY_PRICE, CAPTCHA, "blocked", id="the value is what walls say"),
        pytest.param(BY_PRICE, LOGIN, "blocked", id="a required value is missing: login"),
        pytest.param(BY_PRICE, GONE, "missing", id="a required value is missing: gone"),
        pytest.param(WHOLE_TEXT, CAPTCHA, "blocked", id="the whole text: robot check"),
        pytest.param(WHOLE_TEXT, GONE, "missing", id="the whole text: gone"),
        pytest.param(ALL_OPTIONAL, LOGIN, "blocked", id="only optional values: login"),
        pytest.param(ALL_OPTIONAL, GONE, "missing", id="only optional values: gone"),
    ],
)
async def test_a_wall_in_the_middle_of_a_series_is_one_error_and_no_change(
    shop: Shop, tools: CheckTools, extraction: Values, html: str, kind: str
) -> None:
    watch = replace(watch_of(shop), extraction=extraction)
    shop.show("/dune", "<p class=price>12</p><p class=sale>9</p>")
    first = await look(tools, watch)
    shop.show("/dune", html)
    walled = await look(tools, watch, first)
    shop.show("/dune", "<p class=price>12</p><p class=sale>9</p> ")
    after = await look(tools, watch, walled)
    assert verdicts(first, walled, after) == [Verdict.BASELINE, Verdict.FAILED, Verdict.UNCHANGED]
    assert failure_of(walled).kind == kind
    assert (walled.state.snapshot, walled.change, after.change) == (first.state.snapshot, None, None)
    assert not [message for message in (*walled.messages, *after.messages) if "deals" in message.topic]


@pytest.mark.parametrize(
    ("extraction", "html"),
    [
        pytest.param(BY_PRICE, "<title>Sign in</title><p class=price>12</p><input type=password>", id="value is there"),
        pytest.param(WHOLE_TEXT, "<p>Open from 9 to 5</p><a>Login</a>", id="a link to a login"),
        pytest.param(WHOLE_TEXT, "<p>请先登录后评论</p>" + "<p>正文</p>" * 400, id="a long text"),
        pytest.param(ALL_OPTIONAL, "<p class=price>12</p>", id="nothing optional is there"),
        pytest.param(ALL_OPTIONAL, "<p class=sale>9</p><p>请先登录</p>", id="something optional is there"),
    ],
)
async def test_a_page_that_watches_can_trust_is_not_accused(
    shop: Shop, tools: CheckTools, extraction: Values, html: str
) -> None:
    shop.show("/dune", html)
    assert (await look(tools, replace(watch_of(shop), extraction=extraction))).verdict is Verdict.BASELINE


async def test_words_are_not_doubted_where_the_page_contains_what_it_must(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", CAPTCHA)
    watch = replace(watch_of(shop), page_must_contain=("拖动",))
    assert (await look(tools, watch)).verdict is Verdict.BASELINE
    shop.show("/dune", CHALLENGE)
    watch = replace(watch_of(shop), page_must_contain=("12",))
    assert failure_of(await look(tools, watch)).kind == "blocked"


async def test_a_missing_value_on_a_good_page_stays_a_missing_value(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", "<p>a shop without a price</p>")
    assert ".price" in failure_of(await look(tools, watch_of(shop))).text


async def test_a_challenge_by_status_keeps_the_wait_that_it_asks_for(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", CHALLENGE, status="503 Service Unavailable", headers={"Retry-After": "120"})
    failure = failure_of(await check(tools, watch_of(shop), "plan", WatchState(), now=NOON))
    assert (failure.kind, failure.retry_after) == ("blocked", timedelta(minutes=2))


# Lists of several pages


def rows(*keys: str, following: str = "") -> str:
    link = f"<a class=next href='{following}'>next</a>" if following else ""
    return "".join(f"<li><b>{key}</b></li>" for key in keys) + link


def list_of(shop: Shop, pages: Pages, path: str = "/list") -> Watch:
    items = Items(query=Query.css("li"), key=Selector(query=Query.css("b")), fields={}, pages=pages)
    return replace(asked(watch_of(shop), url=f"{shop.base}{path}"), extraction=items)


def linked(max_pages: int = 5) -> NextPages:
    return NextPages(link=Selector(query=Query.css("a.next"), attr="href"), max_pages=max_pages)


def numbered(max_pages: int = 5) -> NumberedPages:
    return NumberedPages(param="p", first=1, max_pages=max_pages)


def keys_of(decision: Decision) -> list[str]:
    assert decision.state.snapshot is not None
    return list(decision.state.snapshot.observation.rows)


async def test_linked_pages_make_one_list(shop: Shop, tools: CheckTools) -> None:
    shop.show("/list", rows("a", "b", following="/list?p=2"))
    shop.show("/list?p=2", rows("c", following="/list?p=3#top"))
    shop.show("/list?p=3", rows("d", "a"))
    first = await look(tools, list_of(shop, linked()))
    assert keys_of(first) == ["a", "b", "c", "d"]
    assert shop.asked == ["/list", "/list?p=2", "/list?p=3"]


async def test_numbered_pages_end_where_nothing_new_comes(shop: Shop, tools: CheckTools) -> None:
    shop.show("/list?p=1", rows("a", "b"))
    shop.show("/list?p=2", rows("c"))
    shop.show("/list?p=3", rows("b", "c"))
    first = await look(tools, list_of(shop, numbered()))
    assert keys_of(first) == ["a", "b", "c"]
    assert len(shop.asked) == 3


async def test_numbered_pages_end_where_the_list_is_empty(shop: Shop, tools: CheckTools) -> None:
    shop.show("/list?p=1", f"<ul>{rows('a', 'b')}</ul>")
    shop.show("/list?p=2", "<ul></ul><p>No more courses.</p>")
    first = await look(tools, list_of(shop, numbered()))
    assert keys_of(first) == ["a", "b"]


@pytest.mark.parametrize("pages", [linked(), numbered()], ids=["linked", "numbered"])
async def test_a_page_that_is_not_the_lists_does_not_end_it(shop: Shop, tools: CheckTools, pages: Pages) -> None:
    for page in (1, 2, 3):
        following = f"/list?p={page + 1}" if page < 3 else ""
        shop.show(f"/list?p={page}", f"<ul>{rows(f'a{page}', f'b{page}', following=following)}</ul>")
    shop.show("/list?p=4", "<ul></ul>")
    watch = list_of(shop, pages, "/list?p=1")
    watch = replace(watch, rules=(Rule(conditions=(Condition(operator=Operator.REMOVED),), topics=("deals",)),))
    first = await look(tools, watch)
    shop.show(
        "/list?p=3",
        "<header><ul class=menu><a href=/>Home</a></ul></header><main><h1>We will be back at noon</h1></main>",
    )
    closed = await look(tools, watch, first)
    failure = failure_of(closed)
    assert (failure.kind, failure.text.partition(";")[0]) == ("missing", "page 3 of the list: the list 'li' is empty")
    assert (closed.state.snapshot, closed.messages) == (first.state.snapshot, ())
    shop.show("/list?p=3", f"<ul>{rows('a3', 'b3')}</ul>")
    again = await look(tools, watch, closed)
    assert (again.verdict, again.messages) == (Verdict.UNCHANGED, ())
    shop.show("/list?p=3", "<ul></ul>")
    gone = await look(tools, watch, again)
    assert (gone.verdict, len(keys_of(gone)), len(gone.messages)) == (Verdict.CHANGED, 4, 1)


@pytest.mark.parametrize("following", ["/list", "/list?p=2", "/list?p=2#x"])
async def test_no_page_is_asked_for_twice(shop: Shop, tools: CheckTools, following: str) -> None:
    shop.show("/list", rows("a", following="/list?p=2"))
    shop.show("/list?p=2", rows("b", following=following))
    await look(tools, list_of(shop, linked()))
    assert shop.asked == ["/list", "/list?p=2"]


async def test_a_list_goes_on_no_further_than_it_may_and_says_so(shop: Shop, tools: CheckTools) -> None:
    for page in range(1, 5):
        shop.show(f"/list?p={page}", rows(f"row {page}"))
    first = await look(tools, list_of(shop, numbered(max_pages=2)))
    assert keys_of(first) == ["row 1", "row 2"]
    assert first.state.snapshot is not None
    assert first.state.snapshot.observation.notes == ("the list goes on after 2 pages; raise `max` of `pages`",)
    assert shop.asked == ["/list?p=1", "/list?p=2"]


@pytest.mark.parametrize(
    ("html", "status", "kind"),
    [
        pytest.param("", "500 Oops", "status", id="an error"),
        pytest.param(CHALLENGE, "200 OK", "blocked", id="a strong wall"),
        pytest.param(CAPTCHA, "200 OK", "blocked", id="an empty page with the words of a wall"),
    ],
)
async def test_one_page_that_fails_fails_the_check(
    shop: Shop, tools: CheckTools, html: str, status: str, kind: str
) -> None:
    shop.show("/list?p=1", rows("a"))
    shop.show("/list?p=2", html, status=status)
    failure = failure_of(await look(tools, list_of(shop, numbered())))
    assert failure.kind == kind
    assert failure.text.startswith("page 2 of the list: ")


async def test_a_page_that_fails_several_watches_is_named_once_and_to_those_alone_whose_list_it_is_of(
    shop: Shop, tools: CheckTools
) -> None:
    shop.show("/list?p=1", rows("a"))
    shop.show("/list?p=2", "", status="500 Oops")
    shop.held.add("/list?p=2")
    checks = [asyncio.create_task(look(tools, list_of(shop, numbered()))) for _ in range(2)]
    await shop.until_asked(2)
    checks.append(asyncio.create_task(look(tools, asked(watch_of(shop), url=f"{shop.base}/list?p=2"))))
    await asyncio.sleep(0)  # it waits for that page too
    await shop.release()
    one, other, plain = [failure_of(decision).text for decision in await asyncio.gather(*checks)]
    assert shop.asked == ["/list?p=1", "/list?p=2"]
    assert one == other == f"page 2 of the list: {plain}"


async def test_a_list_does_not_go_on_elsewhere(shop: Shop, tools: CheckTools) -> None:
    shop.show("/list", rows("a", following="http://other.example/"))
    assert failure_of(await look(tools, list_of(shop, linked()))).kind == "redirect"


async def test_a_change_on_any_page_is_seen_though_the_first_page_has_an_etag(shop: Shop, tools: CheckTools) -> None:
    shop.show("/list", rows("a", following="/list?p=2"), etag='"1"')
    shop.show("/list?p=2", rows("b"), etag='"2"')
    watch = list_of(shop, linked())
    first = await look(tools, watch)
    same = await look(tools, watch, first)
    shop.show("/list?p=2", rows("b", "c"), etag='"2"')
    other = await look(tools, watch, same)
    assert verdicts(first, same, other) == [Verdict.BASELINE, Verdict.UNCHANGED, Verdict.CHANGED]
    assert "If-None-Match" not in "".join(shop.heads)


async def test_an_outage_is_passed_on(shop: Shop, tools: CheckTools) -> None:
    nobody = asked(watch_of(shop), url="http://127.0.0.1:1/")
    state = WatchState(failures=4)
    told = await check(tools, nobody, "plan", state, now=NOON)
    kept = await check(tools, nobody, "plan", state, now=NOON, is_outage=True)
    assert (len(told.messages), len(kept.messages)) == (1, 0)


class Counting:
    """Reads everything at once, and counts."""

    def __init__(self) -> None:
        self.runs = 0
        self.examined = 0

    async def see(self, watch: Watch, response: Response, number: int = 1, container: str = "") -> Sight:
        self.runs += 1
        return see(watch, response, number, container)

    async def examine(self, watch: Watch, response: Response, rows: Rows, usual: Usual) -> Examined:
        self.examined += 1
        return examine(watch, response, rows, usual)

    async def propose(self, watch: Watch, response: Response, usual: Usual) -> tuple[Proposal, ...]:
        return propose(watch, response, usual)


async def test_a_small_answer_that_inflates_to_a_big_page_is_read_off_the_loop(shop: Shop, tools: CheckTools) -> None:
    filling = "".join(f"<i>{number}</i>{' ' * 1_000}" for number in range(2_500))
    body = gzip.compress(f"<p class=price>12</p>{filling}".encode())
    assert len(body) < 32 * 1024
    shop.show("/dune", body, headers={"Content-Encoding": "gzip"})
    readers = Counting()
    decision = await look(replace(tools, readers=readers), watch_of(shop))
    assert (price_of(decision), readers.runs) == ("12", 1)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("selector", "page", "runs"),
    [
        pytest.param({"query": Query.css(".price")}, "", 0, id="plain and small: on the loop"),
        pytest.param({"query": Query.css(".price")}, "<p>" * 100_000, 1, id="many tags: off the loop"),
        pytest.param({"query": Query.css("p:-soup-contains('12')")}, "", 1, id="Beautiful Soup: off the loop"),
        pytest.param({"regex": "([0-9]+)"}, "", 0, id="a quick expression: on the loop"),
        pytest.param({"regex": "(x|xx)+[yz]"}, "x" * 60, 1, id="a slow expression: begun again off the loop"),
    ],
)
async def test_what_is_slow_to_read_is_read_off_the_loop(
    shop: Shop, tools: CheckTools, selector: dict[str, Any], page: str, runs: int
) -> None:
    shop.show("/dune", f"{page}<p class=price>12</p>")
    watch = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(**selector)}))
    readers = Counting()
    with bounded(10):
        await look(replace(tools, readers=readers), watch)
    assert readers.runs == runs


@pytest.mark.faults
async def test_a_list_that_is_long_to_read_is_begun_again_off_the_loop(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", "".join(f"<p><b>{number}</b>" for number in range(5_000)))
    many = {f"f{number}": css("b") for number in range(20)}  # a third of a second on a fast machine
    watch = replace(watch_of(shop), extraction=Items(query=Query.css("p"), key=css("b"), fields=many))
    readers = Counting()
    decision = await look(replace(tools, readers=readers), watch)
    assert (decision.verdict, readers.runs) == (Verdict.BASELINE, 1)


async def test_expressions_of_the_rules_have_a_time_limit(shop: Shop, tools: CheckTools) -> None:
    rows = "".join(f"<tr><td>{number}<td>{'x' * 22}" for number in range(200))
    shop.show("/dune", f"<table>{rows}</table>")
    matches = Condition(operator=Operator.MATCHES, subject="text", operand=("(x|xx)+[yz]",))
    watch = replace(
        watch_of(shop),
        extraction=Items(query=Query.css("tr"), key=css("td"), fields={"text": css("td + td")}),
        rules=(Rule(conditions=(matches,)),),
    )
    with bounded(10):
        decision = await look(tools, watch)
    assert decision.state.failure is not None
    assert decision.state.failure.kind == "page"
    assert "make" in decision.state.failure.text


NAVIGATION = "".join(
    f"<a href=/{name}>{name}</a><p>{name} of the shop</p>" for name in ["lamps", "desks", "chairs", "sale"]
)
WALL = "<title>Sorry</title><p class=price>Come back later</p><p>We are working on it.</p>"


async def test_another_page_is_not_told_however_often_it_comes_and_the_page_after_it_is_the_same(
    shop: Shop, tools: CheckTools
) -> None:
    page = f"<title>Dune</title>{NAVIGATION}<p class=price>twelve</p>"
    decision = None
    found = []
    for source in (page, WALL, WALL, WALL, WALL, page, page.replace("twelve", "eleven")):
        shop.show("/dune", source)
        decision = await look(tools, watch_of(shop), decision)
        found.append(decision.verdict)
    assert found == [Verdict.BASELINE, *[Verdict.FAILED] * 4, Verdict.UNCHANGED, Verdict.CHANGED]


async def test_how_a_page_looks_is_taken_again_once_a_day(shop: Shop, tools: CheckTools) -> None:
    def page(noise: str) -> str:
        return f"<title>Dune</title>{NAVIGATION}<p>{noise}</p><p class=price>twelve</p>"

    shop.show("/dune", page("first"))
    first = await look(tools, watch_of(shop))
    shop.show("/dune", page("second"))
    soon = await look(tools, watch_of(shop), first, hours=23)
    assert soon.state.profile == first.state.profile != NO_PROFILE
    shop.show("/dune", page("third"))
    late = await look(tools, watch_of(shop), soon, hours=24)
    then, now = unpacked_profile(first.state.profile), unpacked_profile(late.state.profile)
    assert then
    assert now
    assert now.profile != then.profile
    assert now.at == NOON + timedelta(hours=24)
    assert not late.is_durable
    assert late.has_new_page


async def test_a_value_in_its_place_speaks_for_the_page_until_its_looks_are_a_day_old(
    shop: Shop, tools: CheckTools
) -> None:
    decision: Decision | None = None

    async def looks_after(hours: int, *, price: str, foot: str, title: str = "Dune") -> bytes:
        nonlocal decision
        rows = f"<p class=price>{price}</p><p>Ships within days.</p><p>Returned within weeks.</p>"
        shop.show(
            "/dune", f"<title>{title}</title>{NAVIGATION}<div class=product>{rows}</div>{NAVIGATION}<i>{foot}</i>"
        )
        decision = await look(tools, watch_of(shop), decision, hours=hours)
        assert price_of(decision) == price
        return decision.state.profile

    first = await looks_after(0, price="twelve", foot="a")
    assert await looks_after(1, price="eleven", foot="other") == first
    renamed = await looks_after(2, price="ten", foot="b", title="Dune, a book")
    assert renamed != first
    assert await looks_after(3, price="nine", foot="c", title="Dune, a book") == renamed
    assert await looks_after(30, price="eight", foot="d", title="Dune, a book") != renamed


@pytest.mark.parametrize(
    ("lines", "off_the_loop"), [pytest.param(14_000, 0, id="300 kB"), pytest.param(60_000, 1, id="1.3 MB")]
)
async def test_a_page_is_examined_where_it_is_read(
    shop: Shop, tools: CheckTools, lines: int, off_the_loop: int
) -> None:
    shop.show("/dune", f"<p class=price>12</p><p>{'A lamp for the desk. ' * lines}")
    readers = Counting()
    decision = await look(replace(tools, readers=readers), watch_of(shop))
    assert (price_of(decision), readers.runs, readers.examined) == ("12", off_the_loop, off_the_loop)
