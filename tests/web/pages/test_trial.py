from __future__ import annotations

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from msgspec.structs import replace

from tests.push.prepared import place_tables
from tests.web.site import NOW, Site
from watcher.core.push import TRIAL_APP_KEY, ContentType, Subscriber
from watcher.core.settings import Settings
from watcher.push.opening import open_push_service
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.sessions.device import DEVICE_COOKIE
from watcher.web.transport.server import open_socket, start_server


async def _begin(site: Site) -> str:
    """Begin a trial; return the path of its page, which ends in the code."""
    answer = await site.post("/try")
    assert answer.status == 303
    return answer.headers["Location"]


def _scan_path(trial_path: str) -> str:
    return "/q/" + trial_path.removeprefix("/try/")[:28]


async def _state(site: Site, path: str) -> str:
    answer = await site.get(path)
    found = re.search(r'data-trial="(\w+)"', await answer.text())
    assert found is not None
    return found[1]


async def _scan(site: Site, path: str, language: str = "en") -> Subscriber:
    """Scan with a phone that nobody knows yet; return who it is now."""
    answer = await site.post(_scan_path(path), headers={"Accept-Language": language})
    assert answer.status == 303
    scanner = await site.push.devices.owner(SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE].value)
    assert scanner is not None
    return scanner


async def test_the_landing_page_leads_to_the_trial_and_to_the_api(site: Site) -> None:
    html = await (await site.get("/")).text()
    assert 'href="/try"' in html
    assert 'href="/docs"' in html


async def test_looking_at_it_makes_nothing(site: Site) -> None:
    for language, words in (("en", "Try it"), ("zh-CN", "立即体验")):
        assert words in await (await site.get("/try", headers={"Accept-Language": language})).text()
    assert [app.key for app in await site.push.apps.all()] == ["watcher"]


async def test_a_code_waits_for_its_scan(site: Site) -> None:
    path = await _begin(site)
    html = await (await site.get(path)).text()
    assert f'src="{_scan_path(path)}/qr.svg"' in html
    assert f"http://push.example{_scan_path(path)}</a>" in html
    assert "Open it on this device" in html
    assert 'href="">Look again' in html
    assert (await site.get(f"{_scan_path(path)}/qr.svg")).content_type == "image/svg+xml"
    assert await _state(site, path) == "waiting"
    # What a link preview of the phone's page fetches is no scan.
    await site.get(_scan_path(path))
    assert await _state(site, path) == "waiting"


@pytest.mark.parametrize(("language", "summary"), [("en", "It works"), ("zh-CN", "测试成功")])
async def test_who_scans_gets_one_test_message_and_the_visitor_sees_it_arrive(
    site: Site, language: str, summary: str
) -> None:
    path = await _begin(site)
    scanner = await _scan(site, path, language)
    [item] = await site.push.inbox.items(scanner)
    assert (item.message.draft.summary, item.message.draft.content_type) == (summary, ContentType.TEXT)
    assert await _state(site, path) == "sent"
    await site.push.inbox.mark_shown(scanner, [item.id])
    assert await _state(site, path) == "shown"
    assert "Shown on the device" in await (await site.get(path)).text()


async def test_the_same_reader_gets_no_second_message_of_one_code_another_reader_gets_theirs(site: Site) -> None:
    path, reader = await _begin(site), await site.reader()
    for _ in range(3):
        assert (await site.post(_scan_path(path), device=reader)).status == 303
    assert len(await site.push.inbox.items(reader.subscriber)) == 1
    other = await _scan(site, path)
    assert len(await site.push.inbox.items(other)) == 1
    assert len(await site.push.inbox.items(reader.subscriber)) == 1


async def test_nobody_else_hears_of_it(site: Site) -> None:
    earlier, later, stranger = await _begin(site), await _begin(site), await site.reader()
    first = await _scan(site, earlier)
    await _scan(site, later)
    assert len(await site.push.inbox.items(first)) == 1
    assert await site.push.inbox.items(stranger.subscriber) == []


async def test_a_reader_who_takes_no_messages_is_left_alone_and_the_page_says_why(site: Site) -> None:
    path, reader = await _begin(site), await site.reader()
    await site.push.subscribers.describe(reader.subscriber, is_receiving=False)
    assert (await site.post(_scan_path(path), device=reader)).status == 303
    assert await site.push.inbox.items(reader.subscriber) == []
    assert await _state(site, path) == "refused"


async def test_one_address_begins_no_more_than_a_hundred_trials_in_an_hour(site: Site) -> None:
    answers = [await site.post("/try") for _ in range(101)]
    assert {answer.status for answer in answers[:100]} == {303}
    assert answers[100].status == 429
    assert int(answers[100].headers["Retry-After"]) > 0
    assert "Too many requests" in await answers[100].text()


async def test_the_code_of_an_application_is_no_trial(site: Site) -> None:
    app, _ = await site.app()
    code = await site.push.codes.add(app, "table 7")
    for path in (f"/try/{code.code}", "/try/nothing", "/try/" + "A" * 64):
        answer = await site.get(path)
        assert (answer.status, await _state(site, path)) == (404, "expired")
    # The phone's address, which more people see, is not the visitor's.
    assert (await site.get(f"/try/{(await _begin(site)).removeprefix('/try/')[:28]}")).status == 404


async def test_the_built_in_application_can_be_left_and_is_not_written_to(site: Site) -> None:
    path, reader = await _begin(site), await site.reader()
    await site.post(_scan_path(path), device=reader)
    [trial] = [app for app in await site.push.apps.all() if app.key == TRIAL_APP_KEY]
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert f'action="/a/{trial.slug}/leave"' in html
    assert 'action="/inbox/command"' not in await (await site.get("/inbox", device=reader)).text()


@pytest.mark.faults
async def test_a_trial_ends_after_half_an_hour(tmp_path: Path, settings: Settings) -> None:
    now = [NOW]
    push = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: now[0])
    server = await start_server(
        build_app(push, settings, DiskWatchReader(settings.watches)), open_socket("127.0.0.1", 0)
    )
    base = f"http://127.0.0.1:{server.port}"
    async with ClientSession(base, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30)) as client:
        site = Site(push=push, client=client, server=server, base=base)
        path = await _begin(site)
        now[0] += timedelta(minutes=29)
        assert await _state(site, path) == "waiting"
        now[0] += timedelta(minutes=2)
        assert await _state(site, path) == "expired"
        assert (await site.post(_scan_path(path))).status == 404
    await server.stop()
    await push.close()


@pytest.mark.parametrize(
    ("base_url", "is_warned"),
    [
        ("http://127.0.0.1:8400", True),
        ("http://localhost:8400", True),
        ("http://[::1]:8400", True),
        ("http://a.b", False),
    ],
)
async def test_a_server_that_no_phone_can_reach_says_so(
    site: Site, settings: Settings, base_url: str, is_warned: bool
) -> None:
    server = await start_server(
        build_app(site.push, replace(settings, base_url=base_url), DiskWatchReader(settings.watches)),
        open_socket("127.0.0.1", 0),
    )
    async with ClientSession(f"http://127.0.0.1:{server.port}", timeout=ClientTimeout(total=30)) as client:
        path = await _begin(site)
        async with client.get(path) as answer:
            assert ("A phone cannot reach this server" in await answer.text()) is is_warned
    await server.stop()
