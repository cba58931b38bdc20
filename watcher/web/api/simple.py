"""WxPusher's simple push: whoever has a subscriber's token may send, without an application."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from watcher.push.messages import MAX_SPTS, SimpleOrder
from watcher.web.api.fields import SimpleFields, fields_of_body
from watcher.web.api.query import unquoted
from watcher.web.api.send import answer_sent, digest_of, draft_of
from watcher.web.limits import count_address, count_caller
from watcher.web.settings import SERVICE, SETTINGS


async def push_from_path(request: web.Request) -> web.Response:
    """`GET /api/send/message/{SPT}/{content}`. Read from the raw path, where `%2F` is no slash yet."""
    spt, _, content = request.rel_url.raw_path.lstrip("/").split("/", 3)[3].partition("/")
    fields = SimpleFields(spt=unquoted("SPT", spt), content=unquoted("content", content.removesuffix("/")))
    return await _push(request, fields)


async def push_from_body(request: web.Request) -> web.Response:
    """`POST /api/send/message/simple-push`."""
    return await _push(request, await fields_of_body(request, SimpleFields))


async def _push(request: web.Request, fields: SimpleFields) -> web.Response:
    order = _order(request, fields)
    await _count(request, order.spts)
    return answer_sent(await request.app[SERVICE].send_simple(order))


def _order(request: web.Request, fields: SimpleFields) -> SimpleOrder:
    key = request.headers.get("Idempotency-Key")
    return SimpleOrder(
        draft=draft_of(fields),
        spts=[fields.spt, *fields.spt_list] if fields.spt else fields.spt_list,
        idempotency_key=key,
        request_digest=None if key is None else digest_of(fields),
    )


async def _count(request: web.Request, spts: Sequence[str]) -> None:
    """Count a call of each token that somebody has; where nobody has any, one of the address. Raises as those do."""
    owners = await request.app[SERVICE].owners_of_spts(spts[:MAX_SPTS])
    settings = request.app[SETTINGS]
    if spts and not owners:
        count_address(request, "wrong token", settings.address_calls)
    for owner in owners:
        count_caller(request, "spt", owner.id, settings.app_calls)
