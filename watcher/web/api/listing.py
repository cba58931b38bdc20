"""WxPusher's routes as `/docs` lists them; docs/api.md shows each with its answer."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class ListedRoute(Struct, frozen=True, kw_only=True):
    """
    One of WxPusher's routes.

    Attributes:
        name: of its words in the translations (`wxpusher_…`), and of its place on the page.
        opened_by: what a caller shows: `appToken`, `spt`, or nothing.
        example: the query or the body to send; empty where the address says all.
    """

    name: str
    method: str
    path: str
    opened_by: str = ""
    example: str = ""


WXPUSHER: Final = (
    ListedRoute(
        name="send",
        method="POST",
        path="/api/send/message",
        opened_by="appToken",
        example='{"appToken": "AT_…", "content": "<b>db1</b> is backed up", "contentType": 2, "topicIds": [103]}',
    ),
    ListedRoute(
        name="send_by_get",
        method="GET",
        path="/api/send/message",
        opened_by="appToken",
        example="?appToken=AT_…&content=Backup%20done&topicId=103",
    ),
    ListedRoute(
        name="simple",
        method="POST",
        path="/api/send/message/simple-push",
        opened_by="spt",
        example='{"content": "# Hello", "contentType": 3, "spt": "SPT_…"}',
    ),
    ListedRoute(
        name="simple_by_get",
        method="GET",
        path="/api/send/message/{spt}/{content}",
        opened_by="spt",
        example="/api/send/message/SPT_…/Hello%20there",
    ),
    ListedRoute(name="status", method="GET", path="/api/send/query/status", example="?sendRecordId=4711"),
    ListedRoute(name="status_before", method="GET", path="/api/send/query/{send_record_id}"),
    ListedRoute(
        name="delete",
        method="DELETE",
        path="/api/send/message",
        opened_by="appToken",
        example="?messageContentId=2123&appToken=AT_…",
    ),
    ListedRoute(
        name="create_code",
        method="POST",
        path="/api/fun/create/qrcode",
        opened_by="appToken",
        example='{"appToken": "AT_…", "extra": "order 7", "validTime": 1800}',
    ),
    ListedRoute(name="query_scan", method="GET", path="/api/fun/scan-qrcode-uid", example="?code=CODE"),
    ListedRoute(name="picture", method="GET", path="/api/qrcode/{code}.jpg"),
    ListedRoute(
        name="users",
        method="GET",
        path="/api/fun/wxuser/v2",
        opened_by="appToken",
        example="?appToken=AT_…&page=1&pageSize=10&type=0",
    ),
    ListedRoute(
        name="users_before",
        method="GET",
        path="/api/fun/wxuser",
        opened_by="appToken",
        example="?appToken=AT_…&page=1&pageSize=10",
    ),
    ListedRoute(
        name="reject",
        method="PUT",
        path="/api/fun/reject",
        opened_by="appToken",
        example="?appToken=AT_…&id=17&reject=true",
    ),
    ListedRoute(
        name="remove", method="DELETE", path="/api/fun/remove", opened_by="appToken", example="?appToken=AT_…&id=17"
    ),
    ListedRoute(name="payments", method="GET", path="/api/product/query-pay-end-time", example="?appToken=AT_…"),
)
