"""Notifications of the app Bark, on iPhones, through its public server or one that somebody hosts."""

from __future__ import annotations

from typing import Final

from watcher.core.channels import ChannelName
from watcher.push.channels.bark.address import CONFIRMATION
from watcher.push.channels.bark.settings import look, set_up

CHECK: Final = ChannelName.BARK

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
