"""What finds messages by their time, by a topic, and by how far they came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_messages_created_at", "messages", ["created_at"])
    op.create_index(
        "ix_targets_topic_id_message_id",
        "targets",
        ["topic_id", "message_id"],
        sqlite_where=sa.text("topic_id IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_state_message_id",
        "deliveries",
        ["state", "message_id"],
        sqlite_where=sa.text("state <> 'sent'"),
    )
