"""A topic may have a feed, at a secret link of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the column; a topic of before has no feed until somebody makes one."""
    op.add_column("topics", sa.Column("feed_slug", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_topics_feed_slug", "topics", ["feed_slug"], unique=True, sqlite_where=sa.text("feed_slug IS NOT NULL")
    )
