"""The feed of a topic, over a real server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from tests.clock import Clock
from tests.extract.builders import feed_list, page, seen
from tests.web.serving import a_push_service
from tests.web.site import NOW, Site
from watcher.core.feeds import ENTRIES
from watcher.core.push import TopicDraft
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.web.pages.feed import WrittenFeeds

_FORMS = ("atom.xml", "feed.json")


@pytest.fixture
async def push(tmp_path: Path, clock: Clock) -> AsyncIterator[PushService]:
    async with a_push_service(tmp_path, clock) as service:
        yield service


async def _link(site: Site) -> str:
    """Give the topic a feed; return where it is."""
    topic = await site.push.feeds.make((await site.topic()).id)
    return f"/feed/{topic.feed_slug}"


async def _items(site: Site, link: str) -> list[Mapping[str, Any]]:
    answer = await site.get(f"{link}/feed.json")
    assert answer.status == 200
    return list(json.loads(await answer.text())["items"])


async def _again(site: Site, path: str, **headers: str) -> ClientResponse:
    return await site.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(("form", "kind"), [("atom.xml", "atom+xml"), ("feed.json", "feed+json")])
async def test_our_own_watch_reads_a_feed_back(site: Site, form: str, kind: str) -> None:
    link = await _link(site)
    await site.tell("Was €12.00", summary="Dune €8.50", url="https://shop.example/dune?a=1&b=2")
    await site.tell("<p>Back <b>soon</b></p><script>alert(1)</script>", summary="Emma & Co ]]> <1>", content_type=2)
    answer = await site.get(f"{link}/{form}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, f"application/{kind}; charset=utf-8")
    assert answer.headers["Cache-Control"].startswith("private")
    body = await answer.read()
    assert b"alert(1)" not in body
    rows = seen(page(body, media_type=f"application/{kind}"), feed_list("title", "link", "content", "published")).rows
    emma, dune = rows.values()
    assert [*rows] == [item["id"] for item in await _items(site, link)]
    assert (emma["title"], emma["content"]) == ("Emma & Co ]]> <1>", "Back soon")
    assert (dune["title"], dune["content"]) == ("Dune €8.50", "Was €12.00 https://shop.example/dune?a=1&b=2")
    assert str(dune["link"]).startswith("http://push.example/m/")
    assert dune["published"] == "2026-11-24T09:30:00Z"


@pytest.mark.parametrize("form", _FORMS)
async def test_a_repeated_request_is_answered_by_304_until_something_changes(
    site: Site, clock: Clock, form: str
) -> None:
    path = f"{await _link(site)}/{form}"
    await site.tell("One")
    assert "Last-Modified" not in (await site.get(path)).headers  # another one may come in the same second
    clock.at += timedelta(minutes=1)
    first = await site.get(path)
    tag, time = first.headers["ETag"], first.headers["Last-Modified"]
    assert parsedate_to_datetime(time) == NOW
    for headers in ({"If_None_Match": tag}, {"If_None_Match": f'"x", {tag}'}, {"If_Modified_Since": time}):
        again = await _again(site, path, **headers)
        assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    stale = await _again(site, path, If_None_Match='"x"', If_Modified_Since=time)  # a tag goes before a time
    assert stale.status == 200
    await site.tell("Two")
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": time}):
        assert (await _again(site, path, **headers)).status == 200


async def test_a_withdrawn_message_leaves_and_the_others_keep_their_ids(site: Site) -> None:
    link = await _link(site)
    for word in ("One", "Two", "Three"):
        await site.tell(word, summary=word)
    three, two, one = await _items(site, link)
    tag = (await site.get(f"{link}/feed.json")).headers["ETag"]
    topic = await site.topic()
    app = next(app for app in await site.push.apps.all() if app.id == topic.app_id)
    [_, gone, _] = await site.push.messages.newest_of(app.id, limit=3)
    await site.push.messages.delete(app, gone.id)
    assert await _items(site, link) == [three, one]
    assert (await _again(site, f"{link}/feed.json", If_None_Match=tag)).status == 200
    assert two["title"] not in await (await site.get(f"{link}/atom.xml")).text()


async def test_a_new_link_ends_the_old_one_and_ids_stay(site: Site) -> None:
    old = await _link(site)
    await site.tell("One")
    before = await _items(site, old)
    new = await _link(site)
    assert new != old
    assert [item["id"] for item in await _items(site, new)] == [item["id"] for item in before]
    topic = await site.topic()
    await site.push.feeds.end(topic.id)
    for link in (old, new, "/feed/x", f"/feed/{'x' * 28}", f"/feed/{topic.slug}"):
        for form in _FORMS:
            assert (await site.get(f"{link}/{form}")).status == 404, link


async def test_only_what_went_to_the_topic_is_there_and_no_more_than_the_newest(site: Site) -> None:
    link = await _link(site)
    reader = await site.reader()
    app, _ = await site.app()
    other = await site.push.topics.add("Other", app_id=app.id)
    await site.push.messages.send(app, make_draft("Private"), uids=[reader.subscriber.uid], topic_ids=[other.id])
    drafts = [
        TopicDraft(idempotency_key=f"k{number}", topic="demo", draft=make_draft(f"Number {number}"))
        for number in range(ENTRIES + 1)
    ]
    await site.push.messages.publish(drafts)
    items = await _items(site, link)
    assert [item["title"] for item in items] == [f"Number {number}" for number in range(ENTRIES, 0, -1)]


async def test_a_merged_topics_link_is_taken_over_and_ends_with_the_other_ones(site: Site) -> None:
    app, _ = await site.app()
    one, two = [await site.push.topics.add(name, app_id=app.id) for name in ("One", "Two")]
    link = f"/feed/{(await site.push.feeds.make(one.id)).feed_slug}"
    await site.push.messages.send(app, make_draft("To one"), topic_ids=[one.id])
    await site.push.merge_topics(one.id, two.id)
    await site.push.messages.send(app, make_draft("To two"), topic_ids=[two.id])
    assert [item["title"] for item in await _items(site, link)] == ["To two", "To one"]
    await site.push.feeds.end(two.id)
    assert (await site.get(f"{link}/atom.xml")).status == 404


async def test_requests_of_one_address_are_counted(site: Site) -> None:
    link = await _link(site)
    for _ in range(50):
        assert {(await site.get(f"{link}/{form}")).status for form in _FORMS} == {200}
    answer = await site.get(f"{link}/atom.xml")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) <= 10


async def test_a_feed_that_was_written_is_answered_without_being_written_again(site: Site, tmp_path: Path) -> None:
    link = await _link(site)
    await site.tell("One", summary="One")
    path = f"{link}/feed.json"
    first = await (await site.get(path)).text()
    with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection, connection:
        connection.execute("UPDATE messages SET summary = 'Uno'")
    assert await (await site.get(path)).text() == first
    await site.tell("Two", summary="Two")
    assert [item["title"] for item in await _items(site, link)] == ["Two", "Uno"]


def test_the_last_documents_are_kept() -> None:
    written = WrittenFeeds()
    for tag in "abcdefgh":
        written.keep(tag, tag.encode())
    assert written.get("a") == b"a"
    written.keep("i", b"i")
    assert [written.get(tag) for tag in "abi"] == [b"a", None, b"i"]


async def test_head_is_answered_without_a_body(site: Site) -> None:
    link = await _link(site)
    answer = await site.client.head(f"{link}/atom.xml")
    assert (answer.status, await answer.read()) == (200, b"")
