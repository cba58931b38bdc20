"""What the address of a page names: numbers, and what is there, or not."""

from __future__ import annotations

from typing import Final, TypeVar

from aiohttp import web

_T = TypeVar("_T")
_LONGEST: Final = 18
"""Digits of which none is over what a database counts to."""


def known(found: _T | None) -> _T:
    """Return what was found. Raises HTTPNotFound for None: there is nothing, or nothing of theirs."""
    if found is None:
        raise web.HTTPNotFound
    return found


def number(text: str) -> int | None:
    """Return a number that is written in plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def number_in(request: web.Request, name: str) -> int:
    """Return the number in a part of the address. Raises HTTPNotFound where it is not a number."""
    return known(number(request.match_info[name]))


def id_in(text: str) -> int:
    """Return the id that is written; 0, which nothing has, for anything else."""
    return number(text) or 0
