"""The channels that the operator has set up, the inbox aside, which is always there; and a test over one of them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from watcher.core.channels import Channel, SendResult
from watcher.core.mirrors import Mirror
from watcher.core.push import PushTopic
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.kinds import KINDS
from watcher.push.channels.offered import Channels, Deployment
from watcher.runtime.settings import utc_now

if TYPE_CHECKING:
    from watcher.push.service import PushService


def set_up_channels(settings: Settings, sessions: Sessions, environ: Mapping[str, str] = os.environ) -> Channels:
    """
    Return the channels that the settings and the environment name.

    Raises:
        ConfigError: one of them is set up halfway or wrongly.
        StoreError: the key of Web Push cannot be read or made.
    """
    deployment, offered = deployment_of(settings, sessions, environ), Channels()
    for kind in KINDS.values():
        kind.set_up(deployment, offered)
    return offered


def deployment_of(settings: Settings, sessions: Sessions, environ: Mapping[str, str]) -> Deployment:
    """Return what channels are set up with."""
    return Deployment(settings=settings, sessions=sessions, environ=environ, now=utc_now, seconds=time.monotonic)


async def post_test(
    service: PushService,
    settings: Settings,
    topic: PushTopic,
    mirror: Mirror,
    environ: Mapping[str, str] = os.environ,
) -> SendResult:
    """
    Post a test into a group now, from this process, and return what the robot's service says.

    Raises:
        ConfigError: the mirror's channel is set up halfway or wrongly; whether another is does not matter.
        StoreError: it cannot be noted, or what the channel keeps cannot be read.
    """
    async with Sessions() as sessions:
        channel = _channel_of(mirror, settings, sessions, environ)
        return await service.mirrors.test(topic, mirror, channel, link=settings.topic_link(topic))


def _channel_of(mirror: Mirror, settings: Settings, sessions: Sessions, environ: Mapping[str, str]) -> Channel | None:
    if mirror.address is None:
        return None
    offered = Channels()
    KINDS[mirror.address.channel].set_up(deployment_of(settings, sessions, environ), offered)
    return offered.by_name.get(mirror.address.channel)
