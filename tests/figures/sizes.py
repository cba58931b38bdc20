"""How large the figures are taken: small in `make test`, as large as they are meant with FIGURES=full."""

from __future__ import annotations

import os
from typing import Final

IS_FULL: Final = os.environ.get("FIGURES") == "full"


def sized(small: int, full: int) -> int:
    """Return the size that is wanted."""
    return full if IS_FULL else small
