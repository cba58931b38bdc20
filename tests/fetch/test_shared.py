"""One fetch for all who ask the same at the same time, against a fetcher that answers when it is told to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Request
from watcher.errors import FetchError, StatusError
from watcher.fetch.shared import SharedFetcher

PAGE = Request(url="https://shop.example/dune")
NOTHING = Validators()
FIRST = Validators(etag='"1"')


class Slow:
    """A fetcher that answers, or refuses, when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Request, Validators]] = []
        self.refusal: FetchError | None = None
        self.may_answer = asyncio.Event()

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        self.asked.append((request, validators))
        await self.may_answer.wait()
        if self.refusal is not None:
            raise self.refusal
        return NotModified(validators=validators)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def shared(slow: Slow) -> SharedFetcher:
    return SharedFetcher(slow)


async def begun(*fetches: asyncio.Task[object]) -> None:
    """Let each of these get as far as it can."""
    for _ in fetches:
        await asyncio.sleep(0)


def asking(
    shared: SharedFetcher, request: Request = PAGE, validators: Validators = NOTHING
) -> asyncio.Task[Response | NotModified]:
    return asyncio.create_task(shared.fetch(request, validators))


async def test_who_asks_the_same_at_the_same_time_gets_the_same_answer(slow: Slow, shared: SharedFetcher) -> None:
    fetches = [asking(shared) for _ in range(5)]
    await begun(*fetches)
    slow.may_answer.set()
    first, *others = await asyncio.gather(*fetches)
    assert len(slow.asked) == 1
    assert all(other is first for other in others)


@pytest.mark.parametrize(
    ("request_", "validators"),
    [
        pytest.param(Request(url="https://shop.example/emma"), NOTHING, id="another page"),
        pytest.param(Request(url=PAGE.url, headers={"Cookie": "a=b"}), NOTHING, id="other headers"),
        pytest.param(Request(url=PAGE.url, allow_private=True), NOTHING, id="other rights"),
        pytest.param(Request(url=PAGE.url, timeout=timedelta(seconds=1)), NOTHING, id="another patience"),
        pytest.param(PAGE, FIRST, id="other validators"),
    ],
)
async def test_another_question_is_asked_for_itself(
    slow: Slow, shared: SharedFetcher, request_: Request, validators: Validators
) -> None:
    fetches = [asking(shared), asking(shared, request_, validators), asking(shared)]
    await begun(*fetches)
    slow.may_answer.set()
    await asyncio.gather(*fetches)
    assert slow.asked == [(PAGE, NOTHING), (request_, validators)]


async def test_who_comes_afterwards_asks_anew(slow: Slow, shared: SharedFetcher) -> None:
    slow.may_answer.set()
    await asking(shared)
    await asking(shared)
    assert len(slow.asked) == 2


async def test_an_error_is_everybodys_and_an_error_of_his_own(slow: Slow, shared: SharedFetcher) -> None:
    fetches = [asking(shared) for _ in range(3)]
    slow.refusal = StatusError("503", status=503, retry_after=timedelta(seconds=7))
    await begun(*fetches)
    slow.may_answer.set()
    errors = await asyncio.gather(*fetches, return_exceptions=True)
    assert len(slow.asked) == 1
    assert len({id(error) for error in errors}) == 3
    assert {(str(error), error.retry_after) for error in errors if isinstance(error, StatusError)} == {
        ("503", timedelta(seconds=7))
    }


async def test_when_who_asks_is_called_off_the_next_one_asks_for_all_who_wait(
    slow: Slow, shared: SharedFetcher
) -> None:
    first, *others = fetches = [asking(shared) for _ in range(3)]
    await begun(*fetches)
    first.cancel()
    await begun(*fetches, *fetches)
    slow.may_answer.set()
    one, two = await asyncio.gather(*others)
    assert first.cancelled()
    assert one is two
    assert len(slow.asked) == 2


async def test_who_waits_and_is_called_off_takes_nobody_along(slow: Slow, shared: SharedFetcher) -> None:
    first, second, third = fetches = [asking(shared) for _ in range(3)]
    await begun(*fetches)
    second.cancel()
    await begun(second)
    slow.may_answer.set()
    assert await first is await third
    assert second.cancelled()
    assert len(slow.asked) == 1
