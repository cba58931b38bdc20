"""What a sender is told who follows topics of an application with its token."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.push.prepared import place_tables
from tests.store.push.test_messages import fill
from tests.web.ntfy.inboxes import Inboxes, Stream, as_event, bodies
from watcher.core.ntfy import MAX_TOPICS
from watcher.core.push import App, AppProfile, PushTopic
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.store.push.file_database import open_file
from watcher.store.push.ntfy import NtfyEntries
from watcher.web.pages.hub import MAX_STREAMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An application with the topics `backups` and `disks`, and whoever has its token."""

    inboxes: Inboxes
    app: App
    token: str
    backups: PushTopic
    disks: PushTopic

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, text: str, *topics: PushTopic) -> str:
        """Send as the application; return the id by which ntfy's clients know the message."""
        ids = [topic.id for topic in topics or (self.backups,)]
        draft = make_draft(text, summary="", content_type=1, url="")
        first, *_ = await self.inboxes.site.push.messages.send(self.app, draft, topic_ids=ids)
        return f"p{first.message_id:011d}"

    @asynccontextmanager
    async def stream(self, topics: str, **query: str) -> AsyncIterator[Stream]:
        async with self.inboxes.site.client.get(f"/{topics}/json", params=query, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            stream = Stream(answer)
            assert (await stream.event())["event"] == "open"
            yield stream

    async def poll(self, topics: str, **query: str) -> list[dict[str, Any]]:
        asked = {"poll": "1", **query}
        async with self.inboxes.site.client.get(f"/{topics}/json", params=asked, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            return [as_event(line) for line in (await answer.read()).splitlines()]

    async def refused(self, topics: str, *, token: str | None = None, **query: str) -> tuple[int, int]:
        """Return the status and the number of the error with which it is refused; `token` may be another."""
        headers = self.headers if token is None else {"Authorization": f"Bearer {token}"}
        async with self.inboxes.site.client.get(f"/{topics}/json", params=query, headers=headers) as answer:
            return answer.status, (await answer.json())["code"]


@pytest.fixture
async def sender(inboxes: Inboxes) -> Sender:
    app, token = await inboxes.site.app()
    backups, disks = [await inboxes.site.push.topics.add(name, app_id=app.id) for name in ("backups", "disks")]
    return Sender(inboxes=inboxes, app=app, token=token, backups=backups, disks=disks)


async def test_a_sender_is_told_what_it_sends_to_its_topic(sender: Sender) -> None:
    async with sender.stream("backups") as stream:
        sent = await sender.send("Backup done")
        event = await stream.message()
    assert (event["id"], event["topic"], event["message"]) == (sent, "backups", "Backup done")


@pytest.mark.parametrize("topics", [1, 3])
async def test_to_read_long_topics_costs_no_more_by_the_message(tmp_path: Path, topics: int) -> None:
    few, many = [await _steps_to_read(tmp_path / f"{number}.db", number, topics) for number in (500, 2_000)]
    assert many < 5 * few


async def _steps_to_read(path: Path, number: int, topics: int) -> int:
    database = await open_file(await place_tables(path))
    steps = await database.write(partial(_hundreds_of_steps, number=number, topics=topics))
    await database.close()
    return steps


def _hundreds_of_steps(connection: Connection, *, number: int, topics: int) -> int:
    """Send as many messages to topics, read them in batches, and return for how many hundred steps SQLite worked."""
    fill(connection, number)
    connection.exec_driver_sql(f"UPDATE targets SET topic_id = 5 * (message_id % {topics}) + 5")
    steps, told = Counter[str](), dict.fromkeys([5 * place + 5 for place in range(topics)], 0)
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.set_progress_handler(lambda: steps.update(["hundred"]), 100)
    read = 0
    while entries := NtfyEntries(connection).sent_after(told, app_id=1, limit=100):
        told |= {entry.of: entry.id for entry in entries}
        read += len(entries)
    driver.set_progress_handler(None, 0)
    assert read == number
    return steps["hundred"]


async def test_what_was_published_as_to_ntfy_comes_back_with_the_id_of_the_answer(sender: Sender) -> None:
    async with sender.stream("backups") as stream:
        client = sender.inboxes.site.client
        async with client.post("/backups", headers=sender.headers, data="Backup done") as answer:
            published = await answer.json()
        event = await stream.message()
    assert [event[name] for name in ("id", "topic", "message")] == [published[n] for n in ("id", "topic", "message")]


async def test_a_topic_without_readers_is_told_as_well_and_only_those_that_are_followed(sender: Sender) -> None:
    async with sender.stream("disks") as stream:
        await sender.send("to others")
        await sender.send("disk full", sender.disks)
        assert (await stream.message())["message"] == "disk full"


async def test_one_connection_follows_several_topics_and_one_by_two_names_once(sender: Sender) -> None:
    names = f"backups,disks,{sender.backups.id}"
    async with sender.stream(names) as stream:
        await sender.send("one")
        await sender.send("two", sender.disks)
        told = [await stream.message() for _ in range(2)]
    assert [(each["topic"], each["message"]) for each in told] == [("backups", "one"), ("disks", "two")]
    await sender.send("to both", sender.backups, sender.disks)
    again = await sender.poll(names, since=told[-1]["id"])
    assert [(each["topic"], each["message"]) for each in again] == [("backups", "to both"), ("disks", "to both")]


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("", ["one", "two", "three"]),
        ("all", ["one", "two", "three"]),
        ("latest", ["three"]),
        ("none", []),
        ("1h", ["one", "two", "three"]),
        ("9999999999", []),
    ],
)
async def test_a_poll_begins_where_since_says(sender: Sender, since: str, told: list[str]) -> None:
    for text in ("one", "two", "three"):
        await sender.send(text)
    assert bodies(await sender.poll("backups", **({"since": since} if since else {}))) == told


