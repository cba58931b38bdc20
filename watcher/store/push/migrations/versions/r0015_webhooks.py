"""Endpoints that are told what happens, by the queue of callbacks, and how far the changes of watches were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.BigInteger()


def upgrade() -> None:
    """Make the tables and the column; callbacks of before have no endpoint."""
    op.create_table(
        "webhooks",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("topic_id", _ID, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=128), nullable=False),
        sa.Column("old_secret", sa.String(length=128), nullable=True),
        sa.Column("old_secret_until", _AT, nullable=True),
        sa.Column("failing_since", _AT, nullable=True),
        sa.Column("disabled", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_webhooks_app_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_app_id", "webhooks", ["app_id"])
    op.create_table(
        "told_changes",
        sa.Column("single", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.Column("told_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("single", name="pk_told_changes"),
    )
    op.add_column("callbacks", sa.Column("webhook_id", _ID, nullable=True))
    op.create_index(
        "ix_callbacks_webhook_id_state_due_at",
        "callbacks",
        ["webhook_id", "state", "due_at"],
        sqlite_where=sa.text("webhook_id IS NOT NULL"),
    )
