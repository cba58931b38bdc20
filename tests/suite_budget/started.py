"""Counts browsers and clusters of PostgreSQL where they are started, also in a process that a test started."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "SUITE_BUDGET_STARTED"
"""Names the file in which they are counted; elsewhere nothing is."""
BROWSER: Final = "b"
CLUSTER: Final = "c"


def note_started(kind: str) -> None:
    """Count one."""
    if VARIABLE in os.environ:
        with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as file:
            file.write(kind)
