"""Every channel there is: a package of this folder, which says how it is set up, confirmed and looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from watcher.core.channels import ChannelName
from watcher.core.findings import Check, Finding
from watcher.push.channels import apprise, bark, email, ntfy, robots, upstream, webpush, wechat
from watcher.push.channels.asking import Confirmation
from watcher.push.channels.offered import Channels, Deployment


class ChannelKind(Protocol):
    """What the package of a channel offers."""

    @property
    def CHECK(self) -> Check | ChannelName:  # noqa: N802 - a constant of a module
        """What the doctor calls the looks at it."""

    @property
    def CONFIRMATION(self) -> Confirmation | None:  # noqa: N802 - a constant of a module
        """
        How the owners of addresses confirm them.

        None where there is nobody to ask, since a browser gives its own address, and where the channel asks by itself,
        as WeChat does in its chat.
        """

    def set_up(self, deployment: Deployment, offered: Channels) -> None:
        """
        Add the channel to what is offered, if the operator has set it up.

        Raises:
            ConfigError: it is set up halfway or wrongly.
            StoreError: what it keeps in the data directory cannot be read or made.
        """

    async def look(self, deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
        """
        Return whether it would take a message, sending none; nothing where it is not set up.

        Args:
            seconds: how long it may wait for others.
        """


KINDS: Final[Mapping[ChannelName, ChannelKind]] = {
    ChannelName.WEB_PUSH: webpush,
    ChannelName.NTFY: ntfy,
    ChannelName.WECHAT: wechat,
    ChannelName.UPSTREAM: upstream,
    ChannelName.BARK: bark,
    ChannelName.EMAIL: email,
    ChannelName.APPRISE: apprise,
    ChannelName.WECOM: robots.WECOM,
    ChannelName.FEISHU: robots.FEISHU,
    ChannelName.DINGTALK: robots.DINGTALK,
}
"""In the order in which they are set up and looked at."""
