"""WxPusher's simple push: whoever has a subscriber's token may send, without an application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from aiohttp import web
from pydantic import AfterValidator, Field

from watcher.errors import RefusedError
from watcher.push.sending import MAX_SPTS, NOBODYS_SPT, SimpleSendRequest
from watcher.web.api.fields import Fields, Text, Texts, body_of
from watcher.web.api.query import unquoted
from watcher.web.api.send import MessageFields, answer_sent, digest_of, draft_of
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_caller

_MAX_SPT_BYTES: Final = 2_000
"""Of a token, and of a list of them."""


class SptFields(Fields):
    """Whose holder asks for a simple push."""

    spt: Annotated[Text, AfterValidator(str.strip)] = ""
    spt_list: Texts = Field(default_factory=list)


async def push_from_path(request: web.Request) -> web.Response:
    """`GET /api/send/message/{SPT}/{content}`. Read from the raw path, where `%2F` is no slash yet."""
    spt, _, content = request.rel_url.raw_path.lstrip("/").split("/", 3)[3].partition("/")
    spts = [unquoted("SPT", spt).strip()]
    await _count(request, spts)
    return await _push(request, spts, MessageFields(content=unquoted("content", content.removesuffix("/"))))


async def push_from_body(request: web.Request) -> web.Response:
    """`POST /api/send/message/simple-push`."""
    body = await body_of(request)
    holder = body.fields(SptFields, most_bytes=_MAX_SPT_BYTES)
    spts = [holder.spt, *holder.spt_list] if holder.spt else holder.spt_list
    await _count(request, spts)
    return await _push(request, spts, body.fields(MessageFields))


async def _push(request: web.Request, spts: Sequence[str], fields: MessageFields) -> web.Response:
    key = request.headers.get("Idempotency-Key")
    asked = SimpleSendRequest(
        draft=draft_of(fields),
        spts=spts,
        idempotency_key=key,
        request_digest=None if key is None else digest_of(fields),
    )
    return answer_sent(await request.app[SERVICE].messages.send_simple(asked))


async def _count(request: web.Request, spts: Sequence[str]) -> None:
    """
    Count a call of each token that somebody has; where nobody has any, one of the address.

    Raises RefusedError where nobody has any of them, and as counting does.
    """
    # A list that is longer is refused later, before it is looked at.
    owners = await request.app[SERVICE].subscribers.of_spts(spts[:MAX_SPTS])
    settings = request.app[SETTINGS]
    if spts and not owners:
        count_address(request, "wrong token", settings.address_calls)
        raise RefusedError(NOBODYS_SPT)
    for owner in owners:
        count_caller(request, "spt", owner.id, settings.app_calls)
