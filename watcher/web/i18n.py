"""Every word that people read on the pages, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aiohttp import web

LANGUAGE_COOKIE = "watcher_lang"


class Language(StrEnum):
    """A language of the pages; the value is its BCP 47 tag."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def other(self) -> Language:
        """The language that the switch leads to."""
        return Language.CHINESE if self is Language.ENGLISH else Language.ENGLISH

    @property
    def label(self) -> str:
        """How the switch names it, in that language."""
        return "English" if self is Language.ENGLISH else "中文"


def language_of(request: web.Request) -> Language:
    """Return the language to answer in: `?lang=`, else the switch's cookie, else Accept-Language, else English."""
    for chosen in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in set(Language):
            return Language(chosen)
    return preferred(request.headers.get("Accept-Language", ""))


def preferred(accept_language: str) -> Language:
    """
    Return the first of our languages by quality (RFC 9110 §12.5.4): `de, zh-HK;q=0.9, en;q=0.5` is Chinese.

    What cannot be read counts as quality 0; nothing of ours is English.
    """
    ranges = sorted((_read_range(part) for part in accept_language[:500].split(",")), key=lambda pair: -pair[1])
    for tag, quality in ranges:
        if quality > 0 and tag in set(Language):
            return Language(tag)
    return Language.ENGLISH


def _read_range(part: str) -> tuple[str, float]:
    tag, _, quality = part.partition(";q=")
    try:
        return tag.strip().lower().split("-")[0], float(quality or 1)
    except ValueError:
        return "", 0.0


def text(language: Language, key: str, **values: object) -> str:
    """Return the words under `key`, with `{name}` filled in. Raises KeyError for a key that does not exist."""
    english, chinese = TEXTS[key]
    words = chinese if language is Language.CHINESE else english
    return words.format(**values) if values else words


