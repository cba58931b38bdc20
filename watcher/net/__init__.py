"""Outbound connections: the address guard and the one factory of sessions."""

from watcher.net.guard import is_public
from watcher.net.sessions import Sessions

__all__ = ["Sessions", "is_public"]
