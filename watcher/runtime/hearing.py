"""Hearing at once what other servers of the same database write."""

from __future__ import annotations

from watcher.push.service import PushService


async def hear_others(url: str, service: PushService) -> None:
    """Wake whoever waits in this server for what others commit, until cancelled. Raises ConfigError."""
    from watcher.cluster.wakeups import WakeupListener  # with psycopg, an extra

    await WakeupListener(url, service.wakeups, is_own=service.is_own).run()
