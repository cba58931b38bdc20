"""Topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, bindparam, delete, func, insert, literal, or_, select, update

from watcher.core.locale import Locale
from watcher.core.push import PushTopic, Slice, SubscriptionState, TopicFilter, TopicMode
from watcher.store.push import dialect
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import apps, messages, subscriptions, targets, topics

_count = (
    select(func.count())
    .where(subscriptions.c.topic_id == topics.c.id, subscriptions.c.state == SubscriptionState.FOLLOWING)
    .scalar_subquery()
    .label("subscribers")
)
_query = select(topics, _count)
_is_one = topics.c.merged_into.is_(None)
_stands_for = func.coalesce(topics.c.merged_into, topics.c.id).label("stands_for")
"""The topic itself, or the one that it was merged into."""
_named = select(topics.c.id, topics.c.key, _stands_for).where(
    topics.c.app_id == bindparam("app_id"),
    or_(topics.c.key.in_(dialect.texts_of("keys")), topics.c.id.in_(dialect.numbers_of("ids"))),
)


class Topics(Rows):
    """The topics of all applications. Of one that was merged only its names are left; they lead to the other one."""

    def add(
        self,
        *,
        app_id: int,
        slug: str,
        name: str,
        description: str,
        created_at: datetime,
        key: str | None = None,
        mode: TopicMode = TopicMode.OPEN,
        language: Locale | None = None,
        topic_id: int | None = None,
    ) -> PushTopic:
        """
        Store a new topic of an application that exists; its key must be free.

        Args:
            topic_id: its number, which must be free; None: above the highest that there was.
        """
        row = {"app_id": app_id, "key": key, "slug": slug, "name": name, "description": description, "mode": mode}
        if topic_id is not None:
            row["id"] = topic_id
        made = self._run(
            insert(topics)
            .values(row | {"language": language or "", "created_at": created_at})
            .returning(topics, literal(0).label("subscribers"))
        )
        if topic_id is not None:
            dialect.advance_sequence(self._connection, topics)
        return _topic(made.one())

    def declare(self, topic_id: int, *, key: str | None, name: str, description: str) -> None:
        """Give a topic its key, name and description; its subscribers stay."""
        self._run(update(topics).where(topics.c.id == topic_id).values(key=key, name=name, description=description))

    def edit(self, topic: PushTopic) -> None:
        """Store a topic's name, description and language, who may follow it, and whether its number leads to it."""
        said = {"name": topic.name, "description": topic.description, "mode": topic.mode}
        said["language"] = topic.language or ""
        found = {"slug": topic.slug, "by_number": topic.by_number}
        self._run(update(topics).where(topics.c.id == topic.id).values(said | found))

    def remove(self, topic_id: int) -> None:
        """Remove a topic, all that was merged into it, and the subscriptions to it; messages say no more its name."""
        its_own = select(topics.c.id).where(_stands_for == topic_id)
        self._run(delete(subscriptions).where(subscriptions.c.topic_id == topic_id))
        self._run(update(messages).where(messages.c.topic_id.in_(its_own)).values(topic_id=None))
        self._run(delete(topics).where(_stands_for == topic_id))

    def merge(self, topic_id: int, into_id: int) -> None:
        """Let a topic, and all that was merged into it, lead to another one; what was sent to it counts as that's."""
        known = select(targets.c.message_id).where(targets.c.topic_id == into_id)
        self._run(
            update(targets)
            .where(targets.c.topic_id == topic_id, targets.c.message_id.not_in(known))
            .values(topic_id=into_id)
        )
        self._hand_on_feed(topic_id, into_id)
        self._run(update(topics).where(_stands_for == topic_id).values(merged_into=into_id))

    def set_feed(self, topic_id: int, feed_slug: str | None) -> None:
        """Give a topic's feed this link, or none; all links before it end, those of topics merged into it as well."""
        self._run(update(topics).where(_stands_for == topic_id).values(feed_slug=None))
        self._run(update(topics).where(topics.c.id == topic_id).values(feed_slug=feed_slug))

    def _hand_on_feed(self, topic_id: int, into_id: int) -> None:
        """Let a topic that has no feed take over another one's link, so that its owner sees it and can end it."""
        links = {row.id: row.feed_slug for row in self._run(select(topics).where(topics.c.id.in_([topic_id, into_id])))}
        if links[topic_id] is not None and links[into_id] is None:
            self._run(update(topics).where(topics.c.id == topic_id).values(feed_slug=None))
            self._run(update(topics).where(topics.c.id == into_id).values(feed_slug=links[topic_id]))

    def all(self) -> Sequence[PushTopic]:
        """Return all topics, by id."""
        return self._all(_query.where(_is_one).order_by(topics.c.id), _topic)

    def keyed(self, app_id: int) -> dict[str, PushTopic]:
        """Return the topics of an application that have a key, by key; what is left of merged ones as well."""
        found = self._run(_query.where(topics.c.app_id == app_id, topics.c.key.is_not(None)))
        return {row.key: _topic(row) for row in found}

    def told_by_key(self, app_id: int) -> dict[str, PushTopic]:
        """Return which topic of an application a message reaches by each key."""
        known = {topic.id: topic for topic in self.of_app(app_id)}
        keys = select(topics.c.key, _stands_for).where(topics.c.app_id == app_id, topics.c.key.is_not(None))
        return {row.key: known[row.stands_for] for row in self._run(keys)}

    def has(self, topic_id: int) -> bool:
        """Return whether a topic has this number, a merged one too."""
        return self._first(select(topics.c.id).where(topics.c.id == topic_id)) is not None

    def of_id(self, topic_id: int) -> PushTopic | None:
        """Return the topic with this id."""
        return self._where(topics.c.id == topic_id, _is_one)

    def of_ids(self, topic_ids: Collection[int]) -> Sequence[PushTopic]:
        """Return those of the topics with these ids that are there."""
        return self._all(_query.where(topics.c.id.in_(topic_ids), _is_one), _topic)

    def of_number(self, topic_id: int) -> PushTopic | None:
        """Return the topic that this number leads to, where its owner opened the number to links."""
        return self._where(topics.c.id == _reached(topics.c.id == topic_id, topics.c.by_number))

    def of_slug(self, slug: str) -> PushTopic | None:
        """Return the topic that this slug leads to."""
        return self._where(topics.c.id == _reached(topics.c.slug == slug))

    def of_feed(self, feed_slug: str) -> PushTopic | None:
        """Return the topic whose feed has this link."""
        return self._where(topics.c.id == _reached(topics.c.feed_slug == feed_slug))

    def named(self, app_id: int, names: Collection[str | int]) -> Mapping[str | int, int]:
        """Return the ids of those topics of an application that one of these keys or ids names, by that name."""
        keys = [name for name in names if isinstance(name, str)]
        ids = [name for name in names if isinstance(name, int)]
        found = self._run(_named, {"app_id": app_id, "keys": keys, "ids": ids}).all()
        keyed = {row.key: row.stands_for for row in found if row.key is not None}
        return {row.id: row.stands_for for row in found} | keyed

    def called(self, app_id: int, names: Collection[str]) -> Mapping[str, int]:
        """Return the ids of those topics of an application that have one of these keys or names; a key comes first."""
        found = (
            self._run(
                select(_stands_for, topics.c.key, topics.c.name)
                .where(topics.c.app_id == app_id, or_(topics.c.key.in_(names), topics.c.name.in_(names)))
                .order_by(_is_one, topics.c.id.desc())  # of several with one name, the oldest that is one itself
            )
        ).all()
        keyed = {row.key: row.stands_for for row in found if row.key is not None}
        return {row.name: row.stands_for for row in found} | keyed

    def of_app(self, app_id: int) -> Sequence[PushTopic]:
        """Return the topics of an application, by id."""
        return self._all(_query.where(topics.c.app_id == app_id, _is_one).order_by(topics.c.id), _topic)

    def page(self, only: TopicFilter, cut: Slice) -> Sequence[PushTopic]:
        """Return a stretch of the topics that match the filter, by id."""
        query = _query.where(_is_one)
        if only.account_id is not None:
            query = query.where(topics.c.app_id.in_(select(apps.c.id).where(apps.c.account_id == only.account_id)))
        if only.app_id is not None:
            query = query.where(topics.c.app_id == only.app_id)
        if only.not_id is not None:
            query = query.where(topics.c.id != only.not_id)
        if only.search:
            query = query.where(
                or_(dialect.contains(topics.c.name, only.search), dialect.contains(topics.c.key, only.search))
            )
        return self._all(stretch(query, topics.c.id, cut), _topic)

    def _where(self, *conditions: ColumnElement[bool]) -> PushTopic | None:
        return self._one(_query.where(*conditions), _topic)


def _reached(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """Ask for the id of the topic that a link leads to."""
    return select(_stands_for).where(*conditions).correlate(None).scalar_subquery()


def _topic(row: Row[Any]) -> PushTopic:
    return PushTopic(
        id=row.id,
        app_id=row.app_id,
        key=row.key,
        slug=row.slug,
        name=row.name,
        description=row.description,
        subscribers=row.subscribers,
        created_at=row.created_at,
        mode=TopicMode(row.mode),
        by_number=row.by_number,
        language=Locale(row.language) if row.language in set(Locale) else None,
        feed_slug=row.feed_slug,
    )
