"""Outbound connections: the address guard and the one factory of sessions."""

from watcher.net.guard import is_public
from watcher.net.sessions import NO_ANSWER, Sessions, why_failed

__all__ = ["NO_ANSWER", "Sessions", "is_public", "why_failed"]
