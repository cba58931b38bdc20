"""
Addresses that need a yes from whoever reads what is sent there: mail, and another server's UID.

Who gives a mail address is told whether a mail went out, and not whether the address is known here. A link from a mail
is opened by scanners too, so a GET confirms nothing; it works on any device, and it is never logged (`access_log`).

What the relay did not take counts as a try alone, for neither address, subscriber nor mailbox.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from aiohttp import web

from watcher.core.caps import Made
from watcher.core.channels import Gone, Refused, Retry, SendResult, Sent
from watcher.core.pace import RateLimit
from watcher.core.push import Draft, InboxSummary
from watcher.errors import CapReachedError, InvalidRequestError, RefusedError
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.confirmations import Asked
from watcher.push.draft import make_draft
from watcher.translations import Locale, text
from watcher.web.forms import form_texts
from watcher.web.inboxes import inbox_words
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


async def ask_by_mail(request: web.Request) -> web.Response:
    """`POST /reach/mail` `address=a@example.org`: send a link there that confirms it."""
    mail = request.app[CHANNELS].mail
    if mail is None:
        raise web.HTTPNotFound
    form, settings = await form_texts(request), request.app[SETTINGS]
    try:
        address = valid_mail_address(form.get("address", ""))
    except InvalidRequestError:
        return await reach_page(request, status=422, wrong={"address": "mail_wrong"}, typed=form)
    charges = await _count_question(request)
    try:
        question = await request.app[SERVICE].confirmations.ask_by_mail(
            request[SUBSCRIBER],
            address,
            link=lambda token: settings.link(f"/confirm/{token}"),
            lang=language_of(request).value,
            asker=site_of(request),
        )
    except CapReachedError:
        return await reach_page(request, status=503, wrong={"address": "mail_late"}, typed=form)
    answer = None if question is None else await mail.post(question.letter)
    if isinstance(answer, Sent):
        return _done("mail", "mail")
    await _take_back(request, question, charges)
    if answer is None:
        return _done("mail_waits", "mail")
    status, words = (503, "mail_late") if _is_trouble(answer) else (422, "mail_refused")
    return await reach_page(request, status=status, wrong={"address": words}, typed=form)


async def show_confirmation(request: web.Request) -> web.Response:
    """`GET /confirm/{token}`: what it means, and the button; it confirms nothing."""
    reader = await subscriber_of(request)
    wanted = await request.app[SERVICE].confirmations.find(request.match_info["token"], reader)
    if wanted is None:
        return _page(request, "over")
    inbox = await request.app[SERVICE].subscribers.summary(wanted.subscriber_id)
    return _page(request, "over") if inbox is None else _page(request, "asks", address=wanted.value, inbox=inbox)


async def confirm(request: web.Request) -> web.Response:
    """`POST /confirm/{token}`: from now on messages go to the address that the link was sent to."""
    count_address(request, "confirm", request.app[SETTINGS].address_calls)
    reader = await subscriber_of(request)
    try:
        address = await request.app[SERVICE].confirmations.confirm(request.match_info["token"], reader)
    except RefusedError:
        return _page(request, "over")
    is_theirs = reader is not None and reader.id == address.subscriber_id
    return _page(request, "done", address=address.value, is_theirs=is_theirs)


async def ask_upstream(request: web.Request) -> web.Response:
    """`POST /reach/upstream` `uid=UID_…`: send a code there, to be typed in here."""
    channel = request.app[CHANNELS].upstream
    if channel is None:
        raise web.HTTPNotFound
    form, settings = await form_texts(request), request.app[SETTINGS]
    try:
        uid = valid_uid(form.get("uid", ""))
    except InvalidRequestError:
        return await reach_page(request, status=422, wrong={"uid": "upstream_wrong_uid"}, typed=form)
    charges = await _count_question(request)
    try:
        question = await request.app[SERVICE].confirmations.ask_upstream(
            request[SUBSCRIBER],
            uid,
            draft=partial(_code_draft, language_of(request), request[SUBSCRIBER].uid),
            link=settings.link("/reach?told=upstream"),
            asker=site_of(request),
        )
    except CapReachedError:
        return await reach_page(request, status=503, wrong={"uid": "upstream_late"}, typed=form)
    answer = None if question is None else await channel.send(question.notification, question.address)
    if isinstance(answer, Sent):
        return _done("upstream", "upstream")
    await _take_back(request, question, charges)
    if answer is None:
        return _done("upstream_often", "upstream")
    _is_trouble(answer)  # is logged
    status, words = (422, "upstream_gone") if isinstance(answer, Gone) else (503, "upstream_late")
    return await reach_page(request, status=status, wrong={"uid": words}, typed=form)


async def confirm_code(request: web.Request) -> web.Response:
    """`POST /reach/code` `code=123456`: from now on messages go to the UID that the code was sent to."""
    count_address(request, "code", request.app[SETTINGS].address_calls)
    count_caller(request, "code of subscriber", request[SUBSCRIBER].id, _CODES)
    form = await form_texts(request)
    code = form.get("code", "").strip()
    if await request.app[SERVICE].confirmations.confirm_code(request[SUBSCRIBER], code) is None:
        wrong = {"code": "upstream_wrong_code"}
        return await reach_page(request, status=422, told="upstream", wrong=wrong, typed=form)
    return _done("added", "addresses")


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


async def _take_back(request: web.Request, question: Asked | None, charges: Sequence[Charge]) -> None:
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


def _code_draft(language: Locale, uid: str, code: str) -> Draft:
    return make_draft(
        text(language, "upstream_message", code=code, uid=uid),
        summary=text(language, "upstream_message_summary", code=code),
    )


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
