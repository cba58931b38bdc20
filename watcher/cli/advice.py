"""What to do when several watches have lost a value, as after a redesign of their site: one line for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from watcher.cli.output import counted
from watcher.core.check import CheckFailure
from watcher.core.suspicion import WRONG_PLACE
from watcher.errors import MissingError, UnparsableError

_LOST: Final = frozenset({MissingError.kind, UnparsableError.kind, WRONG_PLACE})
"""Kinds of failures of a watch whose selector finds nothing, or not what it found."""


def has_lost_a_value(failure: CheckFailure | None) -> bool:
    """Return whether a check failed because a selector finds nothing, or something else."""
    return failure is not None and failure.kind in _LOST


def advice_for_lost(failures: Iterable[CheckFailure | None]) -> str | None:
    """Return the line for watches with these failures; None where fewer than two have lost a value."""
    count = sum(map(has_lost_a_value, failures))
    if count < 2:
        return None
    return f"{counted(count, 'watch')} lost a value: `watcher suggest --failing` shows where they are now"
