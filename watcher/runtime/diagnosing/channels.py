"""The channels: whether each that is set up would take a message. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watcher.core.channels import SendResult, Sent
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.urls import port_of
from watcher.errors import ConfigError, StoreError
from watcher.net import Sessions
from watcher.runtime.channels import push_subject
from watcher.store.inspection import browsers_subscribed

if TYPE_CHECKING:
    from watcher.push.channels.wechat.answers import Failure

_GUIDE: Final = "docs/channels.md lists the settings"
_WECHAT_GUIDE: Final = "docs/wechat.md lists the settings, and where in the account each is found"


def check_web_push(settings: Settings) -> Sequence[Finding]:
    """Return whether push services know whom to ask, and whether our key is the one that browsers know."""
    found: list[Finding] = []
    for look in (_contact, _key):
        try:
            found.extend(look(settings))
        except (ConfigError, StoreError) as error:
            found.append(wrong(Check.WEB_PUSH, str(error), _GUIDE))
    return found


def _contact(settings: Settings) -> Sequence[Finding]:
    subject = push_subject(settings)
    if subject is not None:
        return [fine(Check.WEB_PUSH, f"push services are told to ask {subject} when something is wrong")]
    if not settings.public_url.startswith("https:"):
        return []  # said of the base URL: no https, no Web Push
    advice = "set WATCHER_VAPID_SUBJECT to mailto:you@your.domain"
    return [doubtful(Check.WEB_PUSH, "it is off: push services would not know whom to ask", advice)]


def _key(settings: Settings) -> Sequence[Finding]:
    from watcher.push.channels.webpush.keys import KEY_FILE, keys_of
    from watcher.push.reach import key_mark

    path = settings.data / KEY_FILE
    subscribed = browsers_subscribed(settings.data / "push.db")
    if not path.exists():
        return _no_key(path, sum(subscribed.values()))
    ours = key_mark(keys_of(settings.data).public)
    strangers = sum(count for mark, count in subscribed.items() if mark != ours)
    if strangers:
        text = f"browsers that have subscribed with another key than the one in {path}: {strangers}"
        return [wrong(Check.WEB_PUSH, text, "restore that file from a backup")]
    return [fine(Check.WEB_PUSH, f"{path} is private; browsers that have subscribed: {subscribed.get(ours, 0)}")]


def _no_key(path: Path, subscribed: int) -> Sequence[Finding]:
    if not subscribed:
        return []  # the server makes it when it is needed
    text = f"{path} is missing; browsers that are reached with that key alone: {subscribed}"
    advice = "restore it from a backup; with a new one each has to switch notifications on again"
    return [wrong(Check.WEB_PUSH, text, advice)]


async def check_wechat(
    environ: Mapping[str, str], sessions: Sessions, base_url: str | None, *, now: Callable[[], datetime], seconds: float
) -> Sequence[Finding]:
    """Return whether WeChat's API takes our account, from this address, and could call back."""
    from watcher.push.channels.wechat.answers import Failure
    from watcher.push.channels.wechat.api import WeChatApi
    from watcher.push.channels.wechat.settings import wechat_settings

    try:
        account = wechat_settings(environ)
    except ConfigError as error:
        return [wrong(Check.WECHAT, str(error), _WECHAT_GUIDE)]
    if account is None:
        return []
    answer = await WeChatApi(account, sessions, now=now, call_seconds=seconds / 2).callers()
    if isinstance(answer, Failure):
        return [_wechat_failure(answer)]
    return [fine(Check.WECHAT, f"the account {account.app_id} takes calls from here"), *_callback(base_url)]


def _wechat_failure(failure: Failure) -> Finding:
    from watcher.push.channels.wechat.answers import Trouble

    match failure.trouble:
        case Trouble.QUOTA | Trouble.BUSY:
            return doubtful(Check.WECHAT, failure.reason, "it passes by itself; until then other channels take over")
        case Trouble.UNREACHABLE:
            advice = "look at this machine's way out to the internet, and at WATCHER_WECHAT_API if you set it"
            return wrong(Check.WECHAT, failure.reason, advice)
        case _ if "40164" in failure.reason:
            advice = "in the account: 设置与开发 → 基本配置 → IP白名单 (docs/wechat.md)"
            return wrong(Check.WECHAT, failure.reason, advice)
        case _:
            return wrong(Check.WECHAT, failure.reason, _WECHAT_GUIDE)


def _callback(base_url: str | None) -> Sequence[Finding]:
    if port_of(base_url or "") in (80, 443):
        return []
    return [doubtful(Check.WECHAT, "WeChat calls back on port 80 and 443 alone", "let the base URL have one of them")]


async def check_upstream(
    environ: Mapping[str, str], sessions: Sessions, *, now: Callable[[], datetime], seconds: float
) -> Sequence[Finding]:
    """Return whether the other server knows our application's token."""
    token, url = (environ.get(name, "").strip() for name in ("WATCHER_UPSTREAM_TOKEN", "WATCHER_UPSTREAM_URL"))
    if not token:
        return []
    from watcher.push.channels.upstream.channel import UpstreamChannel
    from watcher.push.channels.upstream.settings import upstream_settings

    try:
        account = upstream_settings(token, url)
    except ConfigError as error:
        return [wrong(Check.UPSTREAM, str(error), _GUIDE)]
    channel = UpstreamChannel(sessions, account, now=now, seconds=time.monotonic, send_seconds=seconds)
    return [_answer(Check.UPSTREAM, f"{account.host} knows the application's token", await channel.try_token())]


async def check_mail(environ: Mapping[str, str], *, seconds: float) -> Sequence[Finding]:
    """Return whether the SMTP server lets us in."""
    url, sender = (environ.get(name, "").strip() for name in ("WATCHER_SMTP_URL", "WATCHER_MAIL_FROM"))
    if not url and not sender:
        return []
    from watcher.push.channels.email.channel import EmailChannel
    from watcher.push.channels.email.settings import mail_settings

    if not (url and sender):
        return [wrong(Check.MAIL, "WATCHER_SMTP_URL and WATCHER_MAIL_FROM belong together", "set both, or neither")]
    try:
        account = mail_settings(url, sender)
    except ConfigError as error:
        return [wrong(Check.MAIL, str(error), _GUIDE)]
    channel = EmailChannel(account, "", send_seconds=seconds)
    login = "takes our login" if account.user else "lets us in"
    return [_answer(Check.MAIL, f"{account.host} {login}", await channel.try_login())]


def _answer(check: Check, good: str, answer: SendResult) -> Finding:
    if isinstance(answer, Sent):
        return fine(check, good)
    return wrong(check, answer.reason, f"mend the settings, or this machine's way to it; {_GUIDE}")
