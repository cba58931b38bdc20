"""WeChat: an official account, or the free test account, tells its followers with template messages."""

from __future__ import annotations

from typing import Final

from watcher.push.channels.wechat.doctor import CHECK, look
from watcher.push.channels.wechat.settings import set_up

CONFIRMATION: Final = None

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
