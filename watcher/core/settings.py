"""What a command is told by flags and environment, and the bounds of the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core import pace
from watcher.core.accounts import AccountLimits, Registration
from watcher.core.caps import DailyCaps
from watcher.core.pace import RateLimit
from watcher.core.urls import host_of, port_of

if TYPE_CHECKING:
    from watcher.core.push import PushTopic

EVERY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104 - what an operator says
"""Of this machine, to listen on."""
_HTTPS_PORT: Final = 443


class TlsFiles(Struct, frozen=True, kw_only=True):
    """
    What `--tls-cert` and `--tls-key` name.

    Attributes:
        certificate: PEM, the server's own first, then those that lead to its authority.
        key: PEM, of the first certificate, not encrypted.
    """

    certificate: Path
    key: Path


class Settings(Struct, frozen=True, kw_only=True):
    """
    How a command works, and a server: where, for whom, and within which bounds.

    Attributes:
        data: the data directory, made when it is missing.
        database: URL of the PostgreSQL that has what the push service knows, and what workers watch; None: files of
            the data directory have.
        base_url: where people reach the server; None: `http://{host}:{port}`, with `tls` https. Links and QR codes
            are made from it, never from a request's Host header.
        health: another address and port, where whoever reaches it is shown how the process does; None: none.
        tls: the certificate that the server shows; None: it speaks plain HTTP.
        trusted_proxies: what these say of who asks is believed (X-Forwarded-For, X-Real-IP).
        max_connections: open at once, of all addresses; fewer where the system allows this process fewer files.
        max_connections_per_address: of them, of IPv6 from one /64; trusted proxies have as many as there are.
        max_bodies_bytes: of all requests at once, bodies of 16 KiB and less not counted; one address has a quarter.
        head_timeout: for a whole request head, from its first byte; for a TLS handshake as well.
        body_timeout: for a whole request body.
        idle_timeout: without a request, a connection is kept open for that long.
        write_timeout: for one event of the live inbox to leave our buffers; a reader slower than that reconnects.
            Of any other answer, in each such stretch 16 KiB must have left them.
        comment_every: how often a quiet live inbox gets a comment, so that proxies keep it open.
        poll_every: how often the server looks for what another process has written.
        app_calls: sends of one application, and of one simple push token.
        app_questions: all other calls of one application.
        address_calls: of one address, where no token says who calls; wrong tokens count here as well.
        daily_limit: messages of one application to one subscriber in 24 h; None: no limit.
        caps: what strangers may make in 24 h; one address makes a tenth of it.
        max_callbacks: that may wait for the owner of one application, and as many for all of its endpoints.
        keep_messages: after that long a message is removed, at least 7 days; None: never.
        vapid_subject: whom browsers' push services ask when something is wrong, `mailto:` or https; None: `base_url`.
        failover_after: what a subscriber was not shown by then goes to its next channel.
        private_callbacks: callbacks of the operator's own applications may go to private addresses; an owner's never.
        operator_name: who runs the server, as readers see it; None: nobody is named.
        registration: whether who scans a sign-in code for the first time becomes an owner.
        account_limits: how much each owner may have.
        has_trial: visitors may try it out at `/try`.
        push: URL of a push server elsewhere; None: the one in this process.
        app_token: of an application there.
    """

    data: Path
    database: str | None = None
    host: str = "127.0.0.1"
    port: int = 8400
    base_url: str | None = None
    health: tuple[str, int] | None = None
    tls: TlsFiles | None = None
    trusted_proxies: Sequence[IPv4Network | IPv6Network] = ()
    max_connections: int = pace.CONNECTIONS
    max_connections_per_address: int = pace.CONNECTIONS_PER_ADDRESS
    max_body_bytes: int = 1_000_000
    max_bodies_bytes: int = 32_000_000
    head_timeout: timedelta = timedelta(seconds=10)
    body_timeout: timedelta = timedelta(seconds=10)
    idle_timeout: timedelta = timedelta(seconds=30)
    write_timeout: timedelta = timedelta(seconds=30)
    comment_every: timedelta = timedelta(seconds=45)
    poll_every: timedelta = timedelta(seconds=1)
    app_calls: RateLimit = RateLimit(calls=pace.APP_CALLS, per=pace.APP_CALLS_PER)
    app_questions: RateLimit = RateLimit(calls=pace.APP_QUESTIONS, per=pace.APP_CALLS_PER)
    address_calls: RateLimit = RateLimit(calls=100, per=timedelta(seconds=10))
    daily_limit: int | None = None
    caps: DailyCaps = DailyCaps()
    max_callbacks: int = pace.CALLBACKS
    keep_messages: timedelta | None = None
    vapid_subject: str | None = None
    failover_after: timedelta = pace.FAILOVER_AFTER
    private_callbacks: bool = False
    operator_name: str | None = None
    registration: Registration = Registration.CLOSED
    account_limits: AccountLimits = AccountLimits()
    has_trial: bool = True
    push: str | None = None
    app_token: str | None = None

    @property
    def watches(self) -> Path:
        """The directory of the watch states."""
        return self.data / "watches"

    @property
    def public_url(self) -> str:
        """Where links and QR codes lead, without a slash at the end."""
        return (self.base_url or self._url_at(self.host)).rstrip("/")

    @property
    def local_url(self) -> str:
        """Where this machine reaches the server."""
        return self._url_at("127.0.0.1" if self.host in EVERY_ADDRESS else self.host)

    @property
    def is_https(self) -> bool:
        """True when people reach the server over https."""
        return self.public_url.startswith("https://")

    @property
    def is_strictly_https(self) -> bool:
        """True when this host may be reached by https alone: what else it serves, on other ports, is not ours."""
        return self.is_https and port_of(self.public_url) == _HTTPS_PORT

    @property
    def is_loopback(self) -> bool:
        """True when no other device can reach the server."""
        host = host_of(self.public_url)
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def max_live_inboxes(self) -> int:
        """Open at once, of all subscribers: a quarter of the connections is left for requests that end."""
        return max(1, self.max_connections * 3 // 4)

    def link(self, path: str) -> str:
        """Return the public address of a path that starts with a slash."""
        return self.public_url + path

    def topic_link(self, topic: PushTopic) -> str:
        """Return the link that a topic's QR code carries."""
        return self.link(f"/t/{topic.slug}")

    def feed_links(self, topic: PushTopic) -> tuple[str, str]:
        """Return the secret links of a topic's feed, Atom and JSON Feed; empty ones where it has none."""
        if topic.feed_slug is None:
            return "", ""
        place = f"/feed/{topic.feed_slug}"
        return self.link(f"{place}/atom.xml"), self.link(f"{place}/feed.json")

    def _url_at(self, host: str) -> str:
        return server_url(host, self.port, "https" if self.tls else "http")


def server_url(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL of a server that listens there."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
