from __future__ import annotations

import pytest

from tests.web.login import FORM
from tests.web.site import Site
from watcher.push.draft import make_draft
from watcher.web.pages.message import Copy, copies_of


async def _page(site: Site, content: str, *, content_type: int, url: str | None = None) -> str:
    reader = await site.reader()
    await site.tell(content, content_type=content_type, url=url)
    [item] = await site.push.inbox.items(reader.subscriber)
    return f"/m/{item.message.slug}"


async def test_a_text_is_escaped_in_the_page_with_its_link(site: Site) -> None:
    path = await _page(site, "1 < 2\nhttps://x.example/a", content_type=1, url="https://shop.example/b")
    html = await (await site.get(path)).text()
    assert "1 &lt; 2<br>" in html
    assert 'href="https://x.example/a"' in html
    assert 'href="https://shop.example/b"' in html
    assert "Open shop.example" in html
    assert "<iframe" not in html


@pytest.mark.parametrize(
    ("content_type", "content"),
    [(2, "<p>hi</p><script>alert(1)</script>"), (3, "*hi*\n\n<script>alert(1)</script>")],
    ids=["html", "markdown"],
)
async def test_everything_else_is_shown_in_a_frame_that_runs_nothing(
    site: Site, content_type: int, content: str
) -> None:
    answer = await site.get(await _page(site, content, content_type=content_type))
    html = await answer.text()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html
    assert "<script>" not in html
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert 'referrerpolicy="no-referrer"' in html


async def test_wxpushers_address_of_the_page_works(site: Site) -> None:
    path = await _page(site, "hello", content_type=1)
    answer = await site.get(path.replace("/m/", "/api/message/") + "/")
    assert answer.content_type == "text/html"
    assert "hello" in await answer.text()


async def test_copy_buttons_of_the_frame_are_repeated_where_they_work(site: Site) -> None:
    content = 'Code: <copy data-clipboard-text="A&quot;1">take it</copy>'
    html = await (await site.get(await _page(site, content, content_type=2))).text()
    assert 'data-copy="A&#34;1"' in html
    assert "Copy “take it”" in html


def test_copy_buttons_are_found_in_order() -> None:
    html = '<button data-clipboard-text="1">one <b>two</b></button><button>no</button>'
    html += '<button data-clipboard-text="3"></button>'
    assert copies_of(html) == [Copy(label="one two", text="1"), Copy(label="3", text="3")]


async def test_where_a_message_came_from_is_muted_or_left_with_one_tap(site: Site) -> None:
    reader = await site.reader()
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    path = f"/m/{item.message.slug}"
    html = await (await site.get(path, device=reader)).text()
    for action in ("mute", "leave"):
        assert f'action="{path}/{action}"' in html
        assert f'action="{path}/{action}"' in await (await site.get("/inbox", device=reader)).text()

    assert (await site.post(f"{path}/mute", device=reader)).headers["Location"] == "/subscriptions"
    await site.tell("while it is off")
    assert len(await site.push.inbox.items(reader.subscriber)) == 1
    assert f'action="{path}/mute"' not in await (await site.get(path, device=reader)).text()

    assert (await site.post(f"{path}/leave", device=reader)).status == 303
    assert (await site.topic()).subscribers == 0
    assert f'action="{path}/leave"' not in await (await site.get(path, device=reader)).text()


@pytest.mark.parametrize(
    ("length", "words", "received"),
    [("hour", "is muted until", 2), ("day", "is muted until", 2), ("good", "is switched off", 1)],
)
async def test_what_is_muted_says_for_how_long_and_comes_back_with_one_tap(
    site: Site, length: str, words: str, received: int
) -> None:
    reader = await site.reader()
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    path = f"/m/{item.message.slug}"
    answer = await site.post(f"{path}/mute", device=reader, body=f"for={length}".encode(), headers=FORM)
    assert answer.headers["Location"] == path
    html = await (await site.get(path, device=reader)).text()
    assert f"Price drops” {words}" in html
    assert f'action="{path}/mute"' not in html
    assert (words in await (await site.get("/subscriptions", device=reader)).text()) == (length != "good")
    await site.tell("more")
    assert len(await site.push.inbox.items(reader.subscriber)) == received

    assert (await site.post(f"{path}/unmute", device=reader)).headers["Location"] == path
    html = await (await site.get(path, device=reader)).text()
    assert f'action="{path}/mute"' in html
    assert words not in html


async def test_a_mute_of_another_length_is_refused_and_changes_nothing(site: Site) -> None:
    reader = await site.reader()
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    answer = await site.post(f"/m/{item.message.slug}/mute", device=reader, body=b"for=ever", headers=FORM)
    assert answer.status == 400
    found = await site.push.subscriptions.that_brought(item.message, reader.subscriber)
    assert found is not None
    assert (found.is_receiving, found.muted_until) == (True, None)


async def test_a_message_of_an_application_mutes_the_application(site: Site) -> None:
    app, _ = await site.app()
    topic = await site.topic()
    reader = await site.push.subscribers.add(app_ids=[app.id], topic_ids=[topic.id])
    await site.push.messages.send(app, make_draft("hello"), uids=[reader.subscriber.uid])
    [item] = await site.push.inbox.items(reader.subscriber)
    await site.post(f"/m/{item.message.slug}/leave", device=reader)
    topics, apps = await site.push.subscriptions.following(reader.subscriber)
    assert ([each.id for each in topics], apps) == ([topic.id], [])


async def test_of_topics_with_one_name_the_one_is_left_that_brought_the_message(site: Site) -> None:
    app, _ = await site.app()
    first, second, third = [await site.push.topics.add("News", app_id=app.id) for _ in range(3)]
    reader = await site.push.subscribers.add(topic_ids=[first.id, second.id])
    await site.push.messages.send(app, make_draft("hello"), topic_ids=[third.id, second.id])
    [item] = await site.push.inbox.items(reader.subscriber)
    await site.post(f"/m/{item.message.slug}/leave", device=reader)
    topics, _ = await site.push.subscriptions.following(reader.subscriber)
    assert [each.id for each in topics] == [first.id]


async def test_a_user_who_left_what_a_message_came_from_keeps_the_rest(site: Site) -> None:
    app, _ = await site.app()
    topic = await site.topic()
    reader = await site.push.subscribers.add(app_ids=[app.id], topic_ids=[topic.id])
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    for _ in range(2):
        await site.post(f"/m/{item.message.slug}/leave", device=reader)
    topics, apps = await site.push.subscriptions.following(reader.subscriber)
    assert (topics, [each.id for each in apps]) == ([], [app.id])


async def test_who_only_has_the_link_of_a_message_is_offered_nothing(site: Site) -> None:
    path = await _page(site, "hello", content_type=1)
    assert "/leave" not in await (await site.get(path)).text()
    assert (await site.post(f"{path}/mute")).status == 401
