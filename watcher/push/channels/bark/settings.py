"""
What the operator says of Bark, in the environment.

    WATCHER_BARK_URL    optional: the operator's own Bark server, which may stand at a private address
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from watcher.core.channels import ChannelName
from watcher.core.findings import Finding, wrong
from watcher.core.urls import UrlFault, read_base_url
from watcher.core.wording import said_by
from watcher.errors import ConfigError
from watcher.push.channels.looks import GUIDE
from watcher.push.channels.offered import Channels, Deployment

_URL: Final = "WATCHER_BARK_URL"


def set_up(deployment: Deployment, offered: Channels) -> None:
    """Offer Bark: it needs nothing of the operator. Raises ConfigError."""
    from watcher.push.channels.bark.channel import BarkChannel  # aiohttp comes with it

    channel = BarkChannel(deployment.sessions, trusted=trusted_server(deployment.environ), now=deployment.now)
    offered.by_name[channel.name] = offered.asking[channel.name] = channel


def trusted_server(environ: Mapping[str, str]) -> str:
    """Return the operator's own Bark server, without a slash at its end; empty: there is none. Raises ConfigError."""
    url = environ.get(_URL, "").strip().rstrip("/")
    if url and isinstance(read_base_url(url), UrlFault):
        raise ConfigError(f"{_URL}: write the server's address alone, like https://bark.example.org")
    return url.lower()


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:  # noqa: ARG001 - nobody is asked
    """Return what is wrong with the setting: the devices' servers are known when they are sent to."""
    try:
        trusted_server(deployment.environ)
    except ConfigError as error:
        return [wrong(ChannelName.BARK, said_by(error), GUIDE)]
    return []
