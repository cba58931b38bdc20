"""
The devices of a subscriber: another one joins, one is signed out, or all go with everything.

A device joins by a claim, shown as a QR code or carried by the home screen's icon, and its page.

A claim stands in the address of its page, so it is used up once and never logged (`access_log`). The page's referrer
policy stays `same-origin`: nobody else hears of it, and under `no-referrer` its form would come from nowhere (`guard`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from aiohttp import web
from markupsafe import Markup

from watcher.core.caps import Made
from watcher.core.pace import RateLimit
from watcher.core.push import InboxSummary, Subscriber
from watcher.errors import RefusedError
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.claims import CLAIM_LIFE, HOME_SCREEN_CLAIM_LIFE
from watcher.push.inbox import inbox_words
from watcher.push.qr import qr_svg
from watcher.web.addresses import known
from watcher.web.keys import CHANNELS, DEVICE, SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_address, count_caller, count_making
from watcher.web.pages.language import language_of
from watcher.web.pages.live import HUB
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import device_draft, forget_device, remember_claimed, subscriber_of

_DEVICES: Final = "/subscriptions#devices"
_CLAIMS: Final = RateLimit(calls=30, per=timedelta(minutes=10))
"""Made for one subscriber."""


async def show_code(request: web.Request) -> web.Response:
    """`POST /devices`: a new claim as a QR code, good for 10 minutes. Its link is in no address bar of this device."""
    link = request.app[SETTINGS].link(f"/claim/{await _new_claim(request, CLAIM_LIFE)}")
    code = Markup(qr_svg(link))  # noqa: S704 our own drawing
    return render(request, "device.html", link=link, code=code, minutes=CLAIM_LIFE // timedelta(minutes=1))


async def show_link_code(request: web.Request) -> web.Response:
    """`POST /devices/wechat`: a code, good for 10 minutes; who scans it with WeChat gets these messages there too."""
    account = known(request.app[CHANNELS].wechat)
    count_making(request, Made.CODES)
    await request.app[SERVICE].strangers.count(Made.CODES)
    claim = await request.app[SERVICE].claims.add_for_wechat(request[SUBSCRIBER])
    link = await account.codes.link_once(Scene(kind=SceneKind.CLAIM, slug=claim), lasts=CLAIM_LIFE)
    return render(
        request,
        "wechat.html",
        status=503 if link is None else 200,
        code=None if link is None else Markup(qr_svg(link)),  # noqa: S704 our own drawing
        minutes=CLAIM_LIFE // timedelta(minutes=1),
    )


async def prepare_home_screen(request: web.Request) -> web.Response:
    """`POST /devices/home`: the manifest whose icon, on the home screen of an iPhone, opens this same inbox."""
    claim = await _new_claim(request, HOME_SCREEN_CLAIM_LIFE)
    return web.json_response(
        {"manifest": f"/manifest.webmanifest?claim={claim}"}, headers={"Cache-Control": "no-store"}
    )


async def show_claim(request: web.Request) -> web.Response:
    """
    `GET /claim/{token}`: what taking it means, and the button; it takes nothing.

    The home screen's icon leads here each time it is opened: once the claim was taken, on to the inbox.
    """
    claimed, own = await request.app[SERVICE].claims.inbox_of(request.match_info["token"]), await subscriber_of(request)
    if own is not None and (claimed is None or (claimed.subscriber == own and not await _is_invited(request, claimed))):
        raise web.HTTPSeeOther("/inbox")
    return await _page(request, claimed, own)


async def take_claim(request: web.Request) -> web.Response:
    """`POST /claim/{token}`: this device reads that inbox from now on."""
    count_address(request, "claim", request.app[SETTINGS].address_calls)
    claimed, own = await request.app[SERVICE].claims.inbox_of(request.match_info["token"]), await subscriber_of(request)
    if claimed is not None and await _is_invited(request, claimed):
        await _leave_topics_elsewhere(request, claimed.subscriber)
    if claimed is not None and claimed.subscriber == own:
        await request.app[SERVICE].moving.settle(claimed.subscriber)
        return see_other("/inbox")
    try:
        device_token = await request.app[SERVICE].claims.take(request.match_info["token"], device_draft(request))
    except RefusedError:
        return await _page(request, None, own)
    response = see_other("/inbox")
    await remember_claimed(request, response, device_token)
    return response


async def _is_invited(request: web.Request, claimed: InboxSummary) -> bool:
    return await request.app[SERVICE].moving.is_to_claim(claimed.subscriber)


async def _leave_topics_elsewhere(request: web.Request, subscriber: Subscriber) -> None:
    """
    Let the server that told somebody so far bring them the topics no more.

    Before the claim is used up: what comes in between is in the inbox that opens then, and nothing comes twice. Where
    that server does not answer, it goes on telling them, which is better than nobody.
    """
    upstream = request.app[CHANNELS].upstream
    for app_id, topic_ids in (await request.app[SERVICE].moving.carried(subscriber.id)).items():
        if upstream is not None:
            await upstream.leave_topics(app_id, subscriber.uid, topic_ids)


async def end_device(request: web.Request) -> web.Response:
    """`POST /devices/{id}/end`: sign out that device, or this one; one that is gone, or another's, is ignored."""
    devices, subscriber = request.app[SERVICE].devices, request[SUBSCRIBER]
    named = [device.id for device in await devices.of(subscriber) if str(device.id) == request.match_info["id"]]
    for device_id in named:
        await devices.end(subscriber, device_id)
    _end_streams(request, named)
    return sign_out(request, see_other("/")) if request[DEVICE].id in named else see_other(_DEVICES)


