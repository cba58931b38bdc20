"""A watch with another id goes on as the one that it was (`was`): after a start, and while it is checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from tests.running import meanwhile
from tests.watching.room import settled
from tests.watching.shop import Shop
from watcher.config import parse
from watcher.core.check import Decision, Verdict
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.errors import StoreError
from watcher.runtime.live import use
from watcher.runtime.serving.service import LazyService
from watcher.runtime.watching import Watching, watching

_TEXT = """
topics: {deals: {id: 1}, admin: {id: 2}}
defaults: {topic: deals, allow_private: true, keep_page: true, every: 1h, per_host: {min_delay: 0s}}
watches:
  %s
    url: %s/dune
    extract: {price: {css: .price, type: money}}
    notify_when: {price: {below: 10}}
"""
_SECONDS = 20.0


class _Work(Struct, frozen=True):
    """A watcher at work."""

    settings: Settings
    parts: Watching
    service: LazyService

    async def check(self, watch: str) -> Decision:
        (decision,) = await self.parts.checker.runner.check_now([watch], limit_seconds=_SECONDS)
        return decision

    async def use(self, file: WatchFile) -> None:
        await use(self.settings, self.parts, self.service, file)

    async def told(self) -> list[str]:
        """The watches of which something was told, in order."""
        await self.parts.checker.committer.flush()
        return [entry.message.watch for entry in await self.parts.store.outbox.waiting()]


def file_of(shop: Shop, watch: str, was: str = "") -> WatchFile:
    says = f"{watch}:\n    was: {was}" if was else f"{watch}:"
    return parse(_TEXT % (says, shop.base), file="watches.yaml", environ={})


@asynccontextmanager
async def working(data: Path, file: WatchFile) -> AsyncIterator[_Work]:
    settings = Settings(data=data, push="http://127.0.0.1:1", app_token="AT_x")
    async with (
        watching(settings, file, "a test") as (parts, service),
        meanwhile(parts.checker.committer.run()),
        meanwhile(parts.checker.runner.run()),
    ):
        await settled()
        yield _Work(settings, parts, service)


async def begin(work: _Work, shop: Shop, watch: str = "dune") -> None:
    """Let the watch see a change, and tell it."""
    shop.price("/dune", "12.00")
    await work.check(watch)
    shop.price("/dune", "8.50")
    assert (await work.check(watch)).verdict is Verdict.CHANGED


async def is_whole(work: _Work, shop: Shop, watch: str) -> None:
    """Assert that a watch goes on from what `begin` left."""
    assert (await work.check(watch)).verdict is Verdict.UNCHANGED
    assert await work.told() == ["dune"]
    changes = await asyncio.to_thread(work.parts.store._reader.newest_changes, watch, limit=9)
    assert [change.watch for change in changes] == [watch]
    page = await asyncio.to_thread(work.parts.pages.page, watch)
    assert page is not None
    assert "8.50" in page.text
    shop.price("/dune", "12.00")
    await work.check(watch)
    shop.price("/dune", "7.00")
    await work.check(watch)
    assert await work.told() == ["dune", watch]


async def test_after_a_start_it_goes_on_and_tells_nothing_again(shop: Shop, tmp_path: Path) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
    for _ in range(2):
        async with working(tmp_path, file_of(shop, "book", was="dune")) as work:
            assert (await work.check("book")).verdict is not Verdict.BASELINE
    async with working(tmp_path, file_of(shop, "book", was="dune")) as work:
        await is_whole(work, shop, "book")


async def test_without_a_word_it_begins_anew(shop: Shop, tmp_path: Path) -> None:
    """What the others would do if nobody looked at `was`."""
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        await work.use(file_of(shop, "book"))
        assert (await work.check("book")).verdict is Verdict.BASELINE
        assert await work.told() == ["dune", "book"]


async def test_a_file_that_is_saved_renames_it_amid_a_check(shop: Shop, tmp_path: Path) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        shop.held.add("/dune")
        shop.price("/dune", "8.40")
        asked = len(shop.asked)
        checking = asyncio.create_task(work.parts.checker.runner.check_now(["dune"], limit_seconds=_SECONDS))
        await shop.until_asked(asked + 1)
        await work.use(file_of(shop, "book", was="dune"))
        await shop.release()
        await checking
        assert (await work.check("book")).verdict in (Verdict.CHANGED, Verdict.UNCHANGED)
        assert await work.told() == ["dune"]


async def test_who_says_it_only_after_the_new_one_was_checked_gets_the_history_all_the_same(
    shop: Shop, tmp_path: Path
) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        await work.use(file_of(shop, "book"))
        assert (await work.check("book")).verdict is Verdict.BASELINE
        await work.use(file_of(shop, "book", was="dune"))
        assert (await work.check("book")).verdict is Verdict.UNCHANGED
        assert work.parts.checker.runner.states.of("book").changed_at is not None


async def test_one_that_nobody_knows_is_said(shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        await work.use(file_of(shop, "book", was="dnue"))
    assert "book: `was: dnue` has no effect: no watch of that id was ever checked" in caplog.text


async def test_two_renames_after_one_another_keep_all(shop: Shop, tmp_path: Path) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        await work.use(file_of(shop, "book", was="dune"))
        await work.use(file_of(shop, "novel", was="book"))
        await is_whole(work, shop, "novel")


async def test_a_watch_that_takes_the_former_id_makes_no_message_id_again(shop: Shop, tmp_path: Path) -> None:
    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        await work.use(file_of(shop, "book", was="dune"))
        await work.use(file_of(shop, "dune"))
        shop.price("/dune", "12.00")
        await work.check("dune")
        shop.price("/dune", "8.50")
        await work.check("dune")
        assert await work.told() == ["dune", "dune"]


async def test_where_the_disk_refuses_it_the_former_watch_goes_on(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    async with working(tmp_path, file_of(shop, "dune")) as work:
        await begin(work, shop)
        with monkeypatch.context() as full:
            full.setattr(work.parts.store._database, "write", refuse)
            with pytest.raises(StoreError, match="is full"):
                await work.use(file_of(shop, "book", was="dune"))
        assert (await work.check("dune")).verdict is Verdict.UNCHANGED
        await work.use(file_of(shop, "book", was="dune"))
        await is_whole(work, shop, "book")
