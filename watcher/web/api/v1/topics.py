"""Topics: shown, made and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from watcher.core.access import Scope
from watcher.core.push import PushTopic, TopicMode
from watcher.core.settings import Settings
from watcher.web.api.v1.models import (
    BY_NUMBER,
    Changes,
    Id,
    Name,
    Note,
    PathId,
    Request,
    Response,
    example,
    example_of_changes,
    shown,
)
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import AppPageParams, Page, page_of
from watcher.web.api.v1.problem import ProblemError, ProblemType, known

operations: Final = Operations()


class TopicPath(Request):
    """Which topic."""

    topic_id: Annotated[PathId, Field(description="Its id.")]


class TopicDraft(Request):
    """A topic to create."""

    model_config = example(app_id=2, name="Nightly backups", mode="approval")

    app_id: Annotated[Id | None, Field(description="Default: the token's own application, else the watcher's.")] = None
    name: Name
    description: Note = ""
    mode: TopicMode = TopicMode.OPEN


class TopicChanges(Changes):
    """The fields of a topic to change."""

    model_config = example_of_changes(mode="open", by_number=True)

    name: Name | None = None
    description: Note | None = None
    mode: TopicMode | None = None
    by_number: Annotated[bool | None, Field(description=BY_NUMBER.format(type=2))] = None


class Topic(Response):
    """A topic of an application, which people follow."""

    model_config = example(
        id=103,
        app_id=2,
        key=None,
        name="Nightly backups",
        description="",
        mode="open",
        subscribers=3,
        link="https://push.example.org/t/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
        by_number=False,
        created_at="2026-11-24T09:30:00Z",
    )

    id: int
    app_id: int
    key: Annotated[str | None, Field(description="Its key in watches.yaml; null for a topic that was added by hand.")]
    name: str
    description: str
    mode: TopicMode
    subscribers: Annotated[int, Field(description="How many subscribers follow it now.")]
    link: Annotated[str, Field(description="The page on which people subscribe; its QR code is at `{link}/qr.svg`.")]
    by_number: Annotated[bool, Field(description="Whether `/wxuser/?type=2&id=…` leads there, too.")]
    created_at: datetime


@operations.add("GET", "/topics", Scope.TOPICS_READ, may_miss=True)
async def list_topics(call: Call, params: AppPageParams) -> Page[Topic]:
    """Sorted by id."""
    found = await call.service.topics.slice(params.slice(), app_id=call.app_id(params.app))
    return page_of(
        call, Page[Topic], found, params.limit, lambda topic: _topic(topic, call.settings), lambda topic: topic.id
    )


@operations.add("POST", "/topics", Scope.TOPICS_WRITE, may_miss=True, location="/topics/{id}")
async def add_topic(call: Call, body: TopicDraft) -> Topic:
    """In the token's own application, else in the named one, else in the watcher's."""
    app_id = call.app_id(body.app_id, "#/app_id")
    if app_id is not None:
        await call.app(app_id, "#/app_id")
    made = await call.service.topics.add(body.name, app_id=app_id, description=body.description, mode=body.mode)
    return _topic(made, call.settings)


@operations.add("GET", "/topics/{topic_id}", Scope.TOPICS_READ)
async def show_topic(call: Call, params: TopicPath) -> Topic:
    """One topic."""
    return _topic(await known_topic(call, params), call.settings)


@operations.add("PATCH", "/topics/{topic_id}", Scope.TOPICS_WRITE)
async def edit_topic(call: Call, params: TopicPath, body: TopicChanges) -> Topic:
    """A topic of watches.yaml keeps the name and description that it has there."""
    topic = await known_topic(call, params)
    edited = await call.service.topics.edit(
        topic.id, name=body.name, description=body.description, mode=body.mode, by_number=body.by_number
    )
    return _topic(edited, call.settings)


@operations.add("POST", "/topics/{topic_id}/link", Scope.TOPICS_WRITE)
async def rotate_topic(call: Call, params: TopicPath) -> Topic:
    """The old link, its QR code and its number stop working; subscribers stay."""
    topic = await known_topic(call, params)
    return _topic(await call.service.topics.rotate(topic.id), call.settings)


@operations.add("DELETE", "/topics/{topic_id}", Scope.TOPICS_WRITE, may_conflict=True)
async def remove_topic(call: Call, params: TopicPath) -> None:
    """
    Its link and its subscriptions end; its messages stay with those who have them, and what is queued for other
    channels of theirs is still delivered.

    The idempotency keys of what was sent to it stay in use. Refused (409) for a topic of watches.yaml, and while a
    message is still being brought to its readers.
    """
    topic = await known_topic(call, params)
    if declared := await call.service.topics.keys_that_tell(topic):
        raise ProblemError(
            ProblemType.CONFLICT,
            f"watches.yaml declared {', '.join(declared)}: take it out there, then `watcher topics remove {topic.id}`",
        )
    await call.service.topics.remove(topic.id)


async def known_topic(call: Call, params: TopicPath) -> PushTopic:
    """Return the topic that the address names. Raises ProblemError (404)."""
    return known(await call.service.topics.of_id(params.topic_id, app_id=call.caller.app_id))


def _topic(topic: PushTopic, settings: Settings) -> Topic:
    return shown(Topic, topic, link=settings.link(f"/t/{topic.slug}"))
