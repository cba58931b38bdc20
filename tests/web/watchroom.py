"""A watcher at work with its push service and console in this process, over a site whose pages a test changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from tests.running import meanwhile
from tests.watching.shop import LOOPBACK, Shop, open_shop
from tests.web.console_desk import Desk, session_of
from tests.web.login import serving
from watcher.config.load import Loader
from watcher.config.writing import Writer
from watcher.core.page import Response
from watcher.core.settings import Settings
from watcher.core.watch import Watch, WatchFile
from watcher.runtime.driving import WatcherHere
from watcher.runtime.live import follow, reload_for_ever
from watcher.runtime.process.health import Health
from watcher.runtime.process.systemd import systemd
from watcher.runtime.watching import Watching, watching
from watcher.store.damage import PUSH


class WatcherNear(WatcherHere):
    """One that asks for pages of new watches on loopback, too, as if its address were public."""

    async def page(self, watch: Watch) -> Response:
        return await super().page(near(watch))


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRoom:
    """
    What a test of the console's watches needs.

    Attributes:
        shop: the site that is watched; `{shop}` in the file of watches is its address.
        config: the main file of watches.
        load: reads it again.
        operator: signed in just now.
    """

    shop: Shop
    config: Path
    load: Callable[[], WatchFile]
    settings: Settings
    parts: Watching
    local: WatcherHere
    operator: Desk

    async def check(self, watch: str) -> None:
        """Check a watch, and wait until that is on the disk."""
        await self.local.check([watch], limit_seconds=30)
        await self.parts.checker.committer.flush()


@asynccontextmanager
async def a_watch_room(
    directory: Path,
    watches: str,
    pages: Mapping[str, str] = MappingProxyType({}),
    *,
    watcher: type[WatcherHere] = WatcherHere,
    host: str = LOOPBACK,
    checked: Sequence[str] = (),
) -> AsyncIterator[WatchRoom]:
    """
    Keep a watcher running on these watches, which reads a saved file again; it checks them once as it starts.

    Args:
        watcher: what the console drives.
        host: where the site is; on loopback it may be asked as if its address were public.
        checked: the watches that are checked as it starts; all, where none is named.
    """
    async with open_shop(host) as shop:
        for path, html in pages.items():
            shop.show(path, html)
        config = directory / "watches.yaml"
        config.write_text(watches.replace("{shop}", shop.base), encoding="utf-8")
        loader = Loader(config, {})
        reading = partial(_near_all, loader) if host == LOOPBACK else loader.load
        settings = Settings(data=directory / "data", base_url="http://push.example")
        async with watching(settings, reading(), "a test") as (parts, open_service):
            service = await open_service()
            local = watcher(parts, Writer(config, {}, loader=loader))
            live = follow(reading(), reading)
            health = Health(settings.data, systemd())
            async with (
                meanwhile(parts.checker.committer.run()),
                meanwhile(parts.dispatcher.run()),
                meanwhile(parts.checker.runner.run()),
                meanwhile(reload_for_ever(settings, parts, open_service, live, health)),
                serving(service, settings, live=parts.checker.runner.live, local=local) as site,
            ):
                session = session_of(settings.data / PUSH, at=datetime.now(UTC))
                desk = Desk(site=site, session=session, account_id=None)
                await _until_checked(local, parts, checked or [*local.watches])
                yield WatchRoom(
                    shop=shop,
                    config=config,
                    load=reading,
                    settings=settings,
                    parts=parts,
                    local=local,
                    operator=desk,
                )


def load_near(config: Path) -> WatchFile:
    """Return a file of watches whose site, on loopback, may be asked as if its address were public."""
    return _near_all(Loader(config, {}))


def _near_all(loader: Loader) -> WatchFile:
    file = loader.load()
    return replace(file, watches={watch.id: near(watch) for watch in file.watches.values()})


def near(watch: Watch) -> Watch:
    """Return the watch as it asks for a page on loopback."""
    return replace(watch, request=replace(watch.request, allow_private=True))


async def _until_checked(local: WatcherHere, parts: Watching, watches: Sequence[str]) -> None:
    """Return when each of these was checked once: the runner has begun by then."""
    async with asyncio.timeout(30):
        while not await local.check(watches, limit_seconds=30):  # noqa: ASYNC110 - it begins in a turn or two
            await asyncio.sleep(0)
        await parts.checker.committer.flush()
