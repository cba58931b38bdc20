"""The books of a site that knows the truth find each kind of wrong, and nothing in what is right."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.faults.chains import Books, Declared, Unrest
from tests.faults.recording_site import Record, RecordingSite, Visit, address, serve_recording_site, value_of
from tests.running import meanwhile

HOST = "127.0.1.1"


class Takes(random.Random):
    """By which the answers of a site take so many seconds, one after the other."""

    def __init__(self, *seconds: float) -> None:
        super().__init__()
        self._seconds = iter(seconds)

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002 - as `random` has it
        return next(self._seconds)


async def get(session: ClientSession, site: RecordingSite) -> None:
    async with session.get(site.url("p", HOST)) as response:
        await response.read()


async def asked(site: RecordingSite, times: int) -> None:
    """Return when the site has been asked so often."""
    async with asyncio.timeout(30):
        while len(site.record.visits) < times:  # noqa: ASYNC110 - it has no event for us
            await asyncio.sleep(0)


def visit(at: float, version: int | None, *, page: str = "p", host: str = HOST, ended_at: float = 0) -> Visit:
    return Visit(page=page, host=host, began_at=at, ended_at=ended_at or at + 0.5, version=version)


def item(old: int, new: int, page: str = "p") -> Mapping[str, Any]:
    return {"summary": f"{page}: {value_of(page, old)} → {value_of(page, new)}", "content": "It changed."}


# Each version was answered three times, one a second.
CALM = [visit(at, 1 + at // 3) for at in range(12)]
TOLD = [item(1, 2), item(2, 3), item(3, 4)]


def books(visits: Sequence[Visit] = CALM, *, declared: Sequence[Declared] = (), unrest: Sequence[Unrest] = ()) -> Books:
    return Books(
        record=Record(shown_at={"p": [0, 3, 6, 9]}, visits=[*visits]),
        declared=declared or [Declared(page="p", host=HOST, since=0)],
        unrest=unrest,
        patience_seconds=1,
    )


def test_what_was_told_in_order_is_right() -> None:
    assert not list(books().complaints({"one": TOLD, "two": TOLD}))
    assert not books().untold(TOLD)


@pytest.mark.parametrize(
    ("items", "complaints"),
    [
        ([TOLD[0], TOLD[2]], ["broken: p 3 → 4 after p 1 → 2", "lost: p version 3"]),
        ([TOLD[1], TOLD[0], TOLD[2]], ["broken: p 1 → 2 after p 2 → 3", "broken: p 3 → 4 after p 1 → 2", "lost"]),
        (TOLD[:2], ["lost: p version 4"]),
        (TOLD[1:], ["lost: p version 1"]),
        ([], ["lost: p version 2", "lost: p version 3", "lost: p version 4"]),
        ([*TOLD, item(4, 5)], ["invented: p 4 → 5"]),
        ([*TOLD, {"summary": "p: pv4x000000 → pv5x000000", "content": ""}], ["invented: 'p: "]),
        ([*TOLD, item(1, 1, "q")], ["invented: q 1 → 1"]),
        ([TOLD[0], TOLD[0], *TOLD[1:]], ["doubled: p 1 → 2"]),
        ([*TOLD, TOLD[0]], ["doubled: p 1 → 2"]),
    ],
    ids=[
        "left out",
        "out of order",
        "last",
        "first",
        "all",
        "not shown",
        "not a value",
        "another page",
        "twice",
        "late",
    ],
)
def test_what_is_wrong_with_an_inbox_is_found(items: Sequence[Mapping[str, Any]], complaints: Sequence[str]) -> None:
    found = list(books().about_inbox(items))
    assert len(found) == len(complaints), found
    assert all(one.startswith(said) for one, said in zip(found, complaints, strict=True)), found


def test_a_version_that_was_answered_amid_a_strike_may_be_passed_over() -> None:
    amid = books(unrest=[Unrest(since=5.5, until=8.5)])  # twice while something was struck
    assert not list(amid.about_inbox([TOLD[0], item(2, 4)]))
    assert list(amid.about_inbox([TOLD[0]])) == ["lost: p version 4"]


def test_a_version_whose_answers_a_strike_parts_may_be_passed_over() -> None:
    parted = books(unrest=[Unrest(since=7.2, until=7.4)])
    assert not list(parted.about_inbox([TOLD[0], item(2, 4)]))


def test_a_page_that_was_not_looked_at_often_enough_since_it_changed_is_waited_for() -> None:
    assert books(CALM[:-1]).untold(TOLD) == ["p"]
    assert books().untold(TOLD[:-1]) == ["p"]
    assert not books(declared=[Declared(page="p", host=HOST, since=0, until=11)]).untold([])


@pytest.mark.parametrize(
    ("visits", "complaints"),
    [
        ([visit(0, 1), visit(0.5, 1)], 0),
        ([visit(0, 1), visit(0.4, 1)], 1),
        ([visit(0, 1), visit(0.4, 1, host="127.0.1.2")], 0),
        ([visit(0, 1, ended_at=9), visit(1, 1), visit(2, 1)], 2),
        ([visit(0, None, ended_at=float("inf")), visit(1, 1)], 1),
    ],
    ids=["one after the other", "overlapping", "two hosts", "a long one", "without an end"],
)
def test_requests_to_a_host_that_overlap_are_found(visits: Sequence[Visit], complaints: int) -> None:
    stays = [Declared(page="p", host=host, since=0) for host in (HOST, "127.0.1.2")]
    found = list(books(visits, declared=stays).about_requests())
    assert [one.partition(":")[0] for one in found] == complaints * ["overlapping"], found


def test_a_page_that_is_asked_for_where_it_is_not_declared_is_found() -> None:
    moved = [Declared(page="p", host="127.0.1.2", since=0, until=3), Declared(page="p", host=HOST, since=2)]
    visits = [visit(0, 1), visit(1, 1, host="127.0.1.2"), visit(3.5, 1, host="127.0.1.2"), visit(4, 2)]
    late = visit(4.5, 2, host="127.0.1.2")
    assert list(books([*visits[1:], late], declared=moved).about_requests()) == ["stray: p was asked for at 127.0.1.2"]
    assert list(books(visits, declared=moved).about_requests()) == [f"stray: p was asked for at {HOST}"]


async def test_the_site_writes_down_who_was_answered_what_and_until_when() -> None:
    hosts = [address(number) for number in (0, 249, 250)]
    assert hosts == ["127.0.1.1", "127.0.1.250", "127.0.2.1"]
    async with serve_recording_site(hosts, random.Random(1)) as site, ClientSession() as session:
        site.show("p")
        async with session.get(site.url("p", hosts[0])) as response:
            assert value_of("p", 1) in await response.text()
            tag = response.headers["ETag"]
        site.show("p")
        async with session.get(site.url("p", hosts[2]), headers={"If-None-Match": tag}) as response:
            assert value_of("p", 2) in await response.text()
            tag = response.headers["ETag"]
        async with session.get(site.url("p", hosts[2]), headers={"If-None-Match": tag}) as response:
            assert response.status == 304
    visits = site.record.visits
    assert [(each.host, each.version) for each in visits] == [(hosts[0], 1), (hosts[2], 2), (hosts[2], 2)]
    assert all(one.ended_at <= other.began_at for one, other in pairwise(visits))


async def test_whoever_hangs_up_is_not_answered_and_does_not_overlap_with_who_asks_next() -> None:
    async with serve_recording_site([HOST], Takes(3_600, 0)) as site, ClientSession() as session:
        site.show("p")
        async with meanwhile(get(session, site)):
            await asked(site, 1)
        await get(session, site)
    first, second = site.record.visits
    assert first.version is None
    assert first.ended_at <= second.began_at
    assert second.version == 1


async def test_two_at_one_host_at_a_time_overlap() -> None:
    async with serve_recording_site([HOST], Takes(3_600, 3_600)) as site, ClientSession() as session:
        site.show("p")
        async with meanwhile(get(session, site)), meanwhile(get(session, site)):
            await asked(site, 2)
    found = list(books(site.record.visits).about_requests())
    assert [one.partition(":")[0] for one in found] == ["overlapping"]
