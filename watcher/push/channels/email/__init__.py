"""Notifications by mail, through an SMTP server of the operator's."""

from __future__ import annotations

from watcher.push.channels.email.address import CONFIRMATION
from watcher.push.channels.email.doctor import CHECK, look
from watcher.push.channels.email.settings import set_up

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
