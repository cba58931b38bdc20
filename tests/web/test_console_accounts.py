"""The operator's page of an account: what ends there, who gets its applications, and how its owner gets in again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.web.console_desk import shown
from tests.web.scanning import CHROME, Browser, Scene, a_scene
from tests.web.site import NOW
from watcher.core.access import Scope
from watcher.core.accounts import Account, AccountState
from watcher.core.push import AppProfile, Slice
from watcher.core.settings import Settings
from watcher.errors import RefusedError
from watcher.push.ids import hash_token
from watcher.store.push.store import open_push_store


@pytest.fixture
async def scene(tmp_path: Path, settings: Settings, clock: Clock) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, settings, clock) as made:
        yield made


@pytest.fixture
async def operator(scene: Scene) -> Browser:
    browser = await scene.browser()
    await scene.sign_in(browser)
    return browser


@pytest.fixture
async def grace(scene: Scene) -> Account:
    """An owner, who is signed in in one browser and has one phone that may approve, which is lost."""
    account = await _an_owner(scene, "Grace")
    await scene.sign_in(await scene.browser(), account.id)
    await scene.push.approvers.let_approve(account.id, kind="Safari · iPhone", replacing=None)
    return account


async def _an_owner(scene: Scene, name: str) -> Account:
    store = await open_push_store(scene.database)
    account = await store.write(lambda tx: tx.accounts.add(name=name, state=AccountState.ACTIVE, at=NOW))
    await store.close()
    return account


async def _recovery(operator: Browser, account: Account, *, others: str = "stay") -> str:
    """Let the operator make a recovery link; return its path, which the next page shows."""
    answer = await operator.post(f"/console/accounts/{account.id}/recovery", others=others)
    assert answer.headers["Location"] == f"/console/accounts/{account.id}?said=recovery_made"
    found = re.search(r"/console/in/\w{32}", await operator.get(f"/console/accounts/{account.id}"))
    assert found is not None
    return found[0]


async def test_an_owner_who_lost_the_only_phone_gets_in_again_by_a_link_of_the_operator(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    asked = await operator.get(f"/console/accounts/{grace.id}/recovery")
    assert "Make a recovery link for Grace?" in asked
    path = await _recovery(operator, grace)
    assert path not in await operator.get(f"/console/accounts/{grace.id}")  # it is shown once
    phone, desk = await scene.phone(), await scene.browser()
    question = shown(await phone.get(path))
    assert "Let this phone sign in to the console of Ada's shop again?" in question
    assert "Account Grace" in question
    assert (await phone.post(path, answer="approver")).status == 303
    await phone.post(await desk.show_code(), answer="yes")
    assert (await desk.post("/console/code/go")).status == 303
    assert "Grace" in await desk.get("/console/me")
    assert len(await scene.push.approvers.of_account(grace.id)) == 2  # nothing else ended
    assert len(await scene.push.sessions.of_account(grace.id)) == 2
    entries = [(entry.act, entry.actor.account_id, entry.subject) for entry in await scene.push.acts.latest()]
    assert entries[1:3] == [("approver_added", grace.id, "Safari · iPhone"), ("recovery_made", None, "Grace")]


async def test_a_recovery_link_is_good_once(scene: Scene, operator: Browser, grace: Account) -> None:
    path = await _recovery(operator, grace)
    phone, thief = await scene.phone(), await scene.phone("203.0.113.9")
    for _ in range(2):  # a chat that shows a preview uses nothing up
        await thief.get(path)
    assert (await phone.post(path, answer="approver")).status == 303
    assert (await thief.post(path, answer="approver")).status == 422
    assert thief.cookie("watcher_approver") is None
    assert "This link was used" in await thief.get(path)


async def test_a_recovery_link_is_good_for_thirty_minutes(
    scene: Scene, operator: Browser, grace: Account, clock: Clock
) -> None:
    early, path = await scene.phone(), await _recovery(operator, grace)
    clock.at += timedelta(minutes=29)
    assert "Let this phone sign in" in await early.get(path)
    clock.at += timedelta(minutes=1)
    assert "This link has expired" in await early.get(path)
    assert (await early.post(path, answer="approver")).status == 422
    assert len(await scene.push.approvers.of_account(grace.id)) == 1


async def test_a_new_recovery_link_ends_the_one_before(scene: Scene, operator: Browser, grace: Account) -> None:
    first = await _recovery(operator, grace)
    await _recovery(operator, grace)
    phone = await scene.phone()
    assert (await phone.post(first, answer="approver")).status == 422


async def test_a_recovery_link_signs_in_no_browser_and_confirms_nobody(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    path = await _recovery(operator, grace)
    phone = await scene.approving_phone()
    for answer in ("yes", "register"):
        assert (await phone.post(path, answer=answer, name="Eve")).status == 422
    thief = await scene.browser()
    thief.keep("watcher_code", path.rpartition("/")[2] + "x" * 32)
    assert (await thief.post("/console/code/go")).status == 422
    assert not await thief.is_in()


async def test_who_is_made_to_open_another_s_recovery_link_is_told_whose_it_is(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    path = await _recovery(operator, grace)
    victim = await scene.approving_phone()
    asked = shown(await victim.get(path))
    assert "Account Grace" in asked
    assert "say no" in asked
    asked = shown(await (await victim.post(path, answer="approver")).text())
    assert "Stop approving sign-ins as operator?" in asked
    await victim.post(path, answer="no")
    assert (await victim.post(path, answer="approver")).status == 422
    desk = await scene.browser()
    await victim.post(await desk.show_code(), answer="yes")
    assert (await desk.post("/console/code/go")).status == 303


async def test_a_blocked_account_has_no_recovery(scene: Scene, operator: Browser, grace: Account) -> None:
    assert grace.id is not None
    path = await _recovery(operator, grace)
    await scene.push.accounts.block(grace.id)
    phone = await scene.phone()
    assert (await phone.post(path, answer="approver")).status == 422
    refused = await operator.post(f"/console/accounts/{grace.id}/recovery", others="stay")
    assert (refused.status, "Approve it first" in await refused.text()) == (422, True)
    with pytest.raises(RefusedError, match="Grace is blocked"):
        await scene.push.recovery.make_code(grace.id)


async def test_after_a_theft_the_others_end_with_the_recovery(scene: Scene, operator: Browser, grace: Account) -> None:
    shop, _ = await scene.push.apps.add(AppProfile(name="Shop"), account_id=grace.id)
    _, secret = await scene.push.tokens.add("thief", [Scope.APPS_READ], app_id=shop.id, account_id=grace.id)
    await scene.push.tokens.add("operator's", [Scope.APPS_READ])
    path = await _recovery(operator, grace, others="end")
    assert await scene.push.tokens.caller(secret) is None
    assert [token.name for token in await scene.push.tokens.all()] == ["operator's"]
    assert await scene.push.approvers.of_account(grace.id) == []
    assert await scene.push.sessions.of_account(grace.id) == []
    phone = await scene.phone()
    assert (await phone.post(path, answer="approver")).status == 303


async def test_of_a_recovery_link_only_a_hash_is_kept(scene: Scene, operator: Browser, grace: Account) -> None:
    code = (await _recovery(operator, grace)).rpartition("/")[2]
    with closing(sqlite3.connect(scene.database)) as connection:
        kept = "\n".join(connection.iterdump())
    assert hash_token(code) in kept
    assert code not in kept


async def test_an_owner_s_sessions_and_devices_are_ended_by_the_operator_and_noted(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    path = f"/console/accounts/{grace.id}"
    [session], [device] = (
        await scene.push.sessions.of_account(grace.id),
        await scene.push.approvers.of_account(grace.id),
    )
    assert "Safari · iPhone" in await operator.get(path)
    for ended, said in (
        (f"{path}/sessions/{session.id}/end", "session_ended"),
        (f"{path}/approvers/{device.id}/end", "approver_ended"),
        (f"{path}/sessions/end", "sessions_ended"),
    ):
        assert (await operator.post(ended)).headers["Location"] == f"{path}?said={said}"
    assert "No device may approve sign-ins" in await operator.get(path)
    for gone in (f"{path}/sessions/{session.id}/end", f"{path}/approvers/{device.id}/end"):
        assert (await operator.post(gone)).status == 404
    assert [
        (entry.act, entry.subject) for entry in await scene.push.acts.latest(Slice(limit=3, is_newest_first=True))
    ] == [
        ("logged_out_everywhere", "Grace"),
        ("approver_ended", "Safari · iPhone · Grace"),
        ("session_ended", "Chrome · Windows · Grace"),
    ]


async def test_a_hand_over_asks_with_what_goes_and_to_whom(scene: Scene, operator: Browser, grace: Account) -> None:
    ada = await _an_owner(scene, "Ada")
    shop, _ = await scene.push.apps.add(AppProfile(name="Shop"), account_id=grace.id)
    await scene.push.apps.add(AppProfile(name="Bank"), account_id=grace.id)
    topics = [await scene.push.topics.add(name, app_id=shop.id) for name in ("News", "Sale")]
    await scene.push.subscribers.add(topic_ids=[topic.id for topic in topics])
    await scene.push.subscribers.add(topic_ids=[topics[0].id])
    path = f"/console/accounts/{grace.id}/hand-over"
    asked = shown(await operator.get(f"{path}?to={ada.id}"))
    for words in (
        "Hand the applications of Grace over to Ada?",
        "2 applications are handed over.",
        "2 topics are handed over.",
        "2 people are subscribed",
    ):
        assert words in asked
    assert ("works for 7 days more" in asked, "Webhooks, links of feeds" in asked) == (True, True)
    asked = shown(await operator.get(f"{path}?to=operator"))
    assert ("Take over the applications of Grace?" in asked, "works for 7 days more" in asked) == (True, False)
    assert "The tokens of the applications stop working at once." in asked
    for nobody in ("", "99", "Ada", str(grace.id)):
        await operator.get(f"{path}?to={nobody}")
        assert operator.status == 422
    assert (await operator.post(path, to=str(ada.id), grace="year")).status == 400
    await operator.post(path, to=str(ada.id))
    assert [app.account_id for app in await scene.push.apps.all() if app.id >= shop.id] == [ada.id, ada.id]


async def test_the_new_owner_is_shown_once_what_ended_and_the_log_keeps_it(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    ada = await _an_owner(scene, "Ada")
    desk = await scene.browser(CHROME)
    await scene.sign_in(desk, ada.id)
    profile = AppProfile(name="Shop", callback_url="https://grace.example/in?secret")
    shop, token = await scene.push.apps.add(profile, account_id=grace.id)
    await operator.post(f"/console/accounts/{grace.id}/hand-over", to=str(ada.id), grace="day")
    assert await scene.push.apps.of_token(token) is not None
    path, told = f"/console/apps/{shop.id}", "Removed the former owner's address: grace.example"
    assert "New: see what ended" in shown(await desk.get("/console/apps"))
    assert told not in shown(await operator.get(path)), "the operator does not take the notice away"
    page = shown(await desk.get(path))
    assert (told in page, "The former owner's token works until" in page, "secret" in page) == (True, True, False)
    assert told not in shown(await desk.get(path))
    assert "New: see what ended" not in shown(await desk.get("/console/apps"))
    assert told in shown(await desk.get("/console/acts"))


async def test_a_paused_application_says_so_to_its_readers_and_to_the_operator(
    scene: Scene, operator: Browser, grace: Account
) -> None:
    shop, _ = await scene.push.apps.add(AppProfile(name="Shop"), account_id=grace.id)
    topic = await scene.push.topics.add("News", app_id=shop.id)
    code = await scene.push.codes.add(shop, "poster")
    phone = await scene.phone()
    pages, says = (f"/a/{shop.slug}", f"/t/{topic.slug}", f"/q/{code.slug}"), "This application is paused"
    before = [await phone.get(page) for page in pages]
    assert [(says in page, "data-follow" in page) for page in before] == [(False, True)] * 3
    await operator.post(f"/console/accounts/{grace.id}/block")
    for page in pages:
        shown_there = await phone.get(page)
        assert (says in shown_there, "data-follow" in shown_there) == (True, False)
        assert (await phone.post(page)).status == 400
    assert "The owner's account is blocked." in shown(await operator.get(f"/console/apps/{shop.id}"))
    assert "Paused" in shown(await operator.get("/console/apps"))


async def test_an_owner_deletes_the_account_after_a_question(scene: Scene, grace: Account) -> None:
    desk = await scene.browser(CHROME)
    await scene.sign_in(desk, grace.id)
    shop, _ = await scene.push.apps.add(AppProfile(name="Shop"), account_id=grace.id)
    await desk.get("/console/me/delete")
    assert desk.status == 422  # it has an application
    assert (await desk.post("/console/me/delete")).status == 422
    await scene.push.apps.remove(shop.id)
    asked = await desk.get("/console/me/delete")
    assert ("Delete your account?" in asked, "This cannot be undone" in asked) == (True, True)
    assert (await desk.post("/console/me/delete")).headers["Location"] == "/console/login"
    assert [account.name for account in await scene.push.accounts.all()] == []


async def test_a_new_password_of_the_operator_is_noted(scene: Scene) -> None:
    await scene.push.operator.set_password("another long password")
    assert [entry.act for entry in await scene.push.acts.latest(Slice(limit=1, is_newest_first=True))] == [
        "password_set"
    ]
