"""How many files the server may have open: of the process that runs, or else of one that is started as this one was."""

from __future__ import annotations

import os
import re
import resource
from pathlib import Path
from typing import Final

from watcher.core.files import ADVICE, LEAST, budget_of
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.wording import worded
from watcher.store.lock import holder_of

_PROCESS: Final = re.compile(r"process ([0-9]{1,9})")
_LIMIT: Final = re.compile(r"^Max open files +([0-9]+)", re.MULTILINE)
_NEARLY: Final = 0.9


def check_files(settings: Settings) -> Finding:
    """Return what the limit of open files allows. Raises StoreError."""
    running = _running(settings)
    known = _limit_of(running) if running is not None else None
    if running is None or known is None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        limit = 1_048_576 if hard == resource.RLIM_INFINITY else hard
        return files_finding(limit, used=None, connections=settings.max_connections)
    return files_finding(known, used=_open_in(running), connections=settings.max_connections)


def files_finding(limit: int, *, used: int | None, connections: int) -> Finding:
    """
    Return what a limit means.

    Args:
        used: how many are open now; None: nobody runs, or it cannot be seen.
        connections: of people, that are wanted.
    """
    budget = budget_of(limit, connections=connections)
    shares = worded(
        "doctor_file_shares",
        "{pages} connections to pages, {relays} to relays, {people} of people",
        pages=f"{budget.sockets:,}",
        relays=f"{budget.sockets:,}",
        people=f"{budget.connections:,}",
    )
    if used is None:
        text = worded(
            "doctor_files_allowed",
            "a server of this user may have {limit} open: room for {shares}",
            limit=f"{limit:,}",
            shares=shares,
        )
    else:
        text = worded(
            "doctor_files_open",
            "{used} of {limit} are open: room for {shares}",
            used=f"{used:,}",
            limit=f"{limit:,}",
            shares=shares,
        )
    if limit < LEAST:
        return wrong(Check.FILES, text, ADVICE)
    if used is not None and used >= limit * _NEARLY:
        return doubtful(Check.FILES, text, ADVICE)
    if budget.connections < connections:
        text = worded("doctor_files_fewer", "{text}, not {wanted}", text=text, wanted=f"{connections:,}")
        advice = worded("doctor_files_lower", "{advice}, or lower --max-connections", advice=ADVICE)
        return doubtful(Check.FILES, text, advice)
    return fine(Check.FILES, text)


def _running(settings: Settings) -> int | None:
    """Return the id of the process that serves or watches; None: nobody does."""
    holders = (holder_of(settings.data, role) for role in ("server", "watcher"))
    found = (_PROCESS.search(holder) for holder in holders if holder is not None)
    return next((int(match[1]) for match in found if match), None)


def _limit_of(process: int) -> int | None:
    """Return its limit, where the system shows it: Linux does."""
    try:
        match = _LIMIT.search(Path(f"/proc/{process}/limits").read_text(encoding="utf-8"))
    except OSError:
        return None
    return int(match[1]) if match else None


def _open_in(process: int) -> int | None:
    try:
        return len(os.listdir(f"/proc/{process}/fd"))
    except OSError:  # another user's
        return None
