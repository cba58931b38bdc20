"""One pass over some watches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from watcher.core.check import Decision
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.runtime.accepting import accept_what_is_asked
from watcher.runtime.mending import mend_push_if_free
from watcher.runtime.pass_report import PassReport
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.watching import Watching, watching

_log = logging.getLogger(__name__)


async def check(
    settings: Settings,
    file: WatchFile,
    ids: Sequence[str],
    *,
    drain_timeout: timedelta,
    on_decision: Callable[[Decision], None],
) -> PassReport:
    """Check these watches once, and deliver what the outbox holds within the time given."""
    failed = 0
    if settings.push is None:
        await mend_push_if_free(settings, "watcher check")
    async with watching(settings, file, "watcher check") as (parts, _):
        async with meanwhile(parts.checker.committer.run(), parts.dispatcher.run()):
            await accept_what_is_asked(settings, parts)
            paused = [one for one in ids if parts.checker.runner.is_paused(one)]
            async for decision in parts.checker.runner.check_once(ids):
                failed += decision.state.failure is not None
                on_decision(decision)
        undelivered = await _drain(parts, drain_timeout)
    return PassReport(failed=failed, undelivered=undelivered, paused=paused)


async def _drain(parts: Watching, limit: timedelta) -> int:
    """Deliver what the outbox holds; return how many messages are left after the time given."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            await parts.dispatcher.drain()
    except TimeoutError:
        _log.warning("not everything was delivered within %g s", limit.total_seconds())
    return len(await parts.store.outbox.waiting())
