"""WxPusher's routes of an application: send, delete, and the status of a send."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import unquote

from aiohttp import web
from pydantic import AfterValidator, Field

from watcher.core.push import App, Draft, SendStatus, TargetResult
from watcher.core.values import Json
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.actor import acting_for
from watcher.push.draft import make_draft
from watcher.push.repeats import request_digest
from watcher.push.sending import SendOutcome, SendRequest
from watcher.web.api.envelope import repeated, succeeded
from watcher.web.api.fields import Fields, Integer, Integers, Text, Texts, body_of, checked
from watcher.web.api.query import escaped_query, needed_integer_of, text_of, unquoted
from watcher.web.api.sender import asker_of, sender_of
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address

_STATUS_TEXTS = {
    SendStatus.WAITING: "等待发送",
    SendStatus.SENDING: "发送中",
    SendStatus.SENT: "发送成功",
    SendStatus.FAILED: "发送失败",
}
_RECORD_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_TEXT: Final = 1


def _text_unless_0(value: int) -> int:
    return value or _TEXT


def _decoded(url: str) -> str:
    """Return the URL; one real client percent-encodes it twice."""
    return unquote(url) if url.lower().startswith(("http%3a", "https%3a")) else url


class MessageFields(Fields):
    """What a message consists of."""

    content: Text = ""
    summary: Text = ""
    content_type: Annotated[Integer, AfterValidator(_text_unless_0)] = _TEXT
    url: Annotated[Text, AfterValidator(_decoded)] = ""


class SendFields(MessageFields):
    """What a send asks for."""

    topic_ids: Integers = Field(default_factory=list)
    uids: Texts = Field(default_factory=list)


async def send_from_body(request: web.Request) -> web.Response:
    """`POST /api/send/message`."""
    body = await body_of(request)
    app = await sender_of(request, body.token("appToken"))
    return await _send(request, app, body.fields(SendFields))


async def send_from_query(request: web.Request) -> web.Response:
    """`GET /api/send/message`."""
    query = escaped_query(request)
    app = await sender_of(request, unquoted("appToken", query.get("appToken", "")))
    return await _send(request, app, _fields_of_query({name: unquoted(name, text) for name, text in query.items()}))


def _fields_of_query(query: Mapping[str, str]) -> SendFields:
    """Return the fields of the GET route: text only, one uid or one topic."""
    fields: dict[str, Json] = {key: query.get(key) for key in ("content", "summary", "url")}
    return checked(SendFields, fields | {"uids": [query.get("uid")], "topicIds": [query.get("topicId")]})


async def _send(request: web.Request, app: App, fields: SendFields) -> web.Response:
    asked = _send_request(request, fields)
    with acting_for(app):
        return answer_sent(await request.app[SERVICE].messages.send_request(app, asked))


def _send_request(request: web.Request, fields: SendFields) -> SendRequest:
    key = request.headers.get("Idempotency-Key")
    return SendRequest(
        draft=draft_of(fields),
        uids=fields.uids,
        topic_ids=fields.topic_ids,
        idempotency_key=key,
        request_digest=None if key is None else digest_of(fields, uids=fields.uids, topic_ids=fields.topic_ids),
    )


async def delete_message(request: web.Request) -> web.Response:
    """`DELETE /api/send/message`: the message is gone for everybody; again is no error."""
    app = await asker_of(request, text_of(request, "appToken"))
    message_id = needed_integer_of(request, "messageContentId")
    with acting_for(app):
        is_deleted = await request.app[SERVICE].messages.delete(app, message_id)
    if not is_deleted:
        raise RefusedError("消息不存在 · messageContentId: no message of this application")
    return succeeded(True)


def draft_of(fields: MessageFields) -> Draft:
    """Return the message that a request asks for. Raises a PushError."""
    return make_draft(fields.content, summary=fields.summary, content_type=fields.content_type, url=fields.url)


def digest_of(fields: MessageFields, *, uids: Sequence[str] = (), topic_ids: Sequence[int] = ()) -> str:
    """Return the digest by which a repeat of the request is recognised."""
    return request_digest(
        fields.content,
        summary=fields.summary,
        content_type=fields.content_type,
        url=fields.url,
        uids=uids,
        topic_ids=topic_ids,
    )


def answer_sent(sent: SendOutcome) -> web.Response:
    """Return the answer to a send."""
    answer = succeeded([result_element(result) for result in sent.results])
    return repeated(answer) if sent.is_repeat else answer


def result_element(result: TargetResult) -> Json:
    """Return the result for one target, as the answer to a send has it."""
    return {
        "uid": result.uid,
        "topicId": result.topic_id,
        "messageId": result.send_record_id,  # WxPusher's old name of the same number
        "messageContentId": result.message_id,
        "sendRecordId": result.send_record_id,
        "code": result.code,
        "status": result.status,
    }


async def query_status(request: web.Request) -> web.Response:
    """`GET /api/send/query/status?sendRecordId=` and the old `GET /api/send/query/{messageId}`."""
    count_address(request, "status", request.app[SETTINGS].address_calls)
    asked = request.match_info.get("send_record_id", request.query.get("sendRecordId", ""))
    if not _RECORD_ID.fullmatch(asked):
        raise InvalidRequestError("give the number that the send returned", field="sendRecordId")
    status = await request.app[SERVICE].deliveries.status(int(asked))
    if status is None:
        raise RefusedError("消息不存在")
    return succeeded(status.value, msg=_STATUS_TEXTS[status])
