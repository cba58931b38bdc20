from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from msgspec.structs import replace

from tests.push.relays import Relay
from tests.web.places import place_of
from tests.web.serving import a_site
from tests.web.site import JSON, NOW, Site
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.pace import RateLimit
from watcher.core.push import DeliveryState, NewSubscriber, TopicDraft
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    name: str
    data: str

    @property
    def html(self) -> str:
        return str(json.loads(self.data)["html"])


class Events:
    """An open live inbox, as EventSource reads it; each wait is bounded."""

    def __init__(self, answer: ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> Event:
        while True:
            fields = await self._block()
            if "event" in fields:
                return Event(id=fields.get("id", ""), name=fields["event"], data=fields.get("data", ""))

    async def comment(self) -> str:
        while True:
            fields = await self._block()
            if "" in fields:
                return fields[""]

    async def _block(self) -> dict[str, str]:
        async with asyncio.timeout(30):
            block = await self._answer.content.readuntil(b"\n\n")
        if not block:
            raise EOFError
        pairs = (line.partition(":") for line in block.decode().splitlines() if line)
        return {name: value.strip() for name, _, value in pairs}


@asynccontextmanager
async def _listening(
    site: Site, reader: NewSubscriber, query: str = "", last: int | None = None
) -> AsyncIterator[Events]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    answer = await site.get(f"/inbox/events{query}", device=reader, headers=headers)
    assert answer.content_type == "text/event-stream"
    try:
        yield Events(answer)
    finally:
        answer.close()


async def test_a_message_arrives_while_the_page_is_open(site: Site) -> None:
    reader = await site.reader()
    async with _listening(site, reader) as events:
        await site.tell("Dune <b>12.00</b> → 8.50")
        event = await events.next()
    assert "Dune &lt;b&gt;12.00&lt;/b&gt; → 8.50" in event.html
    assert event.id == str((await site.push.inbox.items(reader.subscriber))[0].id)


async def test_a_reader_who_was_away_gets_what_came_meanwhile_once(site: Site) -> None:
    reader = await site.reader()
    for number in range(3):
        await site.tell(f"message {number}")
    first = (await site.push.inbox.items(reader.subscriber))[0].id
    async with _listening(site, reader, "?after=0", last=first) as events:
        assert "message 1" in (await events.next()).html
        assert "message 2" in (await events.next()).html
        await site.tell("message 3")
        assert "message 3" in (await events.next()).html


async def test_a_long_absence_is_replayed_whole(site: Site) -> None:
    reader = await site.reader()
    drafts = [
        TopicDraft(idempotency_key=str(number), topic="demo", draft=make_draft(f"n{number}")) for number in range(250)
    ]
    await site.push.messages.publish(drafts)
    async with _listening(site, reader) as events:
        got = [(await events.next()).html for _ in range(250)]
    assert "n0<" in got[0]
    assert "n249<" in got[-1]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, ""])
async def test_an_event_id_that_is_none_starts_at_the_beginning(site: Site, after: str) -> None:
    reader = await site.reader()
    await site.tell("first")
    async with _listening(site, reader, f"?after={after}") as events:
        assert "first" in (await events.next()).html


async def test_nobody_hears_of_what_they_do_not_follow(site: Site) -> None:
    stranger = await site.push.subscribers.add()
    await site.reader()
    async with _listening(site, stranger) as events:
        await site.tell("not for you")
        assert await events.comment()


async def test_a_quiet_inbox_gets_a_comment(site: Site) -> None:
    async with _listening(site, await site.reader()) as events:
        assert await events.comment() == "still here"


async def test_the_seventh_stream_ends_the_oldest(site: Site) -> None:
    reader = await site.reader()
    async with _listening(site, reader) as oldest:
        others = [await site.get("/inbox/events", device=reader) for _ in range(6)]
        assert (await oldest.next()).name == "crowded"
        for other in others:
            other.close()


async def test_what_another_process_wrote_appears_too(site: Site, tmp_path: Path) -> None:
    reader = await site.reader()
    other = await open_push_service(place_of(tmp_path / "push.sqlite3"), now=lambda: NOW)
    async with _listening(site, reader) as events:
        await other.messages.publish(
            [TopicDraft(idempotency_key="k", topic="demo", draft=make_draft("from a command"))]
        )
        assert "from a command" in (await events.next()).html
    await other.close()


