"""The operator's login over a real server: who gets in, for how long, and who does not."""

from __future__ import annotations

import asyncio
import logging
import re
import statistics
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from yarl import URL

from tests.clock import Clock
from tests.push.prepared import place_tables
from tests.web.login import (
    COOKIE,
    address,
    as_operator,
    behind_proxy,
    clients,
    given,
    is_open,
    logged_in,
    serving,
    try_login,
    wait_of,
)
from tests.web.site import NOW, PASSWORD, Site
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.push.sessions import MAX_SESSIONS, SESSION_IDLE, SESSION_LIFE
from watcher.web.console.login import console_path
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES
from watcher.web.sessions.account import ACCOUNT_COOKIE

_OPERATOR = [(route.method, address(route.path)) for route in ROUTES if route.role in (Role.ACCOUNT, Role.OPERATOR)]
_UNSAFE = [path for method, path in _OPERATOR if method != "GET"]


@pytest.fixture
async def push(tmp_path: Path, clock: Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(await place_tables(tmp_path / "push.sqlite3", password=PASSWORD), now=clock)
    await service.topics.declare([Topic(key="demo", name="Price drops")])
    yield service
    await service.close()


async def test_the_right_password_opens_the_console(site: Site) -> None:
    session = await logged_in(site)
    answer = await site.get("/console", headers=as_operator(session))
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Overview" in await answer.text()


async def test_a_session_is_a_cookie_that_no_script_and_no_other_site_gets(site: Site) -> None:
    answer = await try_login(site)
    cookie = given(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch("[A-Za-z0-9]{32}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert (cookie["secure"], cookie["domain"], int(cookie["max-age"])) == ("", "", 30 * 86_400)


async def test_over_https_it_is_bound_to_this_very_host(push: PushService, settings: Settings) -> None:
    async with serving(push, replace(settings, base_url="https://push.example")) as site:
        name = ACCOUNT_COOKIE.named(is_https=True)
        cookie = given(await try_login(site), name)
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
        assert (await site.get("/console", headers=as_operator(cookie.value, name))).status == 200
        # What another host of the domain, or a page over http, could have set, is not looked at.
        assert not await is_open(site, cookie.value)


@pytest.mark.faults
@pytest.mark.parametrize(
    "cookie",
    [None, f"{COOKIE}=", f"{COOKIE}=x", f"{COOKIE}={'A' * 32}", f"{COOKIE}=\xff", "watcher_device={device}"],
    ids=["none", "empty", "short", "unknown", "no ASCII", "a device's"],
)
async def test_who_is_not_logged_in_sees_and_changes_nothing(
    site: Site, cookie: str | None, subtests: pytest.Subtests
) -> None:
    session, reader = await logged_in(site), await site.reader()
    headers = {} if cookie is None else {"Cookie": cookie.format(device=reader.device_token)}
    for method, path in _OPERATOR:
        with subtests.test(f"{method} {path}"):
            async with site.client.request(method, path, headers=headers, allow_redirects=False) as answer:
                if method == "GET":
                    led = URL(answer.headers["Location"])
                    assert (answer.status, led.path, dict(led.query)) == (303, "/console/login", {"next": path})
                else:
                    assert answer.status == 401
                    assert 'name="password"' in await answer.text()
    assert await is_open(site, session)


async def test_no_token_of_the_api_opens_the_console(site: Site) -> None:
    for token in ((await site.app())[1], (await site.push.tokens.add("robot", ["watches:read"]))[1]):  # type: ignore[list-item]
        assert (await site.get("/console", headers={"Authorization": f"Bearer {token}"})).status == 303
        assert not await is_open(site, token)


async def test_the_console_s_cookie_opens_no_inbox_and_no_api(site: Site) -> None:
    headers = as_operator(await logged_in(site))
    assert (await site.get("/inbox", headers=headers)).status == 303
    assert (await site.get("/api/v1/watches", headers=headers)).status == 401


@pytest.mark.parametrize("wrong", ["", " ", "x", PASSWORD.upper(), PASSWORD + " ", "\x00", "密" * 400, "x" * 500_000])
async def test_a_wrong_password_gets_one_answer_whatever_it_is(site: Site, wrong: str) -> None:
    answer = await try_login(site, wrong)
    assert (answer.status, answer.cookies.get(COOKIE)) == (401, None)
    assert await answer.text() == await (await try_login(site, "another")).text()


async def test_a_form_without_a_password_is_a_wrong_one(site: Site) -> None:
    for headers in ({"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data; boundary=x"}):
        assert (await site.post("/console/login", body=b"{}", headers=headers)).status == 401


async def test_no_password_is_set_and_none_is_right(tmp_path: Path, settings: Settings) -> None:
    service = await open_push_service(tmp_path / "new.sqlite3", now=lambda: NOW)
    async with serving(service, settings) as bare:
        assert [(await try_login(bare, password)).status for password in ("", PASSWORD)] == [401, 401]
    await service.close()


@pytest.mark.faults
async def test_a_wrong_password_takes_as_long_where_there_is_none(site: Site, tmp_path: Path) -> None:
    bare = await open_push_service(tmp_path / "new.sqlite3", now=lambda: NOW)

    async def seconds(service: PushService, password: str) -> float:
        started = time.perf_counter()
        assert await service.operator.log_in(password) is None
        return time.perf_counter() - started

    tries = [(site.push, "x"), (site.push, PASSWORD[:-1]), (bare, "x"), (bare, PASSWORD)]
    took = [[await seconds(*each) for each in tries] for _ in range(7)]
    await bare.close()
    medians = [statistics.median(column) for column in zip(*took, strict=True)]
    # A path without the hash would take a hundredth.
    assert max(medians) < 3 * min(medians), medians


async def test_a_login_begins_a_new_session_and_ends_the_one_before(site: Site) -> None:
    first = await logged_in(site)
    second = given(await try_login(site, session=first)).value
    assert second != first
    assert [await is_open(site, each) for each in (first, second)] == [False, True]


async def test_a_session_that_an_attacker_planted_is_never_the_operators(site: Site) -> None:
    planted = "A" * 32
    session = given(await try_login(site, session=planted)).value
    assert session != planted
    assert not await is_open(site, planted)


async def test_a_wrong_password_ends_no_session(site: Site) -> None:
    session = await logged_in(site)
    assert (await try_login(site, "wrong", session=session)).status == 401
    assert await is_open(site, session)


async def test_sessions_of_other_browsers_are_kept_side_by_side(site: Site) -> None:
    sessions = [await logged_in(site) for _ in range(3)]
    assert [await is_open(site, each) for each in sessions] == [True] * 3


async def test_a_logout_ends_the_session_in_the_database(site: Site) -> None:
    session, other = await logged_in(site), await logged_in(site)
    answer = await site.post("/console/logout", headers=as_operator(session))
    assert (answer.status, answer.headers["Location"]) == (303, "/console/login")
    assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["max-age"]) == ("", "0")
    assert [await is_open(site, each) for each in (session, other)] == [False, True]


async def test_logging_out_everywhere_ends_all(site: Site) -> None:
    sessions = [await logged_in(site) for _ in range(3)]
    assert (await site.post("/console/logout/all", headers=as_operator(sessions[0]))).status == 303
    assert [await is_open(site, each) for each in sessions] == [False] * 3


async def test_a_new_password_ends_all_sessions_and_the_old_one_opens_nothing(site: Site) -> None:
    session = await logged_in(site)
    await site.push.operator.set_password("another long password")
    assert not await is_open(site, session)
    assert (await try_login(site)).status == 401
    assert (await try_login(site, "another long password")).status == 303


async def test_a_session_ends_after_30_days_however_much_it_is_used(site: Site, clock: Clock) -> None:
    session = await logged_in(site)
    while clock.at < NOW + SESSION_LIFE - timedelta(days=5):
        clock.at += timedelta(days=5)
        assert await is_open(site, session)
    clock.at = NOW + SESSION_LIFE
    assert not await is_open(site, session)


async def test_a_session_ends_after_a_week_without_use(site: Site, clock: Clock) -> None:
    session = await logged_in(site)
    clock.at += SESSION_IDLE - timedelta(seconds=1)
    assert await is_open(site, session)
    clock.at += SESSION_IDLE
    assert not await is_open(site, session)


async def test_a_look_within_the_hour_writes_nothing(site: Site, clock: Clock, push: PushService) -> None:
    token = await logged_in(site)
    seen = []
    for minutes in (10, 49, 1, 1):
        clock.at += timedelta(minutes=minutes)
        known = await push.sessions.known(token)
        assert known is not None
        seen.append(known[1].seen_at)
    assert seen == [NOW, NOW, NOW, NOW + timedelta(hours=1)]


@pytest.mark.faults
async def test_twenty_sessions_are_kept_and_the_one_used_longest_ago_makes_room(site: Site, clock: Clock) -> None:
    tokens = []
    for _ in range(MAX_SESSIONS + 2):
        clock.at += timedelta(minutes=1)
        tokens.append(await site.push.operator.log_in(PASSWORD))
    assert [await is_open(site, each) for each in tokens] == [False] * 2 + [True] * MAX_SESSIONS


async def test_a_session_outlives_the_server(push: PushService, settings: Settings) -> None:
    async with serving(push, settings) as before:
        session = await logged_in(before)
    async with serving(push, settings) as after:
        assert await is_open(after, session)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_a_form_of_another_site_does_nothing_in_the_operators_name(
    site: Site, headers: dict[str, str], subtests: pytest.Subtests
) -> None:
    session = await logged_in(site)
    for path in _UNSAFE:
        with subtests.test(path):
            assert (await site.post(path, headers=as_operator(session) | headers)).status == 403
    assert await is_open(site, session)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_another_site_logs_nobody_in(site: Site, headers: dict[str, str]) -> None:
    answer = await try_login(site, headers=headers)
    assert (answer.status, answer.cookies.get(COOKIE)) == (403, None)


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
        *("http:evil.example", "javascript:alert(1)", "data:text/html,x", "/%2f%2fevil.example", "/\t/evil.example"),
        *("/console@evil.example", "/console.evil.example", "/console\\@evil.example", "/consoles", "console"),
        *("/console/\r\nSet-Cookie: x=y", "/console\n", "/console/#x", " /console/x", "/console/é", "", "/", "/inbox"),
        *("//evil.example/console", "https://push.example@evil.example/console", "/../evil.example", "/console/\x00"),
    ],
)
def test_a_path_that_is_none_of_the_console_is_not_followed(wanted: str) -> None:
    assert console_path(wanted) == "/console"


