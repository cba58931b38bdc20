"""Owners with applications of their own, how they sign in, and what the console keeps of what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.BigInteger()


def upgrade() -> None:
    """Make tables and columns. What there is stays the operator's, whose browsers sign in once more."""
    _make_accounts()
    _name_sessions()
    _let_devices_approve()
    _note_acts()
    _say_whose_it_is()
    _describe_more()


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("max_apps", sa.Integer(), nullable=True),
        sa.Column("max_topics", sa.Integer(), nullable=True),
        sa.Column("max_messages", sa.Integer(), nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sqlite_autoincrement=True,
    )


def _name_sessions() -> None:
    """Make a table of everybody's sessions; those of before were shown by a cookie of another name."""
    op.create_table(
        "sessions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.drop_table("operator_sessions")


def _let_devices_approve() -> None:
    op.create_table(
        "approvers",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approvers"),
        sa.UniqueConstraint("token_hash", name="uq_approvers_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("code_hash", name="uq_sign_ins_code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])


def _note_acts() -> None:
    op.create_table(
        "acts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("app_id", _ID, nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acts_account_id_id", "acts", ["account_id", "id"])


def _say_whose_it_is() -> None:
    for table in ("apps", "access_tokens"):
        op.add_column(table, sa.Column("account_id", _ID, nullable=True))
    op.create_index("ix_apps_account_id", "apps", ["account_id"], sqlite_where=sa.text("account_id IS NOT NULL"))


def _describe_more() -> None:
    op.add_column("topics", sa.Column("language", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("muted_until", _AT, nullable=True))
    op.create_table(
        "remarks",
        sa.Column("app_id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "subscriber_id", name="pk_remarks"),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_remarks_app_id"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_remarks_subscriber_id"),
    )
    op.create_index("ix_remarks_subscriber_id", "remarks", ["subscriber_id"])
