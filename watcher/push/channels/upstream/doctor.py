"""The doctor's look at the other server: whether it knows our applications' tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Final

from watcher.core.findings import Check, Finding, wrong
from watcher.core.wording import Worded, said_by, worded
from watcher.errors import ConfigError, StoreError
from watcher.push.channels.looks import GUIDE, answered
from watcher.push.channels.offered import Deployment
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings, named, upstream_settings

CHECK: Final = Check.UPSTREAM
_MOST: Final = 20
"""Applications that moved here, of which it asks."""


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
    """Ask who follows the operator's application, and those that moved here, and send nothing."""
    token, url = named(deployment.environ)
    try:
        moved = await asyncio.to_thread(MovedApps(deployment.settings.data).all)
        own = upstream_settings(token, url) if token else None
    except (ConfigError, StoreError) as error:
        return [wrong(CHECK, said_by(error), GUIDE)]
    accounts = [(account, _knows_moved(account, app_id)) for app_id, account in islice(moved.items(), _MOST)]
    if own is not None:
        accounts = [(own, _knows_own(own)), *accounts]
    return await asyncio.gather(*(_look(deployment, account, good, seconds) for account, good in accounts))


def _knows_own(account: UpstreamSettings) -> Worded:
    return worded("doctor_upstream", "{host} knows the token of the application", host=account.host)


def _knows_moved(account: UpstreamSettings, app_id: int) -> Worded:
    return worded("doctor_upstream_app", "{host} knows the token of application {id}", host=account.host, id=app_id)


async def _look(deployment: Deployment, account: UpstreamSettings, good: str, seconds: float) -> Finding:
    from watcher.push.channels.upstream.channel import UpstreamChannel

    channel = UpstreamChannel(
        deployment.sessions, account, now=deployment.now, seconds=deployment.seconds, send_seconds=seconds
    )
    return answered(CHECK, good, await channel.try_token())
