"""A watch of a cluster that is declared under another id goes on as the one that it was (`was`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Final

import pytest
from msgspec.structs import replace

from tests import postgresql
from tests.core.builders import NOON, play, price, watch
from tests.push.relays import until
from tests.store.cluster.places import holding, opened, the_fence
from tests.store.cluster.tables import WAITING, slow_transaction
from watcher.config.declared import DeclaredWatch
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.kept_page import KeptPage
from watcher.core.shards import HOST_SHARDS, shard_of
from watcher.errors import LeaseLostError, StaleDecisionError, UsageError
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.declaring import AppliedRows, Named, WantedRows
from watcher.store.cluster.kept_pages import ClusterKeptPages
from watcher.store.cluster.watch_commits import GroupCommit, steps_of
from watcher.store.cluster.watch_reader import ClusterWatchReader

_HOST: Final = next(f"{n}.example" for n in range(1_000) if shard_of(f"{n}.example", HOST_SHARDS) == 0)
_ELSEWHERE: Final = next(f"{n}.example" for n in range(1_000) if shard_of(f"{n}.example", HOST_SHARDS) == 1)
PAGE: Final = KeptPage(
    watch="dune",
    at=NOON,
    verdict=Verdict.CHANGED,
    url="https://x.example/",
    media_type="text/html",
    text="a page",
    is_cut=False,
)
FIRST, SECOND, THIRD = play(watch(), price(1), price(2), price(3))


@pytest.fixture
async def declarations(lone_url: str) -> AsyncIterator[DeclarationStore]:
    async with aclosing(DeclarationStore(lone_url)) as opened:
        await declare(opened, {"dune": None})
        yield opened


async def declare(
    declarations: DeclarationStore, watches: Mapping[str, str | None], *, origin: str = "files", host: str = _HOST
) -> AppliedRows:
    """Declare these watches, each of which was another one, or none."""
    wanted = {id_: DeclaredWatch(host=host, body=f'"{was}"', was=was) for id_, was in watches.items()}
    declaring = WantedRows(origin=origin, frame="{}", watches=wanted, digest=repr((watches, host)), applied_by="a test")
    return await declarations.apply(declaring, may_delete=origin == "files" and "dune" in watches)


def of(name: str, decision: Decision) -> Decision:
    """Return a decision as one of another watch, without its messages."""
    change = replace(decision.change, watch=name) if decision.change else None
    return replace(decision, watch=name, change=change, events=(), messages=())


def sequences(url: str, watch: str) -> list[int]:
    return [change.sequence for change in ClusterWatchReader(url).changes(watch)]


async def test_it_keeps_its_state_its_changes_and_its_page(lone_url: str, declarations: DeclarationStore) -> None:
    pages = ClusterKeptPages(lone_url)
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST, SECOND])
        pages.keep(PAGE)
        applied = await declare(declarations, {"book": "dune"}, host=_ELSEWHERE)
        assert (applied.added, applied.removed, applied.renamed) == (named("book"), named(), named("dune"))
        with pytest.raises(LeaseLostError, match="watch dune: it is in another process' part"):
            await store.commit([THIRD])
    async with opened(lone_url, holding(["book"], shard=1)) as store:
        assert await store.states_of(1) == {"book": SECOND.state}
        assert sequences(lone_url, "book") == [2]
        page = pages.page("book")
        assert page is not None
        assert page.text == "a page"
        await store.commit([of("book", THIRD)])
        assert sequences(lone_url, "book") == [2, 3]


async def test_what_is_saved_of_the_former_watch_meanwhile_goes_along(
    lone_url: str, declarations: DeclarationStore, postgresql_server: postgresql.Server
) -> None:
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST])
        with slow_transaction(lone_url) as saving:
            steps = steps_of([SECOND], store.held.shard_of)
            GroupCommit([SECOND], steps, [the_fence("hosts:0")], store.cluster)(saving)
            renaming = asyncio.create_task(declare(declarations, {"book": "dune"}))
            await until(lambda: postgresql_server.ask(WAITING) != [(0,)])
        await renaming
        assert await store.state_of("book") == SECOND.state


async def test_it_does_so_once(lone_url: str, declarations: DeclarationStore) -> None:
    async with opened(lone_url, holding(["dune", "book", "other"])) as store:
        await store.commit([FIRST, SECOND])
        await declare(declarations, {"book": "dune"})
        await store.commit([of("book", THIRD)])
        await declare(declarations, {"book": "dune", "other": None})
        assert await store.state_of("book") == THIRD.state


async def test_a_process_that_checked_the_new_one_before_that_goes_on_from_the_former_state(
    lone_url: str, declarations: DeclarationStore
) -> None:
    async with opened(lone_url, holding(["dune", "book"])) as store:
        await store.commit([FIRST, SECOND])
        await declare(declarations, {"book": None})
        await store.commit([of("book", FIRST)])
        await declare(declarations, {"book": "dune"})
        with pytest.raises(StaleDecisionError):
            await store.commit([of("book", SECOND)])
        assert await store.state_of("book") == SECOND.state


async def test_where_both_have_seen_changes_each_stays_what_it_is(
    lone_url: str, declarations: DeclarationStore
) -> None:
    async with opened(lone_url, holding(["dune", "book"])) as store:
        await store.commit([FIRST, SECOND, THIRD])
        await declare(declarations, {"book": None})
        await store.commit([of("book", FIRST), of("book", SECOND)])
        await declare(declarations, {"book": "dune"})
        assert await store.state_of("book") == SECOND.state


async def test_the_former_id_may_be_given_to_a_watch_again(lone_url: str, declarations: DeclarationStore) -> None:
    async with opened(lone_url, holding(["dune", "book"])) as store:
        await store.commit([FIRST, SECOND])
        await declare(declarations, {"book": "dune"})
        await declare(declarations, {"book": None, "dune": None})
        await store.commit([THIRD])
        assert await store.states_of(0) == {"book": SECOND.state, "dune": THIRD.state}


async def test_it_is_no_watch_that_somebody_else_declares(declarations: DeclarationStore) -> None:
    with pytest.raises(UsageError, match=r"already declared by another origin: dune \(files\)"):
        await declare(declarations, {"book": "dune"}, origin="team")


async def test_many_that_are_renamed_are_not_many_that_are_removed(declarations: DeclarationStore) -> None:
    await declare(declarations, {"dune": None} | {f"dune-{n}": None for n in range(9)})
    applied = await declare(declarations, {f"book-{n}": f"dune-{n}" for n in range(9)} | {"book": "dune"})
    assert (applied.removed.number, applied.renamed.number, applied.added.number) == (0, 10, 10)


async def test_a_watch_that_was_never_checked_is_declared_as_any_new_one(
    lone_url: str, declarations: DeclarationStore
) -> None:
    async with opened(lone_url, holding(["book"])) as store:
        await declare(declarations, {"book": "dune"})
        assert await store.state_of("book") in (None, WatchState())
        await store.commit([of("book", FIRST)])


def named(*ids: str) -> Named:
    return Named(number=len(ids), first=ids)
