"""The stories that the watcher is for, from watches.yaml over a real site and a real disk to what a reader is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from textwrap import dedent, indent

import pytest

from tests.outbox.recording import BOUND_SECONDS, Clock, RecordingPublisher
from tests.watching.shop import Shop
from watcher.config import parse
from watcher.core.check import Decision, Verdict
from watcher.core.watch import WatchFile
from watcher.outbox.dispatch import Dispatcher
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks


class Reader:
    """A watcher at work on one watch; each `look` is a check ten minutes later, and returns what is told."""

    def __init__(self, shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
        self._shop = shop
        self._tools = tools
        self._clock = Clock()
        self._publisher = RecordingPublisher()
        self._dispatcher = Dispatcher(store.outbox, self._publisher, now=self._clock.now, chance=lambda: 0.0)
        self.committer = Committer(store, store.outbox, on_messages=self._dispatcher.loop.wake)
        self._runner: Runner | None = None
        self.verdicts: list[Verdict] = []

    def watch(self, yaml: str) -> None:
        """Start to watch `/page`; `yaml` is what its watch says besides."""
        file = _file(self._shop.base, yaml)
        self._runner = Runner(
            file.watches, {}, self._tools, self.committer, Clocks(now=self._clock.now, chance=lambda: 0.0)
        )

    async def look(
        self, page: str | bytes | None = None, *, status: str = "200 OK", etag: str | None = None
    ) -> list[str]:
        """Check once, after the page was changed to this; return the summaries of what is told."""
        assert self._runner is not None
        if page is not None:
            self._shop.show("/page", page, status=status, etag=etag, headers={"Content-Type": "text/html"})
        told = len(self._publisher.taken)
        self._clock.turn(600)
        async with asyncio.timeout(BOUND_SECONDS):
            decisions: list[Decision] = [decision async for decision in self._runner.check_once(["it"])]
            await self._dispatcher.drain()
        self.verdicts += [decision.verdict for decision in decisions]
        return self._publisher.summaries[told:]

    @property
    def newest(self) -> str:
        """The content of the newest message."""
        return self._publisher.taken[-1].content


_START = """\
watches:
  it:
    url: {base}/page
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
"""


def _file(base: str, yaml: str) -> WatchFile:
    text = _START.format(base=base) + indent(dedent(yaml), "    ")
    return parse(text, file="watches.yaml", environ={})


@pytest.fixture
async def reader(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> AsyncIterator[Reader]:
    opened = Reader(shop, tools, store)
    committing = asyncio.create_task(opened.committer.run())
    yield opened
    committing.cancel()
    await asyncio.wait([committing], timeout=BOUND_SECONDS)


def price(amount: str) -> str:
    return f"<h1>Dune</h1><p class=price>€{amount}</p>"


async def test_a_price_below_a_threshold_is_told_once_and_once_again_after_it_rose_and_fell(reader: Reader) -> None:
    reader.watch("""
        name: Dune
        extract:
          price: {css: .price, type: money}
        notify_when:
          - price: {below: 10}
    """)
    assert await reader.look(price("12.00")) == []
    assert await reader.look(price("8.50")) == ["Dune €12.00 → €8.50 (−29.2%)"]
    assert await reader.look(price("8.00")) == []
    assert await reader.look() == []
    assert await reader.look(price("12.00")) == []
    assert await reader.look(price("9.99")) == ["Dune €12.00 → €9.99 (−16.8%)"]
    assert reader.newest == (
        "Price fell below €10.\nLast 5 values: ▇▂▁▇▃ from €12.00 to €9.99, all between €8.00 and €12.00."
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [("", 21), ("confirm: 2", 0), ("known_values: ignore", 3), ("confirm: 2\nknown_values: ignore", 3)],
)
async def test_of_versions_in_turn_each_is_told_once_where_known_values_are_no_news(
    reader: Reader, keys: str, expected: int
) -> None:
    reader.watch(f"extract: h1\non_error: {{after: never}}\n{keys}")
    versions = [*("Dune", "Emma") * 10, "Ulysses", "Walden"]
    told = [summary for version in versions for summary in await reader.look(f"<h1>{version}</h1>")]
    assert len(told) == expected
    if "known_values" in keys:
        assert told == ["it: Dune → Emma", "it: Emma → Ulysses", "it: Ulysses → Walden"]
    assert reader.verdicts == [Verdict.BASELINE, *[Verdict.CHANGED] * 21]


COURSES = """
    name: Courses
    items:
      css: table#courses tbody tr
      key: td.code
      fields:
        title: td.title
        seats: {css: td.seats, type: integer}
    empty_when: .no-data
    notify_when:
      - added
