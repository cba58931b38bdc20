"""Applications."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import asdict
from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from watcher.core.accounts import AccountState
from watcher.core.push import App, AppFigures, AppProfile, Slice, SubscriptionState
from watcher.store.push import dialect
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import (
    access_tokens,
    accounts,
    apps,
    callbacks,
    messages,
    qr_codes,
    remarks,
    subscriptions,
    topics,
    webhooks,
)

_is_operators: Final = apps.c.account_id.is_(None)


def _is_active(account_id: Column[int]) -> ColumnElement[bool]:
    return exists().where(accounts.c.id == account_id, accounts.c.state == AccountState.ACTIVE)


is_in_use: Final = or_(_is_operators, _is_active(apps.c.account_id))
"""Its owner may do something. Asked wherever something is queued for, sent to or read by an owner, of `apps`."""
_has_no_former_owner: Final = or_(apps.c.former_account_id.is_(None), _is_active(apps.c.former_account_id))


def is_for_its_owner(made_at: Column[datetime]) -> ColumnElement[bool]:
    """Ask at `now` whether who knows what was made then, of `apps`, may be told of it: a former owner may no more."""
    is_former_allowed = and_(apps.c.former_until > bindparam("now"), _has_no_former_owner)
    return and_(is_in_use, or_(apps.c.former_until.is_(None), made_at > apps.c.former_until, is_former_allowed))


_query: Final = select(apps, (~is_in_use).label("is_paused"))
# Each call of an application asks this: building a statement anew costs more than running it.
_of_token: Final = _query.where(
    or_(
        apps.c.token_hash == bindparam("of_hash"),
        and_(
            apps.c.old_token_hash == bindparam("of_hash"),
            apps.c.old_token_until > bindparam("now"),
            _has_no_former_owner,
        ),
    ),
    is_in_use,
)

_is_following: Final = subscriptions.c.state == SubscriptionState.FOLLOWING
_figures: Final = select(
    apps.c.id,
    select(func.count())
    .where(topics.c.app_id == apps.c.id, topics.c.merged_into.is_(None))
    .scalar_subquery()
    .label("topics"),
    select(func.count()).where(subscriptions.c.app_id == apps.c.id, _is_following).scalar_subquery().label("followers"),
    select(func.count())
    .select_from(subscriptions.join(topics, topics.c.id == subscriptions.c.topic_id))
    .where(topics.c.app_id == apps.c.id, _is_following)
    .scalar_subquery()
    .label("topic_followers"),
    select(func.count()).where(messages.c.app_id == apps.c.id).scalar_subquery().label("messages"),
)


class Apps(Rows):
    """The table of applications. Tokens are passed in, and looked up, as hashes."""

    def add(
        self,
        profile: AppProfile,
        *,
        slug: str,
        created_at: datetime,
        key: str | None = None,
        token_hash: str | None = None,
        signing_key: str | None = None,
        account_id: int | None = None,
        app_id: int | None = None,
    ) -> App:
        """
        Store a new application; one without a token publishes from inside this process only.

        Args:
            app_id: its number, which must be free; None: above the highest that there was.
        """
        row = {"key": key, "slug": slug, "token_hash": token_hash, "signing_key": signing_key} | asdict(profile)
        if app_id is not None:
            row["id"] = app_id
        made = self._run(
            insert(apps)
            .values(row | {"created_at": created_at, "account_id": account_id})
            .returning(apps, false().label("is_paused"))
        )
        if app_id is not None:
            dialect.advance_sequence(self._connection, apps)
        return _app(made.one())

    def describe(self, app_id: int, profile: AppProfile) -> None:
        """Replace an application's profile."""
        self._run(update(apps).where(apps.c.id == app_id).values(asdict(profile)))

    def open_by_number(self, app_id: int, by_number: bool) -> None:
        """Set whether an application is found by its number."""
        self._run(update(apps).where(apps.c.id == app_id).values(by_number=by_number))

    def replace_token(self, app_id: int, token_hash: str, *, now: datetime, old_until: datetime | None) -> None:
        """
        Replace the token; the present one is valid until then, if given. An older one stops working in any case.

        Where there is none, as after a hand-over, the one that its former owner has goes on until its time instead.
        """
        of_app = update(apps).where(apps.c.id == app_id)
        old_ends = of_app if old_until is None else of_app.where(apps.c.token_hash.is_not(None))
        old = {"old_token_hash": None if old_until is None else apps.c.token_hash, "old_token_until": old_until}
        self._run(old_ends.where(apps.c.former_until > now).values(former_until=now))
        self._run(old_ends.values(old | {"former_account_id": None}))
        self._run(of_app.values(token_hash=token_hash))

    def end_former(self, app: App, *, signing_key: str, now: datetime, token_until: datetime | None) -> None:
        """Take from an application what its owner has of it: its token then, or at once; `signing_key` is a new one."""
        old = {"token_hash": None, "old_token_hash": apps.c.token_hash if token_until else None}
        former = {"former_account_id": app.account_id if token_until else None, "former_until": token_until or now}
        left = {"signing_key": signing_key, "callback_url": "", "settings_url": "", "is_received": True}
        ended = old | former | left | {"old_token_until": token_until}
        self._run(update(apps).where(apps.c.id == app.id).values(ended))
        self._run(update(topics).where(topics.c.app_id == app.id).values(feed_slug=None))

    def note_seen(self, app_id: int) -> bool:
        """Note that its owner sees what ended as they got it; return whether they had not seen it before."""
        unseen = update(apps).where(apps.c.id == app_id, apps.c.is_received)
        return self._run(unseen.values(is_received=False)).rowcount > 0

    def replace_signing_key(self, app_id: int, signing_key: str) -> None:
        """Replace the signing key; the present one is gone at once."""
        self._run(update(apps).where(apps.c.id == app_id).values(signing_key=signing_key))

    def close(self, app_id: int) -> None:
        """End all by which an application sends, and is told of what happens; the rest stays."""
        for table in (access_tokens, callbacks, webhooks, qr_codes):
            self._run(delete(table).where(table.c.app_id == app_id))
        shut = {"token_hash": None, "old_token_hash": None, "callback_url": ""}
        self._run(update(apps).where(apps.c.id == app_id).values(shut))

    def forget_subscriptions(self, app_id: int, *, limit: int) -> int:
        """Remove some of the subscriptions to an application and its topics; return how many."""
        ours = select(topics.c.id).where(topics.c.app_id == app_id)
        some = (
            select(subscriptions.c.id)
            .where(or_(subscriptions.c.app_id == app_id, subscriptions.c.topic_id.in_(ours)))
            .limit(limit)
        )
        return self._run(delete(subscriptions).where(subscriptions.c.id.in_(some))).rowcount

    def forget_topic(self, app_id: int) -> bool:
        """
        Remove one topic of an application that has no messages and no subscriptions; return whether there was one.

        One, for SQLite looks through all messages of all applications for those that refer to it.
        """
        one = select(topics.c.id).where(topics.c.app_id == app_id).order_by(topics.c.id.desc()).limit(1)
        return self._run(delete(topics).where(topics.c.id.in_(one))).rowcount > 0

    def forget(self, app_id: int) -> None:
        """Remove a closed application of which nothing else is left but what its owner called subscribers."""
        self._run(delete(remarks).where(remarks.c.app_id == app_id))
        self._run(delete(apps).where(apps.c.id == app_id))

    def all(self) -> Sequence[App]:
        """Return all applications, by id."""
        return self._all(_query.order_by(apps.c.id), _app)

    def slice(self, cut: Slice, *, account_id: int | None) -> Sequence[App]:
        """
        Return a stretch of the applications, by id.

        Args:
            account_id: those of this account; None: all.
        """
        query = _query
        if account_id is not None:
            query = query.where(apps.c.account_id == account_id)
        return self._all(stretch(query, apps.c.id, cut), _app)

    def figures(self, ids: Collection[int]) -> Mapping[int, AppFigures]:
        """Return how much each of these applications has, by id."""
        found = self._run(_figures.where(apps.c.id.in_(ids)))
        return {
            row.id: AppFigures(
                topics=row.topics,
                followers=row.followers,
                topic_followers=row.topic_followers,
                messages=row.messages,
            )
            for row in found
        }

    def names(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of these applications, by id."""
        found = self._run(select(apps.c.id, apps.c.name).where(apps.c.id.in_(ids)))
        return {row.id: row.name for row in found}

    def of_id(self, app_id: int) -> App | None:
        """Return the application with this id."""
        return self._where(apps.c.id == app_id)

    def of_ids(self, app_ids: Collection[int]) -> Sequence[App]:
        """Return those of the applications with these ids that are there."""
        return self._all(_query.where(apps.c.id.in_(app_ids)), _app)

    def of_key(self, key: str) -> App | None:
        """Return the application with this key."""
        return self._where(apps.c.key == key)

    def named(self, name: str) -> Sequence[App]:
        """Return the operator's applications with this name, by id: an owner may call theirs as they like."""
        return self._all(_query.where(apps.c.name == name, _is_operators).order_by(apps.c.id), _app)

    def first_names(self, *, limit: int) -> Sequence[str]:
        """Return the names of the operator's first applications, by id."""
        return self._connection.scalars(select(apps.c.name).where(_is_operators).order_by(apps.c.id).limit(limit)).all()

    def of_token(self, token_hash: str, *, now: datetime) -> App | None:
        """
        Return the application whose token has this hash, unless its owner is blocked.

        A replaced token counts until its grace time is over.
        """
        found = self._run(_of_token, {"of_hash": token_hash, "now": now})
        row = found.first()
        return None if row is None else _app(row)

    def with_token_hash(self, token_hash: str) -> App | None:
        """Return the application whose token has this hash, or had it before its last reset, whoever may use it."""
        return self._where(or_(apps.c.token_hash == token_hash, apps.c.old_token_hash == token_hash))

    def of_slug(self, slug: str) -> App | None:
        """Return the application with this slug."""
        return self._where(apps.c.slug == slug)

    def _where(self, condition: ColumnElement[bool]) -> App | None:
        return self._one(_query.where(condition), _app)


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
        account_id=row.account_id,
        old_token_until=row.old_token_until,
        former_account_id=row.former_account_id,
        is_received=row.is_received,
        is_paused=row.is_paused,
    )
