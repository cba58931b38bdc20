from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from tests.push.builders import NOON, a_reader
from watcher.core.callbacks import Source
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile
from watcher.errors import InvalidRequestError, PushError, RefusedError
from watcher.push import codes
from watcher.push.codes import DEFAULT_SECONDS, MAX_SECONDS
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def service(place: DatabasePlace, clock: Clock) -> AsyncIterator[PushService]:
    opened = await open_push_service(place, now=clock)
    yield opened
    await opened.close()


async def an_app(service: PushService) -> App:
    return (await service.apps.add(AppProfile(name="shop", callback_url="http://owner.example/")))[0]


async def told(service: PushService, app: App) -> list[dict[str, object]]:
    """Return what the owner is told, oldest first."""
    return [json.loads(one.body)["data"] for one in await service.callbacks.newest(app.id)][::-1]


async def test_a_code_is_found_until_it_expires(service: PushService, clock: Clock) -> None:
    code = await service.codes.add(await an_app(service), "order 7")
    assert (len(code.code), code.code.isalnum(), code.slug) == (64, True, code.code[:28])
    assert code.expires_at == NOON + timedelta(seconds=DEFAULT_SECONDS)
    clock.now = code.expires_at - timedelta(microseconds=1)
    assert await service.codes.of_code(code.code) == await service.codes.of_slug(code.slug) == code
    clock.now = code.expires_at
    assert await service.codes.of_code(code.code) is await service.codes.of_slug(code.slug) is None


@pytest.mark.parametrize(
    ("extra", "seconds", "error"),
    [
        pytest.param("", 60, RefusedError, id="no extra"),
        pytest.param("x" * 65, 60, RefusedError, id="a long extra"),
        pytest.param("a\x00b", 60, RefusedError, id="a control character"),
        pytest.param("\ud800", 60, InvalidRequestError, id="half a surrogate pair"),
        pytest.param("x", 0, RefusedError, id="no time"),
        pytest.param("x", -5, RefusedError, id="a time ago"),
        pytest.param("x", MAX_SECONDS + 1, RefusedError, id="over 30 days"),
    ],
)
async def test_a_limit_that_is_broken_is_named(
    service: PushService, extra: str, seconds: int, error: type[PushError]
) -> None:
    with pytest.raises(error):
        await service.codes.add(await an_app(service), extra, seconds=seconds)


@pytest.mark.parametrize("extra", ["x", "字" * 64, '{"id": 1}', " ", "👩‍👩‍👧"])
async def test_an_extra_comes_back_exactly(service: PushService, extra: str) -> None:
    app = await an_app(service)
    code = await service.codes.add(app, extra, seconds=MAX_SECONDS)
    await service.codes.scan(code.slug, None)
    assert [data["extra"] for data in await told(service, app)] == [extra]


async def test_each_scan_is_told_and_the_last_one_is_kept(service: PushService) -> None:
    app = await an_app(service)
    code = await service.codes.add(app, "desk 3")
    found = await service.codes.of_code(code.code)
    assert found is not None
    assert found.uid is None
    reader = await a_reader(service)
    assert await service.codes.scan(code.slug, reader) is None
    assert await service.codes.scan(code.slug, reader) is None
    made = await service.codes.scan(code.slug, None)
    assert made is not None
    found = await service.codes.of_code(code.code)
    assert found is not None
    assert found.uid == made.subscriber.uid
    _, apps = await service.subscriptions.following(made.subscriber)
    assert [followed.id for followed in apps] == [app.id]
    expected = {"source": "scan", "extra": "desk 3", "code": code.code}
    assert [data["uid"] for data in await told(service, app)] == [reader.uid, reader.uid, made.subscriber.uid]
    assert all(data.items() >= expected.items() for data in await told(service, app))


async def test_an_expired_code_makes_no_subscriber(service: PushService, clock: Clock) -> None:
    app = await an_app(service)
    code = await service.codes.add(app, "x", seconds=1)
    clock.now += timedelta(seconds=1)
    with pytest.raises(RefusedError):
        await service.codes.scan(code.slug, None)
    assert await service.subscribers.all() == []
    assert await told(service, app) == []


async def test_the_default_code_has_no_extra(service: PushService) -> None:
    app = await an_app(service)
    await service.subscriptions.follow_app(None, app.id, Source.SCAN)
    [data] = await told(service, app)
    assert (data["source"], data["extra"], data["code"]) == ("scan", "", "")


@pytest.mark.parametrize("text", ["", "x", "x" * 63, "x" * 65, "é" * 64, "/" * 64])
async def test_what_cannot_be_a_code_is_none(service: PushService, text: str) -> None:
    assert await service.codes.of_code(text) is None


async def test_an_application_has_so_many_codes_at_once_and_those_that_expired_make_room(
    service: PushService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes.MAX_CODES == 10_000
    monkeypatch.setattr(codes, "MAX_CODES", 3)
    app, other = await an_app(service), await an_app(service)
    made = [await service.codes.add(app, str(seconds), seconds=seconds) for seconds in (60, 60, 120)]
    with pytest.raises(RefusedError, match="3 QR codes of this application are valid already; wait until some expire"):
        await service.codes.add(app, "one more")
    await service.codes.add(other, "of another application")
    clock.now += timedelta(seconds=60)
    for _ in range(2):
        await service.codes.add(app, "again")
    with pytest.raises(RefusedError):
        await service.codes.add(app, "one more")
    assert [await service.codes.of_code(each.code) for each in made] == [None, None, made[2]]
