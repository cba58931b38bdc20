"""Writing messages in the console: previewed, sent once, and refused with a line at the field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse
from sqlalchemy import Engine, event

from tests.web.console_desk import an_owner, session_of
from tests.web.login import FORM, as_operator
from tests.web.places import run
from tests.web.site import Site
from watcher.core.push import App, AppProfile, PushTopic
from watcher.push.draft import make_draft
from watcher.push.sending import SimpleSendRequest
from watcher.push.service import PushService

_PATH = "/console/compose"
_SCRIPT = "<script>window.pwned=1</script>"


@pytest.fixture
def operator(push: PushService, tmp_path: Path) -> dict[str, str]:  # noqa: ARG001 whose database it is
    """The headers of the operator's browser."""
    return as_operator(session_of(tmp_path / "push.sqlite3"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "push.sqlite3"


async def _shop(site: Site, name: str = "Shop") -> tuple[App, PushTopic]:
    app, _ = await site.push.apps.add(AppProfile(name=name))
    return app, await site.push.topics.add(f"News of {name}", app_id=app.id)


async def _post(site: Site, headers: dict[str, str], **fields: object) -> ClientResponse:
    return await site.post(
        _PATH,
        body=urlencode({key.replace("__", "-"): value for key, value in fields.items()}).encode(),
        headers=headers | FORM | {"Accept-Language": "en"},
    )


def _key(html: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', html)
    assert found is not None
    return found[1]


async def _form(site: Site, headers: dict[str, str], query: str) -> str:
    answer = await site.get(f"{_PATH}?{query}", headers=headers | {"Accept-Language": "en"})
    assert answer.status == 200
    return await answer.text()


async def test_who_has_several_applications_chooses_one_first(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    assert f'href="/console/compose?app={app.id}"' in await _form(site, operator, "")
    html = await _form(site, operator, f"topic={topic.id}")
    assert "News of Shop" in html
    assert re.search(rf'name="topic-{topic.id}" type="checkbox" value="1" checked', html)
    assert "UID_x</textarea>" in await _form(site, operator, f"app={app.id}&uid=UID_x")


async def test_of_an_application_that_nobody_writes_by_it_says_what_that_one_sends_and_offers_the_others(
    site: Site, operator: dict[str, str]
) -> None:
    app, topic = await _shop(site)
    reader = await site.push.subscribers.add()
    await site.push.messages.send_simple(SimpleSendRequest(spts=[reader.spt], draft=make_draft("hi")))
    await site.push.trials.begin()
    built_in = {each.key: each for each in await site.push.apps.all() if not each.has_senders}
    simple, trial = built_in["simple"], built_in["trial"]
    html = await _form(site, operator, f"app={simple.id}")
    assert "“simple push” only sends what is pushed with a subscriber" in html
    assert "<textarea" not in html
    assert f'href="/console/compose?app={app.id}"' in html
    assert "visitors of /try" in await _form(site, operator, f"app={trial.id}")
    fields = {f"topic-{topic.id}": "1", "do": "send"}
    answer = await _post(site, operator, app=simple.id, content="x", **fields)
    assert (answer.status, "no message can be written for it" in await answer.text()) == (422, True)


async def test_another_application_is_offered_where_there_is_one_that_somebody_sends_by(
    site: Site, database: Path
) -> None:
    shop, _ = await _shop(site)
    owner = as_operator(session_of(database, an_owner(database, shop)))
    assert "another application" not in await _form(site, owner, f"app={shop.id}")
    bank, _ = await _shop(site, "Bank")
    owner = as_operator(session_of(database, an_owner(database, bank, shop, name="Mei")))
    assert "another application" in await _form(site, owner, f"app={shop.id}")


@pytest.mark.on_sqlite
async def test_a_form_asks_for_no_more_applications_than_tell_whether_there_is_another(
    site: Site, operator: dict[str, str]
) -> None:
    app, _ = await _shop(site)
    await _shop(site, "Bank")
    most = []

    def look(*asked: Any) -> None:
        _, _, statement, values, _, _ = asked
        if "FROM apps" in statement and "LIMIT" in statement:
            most.append(values[-2])  # LIMIT ? OFFSET ?

    event.listen(Engine, "before_cursor_execute", look)
    try:
        assert "another application" in await _form(site, operator, f"app={app.id}")
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert most == [4], "two, for two more are those that nobody sends by"


async def test_a_preview_shows_it_as_it_is_read_with_how_many_get_it_and_sends_nothing(
    site: Site, operator: dict[str, str]
) -> None:
    app, topic = await _shop(site)
    reader = await site.push.subscribers.add(topic_ids=[topic.id])
    both = await site.push.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    fields = {f"topic-{topic.id}": "1", "uids": f"{both.subscriber.uid}, UID_stranger", "kind": "markdown"}
    answer = await _post(
        site, operator, app=app.id, content=f"**Big** {_SCRIPT}", summary="Sale", do="preview", **fields
    )
    html = await answer.text()
    assert answer.status == 200
    assert "2 people will get it" in html
    assert 'UID_stranger</code> <span class="why">is not subscribed to the application itself' in html
    assert "&lt;strong&gt;Big&lt;/strong&gt;" in html
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html
    assert _SCRIPT not in html
    assert "**Big** &lt;script&gt;" in html
    assert 'value="Sale"' in html
    assert await site.push.inbox.items(reader.subscriber) == []


async def test_markdown_without_a_summary_is_titled_by_its_words(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    reader = (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    fields = {f"topic-{topic.id}": "1", "key": _key(await _form(site, operator, f"app={app.id}")), "do": "send"}
    content = "# Spring *planting*\n\nWe meet at **9** & bring:\n\n- gloves"
    await _post(site, operator, app=app.id, content=content, kind="markdown", **fields)
    [item] = await site.push.inbox.items(reader)
    assert item.message.draft.summary == "Spring planting We meet at 9 & bring: gloves"
    assert item.message.draft.content == content


async def test_nothing_is_offered_to_be_sent_to_nobody(site: Site, operator: dict[str, str]) -> None:
    app, _ = await _shop(site)
    html = await (await _post(site, operator, app=app.id, content="Hello", uids="UID_stranger", do="preview")).text()
    assert "0 people will get it" in html
    assert "Send to 0" not in html


async def test_it_is_sent_once_however_often_the_button_is_pressed(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    reader = (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    fields = {f"topic-{topic.id}": "1", "key": _key(await _form(site, operator, f"app={app.id}")), "do": "send"}
    answers = [await _post(site, operator, app=app.id, content="Hello\r\nthere", **fields) for _ in range(3)]
    [item] = await site.push.inbox.items(reader)
    assert item.message.draft.content == "Hello\nthere"
    assert {answer.headers["Location"] for answer in answers} == {
        f"/console/messages/{item.message.id}?said=message_sent"
    }
    assert [entry.act for entry in await site.push.acts.latest()].count("message_sent") == 1
    changed = await _post(site, operator, app=app.id, content="Bye", **fields)
    html = await changed.text()
    assert changed.status == 422
    assert "sent before you changed it" in html
    assert (await _post(site, operator, app=app.id, content="Bye", **fields | {"key": _key(html)})).status == 303
    assert len(await site.push.inbox.items(reader)) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"content": " \u200b"}, "Write something that can be seen"),
        ({"content": "x" * 40_001}, "40,001 characters; at most 40,000"),
        ({"content": "字" * 30_000}, "90,000 bytes"),
        ({"content": "<b></b>", "kind": "html"}, "as HTML it is too long, or shows nothing"),
        ({"content": "x", "url": "javascript:alert(1)"}, "This is not a link"),
        ({"content": "x", "url": "data:text/html,<script>"}, "This is not a link"),
        ({"content": "x", "uids": "U" * 65}, "is not a UID"),
        ({"content": "x", "uids": " ".join(f"U{n}" for n in range(2_001))}, "2,001 UIDs"),
        ({"content": "x", "none": "1"}, "Choose a topic, or enter a UID"),
        ({"content": "x", **{f"topic-{n}": "1" for n in range(1, 7)}}, "at most 5"),
        ({"content": "x", "uids": "UID_stranger", "none": "1"}, "none of these would get it"),
    ],
    ids=["nothing", "long", "bytes", "shows nothing", "javascript", "data", "uid", "uids", "nobody", "topics", "none"],
)
async def test_what_cannot_be_sent_is_said_at_its_field_and_kept(
    site: Site, operator: dict[str, str], fields: dict[str, str], words: str
) -> None:
    app, topic = await _shop(site)
    reader = (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    to = {} if "none" in fields else {f"topic-{topic.id}": "1"}
    answer = await _post(site, operator, app=app.id, summary="kept", do="send", **fields | to)
    html = await answer.text()
    assert answer.status == 422
    assert words in html
    assert 'aria-invalid="true"' in html or "aria-describedby" in html
    assert 'value="kept"' in html
    assert await site.push.inbox.items(reader) == []


async def test_a_link_is_shown_and_leads_there(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    fields = {f"topic-{topic.id}": "1", "url": "https://x.example/?a=<b>&c"}
    html = await (await _post(site, operator, app=app.id, content="x", **fields)).text()
    assert 'href="https://x.example/?a=&lt;b&gt;&amp;c"' in html


async def test_an_owner_writes_for_their_own_applications_alone(site: Site, database: Path) -> None:
    app, topic = await _shop(site)
    other, elsewhere = await _shop(site, "Bank")
    owner = as_operator(session_of(database, an_owner(database, app)))
    reader = (await site.push.subscribers.add(topic_ids=[elsewhere.id])).subscriber
    html = await _form(site, owner, "")
    assert "News of Shop" in html
    assert "Bank" not in html
    foreign, missing = f"app={other.id}", "app=999"
    for query in (foreign, missing, f"topic={elsewhere.id}", "topic=999", "app=x"):
        assert (await site.get(f"{_PATH}?{query}", headers=owner)).status == 404
    for number in (other.id, 999, "x"):
        assert (
            await _post(site, owner, app=number, content="x", do="send", **{f"topic-{topic.id}": "1"})
        ).status == 404
    fields = {f"topic-{elsewhere.id}": "1", "do": "send"}
    answer = await _post(site, owner, app=app.id, content="x", **fields)
    assert answer.status == 422
    assert "Bank" not in await answer.text()
    assert await site.push.inbox.items(reader) == []


async def test_it_speaks_chinese(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    answer = await site.get(f"{_PATH}?app={app.id}", headers=operator | {"Accept-Language": "zh"})
    html = await answer.text()
    assert "写消息" in html
    assert topic.name in html


async def test_an_owner_at_their_limit_is_told_so_and_keeps_what_was_typed(site: Site, database: Path) -> None:
    app, topic = await _shop(site)
    owner = as_operator(session_of(database, an_owner(database, app)))
    run(database, "UPDATE accounts SET max_messages = 0")
    answer = await _post(site, owner, app=app.id, content="typed", do="send", **{f"topic-{topic.id}": "1"})
    html = await answer.text()
    assert answer.status == 422
    assert "this account has sent its messages for today" in html
    assert "typed</textarea>" in html
