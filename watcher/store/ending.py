"""Work that a cancellation does not break off: what is on the disk and what is known of it never differ."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Return its result; let a cancellation through only when it has ended, which must be within a bound."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        # A failure that nobody waits for any more is none of theirs.
        task.cancelled() or task.exception()
        raise
