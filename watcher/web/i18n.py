"""Every word that people read on the pages, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aiohttp import web

LANGUAGE_COOKIE = "watcher_lang"


class Language(StrEnum):
    """A language of the pages; the value is what a person chooses by."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def tag(self) -> str:
        """What a page says of itself: the Chinese is written in simplified characters."""
        return "zh-CN" if self is Language.CHINESE else "en"

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
        "A phone cannot reach this server: its address works on this computer alone. Open the link here.",
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
    "run_by": ("Run by {name}", "由 {name} 运营"),
    "contact": ("Contact: {contact}", "联系：{contact}"),
    "follow": ("Subscribe", "订阅"),
    "follow_what": ("You get a message when there is news.", "有新动态时会发消息给您。"),
    "follow_free": (
        "No app, no account. Leave with one tap.",
        "无需安装，无需注册，随时一键退订。",
    ),
    "follow_waiting": (
        "Asked. Its owner has to say yes before messages come.",
        "已申请，等待创建者通过后才会收到消息。",
    ),
    "follow_rejected": ("Its owner does not let you subscribe.", "创建者已将您拉黑，无法订阅。"),
    "follow_closed": ("It takes no new subscribers.", "已关闭订阅，不再接受新的订阅者。"),
    "app_settings": ("Settings", "设置"),
    "followed": ("You are subscribed", "已订阅"),
    "open_inbox": ("Open my inbox", "打开收件箱"),
    "unfollow": ("Unsubscribe", "退订"),
    "unfollow_named": ("Unsubscribe from {name}", "退订 {name}"),
    # How this device is told with its screen locked
    "reach_open": (
        "Messages appear live while your inbox is open.",
        "收件箱打开时，消息实时出现。",
    ),
    "reach_http": (
        "Live while this page is open. To be told with the screen locked, the operator must serve it over https.",
        "页面打开时实时更新。要在锁屏时收到通知，需由运营者改用 https 提供服务。",
    ),
    "reach_wechat": (
        "WeChat's browser cannot notify you. Tap ··· at the top right, choose “Open in browser”, and subscribe there.",
        "微信内无法接收通知。请点击右上角 ···，选择“在浏览器打开”，在那里订阅。",
    ),
    "reach_wechat_code": (
        "Or press and hold this code to be told in WeChat.",
        "或长按识别此二维码，在微信里接收消息。",
    ),
    "reach_wechat_alt": ("QR code for WeChat", "微信二维码"),
    "reach_wechat_live": (
        "Here in WeChat, messages appear live while the page is open.",
        "在微信内，页面打开时消息实时出现。",
    ),
    "reach_home_first": (
        "Subscribe, then add your inbox to the Home Screen: an iPhone notifies only from there.",
        "订阅后把收件箱添加到主屏幕：iPhone 只有这样才能收到通知。",
    ),
    "reach_home": (
        "To be told with the screen locked, put this inbox on your Home Screen:",
        "要在锁屏时收到通知，请把收件箱添加到主屏幕：",
    ),
    "reach_home_1": ("In Safari, tap the Share button.", "在 Safari 中点击“共享”按钮。"),
    "reach_home_2": ("Choose “Add to Home Screen”.", "选择“添加到主屏幕”。"),
    "reach_home_3": (
        "Within a day, open it from there and tap “Notify this device”.",
        "一天之内从主屏幕打开它，点击“通知这台设备”。",
    ),
    "reach_will_ask": (
        "Your browser then asks whether it may notify you, also with the screen locked.",
        "订阅后浏览器会询问是否允许通知，允许后锁屏也能收到。",
    ),
    "reach_asking": (
        "You are subscribed. Your browser asks whether it may notify you…",
        "已订阅。浏览器正在询问是否允许通知…",
    ),
    "reach_ask": ("Be told even with the screen locked.", "锁屏时也能收到消息。"),
    "reach_button": ("Notify this device", "通知这台设备"),
    "reach_wait": ("Switching notifications on…", "正在开启通知…"),
    "reach_on": ("This device is notified, also with the screen locked.", "已开启通知，锁屏时也能收到。"),
    "reach_denied": (
        "This browser blocks our notifications; its site settings can allow them. Until then they appear live here.",
        "浏览器已禁止本站通知，可在网站设置中允许。在此之前，消息会在页面打开时实时出现。",
    ),
    "reach_late": (
        "This browser's push service did not answer; Google's cannot be reached in mainland China. "
        "Messages appear live while your inbox is open, and another browser may do more.",
        "浏览器的推送服务没有响应，谷歌的服务在中国大陆无法连接。收件箱打开时消息实时出现，也可以换一个浏览器。",
    ),
    "reach_failed": (
        "Notifications could not be switched on. Messages appear live while your inbox is open.",
        "通知未能开启。收件箱打开时，消息实时出现。",
    ),
    "reach_none": (
        "This browser has no notifications. Messages appear live while your inbox is open.",
        "此浏览器不支持通知。收件箱打开时，消息实时出现。",
    ),
    "try_again": ("Try again", "重试"),
    "wechat_scan": ("In WeChat", "在微信里"),
    "wechat_scan_text": (
        "Scan with WeChat: messages then come to you there.",
        "用微信扫码，即可在微信里接收消息。",
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
    "more_named": ("More about “{summary}”", "“{summary}”的更多操作"),
    "mute_named": ("Mute {name}", "静音 {name}"),
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
    "command_full": (
        "{app} has too many messages waiting. Try again later.",
        "{app} 积压的消息太多，请稍后再试。",
    ),
    "command_deaf": ("{app} takes no messages.", "{app} 不接收消息。"),
    # WeChat for who is here already
    "wechat_link": ("Get my messages in WeChat", "在微信里接收我的消息"),
    "wechat_link_text": (
        "Scan it with WeChat, or press and hold it there, and answer the question that comes. "
        "It works once, for {minutes} minutes. Show it to nobody: whoever scans it can get your messages.",
        "用微信扫码，或在微信内长按识别，然后按提示回复。仅可使用一次，{minutes} 分钟内有效。"
        "请勿给他人看：扫码的人可以收到您的消息。",
    ),
    "wechat_link_none": (
        "WeChat makes no code right now. Try again in a minute.",
        "微信暂时无法生成二维码，请一分钟后再试。",
    ),
    # What followers of the WeChat account are answered there
    "wechat_following": (
        "You follow “{name}”. Its messages come to you here.",
        "已订阅“{name}”，消息会发到这里。",
    ),
    "wechat_waiting": (
        "Asked to follow “{name}”. Its owner has to say yes before messages come.",
        "已申请订阅“{name}”，等待创建者通过后才会收到消息。",
    ),
    "wechat_rejected": (
        "The owner of “{name}” does not let you follow it.",
        "“{name}”的创建者已将您拉黑，无法订阅。",
    ),
    "wechat_closed": ("“{name}” takes no new subscribers.", "“{name}”已关闭订阅，不再接受新的订阅者。"),
    "wechat_missing": (
        "What this code led to is gone. Ask for a new code.",
        "二维码指向的内容已不存在，请索取新的二维码。",
    ),
    "wechat_linked": (
        "The messages of your inbox come to you here as well.",
        "已绑定，收件箱的消息也会发到这里。",
    ),
    "wechat_asked": (
        "Link this WeChat to an inbox? Nothing has changed so far. It is {inbox}.",
        "要把这个微信绑定到下面的收件箱吗？目前没有任何改动。收件箱：{inbox}。",
    ),
    "wechat_asked_means": (
        "If you say yes, its messages come to you here, and what you scan in WeChat later is followed by that inbox: "
        "whoever has it open reads that too.",
        "同意后，它的消息会发到这里；您以后在微信里扫码订阅的内容也归这个收件箱，能打开它的人都能看到。",
    ),
    "wechat_asked_leaves": (
        "What you followed in WeChat before ({uid}) does not come here then.",
        "您以前在微信里的订阅（{uid}）届时不会再发到这里。",
    ),
    "wechat_asked_answer": (
        "Only if you made this code yourself: answer {answer} within {minutes} minutes. Else do nothing.",
        "只有二维码是您自己生成的，才请在 {minutes} 分钟内回复 {answer}；否则无需理会。",
    ),
    "wechat_unclear": (
        "That is not the number from the question, so nothing was linked. Answer with it, or scan the code again.",
        "这不是问题中的数字，没有绑定。请回复该数字，或重新扫码。",
    ),
    "wechat_taken": (
        "This WeChat gets the messages of another inbox; nothing was changed. To link it to the inbox of the code, "
        "unfollow this account first, then scan a new code.",
        "这个微信已在接收另一个收件箱的消息，没有做任何改动。如要改绑到二维码的收件箱，请先取消关注本账号，再扫描新的二维码。",
    ),
    "wechat_expired": (
        "This code was used already, or its time is over. Show a new one.",
        "二维码已被使用，或已过期，请重新生成。",
    ),
    "wechat_welcome": (
        "Welcome. Scan the WeChat code of a topic to follow it.",
        "欢迎！扫描主题页面上的微信二维码即可订阅。",
    ),
    "wechat_inbox": (
        "Your inbox and subscriptions (the link works once, within a day):",
        "您的收件箱和订阅管理（链接一天内有效，仅可使用一次）：",
    ),
    # An inbox, for who is asked whether to link something to it
    "inbox_empty": ("{uid}, which follows nothing", "{uid}，没有任何订阅"),
    "inbox_follows": ("{uid}, which follows {names}", "{uid}，已订阅{names}"),
    "inbox_follows_more": ("{uid}, which follows {names} and {more} more", "{uid}，已订阅{names}等，另有 {more} 项"),
    "inbox_named": ("“{name}”", "“{name}”"),
    "inbox_between": (", ", "、"),
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
        "把它告诉只想发消息给您一人的发送者。它不能用来读取您的消息。",
    ),
    "receive_all": ("Messages to me", "接收消息"),
    "receive_all_text": ("When off, nothing from below arrives.", "关闭后，以下所有订阅都不会再送达。"),
    "receive_named": ("Messages from {name}", "接收 {name} 的消息"),
    "devices_title": ("Where messages reach you", "消息送到哪里"),
    "channel_webpush": ("Notifications", "通知"),
    "channel_wechat": ("WeChat", "微信"),
    "channel_upstream": ("WxPusher", "WxPusher"),
    "channel_email": ("Email", "邮件"),
    "this_device": ("(this device)", "（本机）"),
    "remove": ("Remove", "移除"),
    "remove_named": ("Remove {name}", "移除 {name}"),
    "devices": ("Devices", "设备"),
    "device_unknown": ("A device", "未知设备"),
    "device_since": ("since", "添加于"),
    "device_seen": ("last here", "最近使用"),
    "device_unseen": ("not here lately", "最近未使用"),
    "device_end": ("Sign out", "退出"),
    "device_end_named": ("Sign out {name}", "退出 {name}"),
    "device_end_others": ("Sign out all others", "退出其他所有设备"),
    "delete": ("Delete everything about me", "删除我的全部数据"),
    "delete_title": ("Delete everything about you?", "删除您的全部数据？"),
    "delete_text": (
        "Your UID, your subscriptions, your inbox, your devices and every address where messages reach you. "
        "This cannot be taken back.",
        "包括您的 UID、订阅、收件箱、所有设备和接收消息的地址，删除后无法恢复。",
    ),
    "delete_stays": (
        "Messages to a topic stay for those who follow it. Backups of this server forget you as they grow old.",
        "发给主题的消息仍会保留给其他订阅者。服务器的备份会在过期后清除您的数据。",
    ),
    "delete_yes": ("Delete everything", "全部删除"),
    "deleted_title": ("Everything about you is deleted", "您的全部数据已删除"),
    "deleted_text": (
        "No device reads that inbox any more. You can subscribe again at any time.",
        "已没有任何设备能打开那个收件箱。您可以随时重新订阅。",
    ),
    "move": ("Add another device", "添加另一台设备"),
    "move_text": (
        "Shows a QR code by which a phone or computer reads these messages too.",
        "显示二维码，另一台手机或电脑扫码后也能读到这些消息。",
    ),
    # How messages reach a subscriber
    "reach_title": ("How messages reach me", "消息如何送达"),
    "reach_text": (
        "Every message is in your inbox. What you set up here tells you of it while the inbox is closed.",
        "所有消息都在收件箱里。在这里设置收件箱关闭时如何通知您。",
    ),
    "reach_nowhere": ("So far only your inbox shows them.", "目前只在收件箱里显示。"),
    "reach_since": ("since", "添加于"),
    "reach_not_offered": ("(not in use on this server any more)", "（本服务器已停用）"),
    "order_title": ("Which comes first", "先后顺序"),
    "order_text": (
        "The next one follows when the one before it fails, or when the message was not seen in time.",
        "前一种方式失败，或消息没有及时被看到时，再用下一种。",
    ),
    "order_up": ("Move {name} up", "上移 {name}"),
    "order_down": ("Move {name} down", "下移 {name}"),
    "quiet_title": ("Quiet hours", "免打扰时段"),
    "quiet_text": (
        "Every day within these hours messages go to your inbox alone; you are told of them afterwards.",
        "每天的这段时间里，消息只进收件箱，结束后再通知您。",
    ),
    "quiet_start": ("From", "从"),
    "quiet_end": ("To", "到"),
    "quiet_timezone": ("Timezone", "时区"),
    "quiet_save": ("Save", "保存"),
    "quiet_off": ("Switch off", "关闭"),
    "quiet_wrong_start": ("Write a time like 22:00.", "请填写时间，例如 22:00。"),
    "quiet_wrong_end": (
        "Write a time like 07:00, another one than the first.",
        "请填写时间，例如 07:00，不能与开始时间相同。",
    ),
    "quiet_wrong_timezone": (
        "There is no such timezone. Write one like Asia/Shanghai.",
        "没有这个时区，请填写如 Asia/Shanghai 的时区。",
    ),
    "mail_title": ("By mail", "用邮件接收"),
    "mail_text": (
        "A link is sent there. Messages follow only after it was opened and confirmed.",
        "确认链接会发到邮箱，打开并确认之后才会收到消息。",
    ),
    "mail_address": ("Mail address", "邮箱地址"),
    "mail_ask": ("Send the link", "发送确认链接"),
    "mail_told": (
        "A link was sent there. Open it and confirm within a day.",
        "确认链接已发送，请在一天内打开并确认。",
    ),
    "mail_waits": (
        "No mail was sent: this mailbox has got enough of them today. "
        "Open the link in any of those on this device, and it confirms what you entered here.",
        "没有发送邮件：今天发往此邮箱的确认邮件已达上限。在本设备上打开其中任意一封里的链接，即可确认您刚才填写的邮箱。",
    ),
    "mail_refused": (
        "The mail server takes no mail for this address. Check how it is written.",
        "邮件服务器不接受发往此地址的邮件，请检查地址是否正确。",
    ),
    "mail_wrong": ("Write one mail address, like name@example.org.", "请填写一个邮箱地址，例如 name@example.org。"),
    "mail_late": ("No mail can be sent right now. Try again later.", "暂时无法发送邮件，请稍后再试。"),
    "upstream_title": ("In WxPusher", "用 WxPusher 接收"),
    "upstream_text": (
        "Follow this server's application in WxPusher, then enter your UID there. A code is sent to it.",
        "请先在 WxPusher 关注本服务器的应用，再填写您在那里的 UID，验证码会发到那里。",
    ),
    "upstream_uid": ("Your UID there", "您在 WxPusher 的 UID"),
    "upstream_ask": ("Send a code", "发送验证码"),
    "upstream_told": (
        "A code was sent to this UID. Enter it within a day.",
        "验证码已发送到此 UID，请在一天内填写。",
    ),
    "upstream_often": (
        "No code was sent: this UID has got enough of them today. "
        "If one came for you, type it in; else try again tomorrow.",
        "没有发送验证码：今天发往此 UID 的验证码已达上限。如已收到请直接填写，否则请明天再试。",
    ),
    "upstream_code": ("The code", "验证码"),
    "upstream_confirm": ("Confirm", "确认"),
    "upstream_wrong_uid": ("A UID is UID_ and letters and digits after it.", "UID 以 UID_ 开头，后面是字母和数字。"),
    "upstream_wrong_code": (
        "That is not the code, or there were 5 wrong ones. Type it again, or have a new one sent.",
        "验证码不对，或已经输错 5 次。请重新填写，或重新发送。",
    ),
    "upstream_gone": (
        "This UID does not follow the application in WxPusher. Follow it there, and try again.",
        "此 UID 没有在 WxPusher 关注本应用，请先关注再试。",
    ),
    "upstream_late": ("WxPusher takes no messages right now. Try again later.", "WxPusher 暂时无法发送，请稍后再试。"),
    "upstream_message_summary": ("Your code is {code}", "验证码 {code}"),
    "upstream_message": (
        "{code} is the code. Once it is typed, the messages of the inbox {uid} are sent here too. "
        "Did you not ask for it? Then do nothing, and tell it to nobody.",
        "验证码：{code}。填写后，收件箱 {uid} 的消息也会发到这里。如果不是您本人操作，请忽略，也不要告诉任何人。",
    ),
    "added_told": ("Messages reach you there from now on.", "设置成功，今后消息也会发到那里。"),
    # The page behind a mail's link
    "confirm_title": ("Receive messages at this address?", "用此邮箱接收消息？"),
    "confirm_text": (
        "The messages of this inbox are then sent to {address} too: {inbox}. Nothing else changes. "
        "If you did not ask for it, close this page.",
        "确认后，下面收件箱的消息也会发到 {address}：{inbox}。其他都不变。如果不是您本人操作，请关闭此页。",
    ),
    "confirm_yes": ("Confirm", "确认"),
    "confirm_done_title": ("Confirmed", "已确认"),
    "confirm_done_text": ("Messages are sent to {address} from now on.", "今后消息会发送到 {address}。"),
    "confirm_over_title": ("This link is over", "链接已失效"),
    "confirm_over_text": (
        "It was used already, or its day is over. Enter the address once more to get a new one.",
        "它已被使用，或已过期。请重新填写邮箱以获取新链接。",
    ),
    # Another device
    "device_text": (
        "Scan it with the other device, or open the link there. It works once, for {minutes} minutes. "
        "Show it to nobody: whoever opens it reads your messages.",
        "用另一台设备扫码，或在那里打开链接。仅可使用一次，{minutes} 分钟内有效。请勿给他人看：打开它就能读您的消息。",
    ),
    "device_copy": ("Copy the link", "复制链接"),
    "device_back": ("Back to my subscriptions", "返回我的订阅"),
    "claim_title": ("Read your messages on this device too", "在这台设备上也读消息"),
    "claim_text": (
        "This device then shows the inbox of the one that made this link: {inbox}.",
        "之后，这台设备会显示生成此链接的设备的收件箱：{inbox}。",
    ),
    "claim_means": (
        "What you subscribe to here afterwards is followed by that inbox, and whoever has it open reads it. "
        "Continue only if you made this link yourself.",
        "之后您在这里的订阅都归那个收件箱，能打开它的人都能看到。只有链接是您自己生成的，才请继续。",
    ),
    "claim_known": (
        "This device has an inbox of its own: {inbox}. It leaves that behind: its messages do not show here until you "
        "sign this device out of the other one, under Subscriptions, Devices.",
        "这台设备已有自己的收件箱：{inbox}。继续后这里将不再显示它的消息，直到您在“我的订阅”的“设备”中让这台设备退出另一个收件箱。",
    ),
    "claim_take": ("Continue", "继续"),
    "claim_over_title": ("This link is over", "链接已失效"),
    "claim_over_text": (
        "It was used already, or its time is over. Make a new one on your other device: "
        "Subscriptions, “Add another device”.",
        "它已被使用，或已过期。请在另一台设备上重新生成：“我的订阅”，“添加另一台设备”。",
    ),
    "on": ("On", "已开启"),
    "off": ("Off", "已关闭"),
    "muted": ("You have switched off all messages.", "您已关闭全部消息。"),
    # The console
    "login_title": ("The operator's console", "管理控制台"),
    "login_password": ("Password", "密码"),
    "login": ("Log in", "登录"),
    "login_forgotten": (
        "The first start of the server showed the password. `watcher password` sets another.",
        "密码在服务器首次启动时显示过。用 `watcher password` 可以重设。",
    ),
    "login_http": (
        "This page came over plain http: others in the network can read the password on its way. "
        "Serve it over https where you do not trust all of them.",
        "此页面通过 http 打开，密码会以明文传输，可能被同一网络中的他人读取。在不可信的网络中请改用 https。",
    ),
    "login_wrong": ("That is not the password.", "密码不正确。"),
    "login_often": (
        "Too many tries. Wait {minutes} min, then try again.",
        "尝试次数过多，请 {minutes} 分钟后再试。",
    ),
    "login_over": ("You are not logged in any more. Log in again.", "登录已失效，请重新登录。"),
    "logout": ("Log out", "退出登录"),
    "logout_all": ("Log out everywhere", "在所有设备上退出登录"),
    "overview": ("Overview", "概览"),
    "overview_well": ("All is well", "一切正常"),
    "overview_trouble": ("To look at: {count}", "待处理：{count}"),
    "overview_overdue": ("All checks are overdue", "所有检查都未按时进行"),
    "overview_unreadable_short": ("The watches cannot be read", "无法读取监视状态"),
    "overview_unreadable": (
        "The database of the watches cannot be read. `watcher doctor` says why.",
        "无法读取监视数据库，请运行 `watcher doctor` 查看原因。",
    ),
    "overview_no_watches": (
        "No watch was checked here yet. `watcher run` checks those of watches.yaml; `watcher serve` serves alone.",
        "这里还没有检查过任何页面。`watcher run` 会检查 watches.yaml 中的监视项；`watcher serve` 只提供推送服务。",
    ),
    "figure_watches": ("Watches", "监视项"),
    "figure_failing": ("Failing", "异常"),
    "figure_waiting": ("Outbox, waiting", "发件箱待发"),
    "figure_dead": ("Given up", "已放弃的消息"),
    "figure_queued": ("Being delivered", "投递中"),
    "figure_subscribers": ("Subscribers", "订阅者"),
    "figure_topics": ("Topics", "主题"),
    "figure_apps": ("Applications", "应用"),
    "standing_failing": ("failing", "异常"),
    "standing_suspicious": ("suspicious", "可疑"),
    "standing_overdue": ("overdue", "未按时检查"),
    "standing_fine": ("fine", "正常"),
    "rows": ("rows: {count}", "{count} 行"),
    "when_since": ("failing since", "异常始于"),
    "when_good": ("last good", "上次成功"),
    "when_next": ("next", "下次"),
    "dead_text": (
        "Messages that the push service did not take: the newest {shown} of {count}. `watcher outbox` lists all.",
        "推送服务未接受的消息：最新 {shown} 条，共 {count} 条。`watcher outbox` 列出全部。",
    ),
    "pager": ("Page {page} of {pages}", "第 {page} 页，共 {pages} 页"),
    "pager_back": ("Back", "上一页"),
    "pager_on": ("Next", "下一页"),
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
    "problem_503_title": ("It is crowded here", "现在访问的人太多"),
    "problem_503_text": ("Try again in a minute.", "请过一分钟再试。"),
    "problem_cap_title": ("Too many today", "今天的名额已用完"),
    "problem_cap_text": (
        "More was asked of this server today than its operator allows. Try again in an hour. "
        "What you have here already works as before.",
        "今天的请求已超过本服务器的上限，请一小时后再试。您已有的订阅和消息不受影响。",
    ),
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
