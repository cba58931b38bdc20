"""What a command is told by flags and environment, and what reads its data directory."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from watcher.core import pace
from watcher.core.caps import DailyCaps
from watcher.store.commits import behind
from watcher.store.losses import WATCHES, missing_changes
from watcher.store.moves import finish_moves
from watcher.store.watch_reader import WatchReader

if TYPE_CHECKING:
    from watcher.core.push import PushTopic
    from watcher.web.proxies import Network
    from watcher.web.tls import TlsFiles

EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what an operator says
"""Of this machine, to listen on."""
_log = logging.getLogger(__name__)


class Settings(Struct, frozen=True, kw_only=True):
    """
    What a command is told by flags and environment.

    Attributes:
        data: the data directory, made when it is missing.
        base_url: where people reach the server; None: `http://{host}:{port}`, with `tls` https.
        health: another address and port, where whoever reaches it is shown how the process does; None: none.
        tls: the certificate that the server shows; None: it speaks plain HTTP.
        trusted_proxies: what these say of who asks is believed.
        call_limit: sends of one application in 10 s.
        max_connections: open at once; fewer where the system allows this process fewer files.
        max_connections_per_address: of them, of one address.
        daily_limit: messages of one application to one subscriber in 24 h; None: no limit.
        caps: what strangers may make in 24 h.
        max_callbacks: that may wait for the owner of one application.
        keep_messages: after that long a message is removed, at least 7 days; None: never.
        vapid_subject: whom browsers' push services ask when something is wrong, `mailto:` or https; None: `base_url`.
        failover_after: what a subscriber was not shown by then goes to its next channel.
        private_callbacks: callbacks may go to private addresses: the operator trusts who names them.
        has_trial: visitors may try it out.
        has_console: the operator may log in.
        push: URL of a push server elsewhere; None: the one in this process.
        app_token: of an application there.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8400
    base_url: str | None = None
    health: tuple[str, int] | None = None
    tls: TlsFiles | None = None
    trusted_proxies: Sequence[Network] = ()
    call_limit: int = pace.APP_CALLS
    max_connections: int = pace.CONNECTIONS
    max_connections_per_address: int = pace.CONNECTIONS_PER_ADDRESS
    daily_limit: int | None = None
    caps: DailyCaps = DailyCaps()
    max_callbacks: int = pace.CALLBACKS
    keep_messages: timedelta | None = None
    vapid_subject: str | None = None
    failover_after: timedelta = pace.FAILOVER_AFTER
    private_callbacks: bool = False
    has_trial: bool = True
    has_console: bool = True
    push: str | None = None
    app_token: str | None = None

    @property
    def public_url(self) -> str:
        """Where links and QR codes lead, without a slash at the end."""
        return (self.base_url or self._url_at(self.host)).rstrip("/")

    @property
    def local_url(self) -> str:
        """Where this machine reaches the server."""
        return self._url_at("127.0.0.1" if self.host in EVERY_ADDRESS else self.host)

    def topic_link(self, topic: PushTopic) -> str:
        """Return the link that a topic's QR code carries."""
        return f"{self.public_url}/t/{topic.slug}"

    def _url_at(self, host: str) -> str:
        return server_url(host, self.port, "https" if self.tls else "http")


def server_url(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL of a server that listens there."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


def with_known_url(settings: Settings) -> Settings:
    """Return the settings with the URL that the data directory's server was last started with, if none is given."""
    if settings.base_url is not None:
        return settings
    return replace(settings, base_url=_known_url(settings.data / "public_url"))


def _known_url(file: Path) -> str | None:
    """Return what a server wrote there; None when none did, or when it was killed before its words were on the disk."""
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.warning("where the server is reached is not known, for %s cannot be read: %s", file, error)
        return None


def reader(settings: Settings) -> WatchReader:
    """
    Return what reads the watch states of the data directory, whoever writes them.

    That they lack changes is logged. Raises StoreError.
    """
    finish_moves(settings.data)
    if missing := missing_changes(settings.data, WATCHES):
        _log.warning("%s %s; `watcher doctor` says what to do", settings.data / WATCHES, behind(missing))
    return WatchReader(settings.data / "watches")