"""


def courses(*rows: str) -> str:
    """A table without its tbody, as servers send it and browsers mend it."""
    cells = (zip(("code", "title", "seats"), row.split(" "), strict=True) for row in rows)
    lines = ("<tr>" + "".join(f"<td class={name}>{text}</td>" for name, text in row) + "</tr>" for row in cells)
    return f"<table id=courses>{''.join(lines)}</table>" + ("" if rows else "<p class=no-data>none yet</p>")


async def test_a_reordered_or_edited_table_tells_nothing_and_a_new_course_is_told(reader: Reader) -> None:
    reader.watch(COURSES)
    assert await reader.look(courses("CS101 Compilers 12", "CS102 Databases 0")) == []
    assert await reader.look(courses("CS102 Databases 0", "CS101 Compilers 12")) == []
    assert await reader.look(courses("CS102 Databases 3", "CS101 Compilers 11")) == []
    page = courses("CS103 Networks 5", "CS102 Databases 3", "CS101 Compilers 11")
    assert await reader.look(page) == ["Courses: + CS103 Networks: seats 5"]
    assert await reader.look() == []
    assert reader.verdicts == [
        Verdict.BASELINE, Verdict.UNCHANGED, Verdict.CHANGED, Verdict.CHANGED, Verdict.UNCHANGED,
    ]  # fmt: skip


async def test_an_empty_list_is_believed_when_the_page_says_so_and_then_fills(reader: Reader) -> None:
    reader.watch(COURSES)
    assert await reader.look(courses()) == []
    assert await reader.look("<p>Service temporarily unavailable") == []
    assert await reader.look(courses("CS101 Compilers 12", "CS102 Databases 0")) == [
        "Courses: 2 new (CS101 Compilers, CS102 Databases)"
    ]
    assert await reader.look(courses()) == []
    assert reader.verdicts == [Verdict.BASELINE, Verdict.FAILED, Verdict.CHANGED, Verdict.CHANGED]


async def test_a_buy_button_that_appears_is_told_each_time(reader: Reader) -> None:
    reader.watch("""
        name: Harbour Lights live
        page_must_contain: Harbour Lights
        extract:
          buy: {css: "#buy", optional: true}
        notify_when:
          - buy: appears
    """)
    before, sale = "<h1>Harbour Lights</h1>soon", "<h1>Harbour Lights</h1><button id=buy>Buy now</button>"
    assert await reader.look(before) == []
    assert await reader.look("<h1>Are you human?</h1>") == []
    assert await reader.look(sale) == ["Harbour Lights live: Buy now"]
    assert await reader.look("<h1>Are you human?</h1>") == []
    assert await reader.look(sale) == []
    assert await reader.look(before) == []
    assert await reader.look(sale) == ["Harbour Lights live: Buy now"]
    assert reader.verdicts.count(Verdict.FAILED) == 2


async def test_a_gbk_page_is_read_and_told_in_its_words(reader: Reader) -> None:
    reader.watch("""
        name: 演唱会
        extract: {status: "#buy"}
        notify_when:
          - status: {not_contains: [售罄, 缺货, 即将开售]}
    """)
    page = "<meta charset=gb2312><div id=buy>{}</div>"
    assert await reader.look(page.format("即将开售").encode("gbk")) == []
    assert await reader.look(page.format("立即购买，余票不多").encode("gbk")) == [
        "演唱会: 即将开售 → 立即购买，余票不多"
    ]


async def test_a_selector_copied_from_the_developer_tools_matches(reader: Reader) -> None:
    reader.watch("""
        name: Seats
        extract:
          seats: {css: "body > div > table > tbody > tr:nth-child(2) > td:nth-child(2)", type: integer}
    """)
    table = "<div><table><tr><td>a<td>1<tr><td>b<td>{}</table></div>"
    assert await reader.look(table.format(0)) == []
    assert await reader.look(table.format(3)) == ["Seats 0 → 3"]


async def test_the_smallest_watch_tells_what_is_new_in_a_text(reader: Reader) -> None:
    reader.watch("name: Notices\nextract: '#notice'\n")
    assert await reader.look("<div id=notice><p>Exams in May</div>", etag='"1"') == []
    assert await reader.look(etag='"1"') == []
    assert await reader.look("<div id=notice><p>Exams in May<p>Room 12</div>", etag='"2"') == [
        "Notices changed: Room 12"
    ]
    assert "+ Room 12" in reader.newest


async def test_the_operators_own_words_are_used(reader: Reader) -> None:
    reader.watch("""
        name: GPU
        extract:
          price: {css: .price, type: money}
        message:
          summary: "{{ name }}: {{ price.new }} ({{ price.percent }} %)"
    """)
    await reader.look(price("200"))
    assert await reader.look(price("150")) == ["GPU: €150 (-25.0 %)"]


async def test_a_price_that_melts_is_told_each_time_it_has_lost_a_twentieth_since_it_was_told(reader: Reader) -> None:
    reader.watch("""
        name: GPU
        extract:
          price: {css: .price, type: money}
        notify_when:
          - price: {drops_by: 5%}
    """)
    assert await reader.look(price("1000")) == []
    assert await reader.look(price("960")) == []
    assert await reader.look(price("930")) == ["GPU €1,000 → €930 (−7%)"]
    assert await reader.look(price("1200")) == []
    assert await reader.look() == []
    assert await reader.look(price("1140")) == ["GPU €1,200 → €1,140 (−5%)"]


async def test_a_list_that_lost_half_of_its_rows_is_believed_when_it_stays_so(reader: Reader) -> None:
    reader.watch(COURSES.replace("- added", "- removed") + "    accept_after: 2\n")
    every = [f"CS10{number} Course 0" for number in range(6)]
    assert await reader.look(courses(*every)) == []
    assert await reader.look(courses(*every[:2])) == []
    assert await reader.look(courses(*every)) == []
    assert await reader.look(courses(*every[:3])) == []
    assert await reader.look() == ["Courses: 3 gone (CS103 Course, CS104 Course, CS105 Course)"]
    assert "Accepted after 2 suspicious checks." in reader.newest
    assert reader.verdicts == [
        Verdict.BASELINE, Verdict.FAILED, Verdict.UNCHANGED, Verdict.FAILED, Verdict.CHANGED,
    ]  # fmt: skip


async def test_news_that_scroll_off_the_page_are_neither_gone_nor_new_when_they_come_back(reader: Reader) -> None:
    reader.watch(COURSES.replace("key:", "rolling: true\n      key:").replace("- added", "- added\n      - changed"))
    first, second, third = "N1 First 1", "N2 Second 2", "N3 Third 3"
    assert await reader.look(courses(second, first)) == []
    assert await reader.look(courses(third, second)) == ["Courses: + N3 Third: seats 3"]
    assert await reader.look(courses(second, first)) == []
    assert await reader.look(courses("N3 Third 4")) == ["Courses: N3 Third: seats 3 → 4 (+33.3%)"]


async def test_a_buy_button_that_stays_is_reminded_of(reader: Reader) -> None:
    reader.watch("""
        name: Harbour Lights
        extract:
          buy: {css: "#buy", optional: true}
        notify_when:
          - buy: appears
        remind_every: 20m
    """)
    assert await reader.look("soon", etag='"1"') == []
    assert await reader.look("<button id=buy>Buy now</button>", etag='"2"') == ["Harbour Lights: Buy now"]
    assert await reader.look(etag='"2"') == []
    assert await reader.look(etag='"2"') == ["Harbour Lights still: Buy now"]
    assert await reader.look("sold out") == []


@pytest.mark.faults
async def test_a_page_that_breaks_is_told_once_and_once_more_when_it_works_again(reader: Reader) -> None:
    reader.watch("""
        name: Dune
        extract: {price: {css: .price, type: money}}
        on_error: {after: 2, topic: admin}
    """)
    assert await reader.look(price("12.00")) == []
    assert await reader.look("<h1>Dune</h1>") == []
    (broken,) = await reader.look("<h1>Dune</h1>")
    assert broken.startswith("⚠ Dune: ")
    assert await reader.look("<h1>Dune</h1>") == []
    changed, recovered = await reader.look(price("9.00"))
    assert changed == "Dune €12.00 → €9.00 (−25%)"
    assert recovered.startswith("Dune works again (after 3 failed checks, since ")


async def test_a_price_of_nothing_is_not_believed_at_once(reader: Reader) -> None:
    reader.watch("name: Dune\nextract: {price: {css: .price, type: money}}\n")
    assert await reader.look(price("12.00")) == []
    assert await reader.look(price("0.00")) == []
    assert await reader.look(price("12.00")) == []
    assert reader.verdicts == [Verdict.BASELINE, Verdict.FAILED, Verdict.UNCHANGED]


async def test_an_entry_may_tell_others_than_the_watch(reader: Reader) -> None:
    reader.watch("""
        name: Dune
        extract: {price: {css: .price, type: money}}
        notify_when:
          - price: {below: 10}
          - price: {below: 5}
            topic: bargains
    """)
    assert await reader.look(price("12.00")) == []
    assert await reader.look(price("9.00")) == ["Dune €12.00 → €9.00 (−25%)"]
    assert await reader.look(price("4.00")) == ["Dune €9.00 → €4.00 (−55.6%)"]
    assert reader.newest.endswith("Price fell below €5.")
