"""The doctor's look at WeChat: whether its API takes our account, from this address, and could call back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.urls import port_of
from watcher.core.wording import said_by, worded
from watcher.errors import ConfigError
from watcher.push.channels.offered import Deployment
from watcher.push.channels.wechat.answers import Failure, Trouble
from watcher.push.channels.wechat.settings import wechat_settings

CHECK: Final = Check.WECHAT
_GUIDE: Final = worded(
    "doctor_wechat_guide", "docs/wechat.md lists the settings, and where in the account each is found"
)


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
    """Ask from where WeChat calls back, and send nothing."""
    try:
        account = wechat_settings(deployment.environ)
    except ConfigError as error:
        return [wrong(CHECK, said_by(error), _GUIDE)]
    if account is None:
        return []
    from watcher.push.channels.wechat.api import WeChatApi

    api = WeChatApi(account, deployment.sessions, now=deployment.now, call_seconds=seconds / 2)
    answer = await api.callers()
    if isinstance(answer, Failure):
        return [_failure_finding(answer)]
    called = _callback(deployment.settings.base_url)
    text = worded("doctor_wechat", "the account {id} takes calls from here", id=account.app_id)
    return [fine(CHECK, text), *called]


def _failure_finding(failure: Failure) -> Finding:
    match failure.trouble:
        case Trouble.QUOTA | Trouble.BUSY:
            advice = worded("doctor_passes", "it passes by itself; until then other channels take over")
            return doubtful(CHECK, failure.reason, advice)
        case Trouble.UNREACHABLE:
            advice = worded(
                "doctor_wechat_way",
                "look at this machine's way out to the internet, and at WATCHER_WECHAT_API if you set it",
            )
            return wrong(CHECK, failure.reason, advice)
        case _ if "40164" in failure.reason:
            advice = worded("doctor_wechat_list", "in the account: 设置与开发 → 基本配置 → IP白名单 (docs/wechat.md)")
            return wrong(CHECK, failure.reason, advice)
        case _:
            return wrong(CHECK, failure.reason, _GUIDE)


def _callback(base_url: str | None) -> Sequence[Finding]:
    if port_of(base_url or "") in (80, 443):
        return []
    text = worded("doctor_wechat_port", "WeChat calls back on port 80 and 443 alone")
    return [doubtful(CHECK, text, worded("doctor_wechat_set_port", "let the base URL have one of them"))]