async def test_the_page_shows_history_newest_first_and_what_is_unread(site: Site) -> None:
    reader = await site.reader()
    await site.tell("older <script>")
    await site.tell("newer")
    items = await site.push.inbox.items(reader.subscriber)
    await site.push.inbox.mark_shown(reader.subscriber, [items[0].id])
    answer = await site.get("/inbox", device=reader)
    html = await answer.text()
    assert html.index("newer") < html.index("older &lt;script&gt;")
    assert html.count('class="item unread"') == 1
    assert f'data-after="{items[1].id}"' in html
    assert "Max-Age=34560000" in answer.headers["Set-Cookie"]


async def test_what_the_page_showed_is_noted_and_nothing_foreign(site: Site) -> None:
    reader, other = await site.reader(), await site.reader()
    await site.tell("hello")
    [mine], [foreign] = await site.push.inbox.items(reader.subscriber), await site.push.inbox.items(other.subscriber)
    body = json.dumps({"ids": [mine.id, foreign.id, 10**30, -1]}).encode()
    answer = await site.post("/inbox/shown", device=reader, body=body, headers=JSON)
    assert answer.status == 204
    assert (await site.push.inbox.items(reader.subscriber))[0].state is DeliveryState.SHOWN
    assert (await site.push.inbox.items(other.subscriber))[0].state is DeliveryState.SENT


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ids":5}', b'{"ids":["x"]}', b'{"ids":[true]}', b"[" * 99_999])
async def test_an_acknowledgement_that_is_none_is_refused(site: Site, body: bytes) -> None:
    assert (await site.post("/inbox/shown", device=await site.reader(), body=body)).status == 400


@pytest.mark.parametrize("path", ["/inbox/shown", "/inbox/opened"])
async def test_what_is_told_of_the_inbox_of_another_changes_nothing(site: Site, path: str) -> None:
    reader, other = await site.reader(), await site.reader()
    await site.tell("hello")
    [foreign] = await site.push.inbox.items(other.subscriber)
    answer = await site.post(path, device=reader, body=json.dumps({"ids": [foreign.id]}).encode(), headers=JSON)
    assert answer.status == 204
    assert (await site.push.inbox.items(other.subscriber))[0].state is DeliveryState.SENT


async def test_what_was_opened_was_shown(site: Site) -> None:
    reader = await site.reader()
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    body = json.dumps({"ids": [item.id]}).encode()
    assert (await site.post("/inbox/opened", device=reader, body=body, headers=JSON)).status == 204
    assert (await site.push.inbox.items(reader.subscriber))[0].state is not DeliveryState.SENT


@pytest.mark.parametrize(("path", "state"), [("/inbox/shown", "shown"), ("/inbox/opened", "opened")])
async def test_several_items_are_noted_at_once(site: Site, path: str, state: str) -> None:
    reader = await site.reader()
    for text in ("one", "two", "three"):
        await site.tell(text)
    first, second, _ = await site.push.inbox.items(reader.subscriber)
    body = json.dumps({"ids": [first.id, second.id]}).encode()
    assert (await site.post(path, device=reader, body=body, headers=JSON)).status == 204
    assert [item.state for item in await site.push.inbox.items(reader.subscriber)] == [state, state, "sent"]


class TestADeviceThatTellsWithoutEnd:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, address_calls=RateLimit(calls=3, per=timedelta(minutes=1)))

    async def test_holds_up_nobody_else(self, site: Site) -> None:
        reader, other = await site.reader(), await site.reader()
        body = json.dumps({"ids": [1]}).encode()
        paths = ["/inbox/shown", "/inbox/opened"] * 2
        statuses = [(await site.post(path, device=reader, body=body, headers=JSON)).status for path in paths]
        assert statuses == [204, 204, 204, 429]
        assert (await site.post("/inbox/shown", device=other, body=body, headers=JSON)).status == 204


async def test_the_start_page_leads_a_known_device_to_its_inbox(site: Site) -> None:
    assert (await site.get("/", device=await site.reader())).headers["Location"] == "/inbox"
    assert "Scan a topic" in await (await site.get("/")).text()


async def test_after_subscribing_the_inbox_says_what_comes_here(site: Site) -> None:
    reader, topic = await site.reader(), await site.topic()
    html = await (await site.get(f"/inbox?followed=t/{topic.slug}", device=reader)).text()
    assert "You will get “Price drops” here, in this inbox." in html
    other = await site.push.topics.add("Other")
    for place in (f"t/{other.slug}", "t/", "x", "t/../../x"):
        html = await (await site.get(f"/inbox?followed={place}", device=reader)).text()
        assert "You will get" not in html


