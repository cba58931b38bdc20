"""What a server does as long as it lasts, and its duties: what one server at a time does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.runtime.cluster.hearing import hear_others
from watcher.runtime.process.health import Serving
from watcher.runtime.serving.duties import Work, run_all, run_leased
from watcher.runtime.serving.housekeeping import Housekeeper
from watcher.runtime.serving.telling_webhooks import POLL_SECONDS, ChangeTeller

if TYPE_CHECKING:
    from watcher.runtime.cluster.driving import ClusterWatcher  # with SQLAlchemy and psycopg


def duties_of(
    settings: Settings, watches: WatchReader, parts: Serving, cluster: ClusterWatcher | None
) -> Mapping[str, Work]:
    """Return what one server at a time does, of all that use the database."""
    service, database = parts.service, None if cluster is None else settings.database
    duties: dict[str, Work] = {
        "callbacks": parts.callbacks.run,
        "deliverer": parts.deliverer.run,
        "fan-out": partial(service.messages.fan_out, parts.hub.listening),
        "housekeeping": Housekeeper(service, keep_messages=settings.keep_messages, database=database).run,
    }
    if cluster is None:
        return duties
    return {**duties, "changes": partial(_tell_changes, ChangeTeller(watches, service), lambda: cluster.is_declared)}


def errands_of(
    settings: Settings, watches: WatchReader, service: PushService, cluster: ClusterWatcher | None
) -> Sequence[Coroutine[None, None, None]]:
    """Return what each server does for itself, as long as it lasts."""
    if settings.database is None:
        return [ChangeTeller(watches, service).run()]
    if cluster is None:
        # Not by a lease: of the servers of one database, whoever has the watches in its data directory can.
        telling = _tell_changes(ChangeTeller(watches, service), settings.watches.exists)
        return [telling, hear_others(settings.database, service)]
    return [cluster.run(), hear_others(settings.database, service, cluster.loop.wake)]


async def run_duties(settings: Settings, duties: Mapping[str, Work]) -> None:
    """Do these until cancelled: all of them, or where the server is one of a cluster those that fall to it."""
    await (run_all(duties) if settings.database is None else run_leased(settings.database, duties))


async def _tell_changes(teller: ChangeTeller, are_there: Callable[[], bool]) -> None:
    """
    Tell webhooks what watches find, once there are any.

    Till then another process may have some: who has none would note that everything was told.
    """
    while not are_there():  # noqa: ASYNC110 - a command makes them
        await asyncio.sleep(POLL_SECONDS)
    await teller.run()
