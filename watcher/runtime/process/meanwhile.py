"""What runs beside something else, for as long as that lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def meanwhile(*errands: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run these while the context lasts; an error of one, a defect, ends the context, in an ExceptionGroup."""
    failure = None
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(errand) for errand in errands]
        try:
            yield
        except Exception as error:
            failure = error
        for task in running:
            task.cancel()
    if failure is not None:
        raise failure
