"""Messages: sent, shown with their deliveries, and deleted."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Final, Literal, Self

from msgspec.structs import replace
from pydantic import ConfigDict, FailFast, Field, model_validator

from watcher.core import push
from watcher.core.access import Scope
from watcher.core.handovers import reason_for_owner
from watcher.core.push import GOOD, App, ContentType, DeliveryState, MessageFilter, MessageReport, TargetResult
from watcher.core.settings import Settings
from watcher.push.draft import MAX_CONTENT_CHARS, MAX_SUMMARY_CHARS, MAX_URL_CHARS, make_draft
from watcher.push.repeats import request_digest
from watcher.push.sending import MAX_TOPICS, MAX_UIDS, SendRequest
from watcher.web.api.envelope import REPLAYED
from watcher.web.api.v1.models import (
    HTTP,
    KEY,
    PLAIN,
    Id,
    IdText,
    InstantText,
    Order,
    PathId,
    Request,
    Response,
    Uid,
    example,
    shown,
)
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import AppPageParams, Page, PageParams, page_of
from watcher.web.api.v1.problem import ProblemError, ProblemType, known, located, wrong_member

operations: Final = Operations()


class SendParams(Request):
    """Headers of a send."""

    idempotency_key: Annotated[
        str | None,
        Field(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=KEY,
            description="A repeat with the same key, of the same application, sends nothing and gets the first answer; "
            "another request with it is refused. Kept for at least 7 days.",
            json_schema_extra={"x-in": "header"},
        ),
    ] = None


class MessageDraft(Request):
    """A message to send, to at least one uid or topic."""

    model_config = ConfigDict(
        json_schema_extra={
            # Not both empty. As `anyOf` it would say the same, and generated clients would have two types of drafts.
            "not": {"properties": {"uids": {"maxItems": 0}, "topic_ids": {"maxItems": 0}}},
            "examples": [
                {
                    "app_id": 2,
                    "content": "**db1** is backed up",
                    "summary": "Backup done",
                    "content_type": "markdown",
                    "url": "https://example.org/backups/db1",
                    "topic_ids": [103],
                    "uids": ["UID_x"],
                }
            ],
        }
    )

    app_id: Annotated[
        Id | None, Field(description="The application that sends. May be left out with a token of one application.")
    ] = None
    content: Annotated[str, Field(min_length=1, max_length=MAX_CONTENT_CHARS, pattern=PLAIN)]
    summary: Annotated[
        str | None,
        Field(max_length=MAX_SUMMARY_CHARS, pattern=PLAIN, description="Default: the beginning of the content."),
    ] = None
    content_type: Literal["text", "html", "markdown"] = "text"
    url: Annotated[str | None, Field(max_length=MAX_URL_CHARS, pattern=HTTP)] = None
    uids: Annotated[list[Uid], FailFast()] = Field(default=[], max_length=MAX_UIDS)
    topic_ids: Annotated[list[Id], FailFast()] = Field(default=[], max_length=MAX_TOPICS)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if not self.uids and not self.topic_ids:
            raise ValueError("uids, topic_ids: both are empty; name at least one receiver")
        return self


class Target(Response):
    """The result for one target of a message: a uid, or a topic."""

    uid: str | None
    topic_id: int | None
    is_sent: bool
    send_record_id: Annotated[
        int | None, Field(description="For status queries: 1 to 2^53 - 1, in no order; null unless it was sent.")
    ]
    reason: Annotated[str | None, Field(description="Why it was not sent.")]


class Sent(Response):
    """The result of a send; a repeat with the same `Idempotency-Key` gets it again."""

    model_config = example(
        message_id=2123,
        targets=[
            {
                "uid": None,
                "topic_id": 103,
                "is_sent": True,
                "send_record_id": 7103228540961,
                "reason": None,
            }
        ],
    )

    message_id: int
    targets: Annotated[list[Target], Field(description="In the order of the request: uids, then topics.")]


@operations.add(
    "POST",
    "/messages",
    Scope.MESSAGES_SEND,
    may_miss=True,
    sends=True,
    headers={REPLAYED: "`true`: the request is a repeat, this is its first answer again, and nothing was sent."},
    location="/messages/{message_id}",
)
async def send_message(call: Call, params: SendParams, body: MessageDraft) -> Sent:
    """To its topics and to uids that follow it. If no target is valid, nothing is sent (422)."""
    sent = await call.service.messages.send_request(await _sender(call, body), _send_request(params, body))
    message_id = next((result.message_id for result in sent.results if result.message_id is not None), None)
    targets = [_target(result) for result in sent.results]
    if message_id is None:
        raise _unsent(targets, body)
    if sent.is_repeat:
        call.response_headers[REPLAYED] = "true"
    return Sent(message_id=message_id, targets=targets)


async def _sender(call: Call, body: MessageDraft) -> App:
    app_id = call.app_id(body.app_id, "#/app_id")
    if app_id is None:
        raise wrong_member("#/app_id", "needed with a token of all applications")
    return await call.app(app_id, "#/app_id")


def _send_request(params: SendParams, body: MessageDraft) -> SendRequest:
    kind = ContentType[body.content_type.upper()]
    digest = request_digest(
        body.content,
        summary=body.summary,
        content_type=kind,
        url=body.url,
        uids=body.uids,
        topic_ids=body.topic_ids,
    )
    return SendRequest(
        draft=make_draft(body.content, summary=body.summary, content_type=kind, url=body.url),
        uids=body.uids,
        topic_ids=body.topic_ids,
        idempotency_key=params.idempotency_key,
        request_digest=None if params.idempotency_key is None else digest,
    )


def _unsent(targets: list[Target], body: MessageDraft) -> ProblemError:
    errors = [located(_pointer(target, body), target.reason or "") for target in targets[:20]]
    return ProblemError(ProblemType.NO_RECEIVER, "no receiver is good, so nothing was sent", errors=errors)


def _pointer(target: Target, body: MessageDraft) -> str:
    if target.topic_id is not None:
        return f"#/topic_ids/{body.topic_ids.index(target.topic_id)}"
    return f"#/uids/{body.uids.index(target.uid or '')}"


def _target(result: TargetResult) -> Target:
    is_sent = result.code == GOOD
    return Target(
        uid=result.uid,
        topic_id=result.topic_id,
        is_sent=is_sent,
        send_record_id=result.send_record_id,
        reason=None if is_sent else result.status,
    )


class MessagePath(Request):
    """Which message."""

    message_id: Annotated[PathId, Field(description="Its id.")]


class MessageListParams(AppPageParams):
    """Which page of which messages."""

    topic: Annotated[IdText | None, Field(description="Only those that were sent to this topic.")] = None
    since: Annotated[InstantText | None, Field(description="Only those sent at this time or later.")] = None
    until: Annotated[InstantText | None, Field(description="Only those sent before this time.")] = None
    state: Annotated[
        Literal["queued", "sent", "shown", "opened", "failed"] | None,
        Field(description="Only those of which at least one delivery is in this state."),
    ] = None
    order: Order = "oldest"

    def filter(self, app_id: int | None) -> MessageFilter:
        """Return what to ask for, of one application or of all."""
        state = None if self.state is None else DeliveryState(self.state)
        return MessageFilter(app_id=app_id, topic_id=self.topic, since=self.since, until=self.until, state=state)


class Counts(Response):
    """How many deliveries of a message are in which state. A subscriber counts once for each channel that was tried."""

    queued: int
    sent: int
    shown: int
    opened: int
    failed: int


class Message(Response):
    """A message, and the states of its deliveries."""

    model_config = example(
        id=2123,
        app_id=2,
        topic="Nightly backups",
        summary="Backup done",
        content="**db1** is backed up",
        content_type="markdown",
        url="https://example.org/backups/db1",
        page="https://push.example.org/m/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
        created_at="2026-11-24T09:30:00Z",
        deliveries={"queued": 0, "sent": 2, "shown": 0, "opened": 1, "failed": 0},
    )

    id: int
    app_id: int
    topic: Annotated[str | None, Field(description="The name of the first topic that it was sent to.")]
    summary: str
    content: str
    content_type: Annotated[str, Field(description="text, html or markdown")]
    url: str | None
    page: Annotated[str, Field(description="Where people read it.")]
    created_at: datetime
    deliveries: Counts


@operations.add("GET", "/messages", Scope.MESSAGES_READ, may_miss=True)
async def list_messages(call: Call, params: MessageListParams) -> Page[Message]:
    """Sorted by id, oldest or newest first, without deleted ones; several filters narrow each other down."""
    cut = params.slice(is_newest_first=params.order == "newest")
    found = await call.service.messages.slice(cut, params.filter(call.app_id(params.app)))
    return page_of(
        call,
        Page[Message],
        found,
        params.limit,
        lambda report: _message(report, call.settings),
        lambda report: report.message.id,
    )


@operations.add("GET", "/messages/{message_id}", Scope.MESSAGES_READ)
async def show_message(call: Call, params: MessagePath) -> Message:
    """One message."""
    return _message(await _known(call, params), call.settings)


@operations.add("DELETE", "/messages/{message_id}", Scope.MESSAGES_SEND)
async def delete_message(call: Call, params: MessagePath) -> None:
    """Nobody sees it any more; its idempotency key stays in use."""
    report = await _known(call, params)
    app = await call.service.apps.of_id(report.message.app_id)
    if app is not None:
        await call.service.messages.delete(app, report.message.id)


async def _known(call: Call, params: MessagePath) -> MessageReport:
    return known(await call.service.messages.report(params.message_id, app_id=call.caller.app_id))


def _message(report: MessageReport, settings: Settings) -> Message:
    sent, draft = report.message, report.message.draft
    return shown(
        Message,
        draft,
        id=sent.id,
        app_id=sent.app_id,
        topic=sent.topic,
        content_type=draft.content_type.name.lower(),
        page=settings.link(f"/m/{sent.slug}"),
        created_at=sent.created_at,
        deliveries=shown(Counts, report.deliveries),
    )


class DeliveryListParams(MessagePath, PageParams):
    """A message, and which page of its deliveries."""


class Delivery(Response):
    """
    One message to one subscriber over one channel.

    Each has the inbox; other channels follow one after the other, as long as the message was not shown.
    """

    model_config = example(
        id=41,
        uid="UID_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
        channel="webpush",
        state="failed",
        reason="the browser said no",
        sent_at=None,
        shown_at=None,
        opened_at=None,
    )

    id: int
    uid: str
    channel: Annotated[str, Field(description="inbox, webpush, wechat, …")]
    state: DeliveryState
    reason: Annotated[str | None, Field(description="Why it failed; a channel's own words to the operator alone.")]
    sent_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None


@operations.add("GET", "/messages/{message_id}/deliveries", Scope.MESSAGES_READ)
async def list_deliveries(call: Call, params: DeliveryListParams) -> Page[Delivery]:
    """Sorted by id: to whom the message went over which channel, and the state of each."""
    report = await _known(call, params)
    found = await call.service.deliveries.slice(report.message.id, params.slice())
    return page_of(call, Page[Delivery], found, params.limit, partial(_delivery, call), lambda one: one.id)


def _delivery(call: Call, found: push.Delivery) -> Delivery:
    if call.is_owners and found.reason is not None:
        found = replace(found, reason=reason_for_owner(found.reason))
    return shown(Delivery, found)