@pytest.mark.parametrize("wanted", ["/console", "/console?page=2", "/console/x/y?z=1&w=%20"])
def test_a_path_of_the_console_is(wanted: str) -> None:
    assert console_path(wanted) == wanted


async def test_a_login_leads_to_no_other_site(site: Site) -> None:
    answer = await try_login(site, wanted="//evil.example/console")
    assert (answer.status, answer.headers["Location"]) == (303, "/console")
    known = await site.get("/console/login?next=//evil.example", headers=as_operator(given(answer).value))
    assert (known.status, known.headers["Location"]) == (303, "/console")


async def test_a_login_leads_on_to_where_the_operator_wanted(site: Site) -> None:
    wanted = "/console?page=2&x=%26"
    first = await site.get(f"/console/login?next={quote(wanted, safe='')}")
    assert f'value="{wanted.replace("&", "&amp;")}"' in await first.text()
    assert (await try_login(site, wanted=wanted)).headers["Location"] == wanted


async def test_a_page_leads_to_the_login_and_back(site: Site) -> None:
    answer = await site.get("/console?page=2&x=%26")
    led = URL(answer.headers["Location"])
    assert (answer.status, led.path, dict(led.query)) == (303, "/console/login", {"next": "/console?page=2&x=%26"})


async def test_an_address_tries_ten_times_in_ten_minutes(site: Site) -> None:
    answers = [await try_login(site, "wrong") for _ in range(11)]
    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert 500 < wait_of(answers[-1]) <= 600
    refused = await try_login(site)
    assert (refused.status, refused.cookies.get(COOKIE)) == (429, None)
    assert "Wait 10 min" in await refused.text()


