"""Topics that were merged into another one, to which their links and keys lead since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column; no topic was merged before."""
    op.add_column("topics", sa.Column("merged_into", _ID, nullable=True))
