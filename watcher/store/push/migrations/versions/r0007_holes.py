"""What closing the holes that attackers found keeps in the push database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.BigInteger()


def upgrade() -> None:
    """Add the columns."""
    _count_commits()
    _draw_record_ids()
    _tell_repeats()
    _open_by_number()
    _note_clocks_and_versions()
    _ask_before_linking()
    _tell_devices_apart()
    _count_strangers()
    _tell_askers_apart()
    _mark_strangers()
    _keep_what_is_rendered()


def _count_commits() -> None:
    """Notice a write-ahead log that is gone: each commit raises a number, here and in a file beside the database."""
    op.create_table(
        "commits",
        sa.Column("single", sa.Integer(), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_commits")),
    )


def _draw_record_ids() -> None:
    """Let status queries go by a column of its own; the numbers that were given stay good."""
    op.add_column("targets", sa.Column("record_id", sa.BigInteger()))
    op.execute("UPDATE targets SET record_id = id WHERE code = 1000")
    op.create_index(
        "ix_targets_record_id", "targets", ["record_id"], unique=True, sqlite_where=sa.text("record_id IS NOT NULL")
    )


def _tell_repeats() -> None:
    """Keep of which request an idempotency key came; of those from before it is not known."""
    op.add_column("messages", sa.Column("request_digest", sa.String(length=32)))


def _open_by_number() -> None:
    """Let owners open follow pages to links that name them by number; none is open before."""
    for table in ("apps", "topics"):
        op.add_column(table, sa.Column("by_number", sa.Boolean(), nullable=False, server_default=sa.false()))


def _note_clocks_and_versions() -> None:
    """Tell due times that a wrong clock set, and addresses that come anew while a relay speaks of the old one."""
    op.add_column("addresses", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("handovers", sa.Column("planned_at", _AT))
    op.add_column("callbacks", sa.Column("tried_at", _AT))


def _ask_before_linking() -> None:
    """Who scanned a WeChat code, and the number with which they say yes."""
    op.add_column("claims", sa.Column("openid_hash", sa.String(length=64), nullable=True))
    op.add_column("claims", sa.Column("answer_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_claims_openid_hash", "claims", ["openid_hash"])


def _tell_devices_apart() -> None:
    """What a device is, when it was last here, how it shows its token, and which addresses are its own."""
    op.add_column("devices", sa.Column("kind", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("devices", sa.Column("seen_at", _AT, nullable=True))
    op.add_column("devices", sa.Column("is_hosted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("addresses", sa.Column("device_id", _ID, nullable=True))


def _count_strangers() -> None:
    """How many things strangers made in each hour, under which cap."""
    op.create_table(
        "made",
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("hour", _AT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "hour", name="pk_made"),
    )


def _tell_askers_apart() -> None:
    """From where an address was given, and whether anything was sent there: to those of before it was."""
    op.add_column("confirmations", sa.Column("asker", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("confirmations", sa.Column("is_sent", sa.Boolean(), nullable=False, server_default=sa.true()))


def _mark_strangers() -> None:
    """Who was made by a stranger's form, and whose browser never came back; those of before are none."""
    op.add_column("subscribers", sa.Column("is_stranger", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_subscribers_created_at", "subscribers", ["created_at"], sqlite_where=sa.text("is_stranger"))


def _keep_what_is_rendered() -> None:
    """Keep HTML and markdown as they are shown; of messages from before they are made at the first look."""
    op.add_column("messages", sa.Column("rendered", sa.Text()))
