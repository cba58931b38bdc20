"""What a server offers besides the inbox: live objects, made once of a deployment, for whoever needs them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as hidden
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field

from watcher.core.channels import Channel, ChannelName
from watcher.core.settings import Settings
from watcher.push.channels.asking import AskingChannel

if TYPE_CHECKING:
    # An XML parser comes with the account, which a server without that channel need not load, and aiohttp with both.
    from watcher.net import Sessions
    from watcher.push.channels.ntfy import NtfyChannel
    from watcher.push.channels.upstream.channel import UpstreamChannel
    from watcher.push.channels.wechat.account import WeChatAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    What channels are set up with.

    Attributes:
        environ: what a channel needs, secrets mostly, stands there alone, so that no process list shows it.
        now: the wall clock.
        seconds: a monotonic clock.
    """

    settings: Settings
    sessions: Sessions
    environ: Mapping[str, str] = hidden(repr=False)
    now: Callable[[], datetime]
    seconds: Callable[[], float]


class Channels(Struct, kw_only=True):
    """
    The channels that are set up.

    Attributes:
        push_key: what browsers subscribe with, 87 characters of base64url; None: no Web Push.
        wechat: lets the account's followers in; None: no WeChat.
        ntfy: is told which connections are held; None: apps of ntfy's are not served.
        apprise: schemes of Apprise that may be given; empty: none.
        asking: those that ask the owners of addresses to confirm them.
        upstream: the hosted WxPusher, which tells people of applications that moved here; None: it is not asked.
    """

    by_name: dict[ChannelName, Channel] = field(default_factory=dict)
    push_key: str | None = None
    wechat: WeChatAccount | None = None
    ntfy: NtfyChannel | None = None
    apprise: Collection[str] = ()
    asking: dict[ChannelName, AskingChannel] = field(default_factory=dict)
    upstream: UpstreamChannel | None = None

    @property
    def names(self) -> Sequence[ChannelName]:
        """What is set up."""
        return tuple(self.by_name)

    @property
    def for_anyone(self) -> Sequence[ChannelName]:
        """What is set up for all subscribers: the hosted WxPusher is, for applications that moved here, in any case."""
        upstream = ChannelName.UPSTREAM
        return tuple(name for name in self.by_name if name is not upstream or name in self.asking)
