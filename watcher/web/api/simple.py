"""WxPusher's simple push: whoever has a subscriber's token may send, without an application."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from aiohttp import web

from watcher.core.push import Draft
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.draft import make_draft
from watcher.push.ids import hash_token
from watcher.web.api.envelope import succeeded
from watcher.web.api.fields import simple_fields_of_body
from watcher.web.api.send import result_element
from watcher.web.limits import address_of, count_call
from watcher.web.settings import SERVICE, SETTINGS


async def push_from_path(request: web.Request) -> web.Response:
    """`GET /api/send/message/{SPT}/{content}`. Read from the raw path, where `%2F` is no slash yet."""
    spt, _, content = request.rel_url.raw_path.split("/", 4)[4].partition("/")
    return await _push(request, [_decoded("SPT", spt)], make_draft(_decoded("content", content.removesuffix("/"))))


async def push_from_body(request: web.Request) -> web.Response:
    """`POST /api/send/message/simple-push`."""
    fields = simple_fields_of_body(await request.read(), request.content_type)
    spts = [fields.spt, *fields.spt_list] if fields.spt else fields.spt_list
    draft = make_draft(fields.content, summary=fields.summary, content_type=fields.content_type, url=fields.url)
    return await _push(request, spts, draft)


async def _push(request: web.Request, spts: Sequence[str], draft: Draft) -> web.Response:
    settings = request.app[SETTINGS]
    for spt in dict.fromkeys(spts):
        count_call(request, ("spt", hash_token(spt)), settings.app_calls)
    try:
        results = await request.app[SERVICE].send_simple(
            spts, draft, idempotency_key=request.headers.get("Idempotency-Key")
        )
    except RefusedError:
        count_call(request, ("wrong token", address_of(request)), settings.address_calls)
        raise
    return succeeded([result_element(result) for result in results])


def _decoded(field: str, segment: str) -> str:
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidRequestError(f"{field}: not UTF-8 behind its percent signs") from error