async def test_after_an_id_comes_what_was_missed_and_what_was_withdrawn_does_not(sender: Sender) -> None:
    first = await sender.send("one")
    second = await sender.send("two")
    await sender.send("three")
    await sender.inboxes.site.push.messages.delete(sender.app, int(second[1:]))
    async with sender.stream("backups", since=first) as stream:
        assert (await stream.message())["message"] == "three"
        await sender.send("four")
        assert (await stream.message())["message"] == "four"


@pytest.mark.parametrize("since", ["m00000000001", "AgJn6d6Wb14k", "p00000000009"])
async def test_an_id_of_another_server_tells_everything(sender: Sender, since: str) -> None:
    """The last as before a backup was restored, since when numbers are given again."""
    for text in ("one", "two"):
        await sender.send(text)
    assert bodies(await sender.poll("backups", since=since)) == ["one", "two"]


async def test_a_message_keeps_the_title_with_which_it_begins(sender: Sender) -> None:
    client = sender.inboxes.site.client
    for headers, body in (({"Title": "Backup"}, "Backup done"), ({"Title": "One"}, "One\ntwo"), ({}, "no title")):
        async with client.post("/backups", headers={**sender.headers, **headers}, data=body) as answer:
            assert answer.status == 200
    told = await sender.poll("backups")
    assert [(each["title"], each["message"]) for each in told] == [
        ("Backup", "Backup done"),
        ("One", "One\ntwo"),
        ("backups", "no title"),
    ]
    assert bodies(await sender.poll("backups", title="Backup")) == ["Backup done"]


async def test_the_priority_of_a_browser_filters_nothing(sender: Sender) -> None:
    await sender.send("news")
    headers = {**sender.headers, "Priority": "u=4"}
    async with sender.inboxes.site.client.get("/backups/json?poll=1", headers=headers) as answer:
        assert [as_event(line)["message"] for line in (await answer.read()).splitlines()] == ["news"]


async def test_what_another_process_sends_is_told(sender: Sender, tmp_path: Path) -> None:
    async with sender.stream("backups") as stream:
        other = await open_push_service(tmp_path / "push.db", now=sender.inboxes.site.push.ntfy.now)
        draft = make_draft("from a command", summary="", content_type=1, url="")
        await other.messages.send(sender.app, draft, topic_ids=[sender.backups.id])
        await other.close()
        assert (await stream.message())["message"] == "from a command"


async def test_a_token_that_was_reset_is_told_nothing_more(sender: Sender) -> None:
    async with sender.stream("backups") as stream:
        await sender.inboxes.site.push.apps.reset_token(sender.app.id)
        await sender.send("a secret")
        with pytest.raises(AssertionError, match="the stream has ended"):
            await stream.message()
    assert await sender.refused("backups") == (401, 40101)


async def test_who_may_not_is_refused(sender: Sender) -> None:
    push = sender.inboxes.site.push
    other, others_token = await push.apps.add(AppProfile(name="other"))
    await push.topics.add("theirs", app_id=other.id)
    _, inbox = await sender.inboxes.follower()
    assert await sender.refused("backups", token="AT_wrong") == (401, 40101)
    assert await sender.refused("backups", token=others_token) == (404, 40402)
    assert await sender.refused("backups,theirs") == (404, 40402)
    assert await sender.refused(f"backups,{inbox}") == (403, 40301)
    assert await sender.refused("docs") == (404, 40403)
    assert await sender.refused(",".join(map(str, range(MAX_TOPICS + 1)))) == (400, 40009)


async def test_a_name_that_meets_a_page_is_followed_below_ntfy(sender: Sender) -> None:
    docs = await sender.inboxes.site.push.topics.add("docs", app_id=sender.app.id)
    await sender.send("hello", docs)
    assert bodies(await sender.poll("ntfy/docs")) == ["hello"]


async def test_access_is_told_without_a_stream(sender: Sender) -> None:
    for headers, status in ((sender.headers, 200), ({}, 403)):
        async with sender.inboxes.site.client.get("/backups/auth", headers=headers) as answer:
            assert answer.status == status


async def test_one_topic_has_a_few_connections_and_the_newest_stay(sender: Sender) -> None:
    async with sender.stream("backups") as oldest:
        async with asyncio.timeout(30):
            for _ in range(MAX_STREAMS - 1):
                await _open_one(sender)
            async with sender.stream("backups") as newest:
                await oldest.end()
                await sender.send("still here")
                assert (await newest.message())["message"] == "still here"


async def _open_one(sender: Sender) -> None:
    answer = await sender.inboxes.site.client.get("/backups/json", headers=sender.headers)
    await answer.content.readline()
