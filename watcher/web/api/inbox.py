"""The inbox for scripts that run on the subscriber's device."""

from __future__ import annotations

import re

from aiohttp import web

from watcher.core.instants import epoch_milliseconds
from watcher.core.push import InboxItem
from watcher.core.values import Json
from watcher.errors import InvalidRequestError
from watcher.web.api.envelope import succeeded
from watcher.web.limits import count_address
from watcher.web.settings import SERVICE, SETTINGS, SUBSCRIBER, WebSettings

_ITEM_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


async def list_inbox(request: web.Request) -> web.Response:
    """`GET /api/v1/inbox?since=`: up to 100 items with an id above `since`, oldest first."""
    count_address(request, "inbox", request.app[SETTINGS].address_calls)
    since = request.query.get("since") or "0"
    if not _ITEM_ID.fullmatch(since):
        raise InvalidRequestError("since: give the id of the last item you have")
    items = await request.app[SERVICE].inbox(request[SUBSCRIBER], after=int(since), limit=100)
    return succeeded([_element(item, request.app[SETTINGS]) for item in items])


def _element(item: InboxItem, settings: WebSettings) -> Json:
    message, draft = item.message, item.message.draft
    return {
        "id": item.id,
        "state": item.state.value,
        "app": message.app_name,
        "topic": message.topic,
        "summary": draft.summary,
        "content": draft.content,
        "contentType": draft.content_type.value,
        "url": draft.url,
        "page": settings.link(f"/m/{message.slug}"),
        "createTime": epoch_milliseconds(message.created_at),
    }
