"""
The channels that the operator has set up.

What a channel needs, secrets mostly, stands in the environment alone, so that no process list shows it.
The inbox is always there; Web Push is there wherever browsers allow it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from watcher.core.channels import ChannelName
from watcher.core.settings import Settings
from watcher.core.urls import host_of
from watcher.errors import ConfigError
from watcher.push.channels.offered import Channels
from watcher.runtime.settings import utc_now

if TYPE_CHECKING:
    from watcher.net.sessions import Sessions
    from watcher.push.channels.webpush.channel import WebPushChannel
    from watcher.push.service import PushService

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def set_up_channels(settings: Settings, sessions: Sessions, environ: Mapping[str, str] = os.environ) -> Channels:
    """
    Return the channels that the settings and the environment name.

    Raises:
        ConfigError: one of them is set up halfway or wrongly.
        StoreError: the key of Web Push cannot be read or made.
    """
    channels = Channels()
    _set_up_web_push(channels, settings, sessions)
    _set_up_wechat(channels, sessions, environ)
    _set_up_upstream(channels, sessions, environ)
    _set_up_mail(channels, settings, environ)
    return channels


async def check_push_key(service: PushService, channels: Channels) -> None:
    """Raise ConfigError when browsers have subscribed with another key than ours: none of them can be reached."""
    if channels.push_key is None:
        return
    strangers = await service.reach.count_bound_elsewhere(ChannelName.WEB_PUSH, channels.push_key)
    if strangers:
        raise ConfigError(
            f"{strangers} browsers have subscribed with another key than the one in vapid.pem: restore that file from "
            "a backup; or run `watcher subscribers forget-browsers`, and each has to switch notifications on again"
        )


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


def _set_up_web_push(channels: Channels, settings: Settings, sessions: Sessions) -> None:
    subject = push_subject(settings)
    if subject is None:
        return
    from watcher.push.channels.webpush.channel import WebPushChannel
    from watcher.push.channels.webpush.keys import keys_of

    keys = keys_of(settings.data)
    channel: WebPushChannel = WebPushChannel(sessions, keys, subject, now=utc_now)
    channels.push_key = keys.public
    channels.by_name[channel.name] = channel


def _set_up_wechat(channels: Channels, sessions: Sessions, environ: Mapping[str, str]) -> None:
    from watcher.push.channels.wechat.settings import wechat_settings

    account = wechat_settings(environ)
    if account is None:
        return
    from watcher.push.channels.wechat.api import WeChatApi
    from watcher.push.channels.wechat.channel import WeChatChannel
    from watcher.push.channels.wechat.door import WeChatDoor

    api = WeChatApi(account, sessions, now=utc_now)
    channel = WeChatChannel(account, api, now=utc_now)
    channels.by_name[channel.name] = channel
    channels.wechat = WeChatDoor(account, api, now=utc_now)


def _set_up_upstream(channels: Channels, sessions: Sessions, environ: Mapping[str, str]) -> None:
    token = environ.get("WATCHER_UPSTREAM_TOKEN", "").strip()
    if not token:
        return
    from watcher.push.channels.upstream.channel import UpstreamChannel
    from watcher.push.channels.upstream.settings import upstream_settings

    account = upstream_settings(token, environ.get("WATCHER_UPSTREAM_URL", "").strip())
    channel = UpstreamChannel(sessions, account, now=utc_now, seconds=time.monotonic)
    channels.by_name[channel.name] = channel


def _set_up_mail(channels: Channels, settings: Settings, environ: Mapping[str, str]) -> None:
    url, sender = (environ.get(name, "").strip() for name in ("WATCHER_SMTP_URL", "WATCHER_MAIL_FROM"))
    if not url and not sender:
        return
    if not (url and sender):
        raise ConfigError("WATCHER_SMTP_URL and WATCHER_MAIL_FROM belong together; set both, or neither for no mail")
    from watcher.push.channels.email.channel import EmailChannel
    from watcher.push.channels.email.settings import mail_settings

    channel = EmailChannel(mail_settings(url, sender), f"{settings.public_url}/subscriptions")
    channels.by_name[channel.name] = channel
    channels.mail = channel
