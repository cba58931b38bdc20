"""
`/wechat`, where WeChat tells what the followers of the account do. Without an account there is no such address.

WeChat waits for 5 s and repeats three times; events come one at a time, so a repeat that comes while the first is
still acted upon is one. After a failure of ours nothing is settled, and the repeat is acted upon.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final, assert_never

from aiohttp import web

from watcher.core.words import cut
from watcher.errors import CapReachedError
from watcher.push.channels.wechat.account import WeChatAccount
from watcher.push.channels.wechat.events import (
    Event,
    JobFinished,
    JobOutcome,
    Other,
    Said,
    Scanned,
    Subscribed,
    Unsubscribed,
)
from watcher.push.channels.wechat.inbound import NOTHING_TO_SAY, REPLAYED, Echo, InboundEvent, Refusal
from watcher.push.channels.wechat.linking import question_words
from watcher.push.channels.wechat.scan_results import ScanOutcome, ScanResult
from watcher.push.commands import MAX_COMMAND_CHARS, CommandReply
from watcher.translations import Locale, text
from watcher.web.addresses import known
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address

_log = logging.getLogger(__name__)
_NAME_CHARS: Final = 100
"""Of a place's name in an answer, which takes 2,048 bytes in all."""
_INBOX_LINK_LIFE: Final = timedelta(days=1)
_WITHOUT_LINK: Final = frozenset({ScanOutcome.LINKED, ScanOutcome.UNCLEAR})


async def prove_callback(request: web.Request) -> web.Response:
    """`GET /wechat`: WeChat asks whether we know the account's token, when its owner saves the address."""
    account = _account(request)
    match account.callback.verify(request.query, now=account.now()):
        case Echo(text=echo, signature=signature):
            # Whoever heard this on the way cannot use its signature for an event.
            await request.app[SERVICE].followers.take_signature(signature, "")
            return web.Response(text=echo)
        case Refusal() as refusal:
            return _refused(request, refusal)


async def take_event(request: web.Request) -> web.Response:
    """`POST /wechat`: something happened; the answer is what the follower reads, in Chinese and English."""
    account, body, followers = _account(request), await request.read(), request.app[SERVICE].followers
    async with account.turn:
        match account.callback.receive(request.query, body, now=account.now()):
            case InboundEvent() as arrived:
                if not await followers.take_signature(arrived.signature, arrived.key):
                    return _refused(request, REPLAYED)
                if await followers.has_settled(arrived.key):
                    return web.Response(body=NOTHING_TO_SAY)
                words = await _act(request, account, arrived.event)
                await followers.settle(arrived.key)
                return _answer(account, arrived, words)
            case Refusal() as refusal:
                return _refused(request, refusal)


def _account(request: web.Request) -> WeChatAccount:
    return known(request.app[CHANNELS].wechat)


def _refused(request: web.Request, refusal: Refusal) -> web.Response:
    # Counted, so that who knocks again and again fills no log.
    count_address(request, "wechat", request.app[SETTINGS].address_calls)
    _log.warning("refused a call of /wechat: %s", refusal.reason)
    return web.Response(status=refusal.status)


def _answer(account: WeChatAccount, arrived: InboundEvent, words: str) -> web.Response:
    if not words:
        return web.Response(body=NOTHING_TO_SAY)
    reply = account.callback.reply(arrived, words, now=account.now())
    return web.Response(body=reply, content_type="text/xml", charset="utf-8")


async def _act(request: web.Request, account: WeChatAccount, event: Event) -> str:
    """Do what the event asks for, and return what to say to that; nothing where nobody waits for a word."""
    followers = request.app[SERVICE].followers
    match event:
        case Subscribed() | Scanned():
            result = await followers.arrive(event.openid, account.scene_of(event.scene))
            return "\n\n".join(part for part in await _greeting(request, result) if part)
        case Said():
            match await followers.say(event.openid, event.text):
                case CommandReply() as reply:
                    return _command_reply(reply)
                case ScanResult() as result:
                    return "\n\n".join(part for part in await _greeting(request, result) if part)
        case Unsubscribed() | JobFinished(outcome=JobOutcome.BLOCKED):
            await followers.leave(event.openid)
            return ""
        case JobFinished() | Other():
            return ""
        case _:
            assert_never(event)


async def _greeting(request: web.Request, result: ScanResult) -> tuple[str, str, str]:
    if result.inbox is not None:
        return question_words(result, result.inbox), "", ""
    # The owner's words come last: they may be long, and it is the end that is cut.
    told = _both(f"wechat_{result.outcome}", name=cut(result.place, _NAME_CHARS))
    return told, await _inbox_link(request, result), result.prompt


async def _inbox_link(request: web.Request, result: ScanResult) -> str:
    """
    Return how this follower gets at the inbox and at the switches of the subscriptions.

    Who linked an inbox has a device already. Over plain http anybody on the way could read the link and take it.
    """
    subscriber = result.subscriber
    if subscriber is None or result.outcome in _WITHOUT_LINK or not request.app[SETTINGS].is_https:
        return ""
    try:
        claim = await request.app[SERVICE].claims.add(subscriber, life=_INBOX_LINK_LIFE)
    except CapReachedError:
        return ""  # what else there is to say is said
    return _both("wechat_inbox") + "\n" + request.app[SETTINGS].link(f"/claim/{claim}")


def _command_reply(reply: CommandReply) -> str:
    name, id_ = (cut(reply.app.profile.name, _NAME_CHARS), reply.app.id) if reply.app else ("", "")
    return _both(f"command_{reply.result}", app=name, id=id_, limit=MAX_COMMAND_CHARS)


def _both(key: str, **values: object) -> str:
    """Return the words in both languages: an event does not say which the follower reads."""
    return "\n".join(text(language, key, **values) for language in (Locale.CHINESE, Locale.ENGLISH))
