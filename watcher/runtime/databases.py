"""The tables of the push service's database: which they are, and bringing them up to date."""

from __future__ import annotations

from msgspec import Struct

from watcher.core.databases import SharedDatabase
from watcher.core.settings import Settings
from watcher.runtime.service import database_of, push_service


class Tables(Struct, frozen=True, kw_only=True):
    """
    The tables of a database.

    Attributes:
        place: a file, or a URL without its password.
        revision: of the tables; None: there are none yet.
        newest: that this version of watcher makes.
    """

    place: str
    revision: str | None
    newest: str


async def tables(settings: Settings) -> Tables:
    """Return which tables the push service has, as they are. Raises ConfigError, StoreError."""
    from watcher.store.push.schema import HEAD
    from watcher.store.push.store import revision_at  # bring SQLAlchemy

    place = database_of(settings)
    revision = await revision_at(place)
    name = place.shown if isinstance(place, SharedDatabase) else str(place)
    return Tables(place=name, revision=revision, newest=HEAD)


async def upgrade_tables(settings: Settings) -> Tables:
    """Make the tables, or migrate them, as a start does; return which they were. Raises ConfigError, StoreError."""
    before = await tables(settings)
    async with push_service(settings):
        return before
