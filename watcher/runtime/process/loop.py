"""The event loop of the commands that work for long: uvloop's where it is installed (`[speed]`), else asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


def on_loop(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what the work returns, run as `asyncio.run` does."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)
