"""The operator's password where things happen in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.push.builders import NOON
from watcher.core.databases import DatabasePlace
from watcher.errors import RefusedError
from watcher.push.operator import OperatorAccess
from watcher.push.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordHasher
from watcher.store.push.store import PushStore, open_push_store

PASSWORD = "correct horse battery staple"


class Interrupted(PasswordHasher):
    """Something happens while it computes."""

    def __init__(self, happen: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._happen = happen

    async def hash(self, password: str) -> str:
        hashed = await super().hash(password)
        await self._happen()
        return hashed

    async def is_right(self, password: str, stored: str | None) -> bool:
        is_right = await super().is_right(password, stored)
        await self._happen()
        return is_right


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
async def store(place: DatabasePlace) -> AsyncIterator[PushStore]:
    opened = await open_push_store(place)
    yield opened
    await opened.close()


@pytest.fixture
async def operator(store: PushStore) -> AsyncIterator[OperatorAccess]:
    hasher = PasswordHasher()
    yield OperatorAccess(store, hasher, now=lambda: NOON)
    hasher.close()


async def test_a_kill_between_telling_and_saving_leaves_no_password_that_nobody_knows(operator: OperatorAccess) -> None:
    told: list[str] = []

    def die(password: str) -> None:
        told.append(password)
        raise KilledError

    with pytest.raises(KilledError):
        await operator.make_first_password(die)
    assert await operator.log_in(told[0]) is None
    for _ in range(2):
        await operator.make_first_password(told.append)
    assert len(set(told)) == len(told) == 2
    assert await operator.log_in(told[1]) is not None


async def test_a_password_that_was_replaced_while_we_computed_opens_nothing(
    store: PushStore, operator: OperatorAccess
) -> None:
    await operator.set_password(PASSWORD)
    hasher = Interrupted(lambda: operator.set_password("another long password"))
    assert await OperatorAccess(store, hasher, now=lambda: NOON).log_in(PASSWORD) is None
    hasher.close()


async def test_a_password_that_a_command_set_meanwhile_is_kept(store: PushStore, operator: OperatorAccess) -> None:
    hasher, told = Interrupted(lambda: operator.set_password(PASSWORD)), list[str]()
    await OperatorAccess(store, hasher, now=lambda: NOON).make_first_password(told.append)
    assert await operator.log_in(PASSWORD) is not None
    assert told == []
    hasher.close()


@pytest.mark.on_both
async def test_of_servers_that_start_together_one_tells_the_password_that_is_good(
    place: DatabasePlace, operator: OperatorAccess
) -> None:
    told: list[str] = []
    async with AsyncExitStack() as opened:
        others = []
        for _ in range(3):
            store = await open_push_store(place)
            opened.push_async_callback(store.close)
            hasher = PasswordHasher()
            opened.callback(hasher.close)
            others.append(OperatorAccess(store, hasher, now=lambda: NOON))
        await asyncio.gather(*(other.make_first_password(told.append) for other in others))
    assert len(told) == 1
    assert await operator.log_in(told[0]) is not None


async def test_tries_wait_for_each_other_and_each_gets_its_own_answer(operator: OperatorAccess) -> None:
    await operator.set_password(PASSWORD)
    tokens = await asyncio.gather(*(operator.log_in(PASSWORD if n % 2 else f"wrong {n}") for n in range(10)))
    assert [token is not None for token in tokens] == [False, True] * 5


@pytest.mark.parametrize("length", [0, MIN_PASSWORD_CHARS - 1, MAX_PASSWORD_CHARS + 1])
async def test_a_password_has_bounds(operator: OperatorAccess, length: int) -> None:
    with pytest.raises(RefusedError, match=f"password: {length} characters; at (least|most)"):
        await operator.set_password("x" * length)


@pytest.mark.parametrize("password", ["x" * MIN_PASSWORD_CHARS, "密码" * 500, " blanks around it ", "\ud800" * 12])
async def test_any_text_of_good_length_is_a_password(operator: OperatorAccess, password: str) -> None:
    await operator.set_password(password)
    assert await operator.log_in(password) is not None
    assert await operator.log_in(password.strip()[:-1]) is None
