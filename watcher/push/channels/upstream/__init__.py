"""Notifications through the hosted WxPusher, or another server that speaks its API."""

from __future__ import annotations

from watcher.push.channels.upstream.address import CONFIRMATION
from watcher.push.channels.upstream.doctor import CHECK, look
from watcher.push.channels.upstream.settings import set_up

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