async def test_an_inbox_without_messages_says_what_it_follows(site: Site) -> None:
    reader, stranger = await site.reader(), await site.push.subscribers.add()
    html = await (await site.get("/inbox", device=reader)).text()
    assert "Nothing has been sent to you yet" in html
    assert "You are subscribed to “Price drops”. The next message will appear here." in html
    html = await (await site.get("/inbox", device=stranger)).text()
    assert "You have no subscriptions yet." in html
    await site.tell("news")
    assert "You are subscribed to" not in await (await site.get("/inbox", device=reader)).text()


async def test_an_inbox_names_the_other_channels_that_are_in_use(push: PushService, settings: Settings) -> None:
    mail = Channels(by_name={ChannelName.EMAIL: Relay(name=ChannelName.EMAIL)})
    async with a_site(push, settings, mail) as site:
        reader = await site.reader()
        await push.addresses.add(
            reader.subscriber, AddressDraft(channel=ChannelName.EMAIL, value="a@x.example", fingerprint="a")
        )
        await push.addresses.add(
            reader.subscriber, AddressDraft(channel=ChannelName.UPSTREAM, value="UID_x", fingerprint="b")
        )
        html = await (await site.get("/inbox", device=reader)).text()
        assert "You are told by Email, too." in html


async def test_an_inbox_is_searched_in_what_was_sent_and_nothing_is_a_wildcard(site: Site) -> None:
    reader, other = await site.reader(), await site.push.subscribers.add()
    await site.tell("The price FELL by 100%", summary="Dune")
    await site.tell("nothing new", summary="Emma <b>")
    await site.push.messages.send_test(other.subscriber, make_draft("fell, too", summary="Another's"))
    assert await _found(site, reader, "q=fell") == ["Dune"]
    assert await _found(site, reader, "q=emma+%3Cb%3E") == ["Emma &lt;b&gt;"]
    assert await _found(site, reader, "q=100%25") == ["Dune"]
    assert await _found(site, reader, "q=%25") == ["Dune"]
    assert await _found(site, reader, "q=_") == []
    html = await (await site.get("/inbox?q=_%22%3E%3Cscript%3E", device=reader)).text()
    assert "0 messages found." in html
    assert 'value="_&#34;&gt;&lt;script&gt;"' in html
    assert "data-status" not in html


async def test_an_inbox_is_narrowed_to_one_topic_or_application(site: Site) -> None:
    app, _ = await site.app()
    news = await site.push.topics.add("News", app_id=app.id)
    demo = await site.topic()
    reader = await site.push.subscribers.add(topic_ids=[demo.id, news.id], app_ids=[app.id])
    await site.tell("a", summary="of demo")
    await site.push.messages.send(app, make_draft("b", summary="of news"), topic_ids=[news.id])
    await site.push.messages.send(app, make_draft("c", summary="to me"), uids=[reader.subscriber.uid])
    assert await _found(site, reader, f"from=t/{demo.slug}") == ["of demo"]
    assert await _found(site, reader, f"from=t/{news.slug}&q=news") == ["of news"]
    assert await _found(site, reader, f"from=a/{app.slug}") == ["to me", "of news"]
    assert await _found(site, reader, "from=t/nothing") == ["to me", "of news", "of demo"]
    html = await (await site.get(f"/inbox?from=t/{news.slug}", device=reader)).text()
    assert f'<option value="t/{news.slug}" selected>News</option>' in html


async def test_what_no_device_has_shown_yet_is_counted(site: Site) -> None:
    reader = await site.reader()
    for number in range(3):
        await site.tell(f"message {number}")
    assert "3 new" in await (await site.get("/inbox", device=reader)).text()
    ids = [item.id for item in await site.push.inbox.items(reader.subscriber)]
    await site.push.inbox.mark_shown(reader.subscriber, ids)
    assert " new</span>" not in await (await site.get("/inbox", device=reader)).text()


async def _found(site: Site, reader: NewSubscriber, query: str) -> list[str]:
    html = await (await site.get(f"/inbox?{query}", device=reader)).text()
    return re.findall(r'<strong class="summary">(.*?)</strong>', html)
