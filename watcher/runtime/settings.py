"""What a command is told by flags and environment, and what reads its data directory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.store.watch_reader import WatchReader

if TYPE_CHECKING:
    from watcher.core.push import PushTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What a command is told by flags and environment.

    Attributes:
        data: the data directory, made when it is missing.
        base_url: where people reach the server; None: `http://{host}:{port}`.
        call_limit: calls of one application to the API in 10 s.
        daily_limit: messages of one application to one subscriber in 24 h; None: no limit.
        keep_messages: after that long a message is removed, at least 7 days; None: never.
        push: URL of a push server elsewhere; None: the one in this process.
        app_token: of an application there.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8400
    base_url: str | None = None
    call_limit: int = 20
    daily_limit: int | None = None
    keep_messages: timedelta | None = None
    push: str | None = None
    app_token: str | None = None

    @property
    def public_url(self) -> str:
        """Where links and QR codes lead, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    def topic_link(self, topic: PushTopic) -> str:
        """Return the link that a topic's QR code carries."""
        return f"{self.public_url}/t/{topic.slug}"


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


def with_known_url(settings: Settings) -> Settings:
    """Return the settings with the URL that the data directory's server was last started with, if none is given."""
    known = settings.data / "public_url"
    if settings.base_url is not None or not known.exists():
        return settings
    return replace(settings, base_url=known.read_text(encoding="utf-8").strip())


def reader(settings: Settings) -> WatchReader:
    """Return what reads the watch states of the data directory, whoever writes them."""
    return WatchReader(settings.data / "watches")
