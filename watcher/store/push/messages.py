"""Messages and their targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Exists,
    Row,
    Select,
    UnaryExpression,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.sql.operators import custom_op

from watcher.core.channels import ChannelName
from watcher.core.push import GOOD, ContentType, DeliveryState, Draft, Message, MessageFilter, Slice, TargetResult
from watcher.store.push import dialect
from watcher.store.push.records import Added, Earlier, NewMessage, NewTarget
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import apps, deliveries, fan_outs, has_not_failed, messages, subscribers, targets, topics

_T = TypeVar("_T")
message_query = (
    select(
        messages,
        apps.c.name.label("app_name"),
        topics.c.name.label("topic_name"),
        topics.c.key.label("topic_key"),
    )
    .join(apps, apps.c.id == messages.c.app_id)
    .outerjoin(topics, topics.c.id == messages.c.topic_id)
)
messages_by_id: Final = message_query.where(messages.c.id.in_(dialect.numbers_of("ids")))

# In words, for SQLAlchemy leaves out the names of tables from what SQLite returns, within a subquery too.
_has_webhook = literal_column(
    "EXISTS (SELECT * FROM webhooks WHERE webhooks.app_id = messages.app_id AND webhooks.disabled = '')", Boolean
)

# Each send uses these: building a statement anew costs more than running it. SQLite is given many rows in one statement
# and numbers them in their order; `sort_by_parameter_order` would make it a statement a row.
_insert_messages = insert(messages).returning(messages.c.id, _has_webhook)
_insert_targets = dialect.insert(targets).inline().execution_options(preserve_rowcount=True)
_insert_free_targets = _insert_targets.on_conflict_do_nothing()
_ids_by_key = select(messages.c.idempotency_key, messages.c.id).where(
    messages.c.app_id == bindparam("app_id"), messages.c.idempotency_key.in_(dialect.texts_of("keys"))
)
_sent_under = select(messages.c.id, messages.c.request_digest).where(
    messages.c.app_id == bindparam("app_id"), messages.c.idempotency_key == bindparam("key")
)
_targets_of = (
    select(*(targets.c[name] for name in ("message_id", "uid", "topic_id", "code", "status", "record_id")))
    .where(targets.c.message_id.in_(dialect.numbers_of("message_ids")))
    .order_by(targets.c.id)
)

_in_inbox = (
    select(func.count())
    .where(
        deliveries.c.message_id == messages.c.id,
        deliveries.c.channel == ChannelName.INBOX,
        has_not_failed(deliveries),
    )
    .scalar_subquery()
)
inboxes = case((exists().where(fan_outs.c.message_id == messages.c.id), null()), else_=_in_inbox)
"""How many inboxes a message came into; null while it is being brought to its readers."""
_readers_by_key = select(messages.c.idempotency_key, inboxes.label("readers")).where(
    messages.c.app_id.in_(select(apps.c.id)),  # of all: the index begins with the application
    messages.c.idempotency_key.in_(dialect.texts_of("keys")),
)
_ids_of_keys = select(messages.c.idempotency_key, messages.c.id).where(
    messages.c.app_id.in_(select(apps.c.id)), messages.c.idempotency_key.in_(dialect.texts_of("keys"))
)

_DRAWS: Final = 3
"""That a number is taken happens once in many years; three times in a row it is no chance."""


FEW: Final = 5_000
"""Messages whose ids are listed and sorted in 10 ms."""
_SELDOM: Final = frozenset({DeliveryState.QUEUED, DeliveryState.FAILED})
"""States of few deliveries: their messages are listed; for one of the others each message is asked."""
_sent: Final = messages.alias("sent")
_WIPED: Final = {"summary": "", "content": "", "url": None, "rendered": None, "priority": None, "tags": None}
"""Of what a deleted message said nothing stays."""


class Messages(Rows):
    """The messages of all applications, and what was answered for each of their targets."""

    def known(self, app_id: int, keys: Collection[str]) -> Mapping[str, int]:
        """Return the ids of the messages that the application sent under these idempotency keys, by key."""
        found = self._run(_ids_by_key, {"app_id": app_id, "keys": [*keys]})
        return {row.idempotency_key: row.id for row in found}

    def sent_under(self, app_id: int, key: str) -> Earlier | None:
        """Return the message that the application sent under this idempotency key."""
        row = self._run(_sent_under, {"app_id": app_id, "key": key}).first()
        return None if row is None else Earlier(message_id=row.id, request_digest=row.request_digest)

    def readers_by_key(self, keys: Collection[str]) -> Mapping[str, int | None]:
        """Return, by idempotency key, how many inboxes a message of any application came into; None: not all yet."""
        if not keys:
            return {}
        return {row.idempotency_key: row.readers for row in self._run(_readers_by_key, {"keys": [*keys]})}

    def ids_of_keys(self, keys: Collection[str]) -> Mapping[str, int]:
        """Return, by idempotency key, the ids of messages of whatever application."""
        if not keys:
            return {}
        return {row.idempotency_key: row.id for row in self._run(_ids_of_keys, {"keys": [*keys]})}

    def add(
        self, app_id: int, new: Sequence[NewMessage], *, created_at: datetime, new_record_id: Callable[[], int]
    ) -> Added:
        """
        Store messages with their targets, ids rising in the order given. None goes out yet.

        Args:
            new_record_id: draws one for each good target; all are drawn again where one is taken.
        """
        if not new:
            return Added(answers={})
        dialect.keep_order(self._connection)
        made = self._run(_insert_messages, [_message_row(app_id, message, created_at) for message in new]).all()
        ids = sorted(message_id for message_id, _ in made)
        asked = dict(zip(ids, (message.targets for message in new), strict=True))
        return Added(
            answers=self._add_targets(asked, new_record_id),
            have_webhooks=any(has_webhook for _, has_webhook in made),
        )

    def _add_targets(
        self, asked: Mapping[int, Sequence[NewTarget]], new_record_id: Callable[[], int], draws_left: int = _DRAWS
    ) -> Mapping[int, Sequence[TargetResult]]:
        rows = _target_rows(asked, new_record_id)
        # The last time it is told which number is taken. A refusal before would end PostgreSQL's transaction.
        made = self._run(_insert_free_targets if draws_left > 1 else _insert_targets, rows).rowcount
        if made == len(rows):
            return _answers(rows)
        self._remove_targets(asked)
        return self._add_targets(asked, new_record_id, draws_left - 1)

    def _remove_targets(self, message_ids: Collection[int]) -> None:
        self._run(delete(targets).where(targets.c.message_id.in_(message_ids)))

    def answers(self, message_ids: Collection[int]) -> Mapping[int, Sequence[TargetResult]]:
        """Return what was answered for each message's targets, in the order asked."""
        if not message_ids:
            return {}
        found = self._run(_targets_of, {"message_ids": [*message_ids]})
        return _answers(row._asdict() for row in found)

    def of_slug(self, slug: str) -> Message | None:
        """Return the message with this slug, unless it was deleted."""
        return self._one(message_query.where(messages.c.slug == slug, messages.c.deleted_at.is_(None)), message_of)

    def slice(self, cut: Slice, only: MessageFilter) -> Sequence[Message]:
        """
        Return a stretch of the messages that match the filter and were not deleted, by id.

        What a filter leaves few of is listed by its index, and the list sorted. Where it leaves many, to list them
        would take longer than to go through the messages in their order until there are enough.
        """
        query = message_query.where(messages.c.deleted_at.is_(None))
        for ids, condition in _narrowed(only):
            query = query.where(condition if ids is None or self._are_many(ids) else messages.c.id.in_(ids))
        return self._all(stretch(query, messages.c.id, cut), message_of)

    def _are_many(self, ids: Select[Any]) -> bool:
        return self._first(ids.limit(1).offset(FEW)) is not None

    def newest_of(self, app_id: int, *, limit: int) -> Sequence[Message]:
        """Return the newest messages of an application that were not deleted, newest first."""
        mine = (messages.c.app_id == app_id, messages.c.deleted_at.is_(None))
        # By time, as the index of an application's messages has them: by id SQLite would sort all of them.
        newest = (messages.c.created_at.desc(), messages.c.id.desc())
        return self._all(message_query.where(*mine).order_by(*newest).limit(limit), message_of)

    def delete(self, app_id: int, message_id: int, *, at: datetime) -> bool:
        """Wipe the content of an application's message; return whether it exists. Doing so again is no error."""
        mine = (messages.c.id == message_id, messages.c.app_id == app_id)
        if self._first(select(messages.c.id).where(*mine)) is None:
            return False
        self._run(update(messages).where(*mine, messages.c.deleted_at.is_(None)).values(**_WIPED, deleted_at=at))
        return True

    def keep_rendered(self, message_id: int, rendered: str) -> None:
        """Store the rendered content of a message, unless it was deleted meanwhile."""
        there = (messages.c.id == message_id, messages.c.deleted_at.is_(None))
        self._run(update(messages).where(*there).values(rendered=rendered))

    def older(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return the ids of the oldest messages from before that time."""
        query = select(messages.c.id).where(messages.c.created_at < before).order_by(messages.c.id).limit(limit)
        return self._connection.scalars(query).all()

    def oldest_of(self, app_id: int, *, limit: int) -> Sequence[int]:
        """Return the ids of an application's oldest messages, those that were deleted too."""
        query = select(messages.c.id).where(messages.c.app_id == app_id).order_by(messages.c.created_at).limit(limit)
        return self._connection.scalars(query).all()

    def wipe_private(self, subscriber_id: int, *, at: datetime) -> None:
        """Wipe the content of messages that were sent to this subscriber alone, and to no topic."""
        theirs, others = deliveries.alias(), deliveries.alias()
        went_elsewhere = (
            select(others.c.id)
            .where(others.c.message_id == messages.c.id, others.c.subscriber_id != subscriber_id)
            .exists()
        )
        to_topic = (
            select(targets.c.id)
            .where(targets.c.message_id == messages.c.id, targets.c.code == GOOD, targets.c.topic_id.is_not(None))
            .exists()
        )
        self._run(
            update(messages)
            .where(
                messages.c.id.in_(select(theirs.c.message_id).where(theirs.c.subscriber_id == subscriber_id)),
                messages.c.deleted_at.is_(None),
                ~went_elsewhere,
                ~to_topic,
            )
            .values(**_WIPED, deleted_at=at)
        )

    def forget(self, message_ids: Collection[int]) -> None:
        """Remove messages, which have no deliveries any more, with their targets and keys."""
        self._remove_targets(message_ids)
        self._run(delete(messages).where(messages.c.id.in_(message_ids)))


def _narrowed(only: MessageFilter) -> Iterator[tuple[Select[Any] | None, ColumnElement[bool]]]:
    """
    Yield each thing that a filter asks for: as a list of messages' ids, and as a condition on a message.

    None in place of the list: there is only the condition. No condition uses an index of the messages: it is for who
    goes through them in the order of their ids.
    """
    app_id, at = _unindexed(messages.c.app_id), _unindexed(messages.c.created_at)
    if only.topic_id is not None:
        sent_to = _sent_to(only.topic_id)
        yield sent_to, sent_to.where(targets.c.message_id == messages.c.id).correlate(messages).exists()
    if (only.app_id, only.since, only.until) != (None, None, None):
        conditions = [
            *([] if only.app_id is None else [app_id == only.app_id]),
            *([] if only.since is None else [at >= only.since]),
            *([] if only.until is None else [at < only.until]),
        ]
        yield _sent_by(only), and_(*conditions)
    if only.account_id is not None:
        theirs = select(apps.c.id).where(apps.c.account_id == only.account_id)
        yield select(_sent.c.id).where(_sent.c.app_id.in_(theirs)), app_id.in_(theirs)
    if only.uid is not None:
        meant = _meant_for(only.uid)
        yield meant, meant.where(deliveries.c.message_id == messages.c.id).correlate(messages).exists()
    if only.state in _SELDOM:
        yield None, messages.c.id.in_(_in_state(only.state))
    elif only.state is not None:
        yield None, _came_to(only.state)
    if only.is_seen:
        yield None, or_(_came_to(DeliveryState.SHOWN), _came_to(DeliveryState.OPENED))
    if only.is_waiting:
        waiting = union(_in_state(DeliveryState.QUEUED), select(fan_outs.c.message_id))
        yield None, messages.c.id.in_(waiting)
    if only.above is not None:
        yield None, messages.c.id > only.above
    if only.text is not None:
        yield None, dialect.contains(messages.c.summary, only.text)


def _unindexed(column: Column[_T]) -> ColumnElement[_T]:
    """Return a column so that SQLite uses no index of it (sqlite.org/optoverview.html, "Disqualifying WHERE")."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _in_state(state: DeliveryState) -> Select[Any]:
    return select(deliveries.c.message_id).where(deliveries.c.state == state, text("state <> 'sent'"))


def _meant_for(uid: str) -> Select[Any]:
    theirs = select(subscribers.c.id).where(subscribers.c.uid == uid).scalar_subquery()
    return select(deliveries.c.message_id).where(deliveries.c.subscriber_id == theirs)


def _sent_to(topic_id: int) -> Select[Any]:
    return select(targets.c.message_id).where(targets.c.topic_id == topic_id, targets.c.code == GOOD)


def _sent_by(only: MessageFilter) -> Select[Any]:
    query = select(_sent.c.id)
    if only.app_id is not None:
        query = query.where(_sent.c.app_id == only.app_id)
    if only.since is not None:
        query = query.where(_sent.c.created_at >= only.since)
    if only.until is not None:
        query = query.where(_sent.c.created_at < only.until)
    return query


def _came_to(state: DeliveryState) -> Exists:
    found = select(deliveries.c.id).where(deliveries.c.message_id == messages.c.id, deliveries.c.state == state)
    # As the index has it: without these words SQLite would not know that it may use it.
    return (found if state is DeliveryState.SENT else found.where(text("state <> 'sent'"))).exists()


def message_of(row: Row[Any]) -> Message:
    """Return the message in a row of `message_query`."""
    draft = Draft(
        summary=row.summary,
        content=row.content,
        content_type=ContentType(row.content_type),
        url=row.url,
        rendered=row.rendered,
        priority=row.priority,
        tags=row.tags.split(",") if row.tags else (),
    )
    return Message(
        id=row.id,
        slug=row.slug,
        app_id=row.app_id,
        app_name=row.app_name,
        topic=row.topic_name,
        topic_key=row.topic_key,
        draft=draft,
        created_at=row.created_at,
    )


def _message_row(app_id: int, message: NewMessage, created_at: datetime) -> dict[str, object]:
    topic_ids = (target.topic_id for target in message.targets if target.code == GOOD)
    return {
        "slug": message.slug,
        "app_id": app_id,
        "idempotency_key": message.idempotency_key,
        "topic_id": next((topic_id for topic_id in topic_ids if topic_id is not None), None),
        "summary": message.draft.summary,
        "content": message.draft.content,
        "content_type": int(message.draft.content_type),
        "url": message.draft.url,
        "rendered": message.draft.rendered,
        "priority": message.draft.priority,
        "tags": ",".join(message.draft.tags) or None,
        "created_at": created_at,
        "collapse_key": message.collapse_key,
        "request_digest": message.request_digest,
    }


def _target_rows(
    asked: Mapping[int, Sequence[NewTarget]], new_record_id: Callable[[], int]
) -> Sequence[dict[str, Any]]:
    """Return the rows, in the order in which they get their ids."""
    return [
        {
            "message_id": message_id,
            "uid": target.uid,
            "topic_id": target.topic_id,
            "code": target.code,
            "status": target.status,
            "why": target.why,
            "record_id": new_record_id() if target.code == GOOD else None,
        }
        for message_id, targets_ in asked.items()
        for target in targets_
    ]


def _answers(rows: Iterable[Mapping[str, Any]]) -> Mapping[int, Sequence[TargetResult]]:
    answers: defaultdict[int, list[TargetResult]] = defaultdict(list)
    for row in rows:
        answers[row["message_id"]].append(_result(row))
    return answers


def _result(row: Mapping[str, Any]) -> TargetResult:
    return TargetResult(
        uid=row["uid"],
        topic_id=row["topic_id"],
        message_id=row["message_id"] if row["code"] == GOOD else None,
        send_record_id=row["record_id"],
        code=row["code"],
        status=row["status"],
    )
