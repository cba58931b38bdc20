"""Strangers who flood the sign-in take nothing that somebody needs who is known by a session, a device or a browser."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.web.scanning import Browser, Scene, a_scene
from tests.web.site import PASSWORD
from watcher.core.accounts import Purpose, Registration
from watcher.core.settings import Settings
from watcher.errors import CapReachedError
from watcher.push import passwords, sign_in_codes
from watcher.push.sign_in_codes import MAX_CODES


@pytest.fixture
async def scene(
    tmp_path: Path, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    """One where a guess costs next to nothing; that it costs much elsewhere is tested with the login."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 8)
    async with a_scene(tmp_path, settings, clock, Registration.OPEN) as made:
        await made.push.operator.set_password(PASSWORD)
        yield made


async def _post(stranger: Browser, path: str, addresses: Iterable[str], **fields: str) -> Counter[int]:
    """Send a form from each of the addresses, and return how often it was answered by which status."""

    async def one(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        async with stranger.client.post(path, data=fields, headers=headers, allow_redirects=False) as answer:
            return answer.status

    return Counter(await asyncio.gather(*map(one, addresses)))


async def _an_owner(scene: Scene, name: str = "Grace") -> tuple[Browser, Browser]:
    """Register somebody at the address of all; return their phone and their browser, which is signed in."""
    phone, desk = await scene.phone(), await scene.browser()
    assert (await phone.post(await desk.show_code(), answer="register", name=name)).status == 303
    assert (await desk.post("/console/code/go")).status == 303
    return phone, desk


async def test_wrong_passwords_of_strangers_leave_a_session_its_tries(scene: Scene, clock: Clock) -> None:
    await _an_owner(scene)
    desk, stranger = await scene.browser(), await scene.browser()
    assert (await desk.post("/console/login", password=PASSWORD)).status == 303
    clock.at += timedelta(minutes=10)
    assert (await desk.post("/console/accounts/1/block")).headers["Location"].startswith("/console/confirm?")
    flood = [f"203.0.113.{10 + number % 3}" for number in range(26)] + ["203.0.113.99"] * 3
    assert await _post(stranger, "/console/login", flood, password="wrong") == {401: 29}
    assert await _post(stranger, "/console/login", ["203.0.113.98"], password=PASSWORD) == {429: 1}
    answer = await desk.post("/console/confirm", password=PASSWORD, next="/console/accounts/1")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/accounts/1")
    answer = await desk.post("/console/accounts/1/block")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/accounts/1?said=account_blocked")
    # Signed out, the operator signs in again by this browser: strangers do not use up its tries.
    await desk.post("/console/logout")
    assert (await desk.post("/console/login", password=PASSWORD)).status == 303


async def test_a_stolen_session_guesses_the_password_ten_times_and_keeps_nobody_else_from_it(scene: Scene) -> None:
    thief, desk = await scene.browser(), await scene.browser()
    for each in (thief, desk):
        await scene.sign_in(each)
    guesses = [f"203.0.113.{number}" for number in range(12)]
    assert await _post(thief, "/console/confirm", guesses, password="wrong") == {422: 10, 429: 2}
    assert (await desk.post("/console/confirm", password=PASSWORD)).status == 303


async def test_a_stolen_mark_opens_nothing_and_guesses_ten_times(scene: Scene) -> None:
    desk, thief = await scene.browser(), await scene.browser()
    assert (await desk.post("/console/login", password=PASSWORD)).status == 303
    mark = desk.cookie("watcher_mark") or ""
    for forged in ("", "x", "0..", mark[:-1], f"1{mark}", f"{mark}\xff"):
        assert await scene.push.sessions.marked(forged) is None
    thief.keep("watcher_mark", mark)
    assert not await thief.is_in()
    guesses = [f"203.0.113.{number}" for number in range(12)]
    assert await _post(thief, "/console/login", guesses, password="wrong") == {401: 10, 429: 2}
    await scene.push.operator.set_password("another long password")
    assert await scene.push.sessions.marked(mark) is None


@pytest.mark.faults
async def test_codes_of_strangers_keep_neither_owners_nor_newcomers_from_signing_in(scene: Scene) -> None:
    phone, desk = await _an_owner(scene)
    await desk.post("/console/logout")
    stranger = await scene.browser()
    # 594 of 22 addresses, and then what one a second from 20 of them comes to: each is at its own limit all the time.
    first = [f"198.51.100.{number % 22}" for number in range(594)]
    assert await _post(stranger, "/console/code", first) == {303: 594}
    more = [f"198.51.100.{number % 20}" for number in range(80)]
    assert await _post(stranger, "/console/code", more) == {303: 60, 429: 20}
    newcomer = await scene.browser(address="192.0.2.7")
    assert (await newcomer.post("/console/code")).status == 303
    assert (await phone.post(await desk.show_code(), answer="yes")).status == 303
    assert (await desk.post("/console/code/go")).status == 303


async def test_a_stranger_at_the_same_address_takes_neither_codes_nor_answers_of_who_is_known(
    scene: Scene, clock: Clock
) -> None:
    phone, desk = await _an_owner(scene)
    stranger, here = await scene.browser(), desk.address
    assert await _post(stranger, "/console/code", [here] * 31) == {303: 29, 429: 2}
    clock.at += timedelta(minutes=10)
    assert (await desk.post("/console/confirm/code", next="/console/me")).status == 303
    asked = f"/console/in/{(desk.cookie('watcher_code') or '')[:32]}"
    for path in ("/console/in/x", "/console/code/state"):
        statuses = [(await stranger.client.get(path, headers={"X-Forwarded-For": here})).status for _ in range(101)]
        assert statuses[-1] == 429
    assert (await _post(stranger, "/console/in/x", [here] * 101, answer="yes"))[429]
    assert "Sign in to the console" in await phone.get(asked)
    assert (await phone.post(asked, answer="yes")).status == 303
    assert await desk.state() == "approved"
    assert (await desk.post("/console/code/go", next="/console/me")).headers["Location"] == "/console/me"
    await desk.post("/console/logout")
    assert (await phone.post(await desk.show_code(), answer="yes")).status == 303
    assert (await desk.post("/console/code/go")).status == 303


async def test_while_strangers_fill_all_codes_a_known_browser_shows_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, desk = await _an_owner(scene)
    await desk.post("/console/logout")
    assert MAX_CODES == 10_000
    monkeypatch.setattr(sign_in_codes, "MAX_CODES", 0)
    with pytest.raises(CapReachedError):
        await scene.push.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    assert (await (await scene.browser()).post("/console/code")).status == 503
    for _ in range(30):
        await desk.show_code()
    # Its own share is used up, so it is a stranger like all others.
    assert (await desk.post("/console/code")).status == 503
