"""Numbers in addresses and forms of the console."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 18
"""Digits of which none is over what a database counts to."""


def number(text: str) -> int | None:
    """Return a number that is written in plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def id_in(text: str) -> int:
    """Return the id that is written; 0, which nothing has, for anything else."""
    return number(text) or 0
