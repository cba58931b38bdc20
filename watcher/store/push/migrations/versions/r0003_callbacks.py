"""Parametric QR codes, and callbacks to the owners of applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.BigInteger()


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "qr_codes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_qr_codes_app_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qr_codes"),
        sa.UniqueConstraint("code", name="uq_qr_codes_code"),
        sa.UniqueConstraint("slug", name="uq_qr_codes_slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_qr_codes_expires_at", "qr_codes", ["expires_at"], unique=False)
    op.create_table(
        "callbacks",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("due_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_callbacks_app_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_callbacks_state_app_id_id", "callbacks", ["state", "app_id", "id"], unique=False)
    op.create_index("ix_callbacks_app_id_id", "callbacks", ["app_id", "id"], unique=False)
