"""
The tables of the push store.

A change here needs a migration in `migrations/versions`; a test holds the two together.
Points in time are whole microseconds since 1970 in UTC, so they sort, compare and come back exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    literal_column,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

from watcher.core.push import DeliveryState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INT64_MAX = 2**63 - 1


def microseconds_of(at: datetime) -> int:
    """Return a point in time as it is stored."""
    return (at - _EPOCH) // _MICROSECOND


def _stored(value: datetime | None) -> int | None:
    return None if value is None else (value - _EPOCH) // _MICROSECOND


def _read(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(0, 0, value)


class Instant(TypeDecorator[datetime]):
    """A point in time, aware, in UTC."""

    impl = BigInteger
    cache_ok = True

    # `process_bind_param` and `process_result_value` would each cost a second call a value, of which a queue has many.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:  # noqa: ARG002
        return _stored

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:  # noqa: ARG002
        return _read


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


def _letters(most: int) -> TypeEngine[str]:
    """Return a text of so many letters. SQLite takes longer ones, and PostgreSQL is to do so, too."""
    return String(most).with_variant(Text, "postgresql")


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
    Column("key", _letters(64), unique=True),
    Column("slug", _letters(64), nullable=False, unique=True),
    # The watcher's own application has no token: it publishes from inside.
    Column("token_hash", _letters(64), unique=True),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("follow_prompt", Text, nullable=False),
    Column("callback_url", Text, nullable=False),
    Column("settings_url", Text, nullable=False),
    _at("created_at"),
    # The token before the last reset lives until then, if its owner asked for that.
    Column("old_token_hash", _letters(64)),
    _at("old_token_until", nullable=True),
    # Signs what we tell the owner, so it is needed as it is.
    Column("signing_key", _letters(64)),
    # Whether its follow page is found by its number, too, which anybody can count up to.
    Column("by_number", Boolean, nullable=False, server_default=false()),
    # Whose it is.
    Column("account_id", Id),
    # The account that has the old token, where a hand-over left it one for a time; null: its owner's own.
    Column("former_account_id", Id),
    # What was made before is not told to who only knows its code or number, once this is past: a former owner knows it.
    _at("former_until", nullable=True),
    # Its owner got it from another account, and has not seen yet what ended with that.
    Column("is_received", Boolean, nullable=False, server_default=false()),
    # Not a constraint: SQLite adds one only by copying the table, which what refers to it forbids.
    Index(None, "old_token_hash", unique=True),
    Index(None, "account_id", sqlite_where=text("account_id IS NOT NULL")),
    sqlite_autoincrement=True,
)

topics = Table(
    "topics",
    metadata,
    _id(),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False),
    Column("key", _letters(255)),
    Column("slug", _letters(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    _at("created_at"),
    Column("mode", _letters(16), nullable=False, server_default="open"),
    # As of an application.
    Column("by_number", Boolean, nullable=False, server_default=false()),
    # The topic that has its subscribers since, and whom its link, key and number lead to; null: it is one itself.
    # Not a constraint: SQLite adds one only by copying the table.
    Column("merged_into", Id),
    # Of its pages, its poster and what is said of it; empty: each reader's own.
    Column("language", _letters(8), nullable=False, server_default=""),
    # The secret part of its feed's link; null: it has none.
    Column("feed_slug", _letters(64)),
    UniqueConstraint("app_id", "key"),
    # Not a constraint, as of `merged_into`.
    Index(None, "feed_slug", unique=True, sqlite_where=text("feed_slug IS NOT NULL")),
    sqlite_autoincrement=True,
)

subscribers = Table(
    "subscribers",
    metadata,
    _id(),
    Column("uid", _letters(64), nullable=False, unique=True),
    Column("spt_hash", _letters(64), nullable=False, unique=True),
    _at("created_at"),
    Column("nickname", Text, nullable=False, server_default=""),
    Column("is_receiving", Boolean, nullable=False, server_default=true()),
    # Names of channels, separated by blanks; those that are missing follow in their usual order.
    Column("channel_order", Text, nullable=False, server_default=""),
    # As `core.quiet` writes it; empty: none.
    Column("quiet_hours", Text, nullable=False, server_default=""),
    Column("lang", _letters(8), nullable=False, server_default=""),
    # Made by a stranger's form, and the browser that got the cookie has not come back yet.
    Column("is_stranger", Boolean, nullable=False, server_default=false()),
    # Came with an application from another server, kept its UID there, and is invited to claim it (`core/moves.py`).
    _at("moved_at", nullable=True),
    _at("invited_at", nullable=True),
    _at("claimed_at", nullable=True),
    # The URL of that server: no other one may speak for the UID. Null in rows of before 0017.
    Column("moved_from", Text),
    Index(None, "created_at", sqlite_where=text("is_stranger")),
    Index(None, "moved_at", sqlite_where=text("moved_at IS NOT NULL")),
    sqlite_autoincrement=True,
)

devices = Table(
    "devices",
    metadata,
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("token_hash", _letters(64), nullable=False, unique=True),
    _at("created_at"),
    # What its owner knows it by, like `Chrome · Android`; empty when that is not known.
    Column("kind", _letters(64), nullable=False, server_default=""),
    # To the hour; null for one that did not come since that is noted.
    _at("seen_at", nullable=True),
    # Its cookie has a name that no other host of our domain can set.
    Column("is_hosted", Boolean, nullable=False, server_default=false()),
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
    Column("state", _letters(16), nullable=False, server_default="following"),
    Column("is_receiving", Boolean, nullable=False, server_default=true()),
    _at("rejected_at", nullable=True),
    # Muted until then, whatever `is_receiving` says; null: not for a time.
    _at("muted_until", nullable=True),
    # Another server brings what is sent to the topic; here it goes into the inbox alone.
    Column("is_carried", Boolean, nullable=False, server_default=false()),
    Index(None, "subscriber_id", "topic_id", sqlite_where=text("is_carried")),
    # In this order they are also the indexes by which a message finds its readers.
    UniqueConstraint("topic_id", "subscriber_id"),
    UniqueConstraint("app_id", "subscriber_id"),
    # By which they are counted, and listed by their ids.
    Index(None, "topic_id", "state", "id"),
    Index(None, "app_id", "state", "id"),
    CheckConstraint("(topic_id IS NULL) <> (app_id IS NULL)", name="one_place"),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("slug", _letters(64), nullable=False, unique=True),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False),
    Column("idempotency_key", _letters(255)),
    # The first topic it went to, for its name.
    Column("topic_id", Id, ForeignKey("topics.id")),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("content_type", Integer, nullable=False),
    Column("url", Text),
    _at("created_at"),
    # A deleted message keeps its row, for its idempotency key and its status; what it said is gone.
    _at("deleted_at", nullable=True),
    # A later notification with the same one may replace this one where it was not shown yet.
    Column("collapse_key", _letters(64)),
    # Of the request that brought the idempotency key; null: not known, and then whatever comes with the key repeats it.
    Column("request_digest", _letters(32)),
    # HTML and markdown as HTML that is safe to show, made once; null: text, or to be made at the first look.
    Column("rendered", Text),
    # As ntfy has them: 1 to 5, and words joined by commas; null where the sender said none.
    Column("priority", Integer),
    Column("tags", Text),
    UniqueConstraint("app_id", "idempotency_key"),
    # By which the messages of the last day are counted.
    Index(None, "app_id", "created_at"),
    # By which those of a stretch of time are listed.
    Index(None, "created_at"),
    sqlite_autoincrement=True,
)

# One row per target of a stored send, in the order asked, those that failed included: a repeated
# idempotency key gets the first answer again.
targets = Table(
    "targets",
    metadata,
    _id(),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False, index=True),
    Column("uid", _letters(64)),
    Column("topic_id", Id),
    Column("code", Integer, nullable=False),
    Column("status", Text, nullable=False),
    # Why the target got nothing (`Unreached`); null of a good one, and of rows from before there was this column.
    Column("why", _letters(16)),
    # What a status query names, which needs no token: drawn, so that nobody counts through those of others.
    # Null where the target failed. Of rows from before there was this column it is the `id`, which was told then.
    # Of a plain type, for a send writes thousands; whoever asks by it binds an `Id`.
    Column("record_id", BigInteger),
    Index(None, "record_id", unique=True, sqlite_where=text("record_id IS NOT NULL")),
    # By which the messages to a topic are listed.
    Index(None, "topic_id", "message_id", sqlite_where=text("topic_id IS NOT NULL")),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    Column("channel", _letters(16), nullable=False),
    Column("state", _letters(16), nullable=False),
    Column("reason", Text),
    _at("sent_at", nullable=True),
    _at("shown_at", nullable=True),
    _at("opened_at", nullable=True),
    # When to look whether it was shown, and go on to the next channel if not; null when that is settled.
    _at("look_at", nullable=True),
    UniqueConstraint("message_id", "subscriber_id", "channel"),
    Index(None, "subscriber_id", "id"),
    # Naming PostgreSQL here, before it is spoken, would import its dialect: 0.1 s of each command.
    Index(None, "look_at", sqlite_where=text("look_at IS NOT NULL")),
    # By which messages are listed that wait, failed or were seen. Most deliveries are sent, and most are made so: a
    # send to thousands must not pay for it.
    Index(None, "state", "message_id", sqlite_where=text("state <> 'sent'")),
    # An inbox's event ids are these: never given twice, even after the newest was deleted.
    sqlite_autoincrement=True,
)

# Where a subscriber is reached over a channel other than the inbox.
addresses = Table(
    "addresses",
    metadata,
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    Column("channel", _letters(16), nullable=False),
    # By which the same address is known when it comes again: the hash of what is unique in `value`.
    Column("fingerprint", _letters(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("label", Text, nullable=False),
    # Of the channel in its subscriber's order, from 0: the lowest is tried first.
    Column("place", Integer, nullable=False),
    # Of ours, without which nobody is reached there: the hash of the key that a browser subscribed with.
    Column("bound_to", _letters(16), nullable=False),
    # The relay it is behind, as the channel says; null until something was queued for it.
    Column("lane", _letters(255)),
    Column("strikes", Integer, nullable=False, server_default="0"),
    _at("struck_at", nullable=True),
    _at("created_at"),
    # Counts how often it was given anew: what a relay says of an older one does not concern it.
    Column("version", Integer, nullable=False, server_default="0"),
    # The browser that gave it, if it was one. Not a constraint: SQLite adds one only by copying the table.
    Column("device_id", Id),
    UniqueConstraint("channel", "fingerprint"),
    Index(None, "subscriber_id", "place"),
    sqlite_autoincrement=True,
)

# One-time passes by which another device becomes a device of the same subscriber.
claims = Table(
    "claims",
    metadata,
    _id(),
    Column("token_hash", _letters(64), nullable=False, unique=True),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    _at("expires_at"),
    # Of a WeChat code: who scanned it, and the number with which they say yes; both hashed.
    Column("openid_hash", _letters(64)),
    Column("answer_hash", _letters(64)),
    Index(None, "expires_at"),
    Index(None, "openid_hash"),
    sqlite_autoincrement=True,
)

# Addresses that subscribers gave, whose owners have not said yet that they want messages there.
confirmations = Table(
    "confirmations",
    metadata,
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("channel", _letters(16), nullable=False),
    Column("fingerprint", _letters(64), nullable=False),
    Column("value", Text, nullable=False),
    # Of whoever reads what is sent there, hashed: `a+b@example.org` and `a@example.org` are one mailbox.
    Column("mailbox", _letters(64), nullable=False),
    # Of what was sent there: a token in a link, or a code.
    Column("secret_hash", _letters(64), nullable=False, index=True),
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    # The network that it was given from, hashed; empty: unknown.
    Column("asker", _letters(64), nullable=False, server_default=""),
    # False: the mailbox had enough already; what was sent to it before confirms this one too.
    Column("is_sent", Boolean, nullable=False, server_default=true()),
    _at("expires_at"),
    Index(None, "channel", "mailbox"),
    Index(None, "expires_at"),
    sqlite_autoincrement=True,
)

# Whose openid is whose; it stays when that is no address of theirs any more, so that who comes back is known.
openids = Table(
    "openids",
    metadata,
    Column("openid_hash", _letters(64), primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
)

# The queue: a delivery that is to be handed to one address. A row goes when that is settled.
handovers = Table(
    "handovers",
    metadata,
    _id(),
    Column("delivery_id", Id, ForeignKey("deliveries.id"), nullable=False),
    Column("address_id", Id, ForeignKey("addresses.id"), nullable=False),
    # Of the address, so that a relay that waits or has enough to do keeps nobody else's from being found.
    Column("lane", _letters(255)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _at("due_at"),
    _at("expires_at"),
    # When `due_at` was set: one that was set in the future is of a clock that was wrong. Null in rows of before 0007.
    _at("planned_at", nullable=True),
    UniqueConstraint("delivery_id", "address_id"),
    # By which the oldest of each address is found: an address gets its messages in order.
    Index(None, "address_id", "id"),
    Index(None, "lane", "due_at"),
    Index(None, "due_at"),
    sqlite_autoincrement=True,
)

# Messages whose readers are too many for the transaction that sent them; a row goes when all have it.
fan_outs = Table(
    "fan_outs",
    metadata,
    Column("message_id", Id, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    # Readers up to this one have it.
    Column("after_subscriber_id", Id, nullable=False, server_default="0"),
    # Messages of the application that a reader gets in 24 hours; null: no limit.
    Column("quota", Integer),
)

qr_codes = Table(
    "qr_codes",
    metadata,
    _id(),
    Column("code", _letters(64), nullable=False, unique=True),
    Column("slug", _letters(64), nullable=False, unique=True),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False, index=True),
    Column("extra", Text, nullable=False),
    # Of the last scan.
    Column("uid", _letters(64)),
    _at("created_at"),
    _at("expires_at"),
    Index(None, "expires_at"),
    sqlite_autoincrement=True,
)

callbacks = Table(
    "callbacks",
    metadata,
    _id(),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False),
    # As it is sent, at each attempt.
    Column("body", Text, nullable=False),
    Column("state", _letters(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    # HTTP status of the last answer, and why the last attempt failed.
    Column("status", Integer),
    Column("reason", Text, nullable=False),
    _at("created_at"),
    _at("due_at"),
    # When it was last tried; null before, and in rows of before 0007.
    _at("tried_at", nullable=True),
    # The endpoint that it is for; null: the application's callback URL.
    Column("webhook_id", Id),
    # By which each application's oldest pending one is found, and its log is read.
    Index(None, "state", "app_id", "id"),
    Index(None, "app_id", "id"),
    # By which what is due next at an endpoint is found, and its log is read.
    Index(None, "webhook_id", "state", "due_at", sqlite_where=text("webhook_id IS NOT NULL")),
    sqlite_autoincrement=True,
)

# Endpoints that are told what happens, signed.
webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    Column("app_id", Id, ForeignKey("apps.id"), nullable=False, index=True),
    # Of this topic alone. Not a constraint: a topic is removed with its endpoints.
    Column("topic_id", Id),
    Column("url", Text, nullable=False),
    # Names of events, separated by blanks.
    Column("events", Text, nullable=False),
    # Signs what it is told, so it is needed as it is.
    Column("secret", _letters(128), nullable=False),
    # The one before signs as well until then.
    Column("old_secret", _letters(128)),
    _at("old_secret_until", nullable=True),
    _at("failing_since", nullable=True),
    # Why it is told nothing more; empty: it is.
    Column("disabled", Text, nullable=False),
    _at("created_at"),
    sqlite_autoincrement=True,
)

# How far webhooks were told of the changes of watches: one row, while an endpoint wants to know.
told_changes = Table(
    "told_changes",
    metadata,
    Column("single", Integer, primary_key=True),
    Column("epoch", _letters(32), nullable=False),
    Column("number", Id, nullable=False),
    _at("told_at"),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    _id(),
    Column("token_hash", _letters(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    # Separated by blanks.
    Column("scopes", Text, nullable=False),
    # The one application that it is for, if not all.
    Column("app_id", Id, ForeignKey("apps.id")),
    _at("created_at"),
    # Whose it is, and whose applications it reaches.
    Column("account_id", Id),
    sqlite_autoincrement=True,
)

# What became of deliveries, newest last; `store/push/delivery_events.py`. That one is gone, an event outlives.
delivery_events = Table(
    "delivery_events",
    metadata,
    _id(),
    Column("delivery_id", Id, nullable=False),
    Column("state", _letters(16), nullable=False),
    _at("at"),
    # Read by number: none is given twice.
    sqlite_autoincrement=True,
)

# Who runs this server: one row, with the password as Argon2id in the PHC format.
operators = Table(
    "operators",
    metadata,
    _id(),
    Column("password_hash", Text, nullable=False),
    _at("changed_at"),
    sqlite_autoincrement=True,
)

# Owners, who have applications of their own. The operator is none of them: where an account is named, null is the
# operator. None of these is a constraint: SQLite adds one only by copying the table.
accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("state", _letters(16), nullable=False),
    # Null: as many as the server's settings say.
    Column("max_apps", Integer),
    Column("max_topics", Integer),
    # In 24 hours.
    Column("max_messages", Integer),
    _at("created_at"),
    sqlite_autoincrement=True,
)

# The browsers in which somebody is signed in to the console.
sessions = Table(
    "sessions",
    metadata,
    _id(),
    Column("account_id", Id),
    Column("token_hash", _letters(64), nullable=False, unique=True),
    # What its owner knows it by, like `Chrome · Windows`; empty when that is not known.
    Column("kind", _letters(64), nullable=False, server_default=""),
    _at("created_at"),
    _at("seen_at"),
    # When its person last showed who they are, by the password or by scanning; null: not in this session.
    _at("confirmed_at", nullable=True),
    sqlite_autoincrement=True,
)

# The phones that may approve sign-ins to one account: each by a cookie of its own, whatever inbox it has.
approvers = Table(
    "approvers",
    metadata,
    _id(),
    Column("account_id", Id),
    Column("token_hash", _letters(64), nullable=False, unique=True),
    Column("kind", _letters(64), nullable=False),
    _at("created_at"),
    _at("seen_at"),
    sqlite_autoincrement=True,
)

# Codes that a browser shows for a phone to scan; a row goes soon after it has expired.
sign_ins = Table(
    "sign_ins",
    metadata,
    _id(),
    # Of what the picture holds; and of what only the browser that shows it has.
    Column("code_hash", _letters(64), nullable=False, unique=True),
    Column("browser_hash", _letters(64), nullable=False),
    # To sign that browser in, or to let the phone approve sign-ins from now on.
    Column("purpose", _letters(16), nullable=False),
    # Of the browser that shows it, for whoever is asked.
    Column("kind", _letters(64), nullable=False),
    Column("address", _letters(64), nullable=False),
    Column("state", _letters(16), nullable=False),
    # Of a code that lets a phone approve: whose. Else, once it is approved: who signs in.
    Column("account_id", Id),
    _at("expires_at"),
    Index(None, "expires_at"),
    sqlite_autoincrement=True,
)

# What was done in the console and by commands that change something, newest last.
acts = Table(
    "acts",
    metadata,
    _id(),
    _at("at"),
    # Who did it.
    Column("account_id", Id),
    # In which application, if in one.
    Column("app_id", Id),
    # From which browser or command.
    Column("by", _letters(64), nullable=False),
    Column("act", _letters(32), nullable=False),
    # What it was done to, in words that outlive it.
    Column("subject", Text, nullable=False),
    Index(None, "account_id", "id"),
    sqlite_autoincrement=True,
)

# What an application's owner calls a subscriber.
remarks = Table(
    "remarks",
    metadata,
    Column("app_id", Id, ForeignKey("apps.id"), primary_key=True, autoincrement=False),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), primary_key=True, autoincrement=False, index=True),
    Column("remark", Text, nullable=False),
)

# What strangers made in each hour, and the most that they might.
made = Table(
    "made",
    metadata,
    Column("what", _letters(16), primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("most", Integer, nullable=False),
)

# What WeChat told within the last minutes: which event a signature spoke for, and which were acted upon.
wechat_calls = Table(
    "wechat_calls",
    metadata,
    Column("digest", _letters(64), primary_key=True),
    Column("event_key", _letters(64), nullable=False),
    _at("expires_at"),
    Index(None, "expires_at"),
)

# How many commits there were: one row (`store/commits.py`).
commits = Table(
    "commits",
    metadata,
    Column("single", Integer, primary_key=True),
    Column("number", Id, nullable=False),
)

# Of PostgreSQL alone: one row, by which a database is known again. A file has the number in its header.
postgresql_epoch = Table(
    "epoch",
    MetaData(),
    Column("single", Integer, primary_key=True),
    Column("number", Id, nullable=False),
)


def has_not_failed(of: FromClause) -> ColumnElement[bool]:
    """
    Ask of deliveries, under whatever name, that they have not failed.

    With the state in the text: a partial index asks for `state <> 'sent'`, and SQLite looks whether the value bound to
    a `state <> ?` is the same. It then compiles the statement anew for each value, 0.13 ms for the first channels.
    """
    return of.c.state != literal_column(f"'{DeliveryState.FAILED}'")
