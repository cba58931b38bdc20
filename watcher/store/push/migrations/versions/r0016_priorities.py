"""A message may have a priority and tags, as ntfy has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the columns; a message of before has neither."""
    op.add_column("messages", sa.Column("priority", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("tags", sa.Text(), nullable=True))
