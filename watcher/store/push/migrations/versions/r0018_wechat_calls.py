"""What WeChat told lately, for all servers; and the codes of an application are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the table and the indexes; what came before the upgrade is forgotten, as by each restart so far."""
    letters = sa.String(64).with_variant(sa.Text(), "postgresql")
    op.create_table(
        "wechat_calls",
        sa.Column("digest", letters, primary_key=True),
        sa.Column("event_key", letters, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_wechat_calls_expires_at", "wechat_calls", ["expires_at"])
    op.create_index("ix_qr_codes_app_id", "qr_codes", ["app_id"])
