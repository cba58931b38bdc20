"""Whether Web Push can be offered: wherever browsers allow it, and somebody answers for us to push services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from watcher.core.channels import ChannelName
from watcher.core.settings import Settings
from watcher.core.urls import host_of
from watcher.errors import ConfigError
from watcher.push.channels.offered import Channels, Deployment

if TYPE_CHECKING:
    from watcher.push.addresses import Addresses

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
    from watcher.push.channels.webpush.vapid import checked_subject

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
