"""What becomes of HTML and markdown that is not cheap to render."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_reader, an_app
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, Message, Subscriber
from watcher.errors import RefusedError
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.rendering import Renderer
from watcher.push.service import PushService

LONG = "**bold** words\n\n" * 200
LABORIOUS = ("> " * 98 + "a\n") + "b\n" * 15_000 + "\nwords"
GROWING = "[a]: http://x/" + "b" * 20_000 + "\n\n" + "[a]" * 5_000


@asynccontextmanager
async def _service(place: DatabasePlace, **bounds: timedelta) -> AsyncIterator[PushService]:
    service = await open_push_service(place, now=lambda: NOON, renderer=Renderer(**bounds))
    try:
        yield service
    finally:
        await service.close()


async def _send(service: PushService, content: str, content_type: int = 3) -> Message:
    """Send to a new reader, and return what they have."""
    app, reader = await _sender(service)
    draft = make_draft(content, content_type=content_type)
    [result] = await service.messages.send(app, draft, uids=[reader.uid])
    assert result.code == 1000
    [item] = await service.inbox.items(reader)
    return item.message


async def _sender(service: PushService) -> tuple[App, Subscriber]:
    app = await an_app(service)
    return app, await a_reader(service, apps=(app.id,))


@pytest.mark.parametrize("content", ["**bold** words", LONG], ids=["short", "long"])
async def test_markdown_is_kept_as_it_is_shown(service: PushService, content: str) -> None:
    message = await _send(service, content)
    assert message.draft.rendered is not None
    assert message.draft.rendered.startswith("<p><strong>bold</strong> words</p>")
    assert await service.messages.shown(message) is message


async def test_long_html_without_a_summary_gets_that_of_its_words(service: PushService) -> None:
    message = await _send(service, "<style>p {}</style><h1>Sold&amp;out</h1>" + "<p>more</p>" * 500, 2)
    assert message.draft.summary == ("Sold&out" + " more" * 19)[:100]
    assert message.draft.rendered is not None
    assert "<style>" not in message.draft.rendered


async def test_what_is_too_laborious_is_shown_as_it_was_written(tmp_path: Path) -> None:
    async with _service(tmp_path / "push.db", limit=timedelta(seconds=0.05)) as service:
        message = await _send(service, LABORIOUS)
        assert message.draft.rendered is not None
        assert message.draft.rendered.startswith("&gt; &gt; ")
        assert await service.messages.shown(message) is message


async def test_what_is_too_long_as_html_is_refused_and_nothing_is_sent(service: PushService) -> None:
    app, reader = await _sender(service)
    with pytest.raises(RefusedError, match="content: "):
        await service.messages.send(app, make_draft(GROWING, content_type=3), uids=[reader.uid])
    assert not await service.inbox.items(reader)


@pytest.mark.faults
async def test_a_message_that_cannot_be_rendered_now_is_sent_and_rendered_at_the_first_look(tmp_path: Path) -> None:
    async with _service(tmp_path / "push.db", longest_wait=timedelta(seconds=0)) as service:
        app, reader = await _sender(service)
        hostile = asyncio.create_task(
            service.messages.send(app, make_draft(LABORIOUS, content_type=3), uids=[reader.uid])
        )
        await asyncio.sleep(0)  # it has the lane
        message = await _send(service, "<p>Sold&amp;out" * 500, 2)
        assert (message.draft.rendered, message.draft.summary[:8]) == (None, "Sold&out")
        shown = await service.messages.shown(message)
        assert shown.draft.rendered is not None
        assert "&lt;p&gt;" in shown.draft.rendered  # nobody has time for it now either, and it is read
        await hostile
    async with _service(tmp_path / "push.db") as service:
        shown = await service.messages.shown(message)
        assert shown.draft.rendered == "<p>Sold&amp;out</p>" * 500
        assert await service.messages.of_slug(message.slug) == shown


@pytest.mark.faults
@pytest.mark.parametrize("content", ["**short**", LONG, GROWING], ids=["short", "long", "too long as HTML"])
@pytest.mark.on_sqlite("looks into the file")
async def test_a_message_from_before_is_rendered_at_the_first_look(tmp_path: Path, content: str) -> None:
    async with _service(tmp_path / "push.db") as service:
        before = await _send(service, "**bold**")
        with closing(sqlite3.connect(tmp_path / "push.db")) as connection, connection:
            connection.execute("UPDATE messages SET content = ?, rendered = NULL", (content,))
        message = await service.messages.of_slug(before.slug)
        assert message is not None
        assert message.draft.rendered is None
        shown, again = await asyncio.gather(service.messages.shown(message), service.messages.shown(message))
        assert shown.draft.rendered
        assert shown == again == await service.messages.of_slug(before.slug)


@pytest.mark.on_sqlite("looks into the file")
async def test_nothing_of_what_is_shown_stays_of_a_deleted_message(tmp_path: Path) -> None:
    async with _service(tmp_path / "push.db") as service:
        app, reader = await _sender(service)
        [result] = await service.messages.send(app, make_draft(LONG, content_type=3), uids=[reader.uid])
        assert result.message_id is not None
        await service.messages.delete(app, result.message_id)
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection:
        assert connection.execute("SELECT content, rendered FROM messages").fetchall() == [("", None)]


async def test_a_sender_of_laborious_messages_holds_up_no_other(tmp_path: Path) -> None:
    async with _service(tmp_path / "push.db", limit=timedelta(seconds=0.05)) as service:
        hostile, reader = await _sender(service)
        draft = make_draft(LABORIOUS, content_type=3)
        await service.messages.send(hostile, draft, uids=[reader.uid])  # by which it is known
        sending = [asyncio.create_task(service.messages.send(hostile, draft, uids=[reader.uid])) for _ in range(3)]
        await asyncio.sleep(0)
        assert (await _send(service, LONG)).draft.rendered
        assert not all(task.done() for task in sending)
        for [result] in await asyncio.gather(*sending):
            assert result.code == 1000
