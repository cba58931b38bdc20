"""Subscriptions are counted, and listed by their ids, by place and state: a topic may have hundreds of thousands."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the indexes."""
    for place in ("topic_id", "app_id"):
        op.create_index(f"ix_subscriptions_{place}_state_id", "subscriptions", [place, "state", "id"])
