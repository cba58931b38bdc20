"""
What glibc does with memory that was freed.

By default it takes large pieces from the kernel one by one, until the first of them is freed; those up to its size come
from the heap from then on, where each leaves a hole. And the memory at the end of the heap goes back to the kernel.

- While a watcher starts, large pieces stay by themselves: the tables of 100,000 watches grow by doubling, and what they
  outgrow would stay as 20 MB of holes.
- From then on, and in whatever else reads pages, a few megabytes are kept for the next one: else a big page's tree goes
  back to the kernel, and is taken again, page by page and each zeroed, a third of the time to parse 500 kB.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGE_BYTES: Final = 128 * 2**10
"""As glibc begins with."""
_KEPT_BYTES: Final = 8 * 2**20
"""At the top of the heap, at most."""
_APART_BYTES: Final = 4 * 2**20
"""What is larger comes from the kernel by itself, and goes back when it is freed."""


def give_back_large_pieces() -> None:
    """Ask glibc to give back each large piece that is freed, until `keep_freed_memory`."""
    _set({_M_MMAP_THRESHOLD: _LARGE_BYTES})


@cache
def keep_freed_memory() -> None:
    """Ask glibc to keep what a page took for the next one, once in a process."""
    _set({_M_TRIM_THRESHOLD: _KEPT_BYTES, _M_MMAP_THRESHOLD: _APART_BYTES})


def _set(options: dict[int, int]) -> None:
    """Set options of glibc; where there is another library, leave it as it is."""
    import ctypes  # a pass over pages that are as they were reads none, and does without

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in options.items():
            mallopt(option, value)
