"""The console's first page, over a real server and a real watch store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import play, price, watch
from tests.web.login import as_operator, serving
from tests.web.site import NOW, PASSWORD, Site
from watcher.core.check import CheckFailure, Decision, OutboxMessage, Suspect, WatchState
from watcher.core.live import LiveWatch
from watcher.core.settings import Settings
from watcher.core.values import Money, Value
from watcher.push.service import PushService
from watcher.store.watch_store import open_watch_store

_SCRIPT = "<script>window.pwned=1</script>"
_FAILED = CheckFailure(kind="status", text=f"HTTP 404 {_SCRIPT}")


def a_decision(name: str = "dune", value: Value = "12.00", **state: object) -> Decision:
    """Return the first check of a watch, as the runner saves it."""
    [decision] = play(watch(), price(value))
    good = replace(decision.state, good_at=NOW, checked_at=NOW, next_check_at=NOW + timedelta(minutes=10))
    new: WatchState = replace(good, **state)
    return replace(decision, watch=name, state=new, change=None, messages=())


def _message(number: int, summary: str) -> OutboxMessage:
    return OutboxMessage(
        id=f"{number:032x}", watch="dune", topic="deals", summary=summary, content="", url=None, created_at=NOW
    )


async def keep(directory: Path, decisions: Sequence[Decision], messages: Sequence[OutboxMessage] = ()) -> None:
    """Save the checks and what they tell; a message with "dead" in its summary was given up."""
    store, _ = await open_watch_store(directory)
    await store.commit(decisions)
    await store.outbox.add(messages)
    dead = [
        replace(entry, dead="HTTP 401") for entry in await store.outbox.waiting() if "dead" in entry.message.summary
    ]
    await store.outbox.settle([], dead, [])
    await store.close()


@pytest.fixture
def watches(settings: Settings) -> Path:
    return settings.watches


async def _page(site: Site, path: str = "", language: str = "en") -> str:
    session = await site.push.operator.log_in(PASSWORD)
    answer = await site.get(f"/console{path}", headers=as_operator(session) | {"Accept-Language": language})
    assert answer.status == 200
    return await answer.text()


def _names(html: str) -> list[str]:
    return re.findall(r'<div class="meta"><strong><a [^>]+><bdi>([^<]+)</bdi></a></strong>', html)


def _figures(html: str) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r"<dt>([^<]+)</dt><dd>(?:<a[^>]+>)?(\d+)", html)}


async def test_a_server_without_watches_says_so(site: Site) -> None:
    html = await _page(site)
    assert "No watch was checked here yet" in html
    figures = _figures(html)
    assert (figures.pop("Topics"), figures.pop("Applications")) == (1, 1)
    assert figures == dict.fromkeys(
        ["Watches", "In trouble", "Waiting in the outbox", "Given up in the outbox", "Being delivered", "Subscribers"],
        0,
    )


async def test_all_is_well_when_it_is(site: Site, watches: Path) -> None:
    await keep(watches, [a_decision("dune", "12.00"), a_decision("emma", "8.00")])
    await site.reader()
    html = await _page(site)
    assert "All is well" in html
    assert _names(html) == []
    assert '<dt>Watches</dt><dd><a href="/console/watches">2</a>' in html
    assert (_figures(html)["Watches"], _figures(html)["Subscribers"]) == (2, 1)


async def test_all_is_well_only_with_a_word_on_what_is_muted_or_paused(site: Site, watches: Path) -> None:
    later = NOW + timedelta(days=36_500)
    quiet = [a_decision(name, failures=3, failure=_FAILED, failing_since=NOW, muted_until=later) for name in "abcd"]
    await keep(watches, [*quiet, a_decision("e", paused_until=later)])
    html = await _page(site)
    assert "All is well" in html
    assert '<a class="note" href="/console/watches?state=muted">muted (4)</a>' in html
    assert '<a class="note" href="/console/watches?state=paused">paused (1)</a>' in html


async def test_watches_in_trouble_are_called_by_their_names(
    push: PushService, settings: Settings, watches: Path
) -> None:
    await keep(watches, [a_decision("dune", failures=3, failure=_FAILED, failing_since=NOW)])
    seen = LiveWatch(name="The book", url="https://shop.example/dune", checked_at=NOW, good_at=NOW, next_check_at=NOW)
    async with serving(push, settings, live=lambda: {"dune": seen}) as site:
        html = await _page(site)
    assert '<a href="/console/watches/dune"><bdi>The book</bdi></a>' in html


async def test_watches_in_trouble_are_here_and_say_what_is_wrong(site: Site, watches: Path) -> None:
    suspect = Suspect(odd="x", checks=1)
    odd = CheckFailure(kind="suspicious", text="price is 0; `watcher accept b` if this is true")
    decisions = [
        a_decision("a"),
        a_decision("b", failures=1, failure=odd, suspect=suspect, failing_since=NOW),
        a_decision("c", next_check_at=NOW - timedelta(days=1)),
        a_decision("d", failures=3, failure=_FAILED, failing_since=NOW),
    ]
    await keep(watches, decisions, [_message(1, "waits"), _message(2, "dead one"), _message(3, "dead two")])
    html = await _page(site)
    assert _names(html) == ["d", "b"]
    figures = _figures(html)
    assert (figures["In trouble"], figures["Waiting in the outbox"], figures["Given up in the outbox"]) == (2, 1, 2)
    assert "Needs attention: 4" in html
    assert "<code>watcher accept b</code>" in html
    assert html.index("dead two") < html.index("dead one")
    assert "HTTP 401" in html


async def test_what_pages_and_messages_say_is_escaped(site: Site, watches: Path) -> None:
    decision = a_decision("dune", _SCRIPT, failures=1, failure=_FAILED)
    await keep(watches, [decision], [_message(1, f"dead {_SCRIPT}")])
    html = await _page(site)
    assert html.count("&lt;script&gt;") == 3
    assert _SCRIPT not in html
    assert not re.search(r"<script(?![^>]+src=)|<style| style=| on\w+=", html)


async def test_when_no_watch_is_checked_in_time_the_page_does_not_say_that_all_is_well(
    site: Site, watches: Path
) -> None:
    await keep(watches, [a_decision("a", next_check_at=NOW - timedelta(days=1))])
    html = await _page(site)
    assert "All checks are overdue" in html
    assert "All is well" not in html


async def test_the_times_are_those_of_the_process_with_names_and_urls_beside_ids(
    push: PushService, settings: Settings, watches: Path
) -> None:
    await keep(watches, [a_decision("dune", next_check_at=NOW - timedelta(hours=1))])
    url = "https://shop.example/dune?a=<b>"
    soon = NOW + timedelta(seconds=5)
    seen = LiveWatch(name="The book", url=url, checked_at=NOW, good_at=NOW, next_check_at=soon)
    async with serving(push, settings, live=lambda: {"dune": seen}) as site:
        html = await _page(site)
        room = await _page(site, "/watches")
    assert "All is well" in html
    assert "The book" in room
    assert "https://shop.example/dune?a=&lt;b&gt;" in room


async def test_a_watch_store_that_cannot_be_read_is_trouble_and_no_failure(site: Site, watches: Path) -> None:
    watches.mkdir()
    (watches / "cache.db").write_bytes(b"no database" * 1_000)
    html = await _page(site)
    assert "The database of the watches cannot be read" in html
    assert "All is well" not in html


async def test_the_page_speaks_chinese(site: Site, watches: Path) -> None:
    day = a_decision("exam", date(2027, 1, 3))
    price = Money(amount=Decimal(119_000), currency="元")
    await keep(watches, [a_decision("flat", price), day, a_decision("stock", "in_stock")])
    html = await _page(site, language="zh")
    assert "一切正常" in html
    room = await _page(site, "/watches", language="zh")
    assert all(f"<bdi>{value}</bdi>" in room for value in ("119,000 元", "2027年1月3日", "有货"))
    assert "All is well" not in html
