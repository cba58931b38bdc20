"""What the web side is told once, and where each request finds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aiohttp import web
from msgspec import Struct

from watcher.core import pace
from watcher.core.caps import DailyCaps
from watcher.core.channels import Channel, ChannelName
from watcher.core.push import Device, Subscriber
from watcher.push.channels.wechat.door import WeChatDoor
from watcher.push.service import PushService
from watcher.web.limits import ADDRESS_CALLS, APP_CALLS, APP_QUESTIONS, RateLimit
from watcher.web.proxies import Network

if TYPE_CHECKING:
    # It brings aiosmtplib, which a server without mail need not load.
    from watcher.push.channels.email.channel import EmailChannel


_HTTPS_PORT: Final = 443


class WebSettings(Struct, frozen=True, kw_only=True):
    """
    How this server is reached, and its bounds.

    Attributes:
        base_url: where people reach it, without a slash at the end; links and QR codes are made from it,
            never from a request's Host header.
        max_bodies_bytes: of all requests at once, bodies of 16 KiB and less not counted; one address has a quarter.
        head_timeout: for a whole request head, from its first byte; for a TLS handshake as well.
        body_timeout: for a whole request body.
        idle_timeout: without a request, a connection is kept open for that long.
        write_timeout: for one event of the live inbox to leave our buffers; a reader slower than that reconnects.
            Of any other answer, in each such stretch 16 KiB must have left them.
        max_connections: at once, of all addresses.
        max_connections_per_address: at once, of IPv6 from one /64; trusted proxies have as many as there are.
        comment_every: how often a quiet live inbox gets a comment, so that proxies keep it open.
        poll_every: how often we look for what another process has written.
        app_calls: sends of one application, and of one simple push token.
        app_questions: all other calls of one application.
        address_calls: of one address, where no token says who calls; wrong tokens count here as well.
        caps: what strangers may make in a day; one address makes a tenth of it.
        keep_messages: after that long a message is removed; None: kept for ever. Never shorter than 7 days.
        watches: the directory of the watch states, which the API shows; None: it knows of no watches.
        trusted_proxies: what these say of who asks is believed (X-Forwarded-For, X-Real-IP).
        has_trial: whether visitors may try it out at `/try`.
        has_console: whether the operator may log in at `/console`.
        channels: what is set up besides the inbox.
        push_key: the public key of Web Push, 87 characters of base64url; None: there is no Web Push.
        wechat: lets followers of the WeChat account in; None: there is no WeChat.
        mail: sends the letters that ask whether an address is right; None: there is no mail.
        upstream: the channel of the hosted WxPusher; None: there is none.
    """

    base_url: str
    max_body_bytes: int = 1_000_000
    max_bodies_bytes: int = 32_000_000
    head_timeout: timedelta = timedelta(seconds=10)
    body_timeout: timedelta = timedelta(seconds=10)
    idle_timeout: timedelta = timedelta(seconds=30)
    write_timeout: timedelta = timedelta(seconds=30)
    max_connections: int = pace.CONNECTIONS
    max_connections_per_address: int = pace.CONNECTIONS_PER_ADDRESS
    comment_every: timedelta = timedelta(seconds=45)
    poll_every: timedelta = timedelta(seconds=1)
    app_calls: RateLimit = APP_CALLS
    app_questions: RateLimit = APP_QUESTIONS
    address_calls: RateLimit = ADDRESS_CALLS
    caps: DailyCaps = DailyCaps()
    keep_messages: timedelta | None = None
    watches: Path | None = None
    trusted_proxies: Sequence[Network] = ()
    has_trial: bool = True
    has_console: bool = True
    channels: Sequence[ChannelName] = ()
    push_key: str | None = None
    wechat: WeChatDoor | None = None
    mail: EmailChannel | None = None
    upstream: Channel | None = None

    @property
    def max_live_inboxes(self) -> int:
        """Open at once, of all subscribers: a quarter of the connections is left for requests that end."""
        return max(1, self.max_connections * 3 // 4)

    @property
    def is_https(self) -> bool:
        """True when people reach this server over https."""
        return self.base_url.startswith("https://")

    @property
    def is_strictly_https(self) -> bool:
        """True when this host may be reached by https alone: what else it serves, on other ports, is not ours."""
        return self.is_https and urlsplit(self.base_url).port in (None, _HTTPS_PORT)

    @property
    def is_loopback(self) -> bool:
        """True when no other device can reach the base URL."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def link(self, path: str) -> str:
        """Return the public address of a path that starts with a slash."""
        return self.base_url.rstrip("/") + path


SERVICE = web.AppKey("service", PushService)
SETTINGS = web.AppKey("settings", WebSettings)
SUBSCRIBER = web.RequestKey("subscriber", Subscriber)
"""Whose device is asking; set on routes of the role `device`."""
DEVICE = web.RequestKey("device", Device)
"""Which device is asking; set where it is one that we know, once `subscriber_of` was called."""
