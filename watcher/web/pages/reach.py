"""How messages reach a subscriber besides the inbox: its addresses, which comes first, and when all are quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.channels import Address, AddressDraft, ChannelName, place_of
from watcher.core.quiet import QuietHoursError, parse_quiet_hours
from watcher.push.channels.apprise.address import hint as apprise_hint
from watcher.push.channels.bark.address import hint as bark_hint
from watcher.push.channels.upstream.address import receiver_of
from watcher.push.channels.webpush.subscription import PushSubscription
from watcher.web.forms import form_texts
from watcher.web.keys import CHANNELS, DEVICE, SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_caller
from watcher.web.pages.language import language_of
from watcher.web.pages.ntfy import end_streams, followable
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import device_name

_TOLD: Final = (
    "mail",
    "mail_waits",
    "upstream",
    "upstream_often",
    "bark",
    "bark_often",
    "apprise",
    "apprise_often",
    "added",
    "ntfy_renewed",
)
_STEPS: Final = {"up": -1, "down": 1}
_TIMEZONES: Final = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata", "Europe/London",
    "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo",
    "Australia/Sydney", "Pacific/Auckland", "UTC",
)  # fmt: skip
"""Offered while no script offers all that the browser knows."""


class Row(Struct, frozen=True, kw_only=True):
    """
    One address on the page.

    Attributes:
        name: what its owner knows it by; may be empty.
        is_offered: the server still has the channel.
    """

    id: int
    channel: ChannelName
    name: str
    since: datetime
    is_offered: bool


async def show_reach(request: web.Request) -> web.Response:
    """`GET /reach`; `?told=` says what has just been done."""
    told = request.query.get("told", "")
    return await reach_page(request, told=told if told in _TOLD else "")


async def reach_page(
    request: web.Request,
    *,
    status: int = 200,
    told: str = "",
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    """
    Return the page.

    Args:
        told: what to say has been done; empty: nothing.
        wrong: by the name of a form's field, the key of the words about it.
        typed: by the name of a form's field, what was typed there.
    """
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    offered = request.app[CHANNELS].names
    addresses, wanted = await service.addresses.of(subscriber), await service.preferences.of(subscriber)
    return render(
        request,
        "reach.html",
        status=status,
        rows=[_row(address, offered) for address in addresses],
        order=_in_use(addresses, offered),
        quiet=wanted.quiet,
        ntfy=followable(addresses, request.app[SETTINGS]),
        timezones=_TIMEZONES,
        told=told,
        wrong=wrong or {},
        typed=typed or {},
    )


async def move_channel(request: web.Request) -> web.Response:
    """`POST /reach/order` `channel=email&move=up`: one place up or down; at the end, or not there, nothing moves."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    form = await form_texts(request)
    channel, step = form.get("channel"), _STEPS.get(form.get("move", ""))
    if channel not in set(ChannelName) or step is None:
        raise web.HTTPBadRequest
    shown = _in_use(await service.addresses.of(subscriber), request.app[CHANNELS].names)
    await service.preferences.change(
        subscriber, lambda wanted: replace(wanted, order=moved(wanted.order, shown, ChannelName(channel), step))
    )
    return _back("order")


async def set_quiet(request: web.Request) -> web.Response:
    """`POST /reach/quiet` `start=22:00&end=07:00&timezone=Asia/Shanghai`."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    form = await form_texts(request)
    start, end, timezone = (form.get(name, "") for name in ("start", "end", "timezone"))
    try:
        quiet = parse_quiet_hours(f"{start}-{end} {timezone}")
    except QuietHoursError as error:
        return await reach_page(request, status=422, wrong={error.part: f"quiet_wrong_{error.part}"}, typed=form)
    await service.preferences.change(subscriber, lambda wanted: replace(wanted, quiet=quiet))
    return _back("quiet")


async def end_quiet(request: web.Request) -> web.Response:
    """`POST /reach/quiet/off`: no hours are quiet."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    await service.preferences.change(subscriber, lambda wanted: replace(wanted, quiet=None))
    return _back("quiet")


async def put_push(request: web.Request) -> web.Response:
    """
    `POST /push`: notify this browser, whose push subscription is the body. The same one again renews it.

    Answers `{"id": 1}`, of the address in the list of `/reach`.
    """
    push_key, subscriber = request.app[CHANNELS].push_key, request[SUBSCRIBER]
    if push_key is None:
        raise web.HTTPNotFound
    count_caller(request, "push", subscriber.id, request.app[SETTINGS].address_calls)
    subscription = PushSubscription.parse(await request.read())
    service = request.app[SERVICE]
    draft = AddressDraft(
        channel=ChannelName.WEB_PUSH,
        fingerprint=subscription.fingerprint,
        value=subscription.text,
        label=device_name(request.headers.get("User-Agent", "")),
        bound_to=push_key,
        device_id=request[DEVICE].id,
    )
    address = await service.addresses.add(subscriber, draft)
    await service.preferences.note_language(subscriber, language_of(request).value)
    return web.json_response({"id": address.id})


async def remove_address(request: web.Request) -> web.Response:
    """`POST /reach/{id}/remove`: one address less; one that is gone, or another's, is left as it is."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    for address in await service.addresses.of(subscriber):
        if str(address.id) == request.match_info["id"]:
            await service.addresses.remove(subscriber, address.id)
            if address.channel is ChannelName.NTFY:
                end_streams(request)
    return _back("addresses")


def moved(
    order: Sequence[ChannelName], shown: Sequence[ChannelName], channel: ChannelName, step: int
) -> Sequence[ChannelName]:
    """
    Return the whole order after a channel has changed places with its neighbour among those that are shown.

    Args:
        step: −1: tried earlier, 1: later.
    """
    whole = sorted(set(ChannelName) - {ChannelName.INBOX}, key=lambda name: place_of(name, order))
    if channel not in shown or not 0 <= (place := shown.index(channel) + step) < len(shown):
        return whole
    mine, other = whole.index(channel), whole.index(shown[place])
    whole[mine], whole[other] = whole[other], whole[mine]
    return whole


def _row(address: Address, offered: Sequence[ChannelName]) -> Row:
    return Row(
        id=address.id,
        channel=address.channel,
        name=_name(address),
        since=address.created_at,
        is_offered=address.channel in offered,
    )


def _name(address: Address) -> str:
    if address.channel is ChannelName.BARK:
        return bark_hint(address.value)
    if address.channel is ChannelName.APPRISE:
        return apprise_hint(address.value)
    if address.channel is ChannelName.UPSTREAM:
        return receiver_of(address.value)
    return address.value if address.channel is ChannelName.EMAIL else address.label


def _in_use(addresses: Sequence[Address], offered: Sequence[ChannelName]) -> Sequence[ChannelName]:
    """Return the channels over which the subscriber is reached, in the order in which they are tried."""
    return [name for name in dict.fromkeys(address.channel for address in addresses) if name in offered]


def _back(part: str) -> web.Response:
    return see_other(f"/reach#{part}")