async def test_a_household_of_ipv6_is_one_address(push: PushService, settings: Settings) -> None:
    async with behind_proxy(push, settings) as site:
        for host in range(10):
            await try_login(site, "wrong", headers={"X-Forwarded-For": f"2001:db8::{host + 1:x}"})
        assert (await try_login(site, headers={"X-Forwarded-For": "2001:db8::ffff"})).status == 429
        assert (await try_login(site, headers={"X-Forwarded-For": "2001:db8:0:1::1"})).status == 303


@pytest.mark.faults
async def test_all_addresses_together_try_thirty_times_and_the_machine_itself_still_can(
    push: PushService, settings: Settings
) -> None:
    async with behind_proxy(push, settings) as site:
        statuses = [
            (await try_login(site, "wrong", headers={"X-Forwarded-For": client})).status for client in clients(33)
        ]
        assert statuses == [401] * 30 + [429] * 3
        assert (await try_login(site)).status == 303


async def test_this_machine_is_one_address_whichever_of_its_own_it_calls_from(
    push: PushService, settings: Settings
) -> None:
    async with behind_proxy(push, settings) as site:
        own = [f"127.0.{n}.1" for n in range(9)] + ["::1", "127.1.1.1", "::ffff:127.0.0.9"]
        statuses = [(await try_login(site, "x", headers={"X-Forwarded-For": each})).status for each in own]
        assert statuses == [401] * 10 + [429] * 2


