"""Whether Web Push can be offered: wherever browsers allow it, and somebody answers for us to push services."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from watcher.core.channels import ChannelName
from watcher.core.settings import Settings
from watcher.core.urls import Url, host_of, read_url
from watcher.errors import ConfigError
from watcher.push.channels.offered import Channels, Deployment

if TYPE_CHECKING:
    from watcher.push.addresses import Addresses

_PAGES: Final = frozenset({"https"})
_ADVICE: Final = (
    "write how the push services reach you: mailto:you@your.domain or https://your.domain/contact "
    "(Apple refuses localhost and .local)"
)
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def set_up(deployment: Deployment, offered: Channels) -> None:
    """Offer Web Push. Raises ConfigError, StoreError: the key cannot be read or made."""
    subject = push_subject(deployment.settings)
    if subject is None:
        return
    from watcher.push.channels.webpush.channel import WebPushChannel
    from watcher.push.channels.webpush.keys import keys_of

    keys = keys_of(deployment.settings.data)
    channel: WebPushChannel = WebPushChannel(deployment.sessions, keys, subject, now=deployment.now)
    offered.push_key = keys.public
    offered.by_name[channel.name] = channel


def push_subject(settings: Settings) -> str | None:
    """
    Return whom push services ask when something is wrong: what the operator says, else the public https address.

    None where browsers offer no Web Push (plain http, but on this machine), or where nobody can be named.
    """
    if not settings.is_https and host_of(settings.public_url) not in _LOOPBACK:
        return None
    if settings.vapid_subject is not None:
        return checked_subject(settings.vapid_subject)
    try:
        return checked_subject(settings.public_url)
    except ConfigError:
        return None


async def check_push_key(addresses: Addresses, offered: Channels) -> None:
    """Raise ConfigError when browsers have subscribed with another key than ours: none of them can be reached."""
    if offered.push_key is None:
        return
    strangers = await addresses.count_bound_elsewhere(ChannelName.WEB_PUSH, offered.push_key)
    if strangers:
        raise ConfigError(
            f"{strangers} browsers have subscribed with another key than the one in vapid.pem: restore that file from "
            "a backup; or run `watcher subscribers forget-browsers`, and each has to switch notifications on again"
        )


def checked_subject(subject: str) -> str:
    """Return the subject as it is. Raises ConfigError, with what to write, unless somebody can be reached there."""
    if not _is_reachable(_host(subject)):
        raise ConfigError(f"the contact for push services is {subject[:200]!r}; {_ADVICE}")
    return subject


def _host(subject: str) -> str:
    """Return the host of the mail address or of the page; empty when there is none."""
    if not (subject.isascii() and subject.isprintable()) or " " in subject or len(subject) > 500:
        return ""
    if subject.startswith("mailto:"):
        user, at, host = subject.removeprefix("mailto:").rpartition("@")
        return host if user and at and "@" not in user else ""
    url = read_url(subject, _PAGES)
    return url.host if isinstance(url, Url) and not url.has_login else ""


def _is_reachable(host: str) -> bool:
    name = host.lower().rstrip(".")
    labels = name.split(".")
    if len(labels) < 2 or labels[-1] in {"localhost", "local"} or _is_address(name):
        return False
    return all(label.strip("-") == label and label.replace("-", "").isalnum() for label in labels)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