async def end_other_devices(request: web.Request) -> web.Response:
    """`POST /devices/end-others`: every device but this one is signed out."""
    ended = await request.app[SERVICE].devices.end_others(request[SUBSCRIBER], request[DEVICE])
    _end_streams(request, [device.id for device in ended])
    return see_other(_DEVICES)


async def show_deletion(request: web.Request) -> web.Response:
    """`GET /subscriptions/delete`: what would be deleted, and the button."""
    return render(request, "delete.html", is_done=False)


async def delete_everything(request: web.Request) -> web.Response:
    """`POST /subscriptions/delete`: all that is kept of this subscriber is deleted, on every device."""
    subscriber = request[SUBSCRIBER]
    await request.app[SERVICE].subscribers.forget(subscriber)
    for live in request.app[HUB].of(subscriber.id):
        live.sign_out()
    return sign_out(request, render(request, "delete.html", is_done=True))


def sign_out(request: web.Request, response: web.Response) -> web.Response:
    """Return the answer, which makes the browser forget whose device it was."""
    forget_device(request, response)
    return response


def _end_streams(request: web.Request, device_ids: Collection[int]) -> None:
    for live in request.app[HUB].of(request[SUBSCRIBER].id):
        if live.device_id in device_ids:
            live.sign_out()


async def _new_claim(request: web.Request, life: timedelta) -> str:
    subscriber = request[SUBSCRIBER]
    count_caller(request, "claim of subscriber", subscriber.id, _CLAIMS)
    count_making(request, Made.CLAIMS)
    return await request.app[SERVICE].claims.add(subscriber, life=life)


async def _page(request: web.Request, claimed: InboxSummary | None, own: Subscriber | None) -> web.Response:
    """
    Return the page.

    Args:
        claimed: the inbox that may be taken; None: the claim is over.
        own: whose device this is.
    """
    left = None if own is None else await request.app[SERVICE].subscribers.summary(own.id)
    language = language_of(request)
    is_invited = claimed is not None and await _is_invited(request, claimed)
    return render(
        request,
        "claim.html",
        status=200 if claimed else 410,
        is_invited=is_invited,
        claimed=inbox_words(language, claimed) if claimed else "",
        left=inbox_words(language, left) if left else "",
    )
