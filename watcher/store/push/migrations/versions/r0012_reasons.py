"""Why a target of a message got nothing: so far only the answer's words said it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the column; what was answered before goes on being shown by its words."""
    op.add_column("targets", sa.Column("why", sa.String(length=16), nullable=True))
