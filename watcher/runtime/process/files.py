"""The limit of open files: raised as far as the system allows, and shared among all that opens."""

from __future__ import annotations

import logging
import resource
from typing import Final

from watcher.core.files import ADVICE, LEAST, FileBudget, budget_of
from watcher.core.settings import Settings

_MOST: Final = 1_048_576
"""What is taken for a limit where there is none."""
_log = logging.getLogger(__name__)


def raise_limit() -> None:
    """Let this process open as many files as its hard limit allows; where that cannot be, it stays as it is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError) as error:
        _log.debug("the limit of %d open files stays: %s", soft, error)


def file_limit() -> int:
    """Return how many files this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else min(soft, _MOST)


def file_budget(settings: Settings) -> FileBudget:
    """Return how this process shares the files that it may have open."""
    return budget_of(file_limit(), connections=settings.max_connections)


def log_what_is_short(budget: FileBudget, settings: Settings) -> None:
    """Say where the limit leaves less than what was asked for, or too little."""
    if budget.limit < LEAST:
        _log.warning("this process may have %d files open, which is too few to work with; %s", budget.limit, ADVICE)
    if budget.connections < settings.max_connections:
        _log.warning(
            "room for %d connections only, not %d (--max-connections): this process may have %d files open; %s",
            budget.connections,
            settings.max_connections,
            budget.limit,
            ADVICE,
        )
