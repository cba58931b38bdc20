"""What to do when several watches have lost a value, as after a redesign of their site: one line for all."""

from __future__ import annotations

from collections.abc import Iterable

from watcher.cli.output import counted
from watcher.core.check import CheckFailure
from watcher.core.trouble import has_lost_a_value


def advice_for_lost(failures: Iterable[CheckFailure | None]) -> str | None:
    """Return the line for watches with these failures; None where fewer than two have lost a value."""
    count = sum(map(has_lost_a_value, failures))
    if count < 2:
        return None
    return f"{counted(count, 'watch')} lost a value: `watcher suggest --failing` shows where they are now"
