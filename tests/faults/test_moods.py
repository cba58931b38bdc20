"""
The network's moods: a push server that is down for three days, and a page that says for ever that it is unchanged.

Dispatcher, publisher, store, fetcher and servers are real; the clock alone is given, so that days pass in seconds.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, message
from tests.faults.push_server import serve_push
from tests.faults.tally import Tally, sized
from tests.outbox.recording import Clock
from tests.watching.shop import open_shop, open_tools, watch_of
from watcher.core.check import Verdict, WatchState
from watcher.core.retry import next_due_at
from watcher.core.watch import ADMIN_TOPIC, Topic
from watcher.extract.plan import plan
from watcher.net import Sessions
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.remote import RemotePublisher
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import check

pytestmark = pytest.mark.faults

OUTAGE = timedelta(days=3)
TOPICS = {
    key: Topic(key=key, name=key, id=number)
    for number, key in enumerate([ADMIN_TOPIC, *sized(["deals"], ["deals", "books", "courses"])], start=1)
}
TOLD = [key for key in TOPICS if key != ADMIN_TOPIC]
MESSAGES = sized(24, 300)
"""Of each topic, spread over the outage."""


async def live_through(store: DiskWatchStore, dispatcher: Dispatcher, clock: Clock, until: datetime) -> None:
    """Let the dispatcher try whatever is due, until then."""
    while clock.now() < until:
        while await dispatcher.publish_due():
            pass
        due_at = next_due_at(await store.outbox.waiting()) or until
        clock.turn(max((min(due_at, until) - clock.now()).total_seconds(), 0.001))


async def test_after_three_days_without_a_push_server_everything_is_told_in_order_and_once(
    tmp_path: Path, tally: Tally
) -> None:
    tally.what = "messages of three days without a push server"
    clock, sent = Clock(), defaultdict(list)
    store, _ = await open_watch_store(tmp_path)
    try:
        async with serve_push() as push, Sessions() as sessions:

            async def pause(seconds: float) -> None:
                clock.turn(seconds)

            session = sessions.of(allow_private=True)
            publisher = RemotePublisher(
                session, push.url, "AT_x", TOPICS, now=clock.now, seconds=clock.seconds, pause=pause
            )
            dispatcher = Dispatcher(store.outbox, publisher, now=clock.now, chance=lambda: 0.5)
            push.is_down = True
            for number in range(MESSAGES):
                fresh = [
                    replace(message(number * len(TOLD) + place, topic=topic), created_at=clock.now())
                    for place, topic in enumerate(TOLD)
                ]
                await store.outbox.add(fresh)
                for each in fresh:
                    sent[each.topic].append(each.summary)
                await live_through(store, dispatcher, clock, NOON + OUTAGE * (number + 1) / MESSAGES)
            calls = push.calls
            push.is_down = False
            await live_through(store, dispatcher, clock, clock.now() + timedelta(hours=1))
            left = await store.outbox.waiting()
        tally.tried = sum(map(len, sent.values()))
        wrong = [topic for topic in TOLD if push.told(TOPICS[topic].id or 0) != sent[topic]]
        lost = tally.tried - len(set(push.keys))
        tally.failed = len(wrong) + lost + (len(push.keys) - len(set(push.keys))) + len(left) + store.outbox.dead
        tally.figures |= {"attempts": f"{calls:,}", "of which in an hour after": f"{push.calls - calls:,}"}
    finally:
        await store.close()
    assert tally.failed == 0, (wrong, lost, left, store.outbox.dead, push.told(1))
    assert push.told(1) == [], "the operator was told of something"


async def test_a_page_that_says_for_ever_that_it_is_unchanged_is_read_in_full_once_a_day(tally: Tally) -> None:
    tally.what = "checks of pages that answer 304 for ever, with a change nobody says"
    days, every = sized(3, 30), timedelta(hours=sized(3, 1))
    async with open_shop() as shop, open_tools() as tools:
        watch = watch_of(shop)
        planned, state, now, changes = plan(watch.extraction, watch.link), WatchState(), NOON, 0
        wrong = []
        for day in range(days):
            shop.price("/dune", f"{100 + day}.00", etag='"the same for ever"')
            shown_at = now
            is_seen = day == 0
            for _ in range(int(timedelta(days=1) / every) + 1):
                decision = await check(tools, watch, planned, state, now=now)
                state, now = decision.state, now + every
                tally.tried += 1
                if decision.verdict is Verdict.CHANGED and not is_seen:
                    is_seen, changes = True, changes + 1
            if not is_seen:
                wrong.append(f"what was shown at {shown_at} was not seen in a day")
        full = sum("If-None-Match" not in head for head in shop.heads)
    tally.failed = len(wrong)
    tally.figures |= {"full reads": f"{full} in {days} days", "changes seen": f"{changes} of {days - 1}"}
    assert not wrong, wrong
    assert days - 1 <= full <= days + 2
