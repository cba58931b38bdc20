"""What apps of ntfy's are told, and when a message counts as sent over them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import WSMsgType

from tests.push.relays import until
from tests.web.ntfy.inboxes import Inboxes, bodies
from watcher.core.channels import ChannelName, Preferences
from watcher.core.handovers import WORTH_TELLING
from watcher.core.ntfy import MAX_TOPICS
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.quiet import parse_quiet_hours
from watcher.web.pages.hub import MAX_STREAMS

SENT, QUEUED = ("ntfy", "sent"), ("ntfy", "queued")


async def test_a_message_comes_over_a_held_connection(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    async with inboxes.stream(topic) as stream:
        message_id = await inboxes.room.send("Dune 12.00 → 8.50", reader)
        event = await stream.message()
        await inboxes.room.quiet()
    [item] = await inboxes.site.push.inbox.items(reader)
    assert event["click"] == f"http://push.example/m/{item.message.slug}"
    assert (event["topic"], event["title"], event["message"]) == (topic, "shop", "Dune 12.00 → 8.50")
    assert event["time"] == int(inboxes.room.clock.at.timestamp())
    assert await inboxes.states(message_id) == [SENT]


async def test_a_message_waits_while_nobody_is_connected(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    message_id = await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    assert await inboxes.states(message_id) == [QUEUED]
    async with inboxes.stream(topic) as stream:
        assert (await stream.message())["message"] == "news"
    assert await inboxes.states(message_id) == [SENT]


async def test_a_poll_takes_what_waits(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    message_id = await inboxes.room.send("news", reader)
    assert bodies(await inboxes.poll(topic)) == ["news"]
    assert await inboxes.states(message_id) == [SENT]
    assert bodies(await inboxes.poll(topic)) == ["news"]


async def test_a_message_that_was_missed_comes_once_by_since(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    async with inboxes.stream(topic) as stream:
        await inboxes.room.send("one", reader)
        last = (await stream.message())["id"]
    for text in ("two", "three"):
        await inboxes.room.send(text, reader)
    async with inboxes.stream(topic, since=last) as stream:
        assert [(await stream.message())["message"] for _ in range(2)] == ["two", "three"]
        await inboxes.room.send("four", reader)
        assert (await stream.message())["message"] == "four"
    assert bodies(await inboxes.poll(topic, since=last)) == ["two", "three", "four"]


async def test_the_next_channel_takes_over_where_nobody_was_connected(inboxes: Inboxes) -> None:
    reader, _ = await inboxes.follower()
    await inboxes.room.reach(reader, "ann@example.org", ChannelName.EMAIL)
    message_id = await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    assert inboxes.mail.got == []
    inboxes.room.pass_time(FAILOVER_AFTER)
    await until(lambda: inboxes.mail.got == [("news", "ann@example.org")])
    assert (await inboxes.states(message_id))[0] == QUEUED


async def test_after_a_day_nobody_is_told_over_an_app_any_more(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    message_id = await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    inboxes.room.pass_time(WORTH_TELLING)
    await inboxes.room.quiet()
    assert await inboxes.states(message_id) == [("ntfy", "failed")]
    assert await inboxes.poll(topic) == []


@pytest.mark.faults
async def test_quiet_hours_hold_back_what_an_app_would_ring_for(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    quiet = parse_quiet_hours("11:00-13:00 UTC")
    await inboxes.site.push.preferences.change(reader, lambda _: Preferences(quiet=quiet))
    async with inboxes.stream(topic) as stream:
        await inboxes.room.send("news", reader)
        assert await inboxes.poll(topic) == []
        inboxes.room.pass_time(timedelta(hours=2))
        assert (await stream.message())["message"] == "news"


async def test_what_is_muted_or_not_followed_is_not_told(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    message_id = await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    await inboxes.site.push.subscriptions.unfollow(reader, app_id=inboxes.room.app.id)
    assert await inboxes.poll(topic) == []
    assert await inboxes.states(message_id) == [("ntfy", "failed")]


async def test_one_connection_follows_several_inboxes(inboxes: Inboxes) -> None:
    (ann, hers), (bob, his) = await inboxes.follower(), await inboxes.follower()
    async with inboxes.stream(f"{hers},{his}") as stream:
        await inboxes.room.send("to Ann", ann)
        first = await stream.message()
        await inboxes.room.send("to Bob", bob)
        second = await stream.message()
    assert [(each["topic"], each["message"]) for each in (first, second)] == [(hers, "to Ann"), (his, "to Bob")]
    await inboxes.room.send("again", ann, bob)
    missed = await inboxes.poll(f"{hers},{his}", since=second["id"])
    assert sorted((each["topic"], each["message"]) for each in missed) == sorted([(hers, "again"), (his, "again")])


async def test_what_another_inbox_was_told_in_the_meantime_is_not_passed_over(inboxes: Inboxes) -> None:
    """Its entry has a lower id, and was handed over later."""
    (ann, hers), (bob, his) = await inboxes.follower(), await inboxes.follower()
    quiet = parse_quiet_hours("11:00-13:00 UTC")
    await inboxes.site.push.preferences.change(ann, lambda _: Preferences(quiet=quiet))
    await inboxes.room.send("to Ann", ann)
    await inboxes.room.send("to Bob", bob)
    [told] = await inboxes.poll(f"{hers},{his}")
    assert told["message"] == "to Bob"
    inboxes.room.pass_time(timedelta(hours=2))
    assert bodies(await inboxes.poll(hers)) == ["to Ann"]
    assert bodies(await inboxes.poll(f"{hers},{his}", since=told["id"])) == ["to Ann"]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("all", ["one", "two"]),
        ("latest", ["two"]),
        ("none", []),
        ("30m", ["two"]),
        ("1h30m", ["one", "two"]),
        ("{now}", ["two"]),
        ("{first}", ["two"]),
        ("{last}", []),
    ],
)
async def test_since_says_from_where_on(inboxes: Inboxes, since: str, told: list[str]) -> None:
    reader, topic = await inboxes.follower()
    await inboxes.room.send("one", reader)
    [first] = await inboxes.poll(topic)
    inboxes.room.pass_time(timedelta(hours=1))
    await inboxes.room.send("two", reader)
    [_, last] = await inboxes.poll(topic)
    now = int(inboxes.room.clock.at.timestamp())
    assert bodies(await inboxes.poll(topic, since=since.format(now=now, first=first["id"], last=last["id"]))) == told


@pytest.mark.parametrize("since", ["yesterday", "-5", "1e99", "m1", "9" * 13, "10 m", "\x00", "٣", "1m" * 51])
async def test_nonsense_as_since_is_refused_in_words_of_ntfy(inboxes: Inboxes, since: str) -> None:
    _, topic = await inboxes.follower()
    async with inboxes.site.client.get(f"/{topic}/json", params={"since": since}) as answer:
        assert answer.status == 400
        assert await answer.json() == {
            "code": 40008,
            "http": 400,
            "error": "invalid request: since parameter invalid",
        }


@pytest.mark.parametrize("since", ["p00000000001", "AgJn6d6Wb14k", "m00000000009"])
async def test_an_id_of_another_server_tells_everything(inboxes: Inboxes, since: str) -> None:
    reader, topic = await inboxes.follower()
    await inboxes.room.send("news", reader)
    assert bodies(await inboxes.poll(topic, since=since)) == ["news"]


@pytest.mark.parametrize("path", ["/inbox_{28}/json", "/demo/json", "/a,b/sse", "/ntfy/demo/raw", "/x/ws", "/x/auth"])
async def test_a_name_that_nobody_has_is_forbidden(inboxes: Inboxes, path: str) -> None:
    async with inboxes.site.client.get(path.replace("{28}", "a" * 28)) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, 40301)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_one_wrong_name_among_several_is_forbidden(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    assert (await inboxes.site.get(f"/{topic},wrong/auth")).status == 403
    assert (await inboxes.site.get(f"/{topic}/auth")).status == 200
    assert (
        await inboxes.site.get("/" + ",".join(f"t{number}" for number in range(MAX_TOPICS + 1)) + "/auth")
    ).status == 400


async def test_guesses_of_one_address_are_counted(inboxes: Inboxes) -> None:
    for _ in range(100):
        assert (await inboxes.site.get("/guess/auth")).status == 403
    answer = await inboxes.site.get("/guess/auth")
    assert (answer.status, (await answer.json())["code"]) == (429, 42901)


async def test_a_new_name_ends_the_old_and_keeps_what_waits(inboxes: Inboxes) -> None:
    reader, old = await inboxes.follower()
    await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    renewed = await inboxes.site.push.ntfy.renew(reader)
    assert renewed is not None
    assert (await inboxes.site.get(f"/{old}/auth")).status == 403
    assert bodies(await inboxes.poll(renewed.value)) == ["news"]


async def test_the_oldest_of_too_many_connections_ends(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    async with inboxes.stream(topic) as oldest:
        answers = [await inboxes.site.client.get(f"/{topic}/json") for _ in range(MAX_STREAMS)]
        await oldest.end()
        for answer in answers:
            answer.close()


async def test_a_stream_is_kept_alive(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    async with inboxes.stream(topic) as stream:
        event = await stream.event()
    assert (event["event"], event["topic"]) == ("keepalive", topic)
    assert len(event["id"]) == 12


async def test_server_sent_events(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    async with inboxes.site.client.get(f"/{topic}/sse") as answer:
        assert answer.content_type == "text/event-stream"
        assert (await answer.content.readuntil(b"\n\n")).startswith(b'event: open\ndata: {"id":')
        await inboxes.room.send("news", reader)
        while not (block := await answer.content.readuntil(b"\n\n")).startswith(b'data: {"id":"m'):
            assert block.startswith(b"event: keepalive\n")


async def test_raw_lines(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    await inboxes.room.send("two\nlines", reader)
    async with inboxes.site.client.get(f"/ntfy/{topic}/raw", params={"poll": "1"}) as answer:
        assert (answer.content_type, await answer.text()) == ("text/plain", "two lines\n")


async def test_a_websocket(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    async with inboxes.site.client.ws_connect(f"/{topic}/ws", autoping=False, compress=15) as socket:
        assert socket.compress == 0  # permessage-deflate (RFC 7692) is not taken up: nothing is decompressed
        assert (await socket.receive_json(timeout=30))["event"] == "open"
        await inboxes.room.send("news", reader)
        while (frame := await socket.receive(timeout=30)).type is WSMsgType.PING:
            await socket.pong(frame.data)
        assert frame.json()["message"] == "news"
        await socket.ping(b"still there?")
        while (frame := await socket.receive(timeout=30)).type is not WSMsgType.PONG:
            await socket.pong(frame.data)
        assert frame.data == b"still there?"


async def test_a_websocket_that_answers_no_ping_is_cut(inboxes: Inboxes) -> None:
    reader, topic = await inboxes.follower()
    async with inboxes.site.client.ws_connect(f"/{topic}/ws", autoping=False) as socket:
        async with asyncio.timeout(30):
            while (await socket.receive()).type in (WSMsgType.TEXT, WSMsgType.PING):
                pass
    message_id = await inboxes.room.send("news", reader)
    await inboxes.room.tried(1)
    assert await inboxes.states(message_id) == [QUEUED]


async def test_what_asks_for_no_websocket_is_told_so(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    answer = await inboxes.site.get(f"/{topic}/ws")
    assert (answer.status, (await answer.json())["code"]) == (400, 40016)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"message": "news"}, ["news"]),
        ({"m": "other"}, []),
        ({"title": "shop"}, ["news"]),
        ({"priority": "high,default"}, ["news"]),
        ({"p": "5"}, []),
        ({"tags": "warning"}, []),
        ({"id": "m00000000001"}, []),
    ],
)
async def test_a_reader_may_ask_for_some_messages_alone(
    inboxes: Inboxes, query: dict[str, str], told: list[str]
) -> None:
    reader, topic = await inboxes.follower()
    await inboxes.room.send("news", reader)
    assert bodies(await inboxes.poll(topic, **query)) == told


async def test_a_priority_of_nonsense_is_refused(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    answer = await inboxes.site.get(f"/{topic}/json?poll=1&priority=loud")
    assert (answer.status, (await answer.json())["code"]) == (400, 40007)


async def test_who_knows_no_name_is_told_so_before_anything_else_is_read(inboxes: Inboxes) -> None:
    """Guesses are counted, so that what a request asks for costs nothing without a name."""
    answer = await inboxes.site.get("/guess/json?since=nonsense&priority=loud")
    assert (answer.status, (await answer.json())["code"]) == (403, 40301)


@pytest.mark.parametrize("name", ["m", "t", "id", "tags", "p"])
async def test_a_filter_that_is_too_long_is_refused(inboxes: Inboxes, name: str) -> None:
    _, topic = await inboxes.follower()
    answer = await inboxes.site.client.get(f"/{topic}/json", params={"poll": "1", name: "x" * 1_001})
    assert (answer.status, (await answer.json())["code"]) == (400, 40000)


async def test_a_stream_ends_when_the_server_stops(inboxes: Inboxes) -> None:
    _, topic = await inboxes.follower()
    async with inboxes.stream(topic) as stream:
        await inboxes.site.server.stop()
        await stream.end()


async def test_apps_ask_whether_a_server_is_there(inboxes: Inboxes) -> None:
    assert await (await inboxes.site.get("/v1/health")).json() == {"healthy": True}
