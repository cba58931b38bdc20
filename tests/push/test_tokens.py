"""Access tokens of the API, and whose they are."""

from __future__ import annotations

import pytest

from tests.push.builders import an_app
from watcher.core.access import Scope
from watcher.core.acts import Act
from watcher.core.push import AppProfile, Slice
from watcher.errors import RefusedError
from watcher.push.service import PushService


async def test_a_page_of_tokens_is_of_one_account_and_newest_first(service: PushService) -> None:
    of_operator, _ = await service.tokens.add("ours", [Scope.WATCHES_READ])
    first, _ = await service.tokens.add("theirs", [Scope.APPS_READ], account_id=1)
    second, _ = await service.tokens.add("theirs, too", [Scope.APPS_READ], account_id=1)
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
    own, _ = await service.apps.add(AppProfile(name="mine"), account_id=1)
    others = [await an_app(service), (await service.apps.add(AppProfile(name="theirs"), account_id=2))[0]]
    assert (await service.tokens.add("x", [Scope.APPS_READ], app_id=own.id, account_id=1))[0].account_id == 1
    for app in others:
        with pytest.raises(RefusedError, match="there is no application"):
            await service.tokens.add("x", [Scope.APPS_READ], app_id=app.id, account_id=1)


async def test_that_a_token_came_and_went_stands_in_the_log(service: PushService) -> None:
    token, _ = await service.tokens.add("deploy", [Scope.APPS_READ])
    await service.tokens.remove(token.id)
    with pytest.raises(RefusedError, match="there is no token"):
        await service.tokens.remove(token.id)
    assert [(entry.act, entry.subject) for entry in await service.acts.latest()] == [
        (Act.TOKEN_REMOVED, "deploy"),
        (Act.TOKEN_MADE, "deploy"),
    ]
