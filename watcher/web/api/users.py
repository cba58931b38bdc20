"""WxPusher's routes about those who follow an application and its topics, and about what they paid: nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from aiohttp import web

from watcher.core.instants import epoch_milliseconds
from watcher.core.push import App, Subscription, SubscriptionState
from watcher.core.values import Json
from watcher.errors import RefusedError
from watcher.push.actor import acting_for
from watcher.web.api.envelope import succeeded
from watcher.web.api.query import boolean_of, integer_of, needed_integer_of, text_of
from watcher.web.api.sender import asker_of
from watcher.web.keys import SERVICE

_MAX_PAGE_SIZE: Final = 100
_APP, _TOPIC = 0, 1
_KNOWN: Final = (SubscriptionState.FOLLOWING, SubscriptionState.REJECTED)
"""Who waits for approval is no user yet."""


async def list_users(request: web.Request) -> web.Response:
    """`GET /api/fun/wxuser/v2`: who follows the application and its topics, oldest first."""
    app = await asker_of(request, text_of(request, "appToken"))
    to_topics, states = _to_topics(integer_of(request, "type")), _states(boolean_of(request, "isBlock"))
    return await _list(request, app, _record, to_topics=to_topics, states=states)


async def list_users_v1(request: web.Request) -> web.Response:
    """`GET /api/fun/wxuser`: who follows the application itself, for old clients."""
    app = await asker_of(request, text_of(request, "appToken"))
    return await _list(request, app, _record_v1, to_topics=False, states=_KNOWN)


async def _list(
    request: web.Request,
    app: App,
    record: Callable[[Subscription], Json],
    *,
    to_topics: bool | None,
    states: Collection[SubscriptionState],
) -> web.Response:
    page, page_size = _page_of(request)
    found = await request.app[SERVICE].subscriptions.page(
        app_id=app.id,
        uid=text_of(request, "uid") or None,
        to_topics=to_topics,
        states=states,
        page=page,
        page_size=page_size,
    )
    records = [record(subscription) for subscription in found.subscriptions]
    return succeeded({"total": found.total, "page": page, "pageSize": page_size, "records": records})


async def remove_user(request: web.Request) -> web.Response:
    """`DELETE /api/fun/remove`: end a subscription; the user may follow again."""
    app = await asker_of(request, text_of(request, "appToken"))
    subscription_id = needed_integer_of(request, "id")
    with acting_for(app):
        await request.app[SERVICE].subscriptions.remove(subscription_id, app_id=app.id)
    return succeeded("删除成功")


async def reject_user(request: web.Request) -> web.Response:
    """`PUT /api/fun/reject`: a rejected user gets nothing and cannot follow again, until that is taken back."""
    app = await asker_of(request, text_of(request, "appToken"))
    subscription_id, is_rejected = needed_integer_of(request, "id"), boolean_of(request, "reject")
    if is_rejected is None:
        raise RefusedError("missing; it is true or false", field="reject")
    with acting_for(app):
        await request.app[SERVICE].subscriptions.reject(subscription_id, is_rejected=is_rejected, app_id=app.id)
    return succeeded("删除成功")  # as the vendor documents it, for both


async def query_pay_end_time(_request: web.Request) -> web.Response:
    """`GET /api/product/query-pay-end-time`: we sell nothing, so nobody has paid."""
    return succeeded([])


def _page_of(request: web.Request) -> tuple[int, int]:
    page, page_size = integer_of(request, "page"), integer_of(request, "pageSize")
    page, page_size = 1 if page is None else page, _MAX_PAGE_SIZE if page_size is None else page_size
    if page < 1:
        raise RefusedError(f"{page}; pages count from 1", field="page")
    if not 1 <= page_size <= _MAX_PAGE_SIZE:
        raise RefusedError(f"{page_size}; 1 to {_MAX_PAGE_SIZE}", field="pageSize")
    return page, page_size


def _to_topics(kind: int | None) -> bool | None:
    if kind not in (None, _APP, _TOPIC):
        raise RefusedError(f"{kind}; it is 0 (application) or 1 (topic)", field="type")
    return None if kind is None else kind == _TOPIC


def _states(is_blocked: bool | None) -> tuple[SubscriptionState, ...]:
    if is_blocked is None:
        return _KNOWN
    return (SubscriptionState.REJECTED if is_blocked else SubscriptionState.FOLLOWING,)


def _record(subscription: Subscription) -> Json:
    is_topic = subscription.topic_id is not None
    return {
        "uid": subscription.subscriber.uid,
        "appOrTopicId": subscription.topic_id if is_topic else subscription.app_id,
        "headImg": "",
        "createTime": epoch_milliseconds(subscription.created_at),
        "nickName": subscription.subscriber.nickname,
        "reject": subscription.state is SubscriptionState.REJECTED,
        "id": subscription.id,
        "type": _TOPIC if is_topic else _APP,
        "target": subscription.place,
        "payEndTime": 0,
        "enable": subscription.is_enabled,
        "name": subscription.place,
    }


def _record_v1(subscription: Subscription) -> Json:
    return {
        "uid": subscription.subscriber.uid,
        # Old clients know no block list: this is whether a message would reach the user.
        "enable": subscription.is_enabled and subscription.state is SubscriptionState.FOLLOWING,
        "headImg": "",
        "createTime": epoch_milliseconds(subscription.created_at),
        "nickName": subscription.subscriber.nickname,
    }
