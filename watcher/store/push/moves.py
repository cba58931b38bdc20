"""Subscribers who came with an application from another server, many at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, insert, literal, or_, select, text, update

from watcher.core.channels import ChannelName
from watcher.core.moves import Invited, KnownUid, NewSubscription
from watcher.core.push import SubscriptionState
from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import addresses, apps, subscribers, subscriptions, topics

_is_carried: Final = text("is_carried")


class Moves(Rows):
    """Of the tables of subscribers, subscriptions and addresses what a move needs."""

    def known(self, uids: Collection[str]) -> Mapping[str, KnownUid]:
        """Return those of the UIDs that somebody has here."""
        query = select(subscribers).where(subscribers.c.uid.in_(dialect.texts_of("uids")))
        return {
            row.uid: KnownUid(
                subscriber_id=row.id,
                is_moved=row.moved_at is not None,
                moved_from=row.moved_from,
                is_claimed=row.claimed_at is not None,
            )
            for row in self._run(query, {"uids": list(uids)})
        }

    def add_subscribers(
        self, spt_hashes: Mapping[str, str], *, created_at: Mapping[str, datetime], url: str, at: datetime
    ) -> None:
        """Store subscribers who moved here from a server, by UID; they follow nothing yet and have no device."""
        rows = [
            {"uid": uid, "spt_hash": spt_hash, "created_at": created_at[uid], "moved_at": at, "moved_from": url}
            for uid, spt_hash in spt_hashes.items()
        ]
        if rows:
            self._run(insert(subscribers), rows)

    def add_subscriptions(self, new: Sequence[NewSubscription]) -> int:
        """Store those of these subscriptions that are not there; return how many."""
        known = self._known_places({each.subscriber_id for each in new})
        rows = [
            {
                "subscriber_id": each.subscriber_id,
                "topic_id": each.topic_id,
                "app_id": each.app_id,
                "state": each.state,
                "created_at": each.created_at,
                "is_carried": each.is_carried,
                "rejected_at": each.created_at if each.state is SubscriptionState.REJECTED else None,
            }
            for each in new
            if (each.subscriber_id, each.topic_id, each.app_id) not in known
        ]
        if rows:
            self._run(insert(subscriptions), rows)
        return len(rows)

    def with_address(self, subscriber_ids: Collection[int], channel: ChannelName) -> Collection[int]:
        """Return those of the subscribers who have an address of the channel."""
        query = select(addresses.c.subscriber_id).where(
            addresses.c.channel == channel, addresses.c.subscriber_id.in_(dialect.numbers_of("ids"))
        )
        return set(self._connection.scalars(query, {"ids": list(subscriber_ids)}).all())

    def fingerprints(self, channel: ChannelName, fingerprints: Collection[str]) -> Collection[str]:
        """Return those of the fingerprints that an address of the channel has."""
        query = select(addresses.c.fingerprint).where(
            addresses.c.channel == channel, addresses.c.fingerprint.in_(dialect.texts_of("fingerprints"))
        )
        return set(self._connection.scalars(query, {"fingerprints": list(fingerprints)}).all())

    def invited(self, *, urls: Mapping[int, str], before: datetime, limit: int) -> Sequence[Invited]:
        """
        Return who is to be invited to claim their UID, by id.

        Args:
            urls: of the servers that these applications came from: who came from there too, and follows one of them.
            before: whoever was invited since is left out.
        """
        carried = select(subscriptions.c.subscriber_id).where(_is_carried)
        first_app = (
            select(subscribers.c.id, func.min(apps.c.id).label("app_id"))
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .join(apps, apps.c.id == subscriptions.c.app_id)
            .where(
                subscribers.c.moved_at.is_not(None),
                or_(subscribers.c.claimed_at.is_(None), subscribers.c.id.in_(carried)),
                or_(subscribers.c.invited_at.is_(None), subscribers.c.invited_at <= before),
                subscriptions.c.state == SubscriptionState.FOLLOWING,
                _from_the_same_server(urls),
            )
            .group_by(subscribers.c.id)
            .order_by(subscribers.c.id)
            .limit(limit)
            .subquery()
        )
        query = (
            select(subscribers.c.id, subscribers.c.uid, subscribers.c.invited_at, first_app.c.app_id, apps.c.name)
            .join(first_app, first_app.c.id == subscribers.c.id)
            .join(apps, apps.c.id == first_app.c.app_id)
            .order_by(subscribers.c.id)
        )
        return self._all(query, _invited)

    def note_invited(self, subscriber_id: int, *, at: datetime) -> None:
        """Note that a claim was sent to a subscriber."""
        self._run(update(subscribers).where(subscribers.c.id == subscriber_id).values(invited_at=at))

    def carried(self, subscriber_id: int) -> Mapping[int, Collection[int]]:
        """Return the numbers of the topics that another server still brings a subscriber, by application."""
        query = (
            select(topics.c.app_id, topics.c.id)
            .join(subscriptions, subscriptions.c.topic_id == topics.c.id)
            .where(subscriptions.c.subscriber_id == subscriber_id, _is_carried)
        )
        found: dict[int, set[int]] = {}
        for row in self._run(query):
            found.setdefault(row.app_id, set()).add(row.id)
        return found

    def claim(self, subscriber_id: int, *, at: datetime) -> None:
        """Let a subscriber who moved here be told here from now on; of anybody else nothing changes."""
        its = and_(subscribers.c.id == subscriber_id, subscribers.c.moved_at.is_not(None))
        # Another application may follow, whose topics are claimed by another link.
        claimed = {
            "claimed_at": func.coalesce(subscribers.c.claimed_at, literal(at, subscribers.c.claimed_at.type)),
            "invited_at": None,
        }
        self._run(update(subscribers).where(its).values(claimed))
        self._run(
            update(subscriptions)
            .where(subscriptions.c.subscriber_id == subscriber_id, _is_carried)
            .values(is_carried=False)
        )

    def is_to_claim(self, subscriber_id: int) -> bool:
        """Return whether a subscriber moved here and is still told by another server."""
        carried = exists().where(subscriptions.c.subscriber_id == subscribers.c.id, _is_carried)
        query = select(subscribers.c.id).where(
            subscribers.c.id == subscriber_id,
            subscribers.c.moved_at.is_not(None),
            or_(subscribers.c.claimed_at.is_(None), carried),
        )
        return self._first(query) is not None

    def _known_places(self, subscriber_ids: Collection[int]) -> Collection[tuple[int, int | None, int | None]]:
        query = select(subscriptions.c.subscriber_id, subscriptions.c.topic_id, subscriptions.c.app_id).where(
            subscriptions.c.subscriber_id.in_(dialect.numbers_of("ids"))
        )
        return {tuple(row) for row in self._run(query, {"ids": list(subscriber_ids)})}


def _from_the_same_server(urls: Mapping[int, str]) -> ColumnElement[bool]:
    """
    Of an application and a subscriber: both came from one server, given those of applications.

    Somebody else may have the UID on another server, and would get the link.
    """
    app_ids: dict[str, list[int]] = {}
    for app_id, url in urls.items():
        app_ids.setdefault(url, []).append(app_id)
    both = [and_(subscribers.c.moved_from == url, apps.c.id.in_(ids)) for url, ids in app_ids.items()]
    return or_(false(), *both)


def _invited(row: Row[Any]) -> Invited:
    return Invited(subscriber_id=row.id, uid=row.uid, app_id=row.app_id, app_name=row.name, invited_at=row.invited_at)
