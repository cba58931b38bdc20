"""The doctor's look at WeChat: whether its API takes our account, from this address, and could call back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.urls import port_of
from watcher.errors import ConfigError
from watcher.push.channels.offered import Deployment
from watcher.push.channels.wechat.answers import Failure, Trouble
from watcher.push.channels.wechat.settings import wechat_settings

CHECK: Final = Check.WECHAT
_GUIDE: Final = "docs/wechat.md lists the settings, and where in the account each is found"


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
    """Ask from where WeChat calls back, and send nothing."""
    try:
        account = wechat_settings(deployment.environ)
    except ConfigError as error:
        return [wrong(CHECK, str(error), _GUIDE)]
    if account is None:
        return []
    from watcher.push.channels.wechat.api import WeChatApi

    api = WeChatApi(account, deployment.sessions, now=deployment.now, call_seconds=seconds / 2)
    answer = await api.callers()
    if isinstance(answer, Failure):
        return [_failure_finding(answer)]
    called = _callback(deployment.settings.base_url)
    return [fine(CHECK, f"the account {account.app_id} takes calls from here"), *called]


def _failure_finding(failure: Failure) -> Finding:
    match failure.trouble:
        case Trouble.QUOTA | Trouble.BUSY:
            return doubtful(CHECK, failure.reason, "it passes by itself; until then other channels take over")
        case Trouble.UNREACHABLE:
            advice = "look at this machine's way out to the internet, and at WATCHER_WECHAT_API if you set it"
            return wrong(CHECK, failure.reason, advice)
        case _ if "40164" in failure.reason:
            advice = "in the account: 设置与开发 → 基本配置 → IP白名单 (docs/wechat.md)"
            return wrong(CHECK, failure.reason, advice)
        case _:
            return wrong(CHECK, failure.reason, _GUIDE)


def _callback(base_url: str | None) -> Sequence[Finding]:
    if port_of(base_url or "") in (80, 443):
        return []
    return [doubtful(CHECK, "WeChat calls back on port 80 and 443 alone", "let the base URL have one of them")]
