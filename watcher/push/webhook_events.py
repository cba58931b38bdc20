"""
What endpoints of webhooks are told, saved in the transaction of what it tells of.

    message.sent    a message was sent: to a topic, whose own endpoints are told as well, or to people
    change          a watch found other values, or told some: the watcher's own application, by topic
    test            its owner asked for it

A body is `{"type": …, "timestamp": …, "data": …}` (Standard Webhooks). One of over BODY_BYTES says `is_cut` in its
data, and has null in place of the content, or of the values, which the API has. While too many wait for an
application's endpoints nothing more is saved for them, and what is settled keeps of its body the type alone.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from watcher.core.check import NotedEvent
from watcher.core.push import GOOD, ContentType
from watcher.core.typed_changes import change_json, moment
from watcher.core.values import Json
from watcher.core.webhooks import TEST, Webhook, WebhookEvent

if TYPE_CHECKING:
    from watcher.store.push.records import NewMessage
    from watcher.store.push.store import Transaction

BODY_BYTES: Final = 20_000
"""As the specification advises for most of them."""
_KINDS: Final = {ContentType.TEXT: "text", ContentType.HTML: "html", ContentType.MARKDOWN: "markdown"}
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""U+0000 in JSON, where it is no backslash before `u0000`: PostgreSQL reads no JSON that has it."""
_log = logging.getLogger(__name__)


def tell_sent(tx: Transaction, app_id: int, sent: Mapping[int, NewMessage], *, now: datetime) -> bool:
    """
    Tell endpoints of messages that were just sent; return whether any is told.

    Args:
        sent: by message id.
    """
    wanting = tx.webhooks.wanting(app_id, WebhookEvent.MESSAGE_SENT)
    is_told = False
    for message_id, message in sent.items():
        topic_ids = [target.topic_id for target in message.targets if target.code == GOOD and target.topic_id]
        told = [each for each in wanting if each.topic_id is None or each.topic_id in topic_ids]
        if told:
            body = _body(WebhookEvent.MESSAGE_SENT, _sent(tx, app_id, message_id, message, topic_ids), now)
            is_told |= _queue_all(tx, told, body, now)
    return is_told


def tell_change(tx: Transaction, app_id: int, noted: NotedEvent, *, now: datetime) -> bool:
    """Tell endpoints of the watcher's own application of a change; return whether any is told."""
    wanting = tx.webhooks.wanting(app_id, WebhookEvent.CHANGE)
    if not wanting:
        return False
    by_key = tx.topics.told_by_key(app_id)
    keys = {each.topic for each in noted.event.messages}
    topic_ids = {by_key[key].id for key in keys if key in by_key}
    told = [each for each in wanting if each.topic_id is None or each.topic_id in topic_ids]
    return _queue_all(tx, told, _body(WebhookEvent.CHANGE, change_json(noted), now), now)


def tell_test(tx: Transaction, webhook: Webhook, *, now: datetime) -> bool:
    """Tell an endpoint nothing but that webhooks arrive; return whether there was room for it."""
    return _queue(tx, webhook, _body(TEST, {"webhook_id": webhook.id, "app_id": webhook.app_id}, now), now)


def _sent(tx: Transaction, app_id: int, message_id: int, message: NewMessage, topic_ids: list[int]) -> dict[str, Json]:
    draft = message.draft
    return {
        "message_id": message_id,
        "app_id": app_id,
        "topics": [{"id": topic.id, "key": topic.key, "name": topic.name} for topic in tx.topics.of_ids(topic_ids)],
        "summary": draft.summary,
        "content": draft.content,
        "content_type": _KINDS[draft.content_type],
        "link": draft.url,
    }


_CUT: Final = ("content", "old", "new")


def _body(kind: str, data: dict[str, Json], now: datetime) -> str:
    body = _dumped(kind, data, now)
    if len(body.encode(errors="replace")) <= BODY_BYTES:
        return body
    without: dict[str, Json] = {name: None if name in _CUT else value for name, value in data.items()}
    return _dumped(kind, without | {"is_cut": True}, now)


def _dumped(kind: str, data: dict[str, Json], now: datetime) -> str:
    document = {"type": str(kind), "timestamp": moment(now), "data": data}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _NUL.sub(r"\1\\ufffd", body).encode(errors="replace").decode()  # half a surrogate pair is no text, either


def _queue_all(tx: Transaction, told: Sequence[Webhook], body: str, now: datetime) -> bool:
    """Queue a body for all of these; return whether there was room anywhere."""
    queued = [_queue(tx, each, body, now) for each in told]
    return any(queued)


def _queue(tx: Transaction, webhook: Webhook, body: str, now: datetime) -> bool:
    is_queued = tx.webhooks.queue(webhook, body, created_at=now, most=tx.max_callbacks)
    if not is_queued:
        _log.warning("webhook %d is not told, for too many deliveries wait (--max-callbacks)", webhook.id)
    return is_queued
