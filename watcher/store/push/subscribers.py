"""Subscribers, and their openids of the WeChat account."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, exists, insert, or_, select, text, update

from watcher.core.channels import ChannelName, Preferences
from watcher.core.push import Slice, Subscriber
from watcher.core.quiet import QuietHours, parse_quiet_hours
from watcher.store.push import dialect
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import (
    addresses,
    claims,
    confirmations,
    devices,
    openids,
    remarks,
    subscribers,
    subscriptions,
    topics,
)

_OWN_TABLES: Final = (addresses, claims, confirmations, devices, openids, remarks, subscriptions)
preference_columns: Final = (subscribers.c.channel_order, subscribers.c.quiet_hours, subscribers.c.lang)
_PREFERENCES: Final = 1_000
"""That are kept as they were read: most subscribers have said nothing, and the others much the same."""


class Subscribers(Rows):
    """The table of subscribers. Secrets are passed in, and looked up, as hashes."""

    def add(self, *, uid: str, spt_hash: str, created_at: datetime, is_stranger: bool = False) -> Subscriber:
        """Store a new subscriber, who follows nothing and has no device."""
        row = {"uid": uid, "spt_hash": spt_hash, "created_at": created_at, "is_stranger": is_stranger}
        made = self._run(insert(subscribers).values(row).returning(subscribers))
        return subscriber_of(made.one())

    def all(self) -> Sequence[Subscriber]:
        """Return all subscribers, by id."""
        return self._all(select(subscribers).order_by(subscribers.c.id), subscriber_of)

    def note_openid(self, subscriber_id: int, *, openid_hash: str) -> None:
        """Assign this openid of the WeChat account to this subscriber, whoever had it before."""
        row = {"subscriber_id": subscriber_id}
        statement = dialect.insert(openids).values(row | {"openid_hash": openid_hash})
        self._run(statement.on_conflict_do_update(index_elements=["openid_hash"], set_=row))

    def of_openid(self, openid_hash: str) -> Subscriber | None:
        """Return the subscriber whose openid has this hash, or who had it last."""
        return self._one(select(subscribers).join(openids).where(openids.c.openid_hash == openid_hash), subscriber_of)

    def of_id(self, subscriber_id: int) -> Subscriber | None:
        """Return the subscriber with this id."""
        return self._where(subscribers.c.id == subscriber_id)

    def of_uid(self, uid: str) -> Subscriber | None:
        """Return the subscriber with this uid."""
        return self._where(subscribers.c.uid == uid)

    def of_spts(self, spt_hashes: Collection[str]) -> Mapping[str, Subscriber]:
        """Return the subscribers whose simple push tokens have these hashes, by hash."""
        found = self._run(select(subscribers).where(subscribers.c.spt_hash.in_(spt_hashes)))
        return {row.spt_hash: subscriber_of(row) for row in found}

    def describe(self, subscriber_id: int, *, nickname: str, is_receiving: bool) -> None:
        """Change a subscriber's nickname, and whether it gets messages at all."""
        self._run(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(nickname=nickname, is_receiving=is_receiving)
        )

    def preferences(self, subscriber_id: int) -> Preferences:
        """Return a subscriber's preferences."""
        row = self._first(select(*preference_columns).where(subscribers.c.id == subscriber_id))
        return Preferences() if row is None else preferences_of(*row)

    def prefer(self, subscriber_id: int, preferences: Preferences) -> None:
        """Store a subscriber's preferences."""
        quiet = "" if preferences.quiet is None else str(preferences.quiet)
        self._run(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(channel_order=" ".join(preferences.order), quiet_hours=quiet, lang=preferences.lang)
        )

    def forget(self, subscriber_id: int) -> None:
        """Remove a subscriber who has no deliveries, with all rows that belong to this subscriber alone."""
        for table in _OWN_TABLES:
            self._run(delete(table).where(table.c.subscriber_id == subscriber_id))
        self._run(delete(subscribers).where(subscribers.c.id == subscriber_id))

    def strangers(self, *, before: datetime, limit: int) -> Sequence[int]:
        """Return subscribers made before this whose browser never came back, and who have no address."""
        own = [table.c.subscriber_id == subscribers.c.id for table in (addresses, openids)]
        query = (
            select(subscribers.c.id)
            # As the index has it: a comparison would not find it.
            .where(text("is_stranger"), subscribers.c.created_at < before, *(~exists().where(each) for each in own))
            .order_by(subscribers.c.created_at)
            .limit(limit)
        )
        return self._connection.scalars(query).all()

    def slice(self, cut: Slice, *, app_id: int | None, uid: str | None) -> Sequence[Subscriber]:
        """Return a stretch of subscribers by id; with `app_id` those who subscribe to it or a topic of it."""
        query = select(subscribers)
        if uid is not None:
            query = query.where(subscribers.c.uid == uid)
        if app_id is not None:
            ours = select(topics.c.id).where(topics.c.app_id == app_id)
            query = query.where(
                subscribers.c.id.in_(
                    select(subscriptions.c.subscriber_id).where(
                        or_(subscriptions.c.app_id == app_id, subscriptions.c.topic_id.in_(ours))
                    )
                )
            )
        return self._all(stretch(query, subscribers.c.id, cut), subscriber_of)

    def _where(self, condition: ColumnElement[bool]) -> Subscriber | None:
        row = self._first(select(subscribers).where(condition))
        return None if row is None else subscriber_of(row)


def subscriber_of(row: Row[Any]) -> Subscriber:
    """Return the subscriber in a row of the table, or of one that it is joined to."""
    return Subscriber(
        id=row.id,
        uid=row.uid,
        created_at=row.created_at,
        nickname=row.nickname,
        is_receiving=row.is_receiving,
    )


@lru_cache(maxsize=_PREFERENCES)
def preferences_of(channel_order: str, quiet_hours: str, lang: str) -> Preferences:
    """Return the preferences in the values of `preference_columns`."""
    # A channel that a newer version knows is none here.
    order = [ChannelName(name) for name in channel_order.split() if name in set(ChannelName)]
    return Preferences(order=order, quiet=_quiet(quiet_hours), lang=lang)


def _quiet(text: str) -> QuietHours | None:
    try:
        return parse_quiet_hours(text) if text else None
    except ValueError:
        # A timezone that this machine does not know must not keep all others from being read.
        return None
