"""Outbound connections: the address guard and the one factory of sessions."""

from watcher.net.sessions import NO_ANSWER, Sessions, why_failed

__all__ = ["NO_ANSWER", "Sessions", "why_failed"]
