"""Where a subscriber moved here from: a UID is somebody's on one server, and may be somebody else's on another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the column; of who moved before it is not known, so no server may speak for them."""
    op.add_column("subscribers", sa.Column("moved_from", sa.Text(), nullable=True))
