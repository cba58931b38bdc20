"""
The tables of the push store.

A change here needs a migration in `migrations/versions`; a test holds the two together.
Points in time are whole microseconds since 1970 in UTC, so they sort, compare and come back exactly.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INT64_MAX = 2**63 - 1


class Instant(TypeDecorator[datetime]):
    """A point in time, aware, in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Id(TypeDecorator[int]):
    """
    A row's number.

    Ids come from URLs and JSON, where a number has no upper end; one that no row can have must find
    nothing, not overflow in the driver.
    """

    # SQLite counts up by itself only in a column declared INTEGER.
    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else max(-_INT64_MAX, min(_INT64_MAX, value))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _at(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=nullable)


apps = Table(
    "apps",
    metadata,
    _id(),
    Column("key", String(64), unique=True),
    Column("slug", String(64), nullable=False, unique=True),
    # The watcher's own application has no token: it publishes from inside.
    Column("token_hash", String(64), unique=True),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("follow_prompt", Text, nullable=False),
    Column("callback_url", Text, nullable=False),
    Column("settings_url", Text, nullable=False),
    _at("created_at"),
    sqlite_autoincrement=True,
)

topics = Table(
    "topics",
    metadata,
    _id(),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False),
    Column("key", String(255)),
    Column("slug", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    _at("created_at"),
    UniqueConstraint("app_id", "key"),
    sqlite_autoincrement=True,
)

subscribers = Table(
    "subscribers",
    metadata,
    _id(),
    Column("uid", String(64), nullable=False, unique=True),
    Column("spt_hash", String(64), nullable=False, unique=True),
    _at("created_at"),
    sqlite_autoincrement=True,
)

devices = Table(
    "devices",
    metadata,
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    _at("created_at"),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("topic_id", Id, ForeignKey("topics.id")),
    Column("app_id", Id, ForeignKey("apps.id")),
    _at("created_at"),
    # In this order they are also the indexes by which a message finds its readers.
    UniqueConstraint("topic_id", "subscriber_id"),
    UniqueConstraint("app_id", "subscriber_id"),
    CheckConstraint("(topic_id IS NULL) <> (app_id IS NULL)", name="one_place"),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("slug", String(64), nullable=False, unique=True),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False),
    Column("idempotency_key", String(255)),
    # The first topic it went to, for its name.
    Column("topic_id", Id, ForeignKey("topics.id")),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("content_type", Integer, nullable=False),
    Column("url", Text),
    _at("created_at"),
    UniqueConstraint("app_id", "idempotency_key"),
    sqlite_autoincrement=True,
)

# One row per target of a stored send, in the order asked, those that failed included: a repeated
# idempotency key gets the first answer again. A failed row's id is never told, so it answers no query.
targets = Table(
    "targets",
    metadata,
    _id(),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False, index=True),
    Column("uid", String(64)),
    Column("topic_id", Id),
    Column("code", Integer, nullable=False),
    Column("status", Text, nullable=False),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    _at("sent_at", nullable=True),
    _at("shown_at", nullable=True),
    UniqueConstraint("message_id", "subscriber_id", "channel"),
    Index(None, "subscriber_id", "id"),
    # An inbox's event ids are these: never given twice, even after the newest was deleted.
    sqlite_autoincrement=True,
)
