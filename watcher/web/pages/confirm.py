"""
Addresses that need a yes from whoever reads what is sent there: mail, another server's UID, a device with Bark, an
address of Apprise.

Who gives a mail address is told whether a mail went out, and not whether the address is known here. A link from a mail
is opened by scanners too, so a GET confirms nothing; it works on any device, and it is never logged (`access_log`).

What the relay did not take counts as a try alone, for neither address, subscriber nor mailbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.caps import Made
from watcher.core.channels import ChannelName, Gone, Refused, Retry, SendResult, Sent
from watcher.core.pace import RateLimit
from watcher.core.push import InboxSummary
from watcher.errors import CapReachedError, InvalidRequestError, RefusedError
from watcher.push.channels.apprise.address import valid_url
from watcher.push.channels.asking import Question
from watcher.push.channels.bark.address import valid_device
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.inbox import inbox_words
from watcher.web.addresses import known
from watcher.web.forms import form_texts
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import (
    LIMITER,
    Charge,
    count,
    count_address,
    count_caller,
    count_making,
    site_of,
)
from watcher.web.pages.language import language_of
from watcher.web.pages.reach import reach_page
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import subscriber_of

_log = logging.getLogger(__name__)

_TRIES: Final = RateLimit(calls=60, per=timedelta(hours=1))
"""Of one address, whether anything was sent or not."""
_QUESTIONS: Final = RateLimit(calls=5, per=timedelta(hours=1))
"""That were sent for one subscriber, to any mailbox."""
_CODES: Final = RateLimit(calls=20, per=timedelta(minutes=10))


class _Asking(Struct, frozen=True, kw_only=True):
    """
    A form that gives an address of a channel.

    Attributes:
        field: the form's field that has the address.
        valid: reads it. Raises InvalidRequestError.
        page: the path that the question leads to.
        told: what is said once it is on its way; also names the part of the page.
        waits: what is said when the address was asked often enough.
        wrong: what is said when it is no address, and `late`: when nothing can be sent now.
        refused: what is said when the address is at fault, by the relay's answer.
    """

    channel: ChannelName
    field: str
    valid: Callable[[str], str]
    page: str
    told: str
    waits: str
    wrong: str
    late: str
    refused: Mapping[type[SendResult], str]


_MAIL: Final = _Asking(
    channel=ChannelName.EMAIL,
    field="address",
    valid=valid_mail_address,
    page="/confirm/{secret}",
    told="mail",
    waits="mail_waits",
    wrong="mail_wrong",
    late="mail_late",
    refused={Refused: "mail_refused", Gone: "mail_refused"},
)
_UPSTREAM: Final = _Asking(
    channel=ChannelName.UPSTREAM,
    field="uid",
    valid=valid_uid,
    page="/reach?told=upstream",
    told="upstream",
    waits="upstream_often",
    wrong="upstream_wrong_uid",
    late="upstream_late",
    refused={Gone: "upstream_gone"},
)
_BARK: Final = _Asking(
    channel=ChannelName.BARK,
    field="device",
    valid=valid_device,
    page="/reach?told=bark",
    told="bark",
    waits="bark_often",
    wrong="bark_wrong",
    late="bark_late",
    refused={Gone: "bark_gone", Refused: "bark_refused"},
)
_APPRISE: Final = _Asking(
    channel=ChannelName.APPRISE,
    field="apprise_url",
    valid=valid_url,
    page="/reach?told=apprise",
    told="apprise",
    waits="apprise_often",
    wrong="apprise_wrong",
    late="apprise_late",
    refused={Refused: "apprise_refused"},
)
_BY_CODE: Final = {asking.channel: asking for asking in (_UPSTREAM, _BARK, _APPRISE)}


async def ask_by_mail(request: web.Request) -> web.Response:
    """`POST /reach/mail` `address=a@example.org`: send a link there that confirms it."""
    return await _ask(request, _MAIL)


async def ask_upstream(request: web.Request) -> web.Response:
    """`POST /reach/upstream` `uid=UID_…`: send a code there, to be typed in here."""
    return await _ask(request, _UPSTREAM)


async def ask_bark(request: web.Request) -> web.Response:
    """`POST /reach/bark` `device=https://api.day.app/…`: send a code to that device, to be typed in here."""
    return await _ask(request, _BARK)


async def ask_apprise(request: web.Request) -> web.Response:
    """`POST /reach/apprise` `apprise_url=tgram://…`: send a code there, to be typed in here."""
    return await _ask(request, _APPRISE)


async def show_confirmation(request: web.Request) -> web.Response:
    """`GET /confirm/{token}`: what it means, and the button; it confirms nothing."""
    reader = await subscriber_of(request)
    wanted = await request.app[SERVICE].confirmations.find(ChannelName.EMAIL, request.match_info["token"], reader)
    if wanted is None:
        return _page(request, "over")
    inbox = await request.app[SERVICE].subscribers.summary(wanted.subscriber_id)
    return _page(request, "over") if inbox is None else _page(request, "asks", address=wanted.value, inbox=inbox)


async def confirm(request: web.Request) -> web.Response:
    """`POST /confirm/{token}`: from now on messages go to the address that the link was sent to."""
    count_address(request, "confirm", request.app[SETTINGS].address_calls)
    reader = await subscriber_of(request)
    try:
        address = await request.app[SERVICE].confirmations.confirm(
            ChannelName.EMAIL, request.match_info["token"], reader
        )
    except RefusedError:
        return _page(request, "over")
    is_theirs = reader is not None and reader.id == address.subscriber_id
    return _page(request, "done", address=address.value, is_theirs=is_theirs)


async def confirm_code(request: web.Request) -> web.Response:
    """`POST /reach/code` `code=123456&channel=bark`: from now on messages go where the code was sent to."""
    count_address(request, "code", request.app[SETTINGS].address_calls)
    count_caller(request, "code of subscriber", request[SUBSCRIBER].id, _CODES)
    form = await form_texts(request)
    asking = next((each for name, each in _BY_CODE.items() if name == form.get("channel")), _UPSTREAM)
    code, confirmations = form.get("code", "").strip(), request.app[SERVICE].confirmations
    if await confirmations.confirm_code(asking.channel, request[SUBSCRIBER], code) is None:
        wrong = {"code": "code_wrong"}
        return await reach_page(request, status=422, told=asking.told, wrong=wrong, typed=form)
    return _done("added", "addresses")


async def _ask(request: web.Request, asking: _Asking) -> web.Response:
    channel = known(request.app[CHANNELS].asking.get(asking.channel))
    form, settings = await form_texts(request), request.app[SETTINGS]
    try:
        address = asking.valid(form.get(asking.field, ""))
    except InvalidRequestError:
        return await reach_page(request, status=422, wrong={asking.field: asking.wrong}, typed=form)
    charges = await _count_question(request)
    try:
        question = await request.app[SERVICE].confirmations.ask(
            asking.channel,
            request[SUBSCRIBER],
            address,
            page=lambda secret: settings.link(asking.page.format(secret=secret)),
            lang=language_of(request).value,
            asker=site_of(request),
        )
    except CapReachedError:
        return await reach_page(request, status=503, wrong={asking.field: asking.late}, typed=form)
    answer = None if question is None else await channel.ask(question)
    if isinstance(answer, Sent):
        return _done(asking.told, asking.told)
    await _take_back(request, question, charges)
    if answer is None:
        return _done(asking.waits, asking.told)
    fault = None if _is_trouble(answer) else asking.refused.get(type(answer))
    status, words = (422, fault) if fault else (503, asking.late)
    return await reach_page(request, status=status, wrong={asking.field: words}, typed=form)


async def _count_question(request: web.Request) -> Sequence[Charge]:
    """Count a question; return what to give back when it is not sent. Raises HTTPTooManyRequests."""
    subscriber = request[SUBSCRIBER]
    count_address(request, "try to ask", _TRIES)
    of_subscriber = Charge("question of subscriber", subscriber.id, _QUESTIONS)
    count(request, [of_subscriber])
    charges = [of_subscriber, *count_making(request, Made.QUESTIONS)]
    # What is sent there later is written in this language too.
    await request.app[SERVICE].preferences.note_language(subscriber, language_of(request).value)
    return charges


async def _take_back(request: web.Request, question: Question | None, charges: Sequence[Charge]) -> None:
    request.app[LIMITER].give_back(*charges)
    if question is not None:
        await request.app[SERVICE].confirmations.withdraw(question)


def _is_trouble(answer: SendResult) -> bool:
    """Return whether nothing can be sent to anybody right now, which is logged; the other reasons quote nothing."""
    match answer:
        case Retry(reason=reason) | Refused(reason=reason, is_alarm=True):
            _log.warning("a question to confirm an address was not sent: %s", reason)
            return True
        case _:
            return False


def _done(told: str, part: str) -> web.Response:
    return see_other(f"/reach?told={told}#{part}")


def _page(
    request: web.Request,
    state: str,
    *,
    address: str = "",
    inbox: InboxSummary | None = None,
    is_theirs: bool = False,
) -> web.Response:
    status = 410 if state == "over" else 200
    named = "" if inbox is None else inbox_words(language_of(request), inbox)
    return render(
        request, "confirm.html", status=status, state=state, address=address, inbox=named, is_theirs=is_theirs
    )
