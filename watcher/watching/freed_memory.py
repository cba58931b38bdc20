"""
What glibc does with the memory of a page that was read: keep a few megabytes of it for the next page.

By default it gives a big page's tree back to the kernel, and takes it again for the next one, page by page and each
zeroed: a third of the time to parse 500 kB.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_KEPT_BYTES: Final = 8 * 2**20
"""At the top of the heap, at most."""
_APART_BYTES: Final = 4 * 2**20
"""What is larger comes from the kernel by itself, and goes back when it is freed."""


@cache
def keep_freed_memory() -> None:
    """Ask glibc for this, once in a process; where there is another library, leave it as it is."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _APART_BYTES)
