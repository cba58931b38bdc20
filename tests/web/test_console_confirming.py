"""What asks once more who is there, after ten minutes: every act of the console is told apart by one rule."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
import pytest

from tests.web.console_desk import Desk, desk_of_operator, desk_of_owner
from tests.web.login import serving
from tests.web.places import run
from tests.web.site import NOW
from tests.web.town import Town, fill
from watcher.core.settings import Settings
from watcher.push.ids import hash_token
from watcher.push.service import PushService
from watcher.web.console.apps import seen
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES

_ASKING: Final = frozenset(
    {
        "/console/me/phone",
        "/console/me/approve-here",
        "/console/me/approvers/{id}/end",
        "/console/me/delete",
        "/console/accounts/{account}/approve",
        "/console/accounts/{account}/block",
        "/console/accounts/{account}/hand-over",
        "/console/accounts/{account}/delete",
        "/console/accounts/{account}/approvers/{id}/end",
        "/console/accounts/{account}/recovery",
        "/console/apps/{app}/token",
        "/console/apps/{app}/key/renew",
        "/console/apps/{app}/remove",
        "/console/apps/{app}/webhooks/new",
        "/console/webhooks/{webhook}/secret",
        "/console/webhooks/{webhook}/remove",
        "/console/tokens/new",
        "/console/tokens/{access_token}/remove",
        "/console/topics/{topic}/code",
        "/console/topics/{topic}/feed",
        "/console/topics/{topic}/feed/end",
        "/console/topics/{topic}/merge",
        "/console/topics/{topic}/mirrors",
        "/console/topics/{topic}/remove",
        "/console/messages/{message}/delete",
        "/console/outbox/{entry}/drop",
    }
)
"""Nothing brings back what they end, or they give or take a right to get in; the others are undone, or daily work."""
_ACTS: Final = [
    route.path
    for route in ROUTES
    if route.method == "POST" and route.role in (Role.ACCOUNT, Role.OPERATOR) and "/confirm" not in route.path
]


@pytest.fixture
async def town(push: PushService, settings: Settings) -> Town:
    return await fill(push, settings.watches)


@pytest.fixture
async def desks(push: PushService, settings: Settings, tmp_path: Path) -> AsyncIterator[Mapping[str, Desk]]:
    """The operator's, and that of an owner with two devices that may approve."""
    async with serving(push, settings) as site:
        owner = await desk_of_owner(site, tmp_path)
        yield {"operator": await desk_of_operator(site, tmp_path), "owner": owner}


async def test_what_cannot_be_undone_or_lets_somebody_in_asks_once_more_and_nothing_else_does(
    push: PushService, town: Town, desks: Mapping[str, Desk], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    assert {*_ACTS} >= _ASKING
    for _ in range(2):
        await push.approvers.let_approve(desks["owner"].account_id, kind="Safari", replacing=None)
    other = await push.topics.add("Other", app_id=town.app.id)
    approver = (await push.approvers.of_account(desks["owner"].account_id))[0]
    things = {**town.things, "callback": "1", "subscription": "1", "account": str(desks["owner"].account_id)}
    for path in _ACTS:
        desk = desks["owner" if path.startswith("/console/me/") else "operator"]
        _keep_session(tmp_path, desks["operator"])
        number = _keep_session(tmp_path, desks["owner"])
        things["id"] = str(number if "/sessions/" in path else approver.id)
        with subtests.test(path):
            answer = await desk.send(path.format_map(things), {"into": str(other.id), "app": str(town.app.id)})
            assert answer.status != 404
            is_asked = answer.headers.get("Location", "").startswith("/console/confirm?next=")
            assert is_asked is (path in _ASKING)


async def test_what_subscribers_write_is_sent_elsewhere_by_who_was_there_within_ten_minutes(
    push: PushService, town: Town, desks: Mapping[str, Desk], tmp_path: Path
) -> None:
    desk, path = desks["operator"], f"/console/apps/{town.app.id}/edit"
    fields = {**msgspec.structs.asdict(town.app.profile), "seen": seen(town.app)}
    _keep_session(tmp_path, desk)
    renamed = await desk.send(path, fields | {"name": "Another name"})
    assert renamed.headers["Location"] == f"/console/apps/{town.app.id}?said=app_edited"
    app = await push.apps.of_id(town.app.id)
    assert app is not None
    for callback_url in ("https://elsewhere.example/", ""):
        changed = await desk.send(path, fields | {"seen": seen(app), "callback_url": callback_url})
        assert changed.headers["Location"] == f"/console/confirm?next={path}"
    assert await push.apps.of_id(town.app.id) == app
    await push.sessions.confirm((await push.sessions.of_account(None))[0].id)
    await desk.done(path, fields | {"seen": seen(app), "callback_url": "https://elsewhere.example/"})


async def test_the_secret_link_of_a_feed_is_shown_to_who_was_there_within_ten_minutes(
    push: PushService, town: Town, desks: Mapping[str, Desk], tmp_path: Path
) -> None:
    desk = desks["operator"]
    slug = (await push.feeds.make(town.topic.id)).feed_slug or ""
    _keep_session(tmp_path, desk)
    page = await desk.page(f"/console/topics/{town.topic.id}")
    assert (slug in page, f"/console/confirm?next=%2Fconsole%2Ftopics%2F{town.topic.id}" in page) == (False, True)
    await push.sessions.confirm((await push.sessions.of_account(None))[0].id)
    assert slug in await desk.page(f"/console/topics/{town.topic.id}")


def _keep_session(directory: Path, desk: Desk) -> int:
    """Let somebody be signed in who showed long ago who they are, whatever ended before; return the session's id."""
    database, at = directory / "push.sqlite3", int(NOW.timestamp() * 1_000_000)
    run(database, "DELETE FROM sessions WHERE token_hash = ?", hash_token(desk.session))
    [(added,)] = run(
        database,
        "INSERT INTO sessions (account_id, token_hash, created_at, seen_at) VALUES (?, ?, ?, ?) RETURNING id",
        desk.account_id,
        hash_token(desk.session),
        at,
        at,
    )
    number: int = added
    return number
