"""Access tokens of the API, and whose they are."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.push.builders import NOON, an_app, an_owner
from watcher.core.access import Scope
from watcher.core.accounts import AccountState
from watcher.core.acts import Act
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile, Slice
from watcher.errors import RefusedError
from watcher.push.ids import hash_token
from watcher.push.service import PushService
from watcher.store.push.store import PushStore, open_push_store
from watcher.store.push.tables import apps


async def test_a_page_of_tokens_is_of_one_account_and_newest_first(service: PushService) -> None:
    of_operator, _ = await service.tokens.add("ours", [Scope.WATCHES_READ])
    await an_owner(service)
    app, _ = await service.apps.add(AppProfile(name="mine"), account_id=1)
    first, _ = await service.tokens.add("theirs", [Scope.APPS_READ], app_id=app.id, account_id=1)
    second, _ = await service.tokens.add("theirs, too", [Scope.APPS_READ], app_id=app.id, account_id=1)
    assert await service.tokens.page(Slice(), account_id=1) == [first, second]
    assert await service.tokens.page(Slice(limit=2, is_newest_first=True)) == [second, first]
    assert await service.tokens.page(Slice(after=first.id, is_newest_first=True)) == [of_operator]
    assert await service.tokens.of_id(first.id) == first
    assert await service.tokens.page(Slice(), account_id=2) == []


async def test_an_owner_has_no_token_for_what_belongs_to_no_application(service: PushService) -> None:
    for scope in (Scope.WATCHES_READ, Scope.METRICS_READ):
        with pytest.raises(RefusedError, match="the operator's alone"):
            await service.tokens.add("x", [scope], account_id=1)


async def test_an_owner_has_no_token_for_the_application_of_another(service: PushService) -> None:
    for name in ("Grace", "Linus"):
        await an_owner(service, name)
    own, _ = await service.apps.add(AppProfile(name="mine"), account_id=1)
    await service.trials.begin()
    trial = next(app for app in await service.apps.all() if not app.has_senders)
    others = [await an_app(service), (await service.apps.add(AppProfile(name="theirs"), account_id=2))[0], trial]
    assert (await service.tokens.add("x", [Scope.APPS_READ], app_id=own.id, account_id=1))[0].account_id == 1
    for app in others:
        with pytest.raises(RefusedError, match="there is no application"):
            await service.tokens.add("x", [Scope.APPS_READ], app_id=app.id, account_id=1)


async def test_that_a_token_came_and_went_is_in_the_log(service: PushService) -> None:
    token, _ = await service.tokens.add("deploy", [Scope.APPS_READ])
    await service.tokens.remove(token.id)
    with pytest.raises(RefusedError, match="there is no token"):
        await service.tokens.remove(token.id)
    assert [(entry.act, entry.subject) for entry in await service.acts.latest()] == [
        (Act.TOKEN_REMOVED, "deploy"),
        (Act.TOKEN_MADE, "deploy"),
    ]


async def test_an_owners_token_is_for_one_application_while_it_is_theirs_and_they_may_do_something(
    service: PushService, place: DatabasePlace
) -> None:
    store = await open_push_store(place)
    account = await store.write(lambda tx: tx.accounts.add(name="Lin", state=AccountState.ACTIVE, at=NOON))
    owner = account.id
    assert owner is not None
    with pytest.raises(RefusedError, match="name the application"):
        await service.tokens.add("all", [Scope.APPS_READ], account_id=owner)
    app, _ = await service.apps.add(AppProfile(name="mine"), account_id=owner)
    _, secret = await service.tokens.add("one", [Scope.APPS_READ], app_id=app.id, account_id=owner)
    caller = await service.tokens.caller(secret)
    assert caller is not None
    assert caller.app_id == app.id
    await store.write(lambda tx: tx.accounts.set_state(owner, AccountState.BLOCKED))
    assert await service.tokens.caller(secret) is None
    await store.write(lambda tx: tx.accounts.set_state(owner, AccountState.ACTIVE))
    assert await service.tokens.caller(secret) is not None
    await _give(store, app, to=None)
    assert await service.tokens.caller(secret) is None
    await store.close()


async def test_a_token_of_an_owner_for_no_application_opens_nothing(service: PushService, place: DatabasePlace) -> None:
    store = await open_push_store(place)
    account = await store.write(lambda tx: tx.accounts.add(name="Lin", state=AccountState.ACTIVE, at=NOON))
    await store.write(
        lambda tx: tx.tokens.add(
            token_hash=hash_token("WT_x"),
            name="x",
            scopes=[Scope.APPS_READ],
            app_id=None,
            account_id=account.id,
            created_at=NOON,
        )
    )
    assert await service.tokens.caller("WT_x") is None
    await store.close()


async def _give(store: PushStore, app: App, *, to: int | None) -> None:
    """Make an application somebody else's."""
    change = update(apps).where(apps.c.id == app.id).values(account_id=to)
    await store.write(lambda tx: tx.apps._run(change).rowcount)
