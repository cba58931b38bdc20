"""The tables of the push service's database: which they are, and bringing them up to date; and the secrets in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct

from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.errors import ConfigError, UsageError
from watcher.runtime.serving.service import database_of, push_service
from watcher.store.postgresql.extra import needing_extra


class Tables(Struct, frozen=True, kw_only=True):
    """
    The tables of a database.

    Attributes:
        place: a file, or a URL without its password.
        revision: of the tables; None: there are none yet.
        newest: that this version of watcher makes.
        watches: in a PostgreSQL, those of watches, which have revisions of their own; None: in a file.
    """

    place: str
    revision: str | None
    newest: str
    watches: Tables | None = None


async def tables(settings: Settings) -> Tables:
    """Return which tables the push service and its watches have, as they are. Raises ConfigError, StoreError."""
    from watcher.store.push.schema import HEAD
    from watcher.store.push.store import revision_at  # bring SQLAlchemy

    place = database_of(settings)
    revision = await revision_at(place)
    if not isinstance(place, ClusterDatabase):
        return Tables(place=str(place), revision=revision, newest=HEAD)
    watches = await asyncio.to_thread(_tables_of_watches, place)
    return Tables(place=place.shown, revision=revision, newest=HEAD, watches=watches)


def _tables_of_watches(place: ClusterDatabase) -> Tables:
    from watcher.store.cluster import watch_schema

    found = watch_schema.revision_at(place.url)
    return Tables(place=place.shown, revision=found, newest=watch_schema.HEAD)


async def upgrade_tables(settings: Settings) -> Tables:
    """
    Make the tables, or migrate them, as a start does; return which they were. Raises ConfigError, StoreError.

    Those of leases, watches and jobs, too, of a cluster: the role of a server may not be allowed to make them.
    """
    before = await tables(settings)
    async with push_service(settings, may_migrate=True):
        pass
    if settings.database is not None:
        with needing_extra():
            from watcher.cluster.duties import make_tables
        await make_tables(settings.database)
    return before


async def renew(settings: Settings) -> None:
    """Skip numbers in a PostgreSQL that was put back. Raises UsageError: none is named; ConfigError, StoreError."""
    if settings.database is None:
        raise UsageError("name the PostgreSQL that was put back, with --database or WATCHER_DATABASE")
    with needing_extra():
        from watcher.store.push.high_water import renew_at
    await asyncio.to_thread(renew_at, settings.database)


async def reseal(settings: Settings, environ: Mapping[str, str]) -> int:
    """
    Seal all secrets of a cluster with the first key of the environment; return how many there are.

    Raises:
        UsageError: no database is named.
        ConfigError: there is no key, or one that is none.
        StoreError: a secret can be opened with none of them, and nothing was changed; or the database refused.
    """
    if settings.database is None:
        raise UsageError("name the database whose secrets are sealed, with --database or WATCHER_DATABASE")
    with needing_extra():
        from watcher.store.cluster.secrets import VARIABLE, seal_all_anew
    if not (keys := environ.get(VARIABLE)):
        raise ConfigError(f"{VARIABLE} is not set: give both keys there with a comma, the new one first")
    return await asyncio.to_thread(seal_all_anew, settings.database, keys)
