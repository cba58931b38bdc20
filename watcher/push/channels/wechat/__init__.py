"""WeChat: an official account, or the free test account, tells its followers with template messages."""

from __future__ import annotations

from watcher.push.channels.wechat.doctor import CHECK, look
from watcher.push.channels.wechat.settings import set_up

__all__ = ["CHECK", "look", "set_up"]
