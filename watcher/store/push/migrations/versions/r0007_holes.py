"""What closing the holes that attackers found keeps in the push database."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns."""
