"""Pages that end with their connection: one that was cut on the way is no news, and one without end tags is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Final

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.fetch import site as raw
from tests.sizes import FAULTS, some_now
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.suspicion import accepted
from watcher.core.values import ValueType
from watcher.core.watch import (
    Condition,
    Items,
    NumberedPages,
    Operator,
    Query,
    Rule,
    Selector,
    Values,
    Watch,
)
from watcher.extract.plan import plan
from watcher.store.records import read_state, write_checked, write_state
from watcher.watching.check import CheckTools, check

PLACES = FAULTS.sized(20, 60)


class Old(Shop):
    """A shop that says of no page how long it is, unless `head`, which is sent before each, does."""

    head = "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

    def show(self, path: str, html: str) -> None:  # type: ignore[override]  # no headers of its own
        """Let a page look like this from now on."""
        self._pages[path] = f"{self.head}\r\n{html}".encode()

    async def handle(self, head: str, writer: asyncio.StreamWriter) -> None:
        """Answer a request, and hang up."""
        await super().handle(head, writer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def site() -> AsyncIterator[Old]:
    old = Old()
    async with raw.serving(old.handle) as served:
        old.base = served.url("")
        yield old


class Looks:
    """The checks of one watch, one each ten minutes. `verdicts`: what they came to."""

    def __init__(self, tools: CheckTools, watch: Watch, state: WatchState | None = None) -> None:
        self.state = state or WatchState()
        self.last: Decision | None = None
        self.told: list[str] = []
        self.verdicts: list[Verdict] = []
        self._tools = tools
        self._watch = watch
        self._at = (self.state.checked_at or NOON) + timedelta(minutes=10)

    async def look(self) -> Decision:
        """Check once more."""
        planned = plan(self._watch.extraction, self._watch.link)
        self.last = await check(self._tools, self._watch, planned, self.state, now=self._at)
        self._at += timedelta(minutes=10)
        # As after a restart, each time.
        self.state = read_state(write_state(self.last.state), write_checked(self.last.state))
        self.told += [message.summary for message in self.last.messages if message.topic == "deals"]
        self.verdicts.append(self.last.verdict)
        return self.last


ALL = (Rule(conditions=(Condition(operator=Operator.CHANGES),)),)
FIELDS = {"credits": Selector(query=Query.css("td + td"), type=ValueType.INTEGER, optional=True)}
LISTED = Items(query=Query.css("tr"), key=Selector(query=Query.css("td")), fields=FIELDS)
LIST_RULES = (
    Rule(conditions=(Condition(operator=Operator.ADDED),)),
    Rule(conditions=(Condition(operator=Operator.REMOVED),)),
    Rule(conditions=(Condition(operator=Operator.CHANGES, subject="credits"),)),
)
TEXTS = Values(selectors={"text": Selector(query=Query.css("table"))})
WHOLE = Values(selectors={"all": Selector()})
LAST = Values(selectors={"last": Selector(query=Query.css("tr:last-of-type td + td"), type=ValueType.INTEGER)})


def rows(numbers: range, *, add: int = 0) -> str:
    return "".join(f"<tr><td>Course {each}</td><td>{each * 11 + 100 + add}</td></tr>\n" for each in numbers)


def page(table: str, end: str = "</body></html>\n") -> str:
    return f"<!doctype html><html><body><h1>Courses</h1><table>{table}</table><p>Office 12{end}"


def watch_at(site: Old, extraction: Items | Values) -> Watch:
    rules = LIST_RULES if isinstance(extraction, Items) else ALL
    watch = watch_of(site)
    return replace(watch, extraction=extraction, rules=rules)


WHOLE_PAGE = page(rows(range(40)))
KINDS: Final[dict[str, Items | Values]] = {
    "a list": LISTED,
    "a text": TEXTS,
    "the whole page": WHOLE,
    "the last row": LAST,
}


def places(seed: int) -> list[int]:
    return sorted(Random(seed).sample(range(60, WHOLE_PAGE.index("</body")), PLACES))


@pytest.mark.parametrize("kind", some_now(list(KINDS), number=1))
async def test_of_a_page_that_is_cut_nothing_is_told_wherever_that_is(site: Old, tools: CheckTools, kind: str) -> None:
    told, failed = [], 0
    site.show("/dune", WHOLE_PAGE)
    known = Looks(tools, watch_at(site, KINDS[kind]))
    await known.look()
    for place in places(seed=1):
        looks = Looks(tools, watch_at(site, KINDS[kind]), known.state)
        site.show("/dune", WHOLE_PAGE[:place])
        await looks.look()
        failed += looks.verdicts == [Verdict.FAILED]
        site.show("/dune", WHOLE_PAGE)
        await looks.look()
        assert looks.verdicts[-1] is Verdict.UNCHANGED
        told += looks.told
    assert (told, failed) == ([], PLACES)


@pytest.mark.parametrize("kind", some_now(list(KINDS), number=1))
async def test_a_page_that_is_cut_at_random_each_time_is_never_believed(
    site: Old, tools: CheckTools, kind: str
) -> None:
    site.show("/dune", WHOLE_PAGE)
    looks = Looks(tools, watch_at(site, KINDS[kind]))
    await looks.look()
    random, rounds = Random(2), FAULTS.sized(8, 200)
    for _ in range(rounds):
        site.show("/dune", WHOLE_PAGE[: random.randrange(60, WHOLE_PAGE.index("</body"))])
        await looks.look()
    site.show("/dune", page(rows(range(40), add=1)))
    await looks.look()
    assert looks.verdicts == [Verdict.BASELINE, *[Verdict.FAILED] * rounds, Verdict.CHANGED]
    assert len(looks.told) == 1


async def test_without_the_rule_cut_pages_are_told(
    site: Old, tools: CheckTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.extract.ending.closes_root", lambda _: True)
    told = 0
    site.show("/dune", WHOLE_PAGE)
    known = Looks(tools, watch_at(site, LISTED))
    await known.look()
    for place in places(seed=1):
        looks = Looks(tools, watch_at(site, LISTED), known.state)
        site.show("/dune", WHOLE_PAGE[:place])
        await looks.look()
        told += len(looks.told)
    assert told > PLACES / 4


@pytest.mark.parametrize(
    "end", ["", "</p>", "\n\n<script>track(1)</script>\n", "<img src=/count>"], ids=["nothing", "</p>", "script", "img"]
)
async def test_a_living_page_that_drops_its_end_tags_goes_on_being_told(site: Old, tools: CheckTools, end: str) -> None:
    site.show("/dune", WHOLE_PAGE)
    looks = Looks(tools, watch_at(site, LISTED))
    await looks.look()
    for number in range(1, 7):
        site.show("/dune", page(rows(range(40 + number), add=number), end))
        await looks.look()
    assert looks.verdicts == [Verdict.BASELINE, Verdict.FAILED, Verdict.FAILED, *[Verdict.CHANGED] * 4]
    assert len(looks.told) == 4
    site.show("/dune", WHOLE_PAGE)
    await looks.look()
    site.show("/dune", WHOLE_PAGE[:900])
    assert (await looks.look()).verdict is Verdict.FAILED  # what closes again is known to close


async def test_the_operator_may_accept_a_page_without_its_end(site: Old, tools: CheckTools) -> None:
    site.show("/dune", WHOLE_PAGE)
    looks = Looks(tools, watch_at(site, LISTED))
    await looks.look()
    site.show("/dune", page(rows(range(41)), ""))
    failed = await looks.look()
    assert failed.state.failure is not None
    assert (failed.state.failure.kind, failed.state.failure.text) == (
        "suspicious",
        "the page was cut short: its end is missing; `watcher accept dune` if this is true",
    )
    looks.state = accepted(looks.state) or looks.state
    assert (await looks.look()).verdict is Verdict.CHANGED


async def test_an_older_state_and_a_page_that_never_closed_are_believed_as_before(site: Old, tools: CheckTools) -> None:
    site.show("/dune", WHOLE_PAGE)
    old = Looks(tools, watch_at(site, LISTED))
    await old.look()
    assert '"is_closed":true' in write_state(old.state)
    old.state = replace(old.state, is_closed=False)
    assert "is_closed" not in write_state(old.state)
    site.show("/dune", page(rows(range(41)), ""))
    assert (await old.look()).verdict is Verdict.CHANGED
    site.show("/dune", page(rows(range(42)), ""))
    assert (await old.look()).verdict is Verdict.CHANGED


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", id="a length"),
        pytest.param("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", id="of old"),
    ],
)
async def test_a_page_that_says_how_long_it_is_needs_no_end_tag(site: Old, tools: CheckTools, head: str) -> None:
    looks = Looks(tools, watch_at(site, LISTED))
    for number in range(3):
        shown = page(rows(range(40 + number)), "" if number else "</html>")
        site.head = head.format(len(shown))
        site.show("/dune", shown)
        await looks.look()
    assert looks.verdicts == [Verdict.BASELINE, Verdict.CHANGED, Verdict.CHANGED]
    assert not looks.state.is_closed


JSON = '{"rooms": [' + ", ".join(f'{{"id": {each}, "free": {each * 7}}}' for each in range(30)) + "]}"
FEED = "<rss><channel>" + "".join(f"<item><guid>{each}</guid></item>" for each in range(30)) + "</channel></rss>"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html", "text/xml"])
async def test_json_and_xml_are_whole_when_they_can_be_parsed(site: Old, tools: CheckTools, kind: str) -> None:
    whole = FEED if kind == "text/xml" else JSON
    site.head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\n"
    site.show("/dune", whole)
    last = Values(selectors={"last": Selector(regex=r"(?s).*\D(\d+)")})
    looks = Looks(tools, watch_at(site, last))
    await looks.look()
    for place in places(seed=3)[:10]:
        site.show("/dune", whole[: place % len(whole)])
        assert (await looks.look()).verdict is Verdict.FAILED
    site.show("/dune", whole.replace(": 203", ": 204").replace(">29<", ">30<"))
    assert (await looks.look()).verdict is Verdict.CHANGED


async def test_each_page_of_a_list_may_be_cut(site: Old, tools: CheckTools) -> None:
    listed = replace(LISTED, pages=NumberedPages(param="p", first=1, max_pages=2))
    site.show("/dune?p=1", page(rows(range(20))))
    site.show("/dune?p=2", page(rows(range(20, 40))))
    looks = Looks(tools, watch_at(site, listed))
    await looks.look()
    site.show("/dune?p=2", page(rows(range(20, 40)))[:800])
    failed = await looks.look()
    assert (looks.verdicts, looks.told) == ([Verdict.BASELINE, Verdict.FAILED], [])
    assert failed.state.failure is not None
    assert failed.state.failure.kind == "suspicious"


async def test_the_prefix_of_a_page_that_is_cut_is_no_page(site: Old, tools: CheckTools) -> None:
    def priced(price: str) -> str:
        return f"<title>Dune</title><h1>Dune</h1><p>It is</p><p class=price>{price}</p><p>now</p>" + "<p>More</p>" * 900

    watch = watch_of(site)
    site.show("/dune", priced("12.00") + "</body></html>")
    looks = Looks(tools, watch)
    await looks.look()
    assert looks.state.prefix_kib
    site.show("/dune", priced("8.50"))
    assert (await looks.look()).verdict is Verdict.FAILED
    site.show("/dune", priced("8.50") + "</html>")
    assert (await looks.look()).verdict is Verdict.CHANGED