TEXTS: Mapping[str, tuple[str, str]] = {
    # On every page
    "skip": ("Skip to the content", "跳到正文"),
    "nav": ("Pages", "页面"),
    "inbox": ("Inbox", "收件箱"),
    "subscriptions": ("Subscriptions", "我的订阅"),
    "copy": ("Copy", "复制"),
    "copied": ("Copied", "已复制"),
    "copy_failed": ("Press and hold to copy", "请长按复制"),
    # Landing
    "landing_title": ("Know the minute the page changes", "网页一变，立刻知道"),
    "landing_text": (
        "Scan a topic's QR code, or open its link, to begin. There is nothing to install and no account.",
        "扫描主题的二维码，或打开它的链接，即可开始。无需安装，无需注册。",
    ),
    "landing_known": (
        "This device follows nothing yet, or its cookies were cleared.",
        "这台设备还没有订阅，或者它的 Cookie 已被清除。",
    ),
    # A trial
    "trial_title": ("Try it", "立即体验"),
    "trial_text": (
        "Scan a QR code, and a test message comes to your phone. No account, nothing to install.",
        "扫描二维码，手机就会收到一条测试消息。无需注册，无需安装。",
    ),
    "trial_begin": ("Show me a QR code", "生成二维码"),
    "trial_expires": ("It works for {minutes} minutes.", "二维码 {minutes} 分钟内有效。"),
    "trial_scan": ("Scan this with your phone's camera, and confirm there.", "用手机相机扫描二维码，并在手机上确认。"),
    "trial_loopback": (
        "A phone cannot reach this server: its address is of this computer alone. Open the link here.",
        "手机无法访问本服务器：它的地址只在这台电脑上有效。请在这里打开链接。",
    ),
    "trial_qr_alt": ("QR code of the link below", "下方链接的二维码"),
    "trial_here": ("Open it on this device, in a new tab", "在这台设备上打开（新标签页）"),
    "trial_waiting": ("Waiting for the scan…", "等待扫码…"),
    "trial_look": ("Look again", "刷新状态"),
    "trial_scanned": ("Scanned", "已扫码"),
    "trial_sent": ("Test message sent", "测试消息已发送"),
    "trial_unread": ("Waiting for the device to show it…", "等待设备显示…"),
    "trial_shown": ("Shown on the device", "已在设备上显示"),
    "trial_refused": (
        "Nothing was sent: this device takes no messages. Its subscriptions page switches them on.",
        "没有发送：这台设备已关闭消息接收，可在“我的订阅”中打开。",
    ),
    "trial_expired": ("This code does not exist, or its time is over.", "二维码不存在，或已过期。"),
    "trial_again": ("Make a new code", "重新生成二维码"),
    "trial_message_summary": ("It works", "测试成功"),
    "trial_message": (
        "This is the test message that you asked for.\n\nWhat you subscribe to arrives here in the same way. "
        "Your subscriptions page ends this one with one tap.",
        "这是您请求的测试消息。\n\n您订阅的内容会以同样的方式送达。在“我的订阅”中可以一键退订。",
    ),
    # Subscribe
    "topic": ("Topic", "主题"),
    "app": ("Application", "应用"),
    "run_by": ("From {name}", "来自 {name}"),
    "contact": ("Contact: {contact}", "联系：{contact}"),
    "follow": ("Subscribe", "订阅"),
    "follow_free": (
        "Nothing to install, no account. Leave with one tap.",
        "无需安装，无需注册，随时一键退订。",
    ),
    "follow_waiting": (
        "Asked. Its owner has to say yes before messages come.",
        "已申请，等待创建者通过后才会收到消息。",
    ),
    "follow_rejected": ("Its owner does not let you subscribe.", "创建者已将你拉黑，无法订阅。"),
    "follow_closed": ("It takes no new subscribers.", "已关闭订阅，不再接受新的订阅者。"),
    "app_settings": ("Settings", "设置"),
    "followed": ("You are subscribed", "已订阅"),
    "open_inbox": ("Open my inbox", "打开收件箱"),
    "unfollow": ("Unsubscribe", "退订"),
    "unfollow_named": ("Unsubscribe from {name}", "退订 {name}"),
    "reach_open": (
        "Messages appear live while your inbox is open.",
        "收件箱打开时，消息实时出现。",
    ),
    "reach_http": (
        "Live while this page is open. Over plain http, nothing can reach a locked screen.",
        "页面打开时实时更新。通过 http 打开时，锁屏后无法收到通知。",
    ),
    "scan": ("On your phone", "在手机上"),
    "scan_text": ("Scan to subscribe there instead.", "扫码即可在手机上订阅。"),
    "qr_alt": ("QR code of the link to {name}", "{name} 的二维码"),
    # Inbox
    "live": ("Live", "实时"),
    "reconnecting": ("Reconnecting…", "正在重连…"),
    "paused": ("Paused: open in too many tabs", "已暂停：打开的标签页过多"),
    "connecting": ("Connecting…", "连接中…"),
    "no_script": ("Reload to see new messages; this browser runs no scripts.", "浏览器未启用脚本，请刷新查看新消息。"),
    "unread": ("Unread", "未读"),
    "new_message": ("New message: {summary}", "新消息：{summary}"),
    "empty_title": ("Nothing yet", "还没有消息"),
    "empty_text": (
        "The next message appears here by itself. Leave this page open.",
        "下一条消息会自动出现在这里，请保持页面打开。",
    ),
    "history_end": ("The newest {count} messages.", "最近 {count} 条消息。"),
    # Up-commands
    "command_title": ("Write to an application", "给应用发送指令"),
    "command_help": (
        "“#97 text” reaches application 97, “#97” alone subscribes to it; without a number it goes to the only "
        "application that you follow.",
        "“#97 内容” 发送给应用 97，只写 “#97” 则订阅它；不写编号时发送给您唯一订阅的应用。",
    ),
    "command_send": ("Send", "发送"),
    "command_sent": ("Sent to {app}", "已发送给 {app}"),
    "command_followed": ("You are subscribed to {app}", "已订阅 {app}"),
    "command_empty": ("Write something first.", "请先输入内容。"),
    "command_long": ("That is too long: at most {limit} characters.", "内容过长，最多 {limit} 个字符。"),
    "command_unknown": ("There is no application with this number.", "没有这个编号的应用。"),
    "command_rejected": ("{app} does not let you subscribe.", "{app} 不允许您订阅。"),
    "command_stranger": (
        "You do not follow {app}. Send “#{id}” alone to subscribe first.",
        "您还没有订阅 {app}，请先发送 “#{id}” 订阅。",
    ),
    "command_nowhere": (
        "You follow no application. Put its number first: “#97 text”.",
        "您没有订阅任何应用，请在前面写上编号：“#97 内容”。",
    ),
    "command_several": (
        "You follow several applications. Say which one: “#97 text”.",
        "您订阅了多个应用，请写明编号：“#97 内容”。",
    ),
    "command_deaf": ("{app} takes no messages.", "{app} 不接收消息。"),
    # Parametric QR codes
    "scan_confirm": ("Confirm the scan", "确认扫码"),
    "scan_known": (
        "You follow it already. Confirm, so that it knows who scanned.",
        "您已订阅。确认后，对方会知道是您扫的码。",
    ),
    # Message
    "open_page": ("Open the page", "打开网页"),
    "open_page_at": ("Open {host}", "打开 {host}"),
    "copy_text": ("Copy text", "复制全文"),
    "copy_named": ("Copy “{label}”", "复制“{label}”"),
    "content": ("Content of the message", "消息内容"),
    # Subscriptions
    "follows_nothing": ("You follow nothing right now.", "目前没有任何订阅。"),
    "uid_title": ("Your UID", "我的 UID"),
    "uid_text": (
        "Give it to a sender who wants to reach only you. It opens nothing.",
        "把它告诉只想发给你的人。它不能用来读取你的消息。",
    ),
    "receive_all": ("Messages to this device", "接收消息"),
    "receive_all_text": ("Off: nothing from anyone below arrives.", "关闭后，以下所有订阅都不会再送达。"),
    "receive_named": ("Messages from {name}", "接收 {name} 的消息"),
    "on": ("On", "已开启"),
    "off": ("Off", "已关闭"),
    "muted": ("You have switched off all messages.", "您已关闭全部消息。"),
    # Problems
    "problem_400_title": ("That did not work", "操作没有成功"),
    "problem_400_text": ("The request was not understood. Go back and try again.", "请求无法识别，请返回重试。"),
    "problem_401_title": ("This device is not known here", "无法识别这台设备"),
    "problem_401_text": (
        "Open a topic's link again to subscribe this device.",
        "请重新打开主题链接以订阅。",
    ),
    "problem_403_title": ("That came from another site", "请求来自其他网站"),
    "problem_403_text": ("For your safety it was not carried out.", "为了您的安全，操作没有执行。"),
    "problem_404_title": ("There is nothing here", "这里什么也没有"),
    "problem_404_text": (
        "The link may be mistyped, or what it led to is gone.",
        "链接可能有误，或者内容已不存在。",
    ),
    "problem_429_title": ("That was a little fast", "操作过于频繁"),
    "problem_429_text": ("Wait a moment, then try again.", "请稍等片刻再试。"),
    "problem_500_title": ("Something broke on our side", "服务出了点问题"),
    "problem_500_text": ("It has been noted. Try again in a minute.", "问题已记录，请稍后再试。"),
    "home": ("To the start page", "回到首页"),
    # The API
    "docs_title": ("The API", "API 文档"),
    "docs_text": ("Everything that programs can ask of this server.", "程序可以通过它使用本服务器的全部功能。"),
    "docs_document": ("The OpenAPI 3.1 document", "OpenAPI 3.1 文档"),
    "docs_scope": ("Scope", "权限"),
    "docs_device": ("the cookie of a subscriber's device", "订阅者设备的 Cookie"),
    "docs_takes": ("Takes", "参数"),
    "docs_gives": ("Answers", "返回"),
    "docs_required": ("required", "必填"),
}
