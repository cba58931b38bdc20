from __future__ import annotations

import json
from http.cookies import SimpleCookie

import pytest

from tests.web.site import Site
from watcher.core.callbacks import QrCode
from watcher.core.push import App, AppProfile
from watcher.web.sessions.device import DEVICE_COOKIE


async def _code(site: Site) -> tuple[App, QrCode]:
    profile = AppProfile(name="<b>Shop</b>", contact="me@x", callback_url="http://owner.example/")
    app, _ = await site.push.apps.add(profile)
    return app, await site.push.codes.add(app, "desk 3")


async def _told(site: Site, app: App) -> list[dict[str, str]]:
    return [json.loads(one.body)["data"] for one in await site.push.callbacks.newest(app.id)][::-1]


async def test_a_get_shows_the_application_and_says_nothing(site: Site) -> None:
    app, code = await _code(site)
    answer = await site.get(f"/q/{code.slug}")
    html = await answer.text()
    for words in ("&lt;b&gt;Shop&lt;/b&gt;", "me@x", "Subscribe", f'action="/q/{code.slug}"'):
        assert words in html
    assert "Set-Cookie" not in answer.headers
    assert await _told(site, app) == []
    assert await site.push.subscribers.all() == []


async def test_a_post_makes_a_new_device_known_and_tells_the_owner(site: Site) -> None:
    app, code = await _code(site)
    answer = await site.post(f"/q/{code.slug}")
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE]
    subscriber = await site.push.devices.owner(cookie.value)
    assert subscriber is not None
    [data] = await _told(site, app)
    assert (data["uid"], data["source"], data["extra"], data["code"]) == (
        subscriber.uid,
        "scan",
        "desk 3",
        code.code,
    )


async def test_who_follows_already_confirms_each_scan(site: Site) -> None:
    app, code = await _code(site)
    reader = await site.push.subscribers.add(app_ids=[app.id])
    assert "Confirm the scan" in await (await site.get(f"/q/{code.slug}", device=reader)).text()
    assert "确认扫码" in await (await site.get(f"/q/{code.slug}?lang=zh", device=reader)).text()
    before = len(await _told(site, app))
    for _ in range(2):
        answer = await site.post(f"/q/{code.slug}", device=reader)
        assert answer.status == 303
        assert "Set-Cookie" not in answer.headers
    assert len(await _told(site, app)) - before == 2


@pytest.mark.parametrize(("query", "source"), [("", "link"), ("?scan", "scan")])
async def test_the_owner_is_told_whether_a_link_or_the_default_code_was_used(
    site: Site, query: str, source: str
) -> None:
    app, _ = await _code(site)
    html = await (await site.get(f"/a/{app.slug}{query}")).text()
    assert f'action="/a/{app.slug}{query}"' in html
    assert (await site.post(f"/a/{app.slug}{query}")).status == 303
    [data] = await _told(site, app)
    assert (data["source"], data["extra"]) == (source, "")
