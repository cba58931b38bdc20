from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest
from aiohttp import ClientResponse

from tests.web.site import Site
from watcher.core.push import App, AppProfile, NewSubscriber

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _pair(site: Site) -> tuple[App, NewSubscriber]:
    app, _ = await site.push.apps.add(AppProfile(name="<b>Shop</b>", callback_url="http://owner.example/"))
    return app, await site.push.subscribers.add(app_ids=[app.id])


async def _write(site: Site, device: NewSubscriber, text: str, language: str = "en") -> ClientResponse:
    body = b"text=" + quote_plus(text).encode()
    return await site.post("/inbox/command", device=device, body=body, headers=FORM | {"Accept-Language": language})


async def _contents(site: Site, app: App) -> list[str]:
    events = [json.loads(one.body) for one in await site.push.callbacks.newest(app.id)]
    return [event["data"]["content"] for event in events if event["action"] == "send_up_cmd"]


async def test_the_inbox_has_a_form(site: Site) -> None:
    _, reader = await _pair(site)
    assert 'action="/inbox/command"' in await (await site.get("/inbox", device=reader)).text()


async def test_who_follows_no_application_that_takes_what_is_written_has_no_form(site: Site) -> None:
    await _pair(site)
    silent, _ = await site.push.apps.add(AppProfile(name="Silent"))
    reader = await site.push.subscribers.add(app_ids=[silent.id])
    assert 'action="/inbox/command"' not in await (await site.get("/inbox", device=reader)).text()


@pytest.mark.parametrize(("language", "words"), [("en", "Sent to &lt;b&gt;Shop"), ("zh-CN", "已发送给“&lt;b&gt;Shop")])
async def test_a_command_is_saved_and_the_page_says_so(site: Site, language: str, words: str) -> None:
    app, reader = await _pair(site)
    answer = await _write(site, reader, "开门 & more", language)
    assert answer.status == 200
    assert words in await answer.text()
    assert await _contents(site, app) == ["开门 & more"]


async def test_a_number_alone_follows(site: Site) -> None:
    app, reader = await _pair(site)
    other = await site.push.subscribers.add()
    assert "You are subscribed to" in await (await _write(site, other, f"#{app.id}")).text()
    _, apps = await site.push.subscriptions.following(other.subscriber)
    assert [followed.id for followed in apps] == [app.id]
    assert reader.subscriber.uid != other.subscriber.uid


async def test_what_goes_nowhere_stays_in_the_field_with_the_reason(site: Site) -> None:
    app, reader = await _pair(site)
    answer = await _write(site, reader, '#999999 "hello" <x>')
    html = await answer.text()
    assert answer.status == 422
    assert "There is no application with this number." in html
    assert 'value="#999999 &#34;hello&#34; &lt;x&gt;"' in html
    assert await _contents(site, app) == []


async def test_a_reload_and_the_language_switch_show_the_inbox(site: Site) -> None:
    _, reader = await _pair(site)
    answer = await site.get("/inbox/command?lang=zh", device=reader)
    assert answer.status == 200
    assert "收件箱" in await answer.text()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", FORM["Content-Type"], id="empty"),
        pytest.param(b"other=1", FORM["Content-Type"], id="another field"),
        pytest.param(b'{"text":"x"}', "application/json", id="JSON"),
        pytest.param(b"text=x", "multipart/form-data; boundary=x", id="multipart"),
        pytest.param(b"text=x", FORM["Content-Type"] + "; charset=klingon", id="an unknown charset"),
        pytest.param(b"text=\xff\xfe", FORM["Content-Type"], id="no UTF-8"),
    ],
)
async def test_a_form_that_is_none_is_malformed(site: Site, body: bytes, content_type: str) -> None:
    app, reader = await _pair(site)
    answer = await site.post("/inbox/command", device=reader, body=body, headers={"Content-Type": content_type})
    assert answer.status == 400
    assert await _contents(site, app) == []


async def test_control_characters_are_left_out(site: Site) -> None:
    app, reader = await _pair(site)
    await _write(site, reader, "a\x00b\x1bc")
    assert await _contents(site, app) == ["abc"]


@pytest.mark.faults
async def test_a_subscriber_who_writes_without_end_is_slowed_down(site: Site) -> None:
    app, reader = await _pair(site)
    statuses = [(await _write(site, reader, f"{number}")).status for number in range(21)]
    assert statuses == [200] * 20 + [429]
    assert len(await _contents(site, app)) == 20
