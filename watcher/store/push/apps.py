"""Applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, or_, select, update

from watcher.core.push import App, AppProfile
from watcher.store.push.rows import Rows
from watcher.store.push.tables import apps

# Each call of an application asks this: building a statement anew costs more than running it.
_of_token: Final = select(apps).where(
    or_(
        apps.c.token_hash == bindparam("of_hash"),
        and_(apps.c.old_token_hash == bindparam("of_hash"), apps.c.old_token_until > bindparam("now")),
    )
)


class Apps(Rows):
    """The applications. A token comes and is looked up as its hash."""

    async def add(
        self,
        profile: AppProfile,
        *,
        slug: str,
        created_at: datetime,
        key: str | None = None,
        token_hash: str | None = None,
        signing_key: str | None = None,
    ) -> App:
        """Make one; one without a token publishes from inside only."""
        row = {"key": key, "slug": slug, "token_hash": token_hash, "signing_key": signing_key} | asdict(profile)
        made = await self._connection.execute(insert(apps).values(row | {"created_at": created_at}).returning(apps))
        return _app(made.one())

    async def describe(self, app_id: int, profile: AppProfile) -> None:
        """Replace what is said of one."""
        await self._connection.execute(update(apps).where(apps.c.id == app_id).values(asdict(profile)))

    async def open_by_number(self, app_id: int, by_number: bool) -> None:
        """Say whether one is found by its number."""
        await self._connection.execute(update(apps).where(apps.c.id == app_id).values(by_number=by_number))

    async def replace_token(self, app_id: int, token_hash: str, *, old_until: datetime | None) -> None:
        """Give one a new token; the present one is good until then, or no longer. An older one dies in any case."""
        await self._connection.execute(
            update(apps)
            .where(apps.c.id == app_id)
            .values(
                token_hash=token_hash,
                old_token_hash=None if old_until is None else apps.c.token_hash,
                old_token_until=old_until,
            )
        )

    async def replace_signing_key(self, app_id: int, signing_key: str) -> None:
        """Give one another key; the present one is gone at once."""
        await self._connection.execute(update(apps).where(apps.c.id == app_id).values(signing_key=signing_key))

    async def all(self) -> Sequence[App]:
        """Return all, by id."""
        return [_app(row) for row in await self._connection.execute(select(apps).order_by(apps.c.id))]

    async def of_id(self, app_id: int) -> App | None:
        """Return the one with this id."""
        return await self._where(apps.c.id == app_id)

    async def of_key(self, key: str) -> App | None:
        """Return the one with this key."""
        return await self._where(apps.c.key == key)

    async def named(self, name: str) -> Sequence[App]:
        """Return all that have this name, by id."""
        found = await self._connection.execute(select(apps).where(apps.c.name == name).order_by(apps.c.id))
        return [_app(row) for row in found]

    async def of_token(self, token_hash: str, *, now: datetime) -> App | None:
        """Return the one whose token has this hash; one that was replaced counts until its end."""
        found = await self._connection.execute(_of_token, {"of_hash": token_hash, "now": now})
        row = found.first()
        return None if row is None else _app(row)

    async def of_slug(self, slug: str) -> App | None:
        """Return the one with this slug."""
        return await self._where(apps.c.slug == slug)

    async def _where(self, condition: ColumnElement[bool]) -> App | None:
        row = await self._first(select(apps).where(condition))
        return None if row is None else _app(row)


def _app(row: Row[Any]) -> App:
    profile = AppProfile(
        name=row.name,
        contact=row.contact,
        description=row.description,
        follow_prompt=row.follow_prompt,
        callback_url=row.callback_url,
        settings_url=row.settings_url,
    )
    return App(
        id=row.id,
        key=row.key,
        slug=row.slug,
        profile=profile,
        created_at=row.created_at,
        signing_key=row.signing_key,
        by_number=row.by_number,
    )
