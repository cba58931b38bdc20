"""WxPusher's simple push: whoever has a subscriber's token may send, without an application."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from watcher.core.push import Draft
from watcher.push.draft import make_draft
from watcher.push.messages import MAX_SPTS
from watcher.web.api.envelope import succeeded
from watcher.web.api.fields import SimpleFields, fields_of_body
from watcher.web.api.query import unquoted
from watcher.web.api.send import result_element
from watcher.web.limits import count_address, count_caller
from watcher.web.settings import SERVICE, SETTINGS


async def push_from_path(request: web.Request) -> web.Response:
    """`GET /api/send/message/{SPT}/{content}`. Read from the raw path, where `%2F` is no slash yet."""
    spt, _, content = request.rel_url.raw_path.lstrip("/").split("/", 3)[3].partition("/")
    return await _push(request, [unquoted("SPT", spt)], make_draft(unquoted("content", content.removesuffix("/"))))


async def push_from_body(request: web.Request) -> web.Response:
    """`POST /api/send/message/simple-push`."""
    fields = await fields_of_body(request, SimpleFields)
    spts = [fields.spt, *fields.spt_list] if fields.spt else fields.spt_list
    draft = make_draft(fields.content, summary=fields.summary, content_type=fields.content_type, url=fields.url)
    return await _push(request, spts, draft)


async def _push(request: web.Request, spts: Sequence[str], draft: Draft) -> web.Response:
    await _count(request, spts)
    results = await request.app[SERVICE].send_simple(
        spts, draft, idempotency_key=request.headers.get("Idempotency-Key")
    )
    return succeeded([result_element(result) for result in results])


async def _count(request: web.Request, spts: Sequence[str]) -> None:
    """Count a call of each token that somebody has; where nobody has any, one of the address. Raises as those do."""
    # A list that is longer is refused before it is looked at.
    owners = await request.app[SERVICE].owners_of_spts(spts[:MAX_SPTS])
    settings = request.app[SETTINGS]
    if spts and not owners:
        count_address(request, "wrong token", settings.address_calls)
    for owner in owners:
        count_caller(request, "spt", owner.id, settings.app_calls)
