"""Notifications through Apprise, an extra: to whatever service it knows and the operator allows."""

from __future__ import annotations

from typing import Final

from watcher.core.channels import ChannelName
from watcher.push.channels.apprise.address import CONFIRMATION
from watcher.push.channels.apprise.settings import look, set_up

CHECK: Final = ChannelName.APPRISE

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
