"""What the web side needs to let followers of the account in: the callback, and the codes that lead to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from watcher.push.channels.offered import Channels, Deployment
from watcher.push.channels.wechat.api import WeChatApi
from watcher.push.channels.wechat.channel import WeChatChannel
from watcher.push.channels.wechat.codes import SceneCodes
from watcher.push.channels.wechat.inbound import InboundEvents
from watcher.push.channels.wechat.scenes import Scene, read_scene
from watcher.push.channels.wechat.settings import WeChatSettings


class WeChatAccount:
    """
    The WeChat account of this process, which remembers what came.

    Attributes:
        turn: held while an event is understood and acted upon. A repeat that comes meanwhile waits for it, and finds
            the event settled.
    """

    def __init__(self, settings: WeChatSettings, api: WeChatApi, *, now: Callable[[], datetime]) -> None:
        """`now`: the wall clock, aware."""
        self.callback = InboundEvents(settings)
        self.codes = SceneCodes(api, settings.scene_key, now=now)
        self.turn = asyncio.Lock()
        self.now = now
        self._scene_key = settings.scene_key

    def scene_of(self, text: str | None) -> Scene | None:
        """Return what a scene as it came stands for; None for none, and for one that we did not sign."""
        return None if text is None else read_scene(text, self._scene_key)


def offer(settings: WeChatSettings, deployment: Deployment, offered: Channels) -> None:
    """Offer the channel and the account that these settings name."""
    api = WeChatApi(settings, deployment.sessions, now=deployment.now)
    channel = WeChatChannel(settings, api, now=deployment.now)
    offered.by_name[channel.name] = channel
    offered.wechat = WeChatAccount(settings, api, now=deployment.now)
