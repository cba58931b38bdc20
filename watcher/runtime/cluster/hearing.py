"""Hearing at once what other servers of the same database write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from watcher.core.findings import Check, Finding, doubtful, fine
from watcher.push.service import PushService


async def hear_others(url: str, service: PushService, on_declared: Callable[[], None] = lambda: None) -> None:
    """
    Wake whoever waits in this server for what others commit, until cancelled. Raises ConfigError.

    `on_declared`: called when somebody may have declared watches, this server or another one.
    """
    from watcher.cluster.wakeups import WakeupListener  # with psycopg, an extra
    from watcher.store.cluster.declaring import CHANNEL

    await WakeupListener(url, service.wakeups, is_own=service.is_own, others={CHANNEL: on_declared}).run()


async def look_and_hear(service: PushService, look: Callable[[], Awaitable[Sequence[Finding]]]) -> Sequence[Finding]:
    """Return what a look at this server finds, and whether it hears the others."""
    return [*await look(), hearing_finding(are_heard=service.wakeups.are_heard)]


def hearing_finding(*, are_heard: bool) -> Finding:
    """Return what it means whether other servers are heard."""
    if are_heard:
        return fine(Check.DATABASE, "what other servers write is heard at once")
    text = "what other servers write is not heard, and looked for each second"
    return doubtful(Check.DATABASE, text, "the log says why; notices need PostgreSQL's own address, and no pooler")
