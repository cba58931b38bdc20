"""
What the operator says of the other server, in the environment.

    WATCHER_UPSTREAM_TOKEN    of an application there
    WATCHER_UPSTREAM_URL      optional: where it is, when it is not the public service

Applications that moved here from it have tokens of their own (`moved`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from watcher.core.urls import UrlFault, host_of, read_base_url
from watcher.errors import ConfigError
from watcher.push.channels.offered import Channels, Deployment

PUBLIC_URL: Final = "https://wxpusher.zjiecode.com"
_ALONE: Final = "write the server's address alone: no login, no `/api`, no `?`, no `#`"
_TOKEN: Final = re.compile(r"AT_[A-Za-z0-9]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamSettings:
    """
    Where to send, and as which application.

    Attributes:
        url: of the server, without `/api` and without a slash at the end.
    """

    token: str = field(repr=False)
    url: str = PUBLIC_URL

    @property
    def host(self) -> str:
        """Name of the server, for reasons."""
        return host_of(self.url)


def set_up(deployment: Deployment, offered: Channels) -> None:
    """
    Offer the other server, to subscribers where the environment has a token for it.

    Applications that moved here use it in any case: one may do so while the server runs. Raises ConfigError.
    """
    from watcher.push.channels.upstream.channel import UpstreamChannel
    from watcher.push.channels.upstream.moved import MovedApps

    token, url = named(deployment.environ)
    account = upstream_settings(token, url) if token else None
    moved = MovedApps(deployment.settings.data)
    channel = UpstreamChannel(
        deployment.sessions, account, moved=moved.of, now=deployment.now, seconds=deployment.seconds
    )
    offered.by_name[channel.name] = offered.upstream = channel
    if account is not None:
        offered.asking[channel.name] = channel


def named(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the token and the server's URL; each is empty when it is not set."""
    return environ.get("WATCHER_UPSTREAM_TOKEN", "").strip(), environ.get("WATCHER_UPSTREAM_URL", "").strip()


def upstream_settings(token: str, url: str = "") -> UpstreamSettings:
    """
    Return what WATCHER_UPSTREAM_TOKEN and WATCHER_UPSTREAM_URL say; an empty URL is the public service.

    Raises:
        ConfigError: one of them cannot be used; the token is not quoted.
    """
    if not _TOKEN.fullmatch(token.strip()):
        raise ConfigError("WATCHER_UPSTREAM_TOKEN: an application's token is AT_ and letters and digits after it")
    return UpstreamSettings(token=token.strip(), url=_base_url(url.strip()) if url.strip() else PUBLIC_URL)


def _base_url(text: str) -> str:
    # Not quoted: a password could stand in it.
    match read_base_url(text):
        case UrlFault.LOGIN | UrlFault.REST:
            raise ConfigError(f"WATCHER_UPSTREAM_URL: {_ALONE}")
        case UrlFault():
            raise ConfigError(f"WATCHER_UPSTREAM_URL: write the server's address, like {PUBLIC_URL}")
        case url if "/api" in url.path:
            raise ConfigError(f"WATCHER_UPSTREAM_URL: {_ALONE}")
        case _:
            from yarl import URL  # 30 ms, and few name a server of their own

            # The URL is the lane, which is stored with addresses: one server is one lane, however it is written.
            return str(URL(text)).rstrip("/")
