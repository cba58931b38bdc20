"""The doctor's look at the other server: whether it knows our application's token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.findings import Check, Finding, wrong
from watcher.errors import ConfigError
from watcher.push.channels.looks import GUIDE, answered
from watcher.push.channels.offered import Deployment
from watcher.push.channels.upstream.settings import named, upstream_settings

CHECK: Final = Check.UPSTREAM


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
    """Ask who follows the application, and send nothing."""
    token, url = named(deployment.environ)
    if not token:
        return []
    from watcher.push.channels.upstream.channel import UpstreamChannel

    try:
        account = upstream_settings(token, url)
    except ConfigError as error:
        return [wrong(CHECK, str(error), GUIDE)]
    channel = UpstreamChannel(
        deployment.sessions, account, now=deployment.now, seconds=deployment.seconds, send_seconds=seconds
    )
    return [answered(CHECK, f"{account.host} knows the application's token", await channel.try_token())]
