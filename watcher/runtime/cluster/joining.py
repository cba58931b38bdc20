"""What the servers of one database must have in common before any of them serves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Final

from msgspec.structs import replace

from watcher.core.settings import Settings
from watcher.errors import ConfigError, UsageError
from watcher.push.channels.webpush.settings import push_subject

_A_PORT: Final = 80
"""0, which stands for whichever is free, is in no URL."""


def require_one_url(settings: Settings) -> None:
    """Raise UsageError where each of several servers would make links that lead to itself, for others to open."""
    if settings.database is None or settings.base_url is not None:
        return
    if not replace(settings, port=_A_PORT).is_loopback:
        raise UsageError("the servers of a cluster need the --base-url that leads to all of them")


async def join_cluster(settings: Settings, environ: Mapping[str, str]) -> None:
    """
    Make what the servers of a cluster have in common where it is missing, and take it from their database.

    Raises:
        ConfigError: the URL names no database; the key that seals secrets is missing, or none; the data directory has
            another key for Web Push than the others.
        StoreError: the database cannot be reached, or refused.
    """
    if settings.database is None:
        return
    # With psycopg and the job queue, which are an extra.
    from watcher.cluster.duties import make_tables

    await make_tables(settings.database)
    if push_subject(settings) is not None:
        await asyncio.to_thread(_take_push_key, settings, settings.database, environ)


def _take_push_key(settings: Settings, url: str, environ: Mapping[str, str]) -> None:
    from watcher.push.channels.webpush.keys import KEY_FILE, take_common_key
    from watcher.store.cluster.secrets import VARIABLE, Sealer, common_secret

    keys = environ.get(VARIABLE)
    if not keys:
        raise ConfigError(
            f"the servers of a cluster have one key for Web Push in their database, sealed: give all of them the same "
            f"{VARIABLE}, made with `openssl rand -base64 32`"
        )
    take_common_key(settings.data, partial(common_secret, url, Sealer(keys), KEY_FILE))
