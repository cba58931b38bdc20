"""Subscribers who came with an application from another server, and what that one still brings them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make columns and indexes; nobody has moved yet."""
    for name in ("moved_at", "invited_at", "claimed_at"):
        op.add_column("subscribers", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_subscribers_moved_at", "subscribers", ["moved_at"], sqlite_where=sa.text("moved_at IS NOT NULL")
    )
    op.add_column("subscriptions", sa.Column("is_carried", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_subscriptions_subscriber_id_topic_id",
        "subscriptions",
        ["subscriber_id", "topic_id"],
        sqlite_where=sa.text("is_carried"),
    )
