"""What the web side is told once, and where each request finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from watcher.core.push import Subscriber
from watcher.push.service import PushService
from watcher.web.limits import ADDRESS_CALLS, APP_CALLS, RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """
    How this server is reached, and its bounds.

    Attributes:
        base_url: where people reach it, without a slash at the end; links and QR codes are made from it,
            never from a request's Host header.
        body_timeout: for a whole request body.
        write_timeout: for one event of the live inbox to leave our buffers; a reader slower than that reconnects.
        comment_every: how often a quiet live inbox gets a comment, so that proxies keep it open.
        poll_every: how often we look for what another process has written.
        app_calls: of one application, and of one simple push token.
        address_calls: of one address, where no token says who calls; wrong tokens count here as well.
        keep_messages: after that long a message is removed; None: kept for ever. Never shorter than 7 days.
        watches: the directory of the watch states, which the API shows; None: it knows of no watches.
    """

    base_url: str
    max_body_bytes: int = 1_000_000
    body_timeout: timedelta = timedelta(seconds=10)
    write_timeout: timedelta = timedelta(seconds=30)
    comment_every: timedelta = timedelta(seconds=45)
    poll_every: timedelta = timedelta(seconds=1)
    app_calls: RateLimit = APP_CALLS
    address_calls: RateLimit = ADDRESS_CALLS
    keep_messages: timedelta | None = None
    watches: Path | None = None

    @property
    def is_https(self) -> bool:
        """True when people reach this server over https."""
        return self.base_url.startswith("https://")

    def link(self, path: str) -> str:
        """Return the public address of a path that starts with a slash."""
        return self.base_url.rstrip("/") + path


SERVICE = web.AppKey("service", PushService)
SETTINGS = web.AppKey("settings", WebSettings)
SUBSCRIBER = web.RequestKey("subscriber", Subscriber)
"""Whose device is asking; set on routes of the role `device`."""
