"""The changes of all watches by cursor, over a real server and a store that another one writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.core.builders import BROKEN, play, price, watch
from tests.web.api.v1.api import Api
from watcher.core.access import Scope
from watcher.core.check import Decision
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.web.api.v1.problem import ProblemType


@pytest.fixture
async def store(watches: Path) -> AsyncIterator[DiskWatchStore]:
    """Of the watch `dune`, whose price has changed four times."""
    opened, _ = await open_watch_store(watches)
    yield opened
    await opened.close()


def _changes(name: str) -> list[Decision]:
    return _named(name, play(watch(), price(12), price(9)))


def _named(name: str, decisions: list[Decision]) -> list[Decision]:
    return [
        replace(
            each,
            watch=name,
            events=tuple(replace(event, watch=name) for event in each.events),
            change=each.change and replace(each.change, watch=name),
            messages=(),
        )
        for each in decisions
    ]


async def _all(api: Api, since: str = "", limit: int = 3) -> tuple[list[Any], str]:
    """Return what follows, answer by answer, and the last cursor."""
    items: list[Any] = []
    while True:
        answer = await api("GET", f"/changes?limit={limit}&since={since}" if since else f"/changes?limit={limit}")
        assert answer.status == 200, answer.said
        items += answer.said["items"]
        since = answer.said["cursor"]
        if not answer.said["has_more"]:
            return items, since


async def test_each_change_comes_once_with_its_types(api: Api) -> None:
    items, cursor = await _all(api)
    assert [each["new"][""]["price"]["amount"] for each in items] == [11, 10, 9, 8]
    first = items[0]
    assert first["old"] == {"": {"price": {"amount": 12, "currency": "€"}, "stock": 3, "rate": 1.5}}
    assert (first["kind"], first["watch"], first["topics"]) == ("changed", "dune", ["deals"])
    assert first["rules"]
    assert first["link"] == "https://shop.example/dune"
    assert first["at"].endswith("Z")
    assert await _all(api, cursor) == ([], cursor)


async def test_whoever_goes_on_by_the_cursor_misses_none_over_restarts(api: Api, store: DiskWatchStore) -> None:
    seen, cursor = await _all(api)
    for number in range(5):
        await store.commit(_changes(f"w{number}"))
        items, cursor = await _all(api, cursor, limit=1 + number % 3)
        seen += items
    names = [each["watch"] for each in seen]
    assert names[-5:] == [f"w{number}" for number in range(5)]
    again, _ = await _all(api, limit=100)
    assert again == seen


async def test_now_skips_what_there_is_and_misses_nothing_that_comes(api: Api, store: DiskWatchStore) -> None:
    start = (await api("GET", "/changes?since=now")).said
    assert (start["items"], start["has_more"]) == ([], False)
    await store.commit(_changes("new"))
    items, _ = await _all(api, start["cursor"])
    assert [each["watch"] for each in items] == ["new"]


async def test_what_is_no_change_is_passed_over_and_the_cursor_moves_on(api: Api, store: DiskWatchStore) -> None:
    _, cursor = await _all(api)
    broken = play(watch(), price(12), BROKEN)
    await store.commit(_named("broken", broken))
    items, later = await _all(api, cursor)
    assert (items, later != cursor) == ([], True)


async def test_a_cursor_that_is_too_old_says_where_to_begin_anew(api: Api, store: DiskWatchStore) -> None:
    _, cursor = await _all(api)
    await store.commit(_changes("first"))
    [baseline, changed] = _changes("loud")
    await store.commit([baseline, changed])
    for sequence in range(3, 25):
        state = replace(changed.state, sequence=sequence)
        await store.commit([replace(changed, state=state, change=None, events=changed.events * (KEPT_EVENTS // 20))])
    gone = await api("GET", f"/changes?since={cursor}")
    assert (gone.status, gone.said["type"]) == (410, ProblemType.CURSOR_GONE.uri)
    anew = gone.said["detail"].partition("since=")[2].partition(",")[0]
    assert (await api("GET", f"/changes?since={anew}")).status == 200
    assert (await api("GET", "/changes")).status == 200


async def test_a_cursor_of_another_state_is_gone(api: Api) -> None:
    _, cursor = await _all(api)
    for other in (f"{'0' * 32}-1", f"{cursor.partition('-')[0]}-999999"):
        answer = await api("GET", f"/changes?since={other}")
        assert (answer.status, answer.said["type"]) == (410, ProblemType.CURSOR_GONE.uri)


@pytest.mark.parametrize("since", ["x", "1", "-", "zz-1", "abc-1x", "0" * 33 + "-1", "a-" + "9" * 16])
async def test_what_is_no_cursor_is_refused(api: Api, since: str) -> None:
    answer = await api("GET", f"/changes?since={since}")
    assert (answer.status, answer.said["errors"][0]["parameter"]) == (422, "since")


async def test_tokens_of_one_application_may_not_read_them(api: Api) -> None:
    assert (await api("GET", "/changes", token=api.app_token)).status == 403
    assert (await api("GET", "/changes", token=await api.key([Scope.WATCHES_READ]))).status == 200
