"""What each robot's service offers as a channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.channels import ChannelName
from watcher.core.findings import Finding
from watcher.push.channels.asking import Confirmation
from watcher.push.channels.offered import Channels, Deployment

if TYPE_CHECKING:
    from watcher.push.channels.robots.service import Service


class RobotKind(Struct, frozen=True, kw_only=True):
    """A ChannelKind whose addresses are webhooks. It is always set up, and there is nothing to look at beforehand."""

    name: ChannelName

    @property
    def CHECK(self) -> ChannelName:  # noqa: N802 - as of a module
        """What the doctor would call the looks at it."""
        return self.name

    @property
    def CONFIRMATION(self) -> Confirmation | None:  # noqa: N802 - as of a module
        """None: who has the webhook owns the robot."""
        return None

    def set_up(self, deployment: Deployment, offered: Channels) -> None:
        """Offer it."""
        from watcher.push.channels.robots.channel import RobotChannel  # aiohttp comes with it

        channel = RobotChannel(
            service_of(self.name), deployment.sessions, now=deployment.now, seconds=deployment.seconds
        )
        offered.by_name[self.name] = channel

    async def look(self, deployment: Deployment, *, seconds: float) -> Sequence[Finding]:  # noqa: ARG002
        """Return nothing: each robot has a key of its own, which only a message tries."""
        return []


WECOM: Final = RobotKind(name=ChannelName.WECOM)
FEISHU: Final = RobotKind(name=ChannelName.FEISHU)
DINGTALK: Final = RobotKind(name=ChannelName.DINGTALK)


def service_of(name: ChannelName) -> Service:
    """Return the service whose robots this channel posts to."""
    from watcher.push.channels.robots import dingtalk, feishu, wecom

    return {each.name: each for each in (wecom.SERVICE, feishu.SERVICE, dingtalk.SERVICE)}[name]
