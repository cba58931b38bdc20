"""Signing in by scanning, over a real server with the cookies of two devices: who gets in, and who does not."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.web.scanning import Scene, a_scene
from tests.web.site import PASSWORD
from watcher.core.accounts import AccountState, Purpose, Registration
from watcher.core.acts import Act
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.errors import CapReachedError
from watcher.push.service import PushService
from watcher.push.sign_in_codes import MAX_CODES, letters_of
from watcher.web.console import scanning


@pytest.fixture
def registration() -> Registration:
    return Registration.CLOSED


@pytest.fixture
async def scene(tmp_path: Path, settings: Settings, registration: Registration, clock: Clock) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, settings, clock, registration) as made:
        yield made


@pytest.fixture
def push(scene: Scene) -> PushService:
    return scene.push


def _lets_in(registration: Registration) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("registration", [registration], ids=[registration.value])


async def test_a_phone_s_yes_signs_in_the_browser_that_shows_the_code(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    shown = await desk.get("/console/login")
    letters = letters_of(path.rpartition("/")[2])
    assert f">{letters}</p>" in shown
    assert "<svg" in shown
    asked = await phone.get(path)
    for words in (letters, "Chrome · Windows", "203.0.113.1", "console of Ada&#39;s shop", "refuse"):
        assert words in asked
    assert (await phone.post(path, answer="yes")).status == 303
    assert "Continue on the other device" in await phone.get(path)
    assert await desk.state() == "approved"
    answer = await desk.post("/console/code/go", next="/console/me")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/me")
    assert await desk.is_in()


async def test_the_browser_that_waits_hears_of_the_yes_when_it_is_said(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_WAIT_SECONDS", 3_600.0)
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    waiting = asyncio.ensure_future(desk.state())
    await phone.get(path)
    assert not waiting.done()
    await phone.post(path, answer="yes")
    assert await asyncio.wait_for(waiting, 30) == "approved"


async def test_a_phone_that_said_yes_is_told_so_although_the_browser_was_faster(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    said = await phone.post(path, answer="yes")
    assert (await desk.post("/console/code/go", next="/console/me")).status == 303
    assert "Continue on the other device" in await phone.get(said.headers["Location"])
    assert phone.status == 200
    stranger = await scene.phone()
    assert "Continue" not in await stranger.get(said.headers["Location"])
    assert stranger.status == 404


async def test_a_code_is_good_for_two_minutes(scene: Scene, clock: Clock) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    clock.at += timedelta(minutes=2)
    assert "This code has expired" in await phone.get(path)
    assert phone.status == 404
    assert (await phone.post(path, answer="yes")).status == 422
    assert await desk.state() == "over"
    answer = await desk.post("/console/code/go")
    assert (answer.status, "has expired, or was used" in await answer.text()) == (422, True)
    assert not await desk.is_in()


async def test_a_yes_is_good_for_two_minutes(scene: Scene, clock: Clock) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    await phone.post(await desk.show_code(), answer="yes")
    clock.at += timedelta(minutes=2)
    assert (await desk.post("/console/code/go")).status == 422
    assert not await desk.is_in()


async def test_a_code_signs_in_once(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    kept = desk.cookie("watcher_code")
    await phone.post(path, answer="yes")
    assert (await phone.post(path, answer="yes")).status == 422
    assert (await desk.post("/console/code/go")).status == 303
    thief = await scene.browser()
    thief.client.cookie_jar.update_cookies({"watcher_code": kept or ""})
    assert (await thief.post("/console/code/go")).status == 422
    assert not await thief.is_in()
    assert "This code does not work" in await phone.get(path)


async def test_a_code_that_was_guessed_opens_nothing(scene: Scene) -> None:
    phone = await scene.approving_phone()
    for guess in ("x" * 32, "A" * 32, "x", "%00", "é"):
        assert "This code does not work" in await phone.get(f"/console/in/{guess}")
        assert (await phone.post(f"/console/in/{guess}", answer="yes")).status == 422


async def test_who_photographed_the_code_cannot_take_the_yes(scene: Scene) -> None:
    phone, desk, thief = await scene.approving_phone(), await scene.browser(), await scene.browser()
    path = await desk.show_code()
    await phone.post(path, answer="yes")
    assert (await thief.post("/console/code/go")).status == 422
    thief.client.cookie_jar.update_cookies({"watcher_code": path.rpartition("/")[2] + "x" * 32})
    assert (await thief.post("/console/code/go")).status == 422
    assert not await thief.is_in()
    assert (await desk.post("/console/code/go")).status == 303


async def test_a_no_is_final(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    await phone.post(path, answer="no")
    assert await desk.state() == "refused"
    assert (await phone.post(path, answer="yes")).status == 422
    answer = await desk.post("/console/code/go")
    assert (answer.status, "The phone refused" in await answer.text()) == (422, True)


async def test_a_code_shown_elsewhere_says_so(scene: Scene) -> None:
    phone, attacker = await scene.approving_phone(), await scene.browser(address="198.51.100.7")
    asked = await phone.get(await attacker.show_code())
    assert "198.51.100.7" in asked
    assert "another network than this phone (203.0.113.1)" in asked
    desk = await scene.browser()
    assert "another network" not in await phone.get(await desk.show_code())


async def test_a_get_neither_makes_nor_answers_a_code(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    await desk.get("/console/login")
    assert desk.cookie("watcher_code") is None
    path = await desk.show_code()
    await phone.get(f"{path}?answer=yes")
    await desk.get("/console/login")
    assert 'data-scan="open"' in await desk.get("/console/login")


async def test_a_page_of_another_site_answers_nothing(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    path = await desk.show_code()
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with phone.client.post(path, data={"answer": "yes"}, headers=headers, allow_redirects=False) as answer:
        assert answer.status == 403
    assert 'data-scan="open"' in await desk.get("/console/login")


async def test_the_login_shows_no_code_where_no_device_may_approve(scene: Scene) -> None:
    desk = await scene.browser()
    assert "data-scan" not in await desk.get("/console/login")
    await scene.approving_phone()
    assert 'data-scan="none"' in await desk.get("/console/login")


async def test_a_phone_gets_the_right_by_a_code_after_the_password(scene: Scene) -> None:
    await scene.push.operator.set_password(PASSWORD)
    desk, phone = await scene.browser(), await scene.phone()
    assert (await desk.post("/console/login", password=PASSWORD)).status == 303
    assert (await desk.post("/console/me/phone")).status == 303
    shown = await desk.get("/console/me")
    code = (desk.cookie("watcher_code") or "")[:32]
    assert letters_of(code) in shown
    assert "Let this phone approve sign-ins" in await phone.get(f"/console/in/{code}")
    assert (await phone.post(f"/console/in/{code}", answer="approver")).status == 303
    assert phone.cookie("watcher_approver") is not None
    assert not await phone.is_in()
    second = await scene.phone()
    assert (await second.post(f"/console/in/{code}", answer="approver")).status == 422
    assert second.cookie("watcher_approver") is None
    third = await scene.browser()
    await phone.post(await third.show_code(), answer="yes")
    assert (await third.post("/console/code/go")).status == 303


async def test_the_right_is_given_by_who_was_there_within_ten_minutes(scene: Scene, clock: Clock) -> None:
    desk = await scene.browser()
    await scene.sign_in(desk)
    clock.at += timedelta(minutes=10)
    for path in ("/console/me/phone", "/console/me/approve-here"):
        answer = await desk.post(path)
        assert answer.headers["Location"] == "/console/confirm?next=/console/me"
    assert desk.cookie("watcher_approver") is None
    assert await scene.push.approvers.of_account(None) == []


async def test_an_inbox_that_moves_to_another_phone_does_not_carry_the_right(scene: Scene) -> None:
    phone, thief = await scene.approving_phone(), await scene.phone()
    topic = (await scene.push.topics.all())[0]
    assert (await phone.post(f"/t/{topic.slug}")).status == 303
    claim = re.search(r"/claim/([A-Za-z0-9]+)", await (await phone.post("/devices")).text())
    assert claim is not None
    assert (await thief.post(f"/claim/{claim[1]}")).status == 303
    assert "inbox" in await thief.get("/inbox")
    assert (thief.status, thief.cookie("watcher_approver")) == (200, None)
    desk = await scene.browser()
    path = await desk.show_code()
    assert "This phone may not approve sign-ins yet" in await thief.get(path)
    assert (await thief.post(path, answer="yes")).status == 422
    assert not await desk.is_in()


async def test_a_device_that_was_ended_approves_nothing_more(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    [approver] = await scene.push.approvers.of_account(None)
    assert (await phone.post(f"/console/me/approvers/{approver.id}/end")).status == 303
    await scene.approving_phone()
    path = await desk.show_code()
    assert (await phone.post(path, answer="yes")).status == 422


async def test_another_device_and_the_last_one_are_ended_by_who_was_there_within_ten_minutes(
    scene: Scene, clock: Clock
) -> None:
    phone, other = await scene.approving_phone(), await scene.approving_phone()
    others, its = [each.id for each in await scene.push.approvers.of_account(None)]
    clock.at += timedelta(minutes=10)
    asked = (303, "/console/confirm?next=/console/me")
    for browser, device, answer in (
        (phone, others, asked),
        (phone, its, (303, "/console/me?said=approver_ended")),
        (other, others, asked),  # the last one
    ):
        ended = await browser.post(f"/console/me/approvers/{device}/end")
        assert (ended.status, ended.headers["Location"]) == answer
    assert [each.id for each in await scene.push.approvers.of_account(None)] == [others]


@_lets_in(Registration.OPEN)
async def test_an_owner_is_asked_before_their_only_way_in_ends(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    await phone.post(await desk.show_code(), answer="register", name="Grace")
    await desk.post("/console/code/go")
    [approver] = await scene.push.approvers.of_account(1)
    path = f"/console/me/approvers/{approver.id}/end"
    asked = await desk.post(path)
    assert (asked.status, "This is your only way in" in await asked.text()) == (200, True)
    assert await scene.push.approvers.of_account(1) == [approver]
    assert (await desk.post(path, sure="yes")).headers["Location"] == "/console/me?said=approver_ended"
    assert await scene.push.approvers.of_account(1) == []


async def test_a_new_password_ends_the_operator_s_approving_devices(scene: Scene) -> None:
    await scene.approving_phone()
    await scene.push.operator.set_password("another long password")
    assert await scene.push.approvers.of_account(None) == []


@_lets_in(Registration.OPEN)
async def test_whoever_scans_for_the_first_time_has_an_account_at_once(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    path = await desk.show_code()
    assert "Enter a name" in await phone.get(path)
    assert (await phone.post(path, answer="register", name="Grace <b>")).status == 303
    assert (await desk.post("/console/code/go")).status == 303
    page = await desk.get("/console/me")
    assert "Grace &lt;b&gt;" in page
    [account] = await scene.push.accounts.all()
    assert (account.name, account.state) == ("Grace <b>", AccountState.ACTIVE)
    again = await scene.browser()
    asked = await phone.get(path := await again.show_code())
    assert "signs in as: Grace &lt;b&gt;" in asked
    assert (await phone.post(path, answer="register", name="Another")).status == 422
    assert len(await scene.push.accounts.all()) == 1


@_lets_in(Registration.OPEN)
async def test_an_approved_code_signs_in_the_approver_s_own_account_alone(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    await phone.post(await desk.show_code(), answer="register", name="Grace")
    await desk.post("/console/code/go")
    attacker = await scene.browser(address="198.51.100.7")
    await phone.post(await attacker.show_code(), answer="yes")
    assert (await attacker.post("/console/code/go")).status == 303
    assert "Grace" in await attacker.get("/console/me")
    await attacker.get("/console/accounts")
    assert attacker.status == 403


@_lets_in(Registration.OPEN)
@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "\u200b"])
async def test_a_name_that_is_none_is_asked_for_again(scene: Scene, name: str) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    answer = await phone.post(await desk.show_code(), answer="register", name=name)
    assert (answer.status, "Enter a name of 1 to 60" in await answer.text()) == (422, True)
    assert await scene.push.accounts.all() == []


@_lets_in(Registration.OPEN)
async def test_nobody_registers_or_is_renamed_as_the_operator(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    path = await desk.show_code()
    answer = await phone.post(path, answer="register", name="0pеrator")
    assert (answer.status, "nobody takes for the operator" in await answer.text()) == (422, True)
    assert (await phone.post(path, answer="register", name="Grace")).status == 303
    assert (await desk.post("/console/code/go")).status == 303
    answer = await desk.post("/console/me/name", name="管理员")
    assert (answer.status, "nobody takes for the operator" in await answer.text()) == (422, True)
    [account] = await scene.push.accounts.all()
    assert account.name == "Grace"


@_lets_in(Registration.OPEN)
async def test_an_account_that_was_named_as_the_operator_before_is_shown_by_its_number(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    await phone.post(await desk.show_code(), answer="register", name="Grace")
    await desk.post("/console/code/go")
    with closing(sqlite3.connect(scene.database)) as connection, connection:
        connection.execute("UPDATE accounts SET name = 'operator'")
    again = await scene.browser()
    assert "signs in as: Owner 1." in await phone.get(await again.show_code())
    operator = await scene.approving_phone()
    for browser, path in ((desk, "/console/me"), (desk, "/console/acts"), (operator, "/console/acts")):
        page = await browser.get(path)
        assert ("Owner 1" in page, ">operator<" in page) == (True, browser is operator)


@_lets_in(Registration.OPEN)
async def test_a_phone_loses_no_right_by_one_tap(scene: Scene) -> None:
    """An owner leads the operator's phone, as by a link in a chat, to a page that would make it the owner's."""
    phone, desk, attacker = await scene.approving_phone(), await scene.browser(), await scene.browser()
    await (await scene.phone()).post(await attacker.show_code(), answer="register", name="Mallory")
    await attacker.post("/console/code/go")
    [before] = await scene.push.approvers.of_account(None)
    await attacker.post("/console/me/phone")
    path = f"/console/in/{(attacker.cookie('watcher_code') or '')[:32]}"
    asked = await phone.get(path)
    assert "If somebody sent you this picture or link" in asked
    assert "Mallory · Owner 1" in asked
    asked = await (await phone.post(path, answer="approver")).text()
    assert "Stop approving sign-ins as operator?" in asked
    assert "If somebody sent you this picture or link" in asked
    assert await scene.push.approvers.of_account(None) == [before]
    await phone.post(path, answer="approver", gives_up="999")
    assert await scene.push.approvers.of_account(None) == [before]
    assert (await phone.post(await desk.show_code(), answer="yes")).status == 303
    assert (await desk.post("/console/code/go")).status == 303
    assert "Mallory" not in await desk.get("/console/me")
    # Who wants it says so on the page that asks for the loss alone.
    assert (await phone.post(path, answer="approver", gives_up=str(before.id))).status == 303
    assert await scene.push.approvers.of_account(None) == []
    assert len(await scene.push.approvers.of_account(1)) == 2


@_lets_in(Registration.OPEN)
async def test_a_browser_that_approves_for_somebody_else_is_asked_before_it_no_longer_does(scene: Scene) -> None:
    phone, desk = await scene.approving_phone(), await scene.browser()
    await (await scene.phone()).post(await desk.show_code(), answer="register", name="Grace")
    await scene.sign_in(phone, 1)
    [before] = await scene.push.approvers.of_account(None)
    asked = await phone.post("/console/me/approve-here")
    assert (asked.status, "Stop approving sign-ins as operator?" in await asked.text()) == (200, True)
    assert await scene.push.approvers.of_account(None) == [before]
    assert (await phone.post("/console/me/approve-here", gives_up=str(before.id))).status == 303
    assert await scene.push.approvers.of_account(None) == []


@_lets_in(Registration.OPEN)
async def test_a_robot_registers_five_times_an_hour(scene: Scene) -> None:
    desk = await scene.browser(address="198.51.100.7")
    statuses = []
    for number in range(6):
        robot = await scene.phone("203.0.113.9")
        statuses.append((await robot.post(await desk.show_code(), answer="register", name=f"Robot {number}")).status)
    assert statuses == [303] * 5 + [429]
    assert len(await scene.push.accounts.all()) == 5


@_lets_in(Registration.APPROVAL)
async def test_the_operator_is_told_once_and_approves(scene: Scene) -> None:
    phone, desk = await scene.phone(), await scene.browser()
    path = await desk.show_code()
    shown = await desk.get("/console/login")
    assert shown.index("New here? Scan it with your phone") < shown.index('type="password"')
    assert "Ask for an account on the server of Ada" in await phone.get(path)
    assert (await phone.post(path, answer="register", name="Grace")).status == 303
    assert "The operator decides" in await phone.get(asked := path)
    answer = await desk.post("/console/code/go")
    assert (answer.status, "You asked for an account" in await answer.text()) == (422, True)
    other = await scene.phone("203.0.113.2")
    await other.post(await desk.show_code(), answer="register", name="Linus")
    operator = await scene.browser()
    await scene.sign_in(operator)
    assert "2 people ask for an account." in await operator.get("/console")
    listed = await operator.get("/console/accounts")
    assert listed.count("waiting") >= 2
    grace = next(each for each in await scene.push.accounts.all() if each.name == "Grace")
    third = await scene.browser()
    path = await third.show_code()
    assert "is waiting for the operator" in await phone.get(path)
    assert (await operator.post(f"/console/accounts/{grace.id}/approve")).status == 303
    assert "Your account is approved" in await phone.get(f"{asked}?waits")
    await phone.post(path, answer="yes")
    assert (await third.post("/console/code/go")).status == 303
    assert await third.is_in()
    await scene.push.apps.add(AppProfile(name="Shop"), account_id=grace.id)
    handing = f"/console/accounts/{grace.id}/hand-over?to=operator"
    assert "tokens of the applications stop working at once" in await operator.get(handing)
    assert (await operator.post(f"/console/accounts/{grace.id}/block")).status == 303
    assert not await third.is_in()
    assert "is blocked" in await phone.get(await (await scene.browser()).show_code())


@_lets_in(Registration.APPROVAL)
async def test_who_asks_under_one_name_is_told_apart_by_four_characters(scene: Scene, clock: Clock) -> None:
    phones = [await scene.phone(f"203.0.113.{number}") for number in (1, 2)]
    paths = [await (await scene.browser()).show_code() for _ in phones]
    for phone, path in zip(phones, paths, strict=True):
        await phone.post(path, answer="register", name="Grace")
    operator = await scene.browser()
    await scene.sign_in(operator)
    listed = await operator.get("/console/accounts")
    letters = [
        re.findall('class="letters">([A-Z0-9]{4})<', await phone.get(path))[0]
        for phone, path in zip(phones, paths, strict=True)
    ]
    assert len(set(letters)) == 2
    first, second = [each for each in await scene.push.accounts.all() if each.name == "Grace"]
    assert {f"their phone shows {each}" in listed for each in letters} == {True}
    assert letters[0] in await operator.get(f"/console/accounts/{first.id}")
    await operator.post(f"/console/accounts/{second.id}/approve")
    clock.at += timedelta(hours=1)
    shown = [await phone.get(f"{path}?waits") for phone, path in zip(phones, paths, strict=True)]
    assert "is waiting for the operator" in shown[0]
    assert letters[0] in shown[0]
    assert "Your account is approved" in shown[1]


async def test_nobody_registers_where_it_is_closed(scene: Scene) -> None:
    await scene.approving_phone()
    phone, desk = await scene.phone(), await scene.browser()
    path = await desk.show_code()
    assert "This phone may not approve sign-ins yet" in await phone.get(path)
    assert (await phone.post(path, answer="register", name="Grace")).status == 422
    assert await scene.push.accounts.all() == []


@_lets_in(Registration.OPEN)
async def test_a_phone_shows_once_more_who_is_there_for_its_own_account_alone(scene: Scene, clock: Clock) -> None:
    phone, desk, foreign = await scene.phone(), await scene.browser(), await scene.phone("203.0.113.2")
    await phone.post(await desk.show_code(), answer="register", name="Grace")
    await desk.post("/console/code/go")
    await foreign.post(await (await scene.browser()).show_code(), answer="register", name="Linus")
    clock.at += timedelta(minutes=10)
    assert (await desk.post("/console/me/approve-here")).headers["Location"].startswith("/console/confirm")
    assert (await desk.post("/console/confirm/code", next="/console/me")).status == 303
    assert 'data-scan="open"' in await desk.get("/console/confirm")
    path = f"/console/in/{(desk.cookie('watcher_code') or '')[:32]}"
    assert "another account" in await foreign.get(path)
    assert (await foreign.post(path, answer="yes")).status == 422
    assert (await phone.post(path, answer="yes")).status == 303
    answer = await desk.post("/console/code/go", next="/console/me")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/me")
    assert (await desk.post("/console/me/approve-here")).headers["Location"].startswith("/console/me?")


async def test_an_address_shows_thirty_codes_in_ten_minutes(scene: Scene) -> None:
    await scene.approving_phone()
    desk = await scene.browser()
    for _ in range(30):
        await desk.show_code()
    refused = await desk.post("/console/code")
    assert (refused.status, "Too many codes" in await refused.text()) == (429, True)
    assert int(refused.headers["Retry-After"]) > 500


@pytest.mark.parametrize("path", ["/console/me/phone", "/console/confirm/code"])
async def test_who_is_signed_in_shows_thirty_codes_in_ten_minutes_wherever_they_are(scene: Scene, path: str) -> None:
    desk = await scene.browser()
    await scene.sign_in(desk)
    for number in range(30):
        desk.address = f"203.0.113.{number}"
        assert (await desk.post(path)).status == 303
    desk.address = "203.0.113.99"
    refused = await desk.post(path)
    assert (refused.status, "Too many codes" in await refused.text()) == (429, True)
    assert int(refused.headers["Retry-After"]) > 500


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.APPROVER])
async def test_one_code_of_an_account_is_alive_for_each_purpose(push: PushService, purpose: Purpose) -> None:
    sign_in = await push.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    first, another = [await push.sign_in_codes.make(purpose, kind="", address="", account_id=id_) for id_ in (1, 2)]
    second = await push.sign_in_codes.make(purpose, kind="", address="", account_id=1)
    shown = [await push.sign_in_codes.shown(code) is not None for code in (sign_in, first, another, second)]
    assert shown == [True, False, True, True]


async def test_ten_thousand_codes_are_alive_at_most(push: PushService, clock: Clock, tmp_path: Path) -> None:
    await push.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection, connection:
        connection.executemany(
            "INSERT INTO sign_ins (code_hash, browser_hash, purpose, kind, address, state, expires_at) "
            "SELECT ?, browser_hash, purpose, kind, address, state, expires_at FROM sign_ins LIMIT 1",
            [(f"{number:064x}",) for number in range(MAX_CODES - 1)],
        )
    with pytest.raises(CapReachedError):
        await push.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    # Strangers fill that; who is signed in shows codes all the same.
    await push.sign_in_codes.make(Purpose.CONFIRM, kind="", address="", account_id=1)
    clock.at += timedelta(minutes=2)
    await push.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")


async def test_sessions_are_listed_and_ended(scene: Scene) -> None:
    desk, other = await scene.browser(), await scene.phone()
    for each in (desk, other):
        await scene.sign_in(each)
    page = await desk.get("/console/me")
    assert ("Chrome · Windows" in page, "Safari · iPhone" in page) == (True, True)
    assert (await desk.post("/console/me/sessions/end-others")).headers["Location"] == "/console/me?said=others_ended"
    assert [await each.is_in() for each in (desk, other)] == [True, False]
    [session] = await scene.push.sessions.of_account(None)
    assert (await desk.post(f"/console/me/sessions/{session.id}/end")).headers["Location"] == "/console/login"
    assert not await desk.is_in()


@_lets_in(Registration.OPEN)
async def test_what_is_another_s_is_ended_by_nobody_else(scene: Scene) -> None:
    phone, desk, operator = await scene.phone(), await scene.browser(), await scene.approving_phone()
    await phone.post(await desk.show_code(), answer="register", name="Grace")
    await desk.post("/console/code/go")
    [session], [approver] = await scene.push.sessions.of_account(None), await scene.push.approvers.of_account(None)
    assert (await desk.post(f"/console/me/sessions/{session.id}/end")).status == 404
    assert (await desk.post(f"/console/me/approvers/{approver.id}/end")).status == 404
    assert await operator.is_in()
    page = await desk.get("/console/acts")
    assert ("Registered" in page, "Let a device approve" in page) == (True, True)
    assert page.count("<time") == 3  # registered, may approve, signed in
    assert {entry.act for entry in await scene.push.acts.latest()} >= {Act.LOGGED_IN, Act.APPROVER_ADDED}
