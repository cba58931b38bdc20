"""Messages: sent, shown with their deliveries, and deleted."""

from __future__ import annotations

from watcher.core.push import App, ContentType, MessageReport
from watcher.push.draft import make_draft
from watcher.push.messages import Order
from watcher.push.repeats import request_digest
from watcher.store.push.records import Slice
from watcher.web.api.envelope import REPLAYED
from watcher.web.api.v1 import nouns
from watcher.web.api.v1 import shapes as give
from watcher.web.api.v1.operation import Call, Told
from watcher.web.api.v1.problem import ProblemError, missing, missing_in
from watcher.web.api.v1.requests import (
    DeliverySlicing,
    MessageDraft,
    MessagePath,
    MessageSlicing,
    Nothing,
    SendParameters,
)


async def send(call: Call[SendParameters, MessageDraft]) -> give.Sent | Told[give.Sent]:
    """To uids that follow the application and to its topics. Sent if one target is good; else 422, and nothing was."""
    sent = await call.service.send_order(await _sender(call), _order(call.params, call.body))
    message_id = next((result.message_id for result in sent.results if result.message_id is not None), None)
    targets = [nouns.target(result) for result in sent.results]
    if message_id is None:
        raise _unsent(targets)
    answer = give.Sent(message_id=message_id, targets=targets)
    return Told(answer=answer, headers={REPLAYED: "true"}) if sent.is_repeat else answer


def _order(params: SendParameters, body: MessageDraft) -> Order:
    kind = ContentType[body.content_type.upper()]
    digest = request_digest(
        body.content,
        summary=body.summary,
        content_type=kind,
        url=body.url,
        uids=body.uids,
        topic_ids=body.topic_ids,
    )
    return Order(
        draft=make_draft(body.content, summary=body.summary, content_type=kind, url=body.url),
        uids=body.uids,
        topic_ids=body.topic_ids,
        idempotency_key=params.idempotency_key,
        request_digest=None if params.idempotency_key is None else digest,
    )


async def list_messages(call: Call[MessageSlicing, Nothing]) -> give.Page[give.Message]:
    """By id, the oldest or the newest first; deleted ones are not there."""
    params = call.params
    cut = Slice(after=params.after, limit=params.limit + 1, is_newest_first=params.order == "newest")
    found = await call.service.catalog.messages(cut, app_id=call.app_id(params.app))
    return nouns.page_of(
        call,
        give.Page[give.Message],
        found,
        params.limit,
        lambda report: nouns.message(report, call.settings),
        lambda report: report.message.id,
    )


async def show_message(call: Call[MessagePath, Nothing]) -> give.Message:
    """One message."""
    report = await call.service.catalog.message(call.params.message_id, app_id=call.caller.app_id)
    return nouns.message(_there(report), call.settings)


async def list_deliveries(call: Call[DeliverySlicing, Nothing]) -> give.Page[give.Delivery]:
    """By id: to whom it went over which channel, and how far it came."""
    params = call.params
    report = _there(await call.service.catalog.message(params.message_id, app_id=call.caller.app_id))
    cut = Slice(after=params.after, limit=params.limit + 1)
    found = await call.service.catalog.deliveries(report.message.id, cut)
    return nouns.page_of(call, give.Page[give.Delivery], found, params.limit, nouns.delivery, lambda one: one.id)


async def delete_message(call: Call[MessagePath, Nothing]) -> None:
    """It is gone for everybody; its idempotency key stays."""
    report = _there(await call.service.catalog.message(call.params.message_id, app_id=call.caller.app_id))
    app = await call.service.catalog.app(report.message.app_id)
    if app is not None:
        await call.service.delete_message(app, report.message.id)


async def _sender(call: Call[SendParameters, MessageDraft]) -> App:
    app_id = call.app_id(call.body.app_id, "app_id")
    if app_id is None:
        problem = "needed with a token of all applications"
        raise ProblemError(422, f"app_id: {problem}", errors=[give.FieldProblem(field="app_id", problem=problem)])
    app = await call.service.catalog.app(app_id)
    if app is None:
        raise missing_in("app_id", f"application {app_id}")
    return app


def _unsent(targets: list[give.Target]) -> ProblemError:
    errors = [
        give.FieldProblem(
            field=f"uids: {target.uid}" if target.uid else f"topic_ids: {target.topic_id}", problem=target.reason or ""
        )
        for target in targets[:20]
    ]
    return ProblemError(422, "no receiver is good, so nothing was sent", errors=errors)


def _there(report: MessageReport | None) -> MessageReport:
    if report is None:
        raise missing()
    return report
