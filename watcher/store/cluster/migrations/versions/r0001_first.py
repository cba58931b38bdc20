"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SCHEMA = "watcher"
_NUMBER = sa.BigInteger()
_AT = sa.DateTime(timezone=True)
_ID = sa.Text(collation="C")


def upgrade() -> None:
    """Make all tables of the first release."""
    _make_declarations()
    _make_states()
    _make_messages()
    _make_the_rest()


def _make_declarations() -> None:
    op.create_table(
        "cluster",
        sa.Column("single", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("host_shards", sa.Integer(), nullable=False),
        sa.Column("topic_shards", sa.Integer(), nullable=False),
        sa.Column("generation", _NUMBER, nullable=False),
        sa.Column("works_since", sa.Text(), server_default="0001", nullable=False),
        sa.PrimaryKeyConstraint("single"),
        schema=_SCHEMA,
    )
    op.create_table(
        "generation",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("applied_at", _AT, nullable=False),
        sa.Column("applied_by", sa.Text(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        schema=_SCHEMA,
    )
    op.create_table(
        "declaration",
        sa.Column("watch", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("generation", _NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("watch"),
        schema=_SCHEMA,
    )
    op.create_index("declaration_generation", "declaration", ["generation"], schema=_SCHEMA)
    op.create_index("declaration_shard", "declaration", ["shard", "watch"], schema=_SCHEMA)


def _make_states() -> None:
    op.create_table(
        "state",
        sa.Column("watch", _ID, nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("sequence", _NUMBER, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watch"),
        schema=_SCHEMA,
    )
    op.create_index("state_shard", "state", ["shard", "watch"], schema=_SCHEMA)
    op.create_table(
        "checked",
        sa.Column("watch", _ID, nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("sequence", _NUMBER, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watch"),
        schema=_SCHEMA,
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "change",
        sa.Column("watch", _ID, nullable=False),
        sa.Column("sequence", _NUMBER, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watch", "sequence"),
        schema=_SCHEMA,
    )


def _make_messages() -> None:
    living, dead = sa.text("NOT is_dead"), sa.text("is_dead")
    op.create_table(
        "outbox",
        sa.Column("place", _NUMBER, sa.Identity(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("topic_shard", sa.Integer(), nullable=False),
        sa.Column("is_dead", sa.Boolean(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
        schema=_SCHEMA,
    )
    op.create_index("outbox_living", "outbox", ["message"], unique=True, schema=_SCHEMA, postgresql_where=living)
    op.create_index("outbox_topics", "outbox", ["topic_shard", "place"], schema=_SCHEMA, postgresql_where=living)
    op.create_index("outbox_dead", "outbox", ["created_at"], schema=_SCHEMA, postgresql_where=dead)
    op.create_table(
        "event",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("watch", _ID, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        schema=_SCHEMA,
    )
    op.create_index("event_watch", "event", ["watch", "number"], schema=_SCHEMA)


def _make_the_rest() -> None:
    op.create_table(
        "host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", _AT, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host"),
        schema=_SCHEMA,
    )
    op.create_index("host_shard", "host", ["shard"], schema=_SCHEMA)
    op.create_table(
        "request",
        sa.Column("number", _NUMBER, sa.Identity(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("is_lasting", sa.Boolean(), nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("taken_at", _AT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        schema=_SCHEMA,
    )
    op.create_index("request_lease", "request", ["lease", "number"], schema=_SCHEMA)
    op.create_table(
        "page",
        sa.Column("watch", _ID, nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("watch"),
        schema=_SCHEMA,
    )
