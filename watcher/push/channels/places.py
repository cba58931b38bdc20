"""
Where a topic may be posted besides its subscribers, as its owner pastes it. Pure.

| what is pasted | channel |
|---|---|
| the webhook of a robot (`robots/webhook.py` lists them) | `wecom`, `feishu`, `dingtalk` |
| a device of Bark, or its key | `bark` |
| an address of Apprise, of a scheme that the operator allows | `apprise` |
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from watcher.core.channels import AddressDraft, ChannelName
from watcher.errors import InvalidRequestError
from watcher.push.channels.apprise.address import hint as apprise_hint
from watcher.push.channels.apprise.address import scheme_of, valid_url
from watcher.push.channels.bark.address import read_device
from watcher.push.channels.robots.webhook import HOSTS, read_webhook, stored_robot
from watcher.push.ids import hash_token


def read_place(text: str, *, secret: str = "", keyword: str = "", schemes: Collection[str] = ()) -> AddressDraft:
    """
    Return the place, whose fingerprint is the same for the same robot or device, and whose label shows its end alone.

    Args:
        schemes: of Apprise, that the operator allows.

    Raises:
        InvalidRequestError: it is none; its field is `webhook`, `secret` or `keyword`, and nothing of it is quoted.
    """
    other = None if _host_of(text) in HOSTS else _bark(text) or _apprise(text, schemes)
    if other is not None:
        if secret.strip() or keyword.strip():
            field = "secret" if secret.strip() else "keyword"
            raise InvalidRequestError("only a robot takes one; leave it empty", field=field)
        return other
    robot = read_webhook(text, secret=secret, keyword=keyword)
    return _draft(robot.channel, robot.value, robot.hint)


def identity(channel: ChannelName, value: str) -> str:
    """Return what is the same for two addresses that lead to one place: a robot may be given with another secret."""
    robot = stored_robot(channel, value)
    return f"{channel} {value if robot is None else robot.key}"


def _bark(text: str) -> AddressDraft | None:
    try:
        device = read_device(text)
    except InvalidRequestError:
        return None
    return _draft(ChannelName.BARK, device.value, device.hint)


def _apprise(text: str, schemes: Collection[str]) -> AddressDraft | None:
    if scheme_of(text) not in schemes:
        return None
    return _draft(ChannelName.APPRISE, valid_url(text), apprise_hint(text))


def _draft(channel: ChannelName, value: str, hint: str) -> AddressDraft:
    return AddressDraft(channel=channel, fingerprint=hash_token(identity(channel, value)), value=value, label=hint)


def _host_of(text: str) -> str:
    try:
        return urlsplit(text.strip()).hostname or ""
    except ValueError:
        return ""
