"""Applications and topics: shown, made and changed."""

from __future__ import annotations

from datetime import timedelta

from watcher.core.push import App, AppProfile, PushTopic
from watcher.store.push.records import Slice
from watcher.web.api.v1 import nouns
from watcher.web.api.v1 import shapes as give
from watcher.web.api.v1.operation import B, Call, P
from watcher.web.api.v1.problem import missing, missing_in
from watcher.web.api.v1.requests import (
    AppChanges,
    AppDraft,
    AppPath,
    CallbackSlicing,
    Nothing,
    OfApp,
    Slicing,
    TokenReset,
    TopicChanges,
    TopicDraft,
    TopicPath,
)


async def list_apps(call: Call[Slicing, Nothing]) -> give.Page[give.Application]:
    """By id; a token of one application sees that one."""
    params = call.params
    found = await call.service.catalog.apps(
        Slice(after=params.after, limit=params.limit + 1), app_id=call.caller.app_id
    )
    return nouns.page_of(
        call, give.Page[give.Application], found, params.limit, lambda app: nouns.application(app, call.settings), _id
    )


async def add_app(call: Call[Nothing, AppDraft]) -> give.NewApplication:
    """Its token and its signing key are shown once."""
    app, token = await call.service.add_app(AppProfile(**call.body.model_dump()))
    shown = nouns.application(app, call.settings).model_dump()
    return give.NewApplication(**shown, token=token, signing_key=app.signing_key or "")


async def show_app(call: Call[AppPath, Nothing]) -> give.Application:
    """One application."""
    return nouns.application(await _known_app(call, call.params.app_id), call.settings)


async def edit_app(call: Call[AppPath, AppChanges]) -> give.Application:
    """What is absent stays."""
    app = await _known_app(call, call.params.app_id)
    return nouns.application(
        await call.service.edit_app(app.id, **call.body.model_dump(exclude_none=True)), call.settings
    )


async def reset_token(call: Call[AppPath, TokenReset]) -> give.NewToken:
    """The old one is good for the grace time; one that was replaced before dies in any case."""
    app, seconds = await _known_app(call, call.params.app_id), call.body.grace_seconds
    grace = timedelta(seconds=seconds) if seconds else None
    return give.NewToken(token=await call.service.reset_token(app.id, grace=grace))


async def reset_signing_key(call: Call[AppPath, Nothing]) -> give.NewSigningKey:
    """The old one signs nothing from now on."""
    app = await _known_app(call, call.params.app_id)
    return give.NewSigningKey(signing_key=await call.service.reset_signing_key(app.id))


async def list_callbacks(call: Call[CallbackSlicing, Nothing]) -> give.Page[give.Callback]:
    """By id, the newest or the oldest first: what its owner is told, and how far that came."""
    params = call.params
    app = await _known_app(call, params.app_id)
    cut = Slice(after=params.after, limit=params.limit + 1, is_newest_first=params.order == "newest")
    found = await call.service.catalog.callbacks(app.id, cut)
    return nouns.page_of(call, give.Page[give.Callback], found, params.limit, nouns.callback, lambda one: one.id)


async def list_topics(call: Call[OfApp, Nothing]) -> give.Page[give.Topic]:
    """By id."""
    params = call.params
    found = await call.service.catalog.topics(
        Slice(after=params.after, limit=params.limit + 1), app_id=call.app_id(params.app)
    )
    return nouns.page_of(
        call, give.Page[give.Topic], found, params.limit, lambda one: nouns.topic(one, call.settings), _id
    )


async def add_topic(call: Call[Nothing, TopicDraft]) -> give.Topic:
    """In the token's own application, else in the one named, else in the watcher's."""
    body = call.body
    app_id = call.app_id(body.app_id, "app_id")
    if app_id is not None and await call.service.catalog.app(app_id) is None:
        raise missing_in("app_id", f"application {app_id}")
    made = await call.service.add_topic(body.name, app_id=app_id, description=body.description, mode=body.mode)
    return nouns.topic(made, call.settings)


async def show_topic(call: Call[TopicPath, Nothing]) -> give.Topic:
    """One topic."""
    return nouns.topic(await _known_topic(call, call.params.topic_id), call.settings)


async def edit_topic(call: Call[TopicPath, TopicChanges]) -> give.Topic:
    """What watches.yaml declares is called as it says there."""
    topic, body = await _known_topic(call, call.params.topic_id), call.body
    edited = await call.service.edit_topic(
        topic.id, name=body.name, description=body.description, mode=body.mode, by_number=body.by_number
    )
    return nouns.topic(edited, call.settings)


async def rotate_topic(call: Call[TopicPath, Nothing]) -> give.Topic:
    """The old link, its QR code and its number lead nowhere from now on; who follows it goes on."""
    topic = await _known_topic(call, call.params.topic_id)
    return nouns.topic(await call.service.rotate_topic(topic.id), call.settings)


async def _known_app(call: Call[P, B], app_id: int) -> App:
    app = await call.service.catalog.app(app_id) if call.caller.app_id in (None, app_id) else None
    if app is None:
        raise missing()
    return app


async def _known_topic(call: Call[P, B], topic_id: int) -> PushTopic:
    topic = await call.service.catalog.topic(topic_id, app_id=call.caller.app_id)
    if topic is None:
        raise missing()
    return topic


def _id(one: App | PushTopic) -> int:
    return one.id
