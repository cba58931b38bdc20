"""Who had an application before, and until when: a token that a hand-over left them is theirs, and ends with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the columns; who had an application before this revision is not known."""
    op.add_column("apps", sa.Column("former_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.add_column("apps", sa.Column("former_until", sa.BigInteger()))
    op.add_column("apps", sa.Column("is_received", sa.Boolean(), nullable=False, server_default=sa.false()))
