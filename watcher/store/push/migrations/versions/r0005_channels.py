"""Channels: where subscribers are reached, what is on its way to them, how each wants it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.BigInteger()


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("subscribers", sa.Column("channel_order", sa.Text(), nullable=False, server_default=""))
    op.add_column("subscribers", sa.Column("quiet_hours", sa.Text(), nullable=False, server_default=""))
    op.add_column("subscribers", sa.Column("lang", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("messages", sa.Column("collapse_key", sa.String(length=64), nullable=True))
    op.add_column("deliveries", sa.Column("opened_at", _AT, nullable=True))
    op.add_column("deliveries", sa.Column("look_at", _AT, nullable=True))
    op.create_index(
        "ix_deliveries_look_at", "deliveries", ["look_at"], sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "addresses",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("bound_to", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=255), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("struck_at", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_addresses_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.UniqueConstraint("channel", "fingerprint", name="uq_addresses_channel_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_addresses_subscriber_id_place", "addresses", ["subscriber_id", "place"])
    op.create_table(
        "claims",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_claims_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sa.UniqueConstraint("token_hash", name="uq_claims_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claims_expires_at", "claims", ["expires_at"])
    op.create_table(
        "confirmations",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_confirmations_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_confirmations_subscriber_id", "confirmations", ["subscriber_id"])
    op.create_index("ix_confirmations_channel_mailbox", "confirmations", ["channel", "mailbox"])
    op.create_index("ix_confirmations_secret_hash", "confirmations", ["secret_hash"])
    op.create_index("ix_confirmations_expires_at", "confirmations", ["expires_at"])
    op.create_table(
        "openids",
        sa.Column("openid_hash", sa.String(length=64), nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_openids_subscriber_id"),
        sa.PrimaryKeyConstraint("openid_hash", name="pk_openids"),
    )
    op.create_table(
        "handovers",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("address_id", _ID, nullable=False),
        sa.Column("lane", sa.String(length=255), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_handovers_delivery_id"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_handovers_address_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.UniqueConstraint("delivery_id", "address_id", name="uq_handovers_delivery_id_address_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_address_id_id", "handovers", ["address_id", "id"])
    op.create_index("ix_handovers_lane_due_at", "handovers", ["lane", "due_at"])
    op.create_index("ix_handovers_due_at", "handovers", ["due_at"])
    op.create_table(
        "fan_outs",
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("after_subscriber_id", _ID, nullable=False, server_default="0"),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_fan_outs_message_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_fan_outs"),
    )
