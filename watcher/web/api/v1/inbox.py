"""The inbox for scripts that run on the subscriber's device, older than the rest: it answers in WxPusher's envelope."""

from __future__ import annotations

import re
from typing import Annotated, Final

from aiohttp import web
from pydantic import Field

from watcher.core import push
from watcher.core.instants import epoch_milliseconds
from watcher.core.push import DeliveryState
from watcher.core.settings import Settings
from watcher.errors import InvalidRequestError
from watcher.web.api.envelope import succeeded
from watcher.web.api.v1.models import FROM_TEXT, MAX_ID, Request, Response, example
from watcher.web.api.v1.operation import Operation
from watcher.web.keys import SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_address

_ITEM_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


class InboxParams(Request):
    """Which items of the inbox."""

    since: Annotated[
        Annotated[int, Field(ge=0, le=MAX_ID)],
        FROM_TEXT,
        Field(description="Id of the last known item."),
    ] = 0


class InboxItem(Response):
    """A message in the inbox of this device."""

    id: int
    state: DeliveryState
    app: str
    topic: str | None
    summary: str
    content: str
    contentType: Annotated[int, Field(description="1 text, 2 HTML, 3 markdown")]  # noqa: N815 as it is sent
    url: str | None
    page: str
    createTime: Annotated[int, Field(description="Milliseconds since 1970.")]  # noqa: N815 as it is sent


class InboxAnswer(Response):
    """WxPusher's envelope around the items; without a known device `code` is 1002 and there is no data."""

    model_config = example(
        code=1000,
        msg="处理成功",
        data=[
            {
                "id": 17,
                "state": "sent",
                "app": "Backups",
                "topic": "Nightly backups",
                "summary": "Backup done",
                "content": "db1 is backed up",
                "contentType": 1,
                "url": "https://example.org/backups/db1",
                "page": "https://push.example.org/m/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
                "createTime": 1795512600000,
            }
        ],
        success=True,
    )

    code: int
    msg: str
    data: list[InboxItem] | None
    success: bool


async def list_inbox(request: web.Request) -> web.Response:
    """`GET /api/v1/inbox?since=`: up to 100 items with an id above `since`, oldest first."""
    count_address(request, "inbox", request.app[SETTINGS].address_calls)
    since = request.query.get("since") or "0"
    if not _ITEM_ID.fullmatch(since):
        raise InvalidRequestError("give the id of the last item you have", field="since")
    items = await request.app[SERVICE].inbox.items(request[SUBSCRIBER], after=int(since), limit=100)
    return succeeded([_item(item, request.app[SETTINGS]).model_dump(mode="json") for item in items])


def _item(item: push.InboxItem, settings: Settings) -> InboxItem:
    message, draft = item.message, item.message.draft
    return InboxItem(
        id=item.id,
        state=item.state,
        app=message.app_name,
        topic=message.topic,
        summary=draft.summary,
        content=draft.content,
        contentType=draft.content_type.value,
        url=draft.url,
        page=settings.link(f"/m/{message.slug}"),
        createTime=epoch_milliseconds(message.created_at),
    )


INBOX: Final = Operation(
    id="list_inbox",
    method="GET",
    path="/inbox",
    description="Oldest first, at most 100 items: ask again with the id of the last one.",
    scope=None,
    params=InboxParams,
    response=InboxAnswer,
    status=200,
    handle=list_inbox,
)
"""Here to be documented: its route, for who has a device's cookie, is in `web/routes.py`."""
