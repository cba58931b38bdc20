"""WxPusher's simple push: whoever has a subscriber's token may send, without an application."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from watcher.core.push import Draft
from watcher.errors import RefusedError
from watcher.push.draft import make_draft
from watcher.push.ids import hash_token
from watcher.push.messages import MAX_SPTS
from watcher.web.api.envelope import succeeded
from watcher.web.api.fields import SimpleFields, fields_of_body
from watcher.web.api.query import unquoted
from watcher.web.api.send import result_element
from watcher.web.limits import address_of, count_call
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
    settings = request.app[SETTINGS]
    # A list that is longer is refused below, before it is looked at.
    for spt in dict.fromkeys(spts[:MAX_SPTS]):
        count_call(request, ("spt", hash_token(spt)), settings.app_calls)
    try:
        results = await request.app[SERVICE].send_simple(
            spts, draft, idempotency_key=request.headers.get("Idempotency-Key")
        )
    except RefusedError:
        count_call(request, ("wrong token", address_of(request)), settings.address_calls)
        raise
    return succeeded([result_element(result) for result in results])
