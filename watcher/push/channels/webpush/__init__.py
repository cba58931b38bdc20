"""
Web Push: notifications on a locked screen, with nothing installed (RFC 8030, 8291, 8292).

A browser's subscription (`subscription`) says where its push service is and with which key to encrypt (`encryption`)
the notification (`payload`); `vapid` says who we are, with the deployment's key pair (`keys`); `channel` sends, and
`answers` says what the push service meant.
Only what decides whether it is set up is imported here, for cryptography takes its time.
"""

from __future__ import annotations

from typing import Final

from watcher.push.channels.webpush.doctor import CHECK, look
from watcher.push.channels.webpush.settings import set_up

CONFIRMATION: Final = None

__all__ = ["CHECK", "CONFIRMATION", "look", "set_up"]
