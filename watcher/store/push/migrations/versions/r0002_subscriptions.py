"""What senders and owners may do with subscriptions, topics, tokens and messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_AT = sa.BigInteger()


def upgrade() -> None:
    """Add the columns; whoever follows goes on following, and open topics stay open."""
    op.add_column("apps", sa.Column("old_token_hash", sa.String(length=64), nullable=True))
    op.add_column("apps", sa.Column("old_token_until", _AT, nullable=True))
    op.add_column("apps", sa.Column("signing_key", sa.String(length=64), nullable=True))
    op.create_index("ix_apps_old_token_hash", "apps", ["old_token_hash"], unique=True)
    op.add_column("topics", sa.Column("mode", sa.String(length=16), nullable=False, server_default="open"))
    op.add_column("subscribers", sa.Column("nickname", sa.Text(), nullable=False, server_default=""))
    op.add_column("subscribers", sa.Column("is_receiving", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("subscriptions", sa.Column("state", sa.String(length=16), nullable=False, server_default="following"))
    op.add_column("subscriptions", sa.Column("is_receiving", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("subscriptions", sa.Column("rejected_at", _AT, nullable=True))
    op.add_column("messages", sa.Column("deleted_at", _AT, nullable=True))
    op.create_index("ix_messages_app_id_created_at", "messages", ["app_id", "created_at"], unique=False)