async def test_one_address_cannot_use_up_the_tries_of_all(push: PushService, settings: Settings) -> None:
    async with behind_proxy(push, settings) as site:
        for _ in range(40):
            await try_login(site, "wrong", headers={"X-Forwarded-For": "203.0.113.1"})
        assert (await try_login(site, headers={"X-Forwarded-For": "203.0.113.2"})).status == 303


async def test_who_is_no_trusted_proxy_gets_no_more_tries_by_inventing_addresses(site: Site) -> None:
    statuses = [(await try_login(site, "x", headers={"X-Forwarded-For": client})).status for client in clients(12)]
    assert statuses == [401] * 10 + [429] * 2


@pytest.mark.faults
async def test_a_session_goes_on_while_others_flood_the_login(push: PushService, settings: Settings) -> None:
    async with behind_proxy(push, settings) as site:
        session = await logged_in(site)
        await asyncio.gather(*(try_login(site, "x", headers={"X-Forwarded-For": each}) for each in clients(60)))
        assert await is_open(site, session)


async def test_neither_password_nor_session_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        session = await logged_in(site)
        await try_login(site, "wrong-guess")
        await site.get("/console?page=2", headers=as_operator(session))
    assert "a wrong password for the console came from 127.0.0.1" in caplog.text
    for secret in (PASSWORD, session, "wrong-guess"):
        assert secret not in caplog.text


async def test_the_database_holds_neither_password_nor_session(site: Site, tmp_path: Path) -> None:
    session = await logged_in(site)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("push.sqlite3*"))
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in stored
    assert PASSWORD.encode() not in stored
    assert session.encode() not in stored


@pytest.mark.parametrize(
    ("base_url", "came_from", "is_warned"),
    [
        pytest.param("http://push.example", "203.0.113.7", True, id="over the network"),
        pytest.param("http://192.0.2.5:8400", None, False, id="from this machine, though others may come"),
        pytest.param("https://push.example", "203.0.113.7", False, id="over https"),
    ],
)
async def test_plain_http_works_and_says_that_others_can_read_along(
    push: PushService, settings: Settings, base_url: str, came_from: str | None, is_warned: bool
) -> None:
    async with serving(push, replace(settings, base_url=base_url)) as site:
        headers = {"X-Forwarded-For": came_from} if came_from else {}
        assert ("plain http" in await (await site.get("/console/login", headers=headers)).text()) == is_warned


async def test_the_login_speaks_chinese(site: Site) -> None:
    answer = await try_login(site, "wrong", headers={"Accept-Language": "zh-CN"})
    assert "密码不正确" in await answer.text()


async def test_what_is_dangerous_asks_for_the_password_again_after_ten_minutes(site: Site, clock: Clock) -> None:
    session = await logged_in(site)
    recent = await site.get("/console/confirm?next=/console?page=2", headers=as_operator(session))
    assert (recent.status, recent.headers["Location"]) == (303, "/console?page=2")
    clock.at += timedelta(minutes=10)
    assert 'type="password"' in await (await site.get("/console/confirm", headers=as_operator(session))).text()
    wrong = await try_login(site, "wrong", session=session, path="/console/confirm")
    assert (wrong.status, "That is not the password." in await wrong.text()) == (422, True)
    assert (await site.get("/console/confirm", headers=as_operator(session))).status == 200
    right = await try_login(site, wanted="/console?page=3", session=session, path="/console/confirm")
    assert (right.status, right.headers["Location"]) == (303, "/console?page=3")
    assert (await site.get("/console/confirm", headers=as_operator(session))).status == 303
