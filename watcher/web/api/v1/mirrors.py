"""Mirrors: the groups into which a topic is posted, besides its subscribers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from watcher.core import mirrors
from watcher.core.access import Scope
from watcher.core.channels import Sent
from watcher.core.push import DeliveryState, PushTopic
from watcher.core.values import Json
from watcher.push.channels.places import read_place
from watcher.push.channels.robots.webhook import (
    MAX_KEYWORD_CHARS,
    MAX_SECRET_CHARS,
    MAX_WEBHOOK_CHARS,
)
from watcher.translations import Locale
from watcher.web.api.v1.models import IN_PATH, LINE, Name, Request, Response, Uid, example
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.problem import known
from watcher.web.api.v1.topics import TopicPath, known_topic

operations: Final = Operations()

_EXAMPLE: Final[dict[str, Json]] = {
    "uid": "BOT_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
    "topic_id": 103,
    "channel": "dingtalk",
    "name": "Operations",
    "address": "oapi.dingtalk.com …beef",
    "created_at": "2026-11-24T09:30:00Z",
    "last": {"message_id": 512, "state": "sent", "reason": None, "sent_at": "2026-11-24T09:31:00Z"},
}


class MirrorPath(TopicPath):
    """Which mirror of which topic."""

    mirror_uid: Annotated[Uid, IN_PATH, Field(description="Its UID, `BOT_…`.")]


class MirrorDraft(Request):
    """A group to post a topic into, by its robot's webhook."""

    model_config = example(
        name="Operations",
        webhook="https://oapi.dingtalk.com/robot/send?access_token=" + "5f0cbeef" * 8,
        secret="SEC" + "0d1f" * 16,
        keyword="",
    )

    name: Name
    webhook: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_WEBHOOK_CHARS,
            pattern=LINE,
            description="The whole address that the robot got in WeCom, Feishu, Lark or DingTalk, or that the app Bark "
            "copies; or an address of Apprise, if the operator allows its scheme. No answer has it.",
        ),
    ]
    secret: Annotated[
        str,
        Field(
            max_length=MAX_SECRET_CHARS,
            pattern=LINE,
            description="What signs, of a robot that asks for signatures (Feishu, Lark, DingTalk). No answer has it.",
        ),
    ] = ""
    keyword: Annotated[
        str, Field(max_length=MAX_KEYWORD_CHARS, pattern=LINE, description="Put before each message that lacks it.")
    ] = ""


class LastPost(Response):
    """What became of the newest message to a mirror."""

    message_id: int
    state: Annotated[DeliveryState, Field(description="`queued`, `sent` or `failed`.")]
    reason: Annotated[str | None, Field(description="Why it failed, with the code that the service answered.")]
    sent_at: datetime | None


class Mirror(Response):
    """A group into which a topic is posted."""

    model_config = example(**_EXAMPLE)

    uid: Annotated[str, Field(description="`BOT_…`: by it the deliveries of a message name the group.")]
    topic_id: int
    channel: Annotated[
        str | None,
        Field(description="`wecom`, `feishu`, `dingtalk`, `bark`, `apprise`; null: its service knows it no more."),
    ]
    name: str
    address: Annotated[str, Field(description="Host and end of the webhook.")]
    created_at: datetime
    last: Annotated[LastPost | None, Field(description="Null: nothing was posted yet.")]


class MirrorList(Response):
    """All mirrors of a topic: there are few."""

    model_config = example(items=[_EXAMPLE])

    items: list[Mirror]


class MirrorTest(Response):
    """What the robot's service said to a test."""

    model_config = example(is_sent=False, reason="DingTalk answered 310000: the message has none of the keywords")

    is_sent: bool
    reason: Annotated[str | None, Field(description="Why it was not taken; null: it was.")]


@operations.add("GET", "/topics/{topic_id}/mirrors", Scope.TOPICS_READ)
async def list_mirrors(call: Call, params: TopicPath) -> MirrorList:
    """Sorted by age: all of them, for a topic has 5 at most."""
    found = await call.service.mirrors.of(await known_topic(call, params))
    return MirrorList(items=[_shown(params.topic_id, mirror) for mirror in found])


@operations.add("POST", "/topics/{topic_id}/mirrors", Scope.TOPICS_WRITE, location="/topics/{topic_id}/mirrors/{uid}")
async def add_mirror(call: Call, params: TopicPath, body: MirrorDraft) -> Mirror:
    """
    From now on all messages of the topic are posted there too, each tried again for a day while its service says so.

    A group counts among the topic's subscribers. Refused for a sixth of one topic, and for a robot that posts it
    already.
    """
    topic = await known_topic(call, params)
    place = read_place(body.webhook, secret=body.secret, keyword=body.keyword, schemes=call.channels.apprise)
    lang = (topic.language or Locale.ENGLISH).value
    return _shown(topic.id, await call.service.mirrors.add(topic.id, place, body.name, lang=lang))


@operations.add("GET", "/topics/{topic_id}/mirrors/{mirror_uid}", Scope.TOPICS_READ)
async def show_mirror(call: Call, params: MirrorPath) -> Mirror:
    """One group, and what became of the newest message to it."""
    topic, mirror = await _known(call, params)
    return _shown(topic.id, mirror)


@operations.add("POST", "/topics/{topic_id}/mirrors/{mirror_uid}/test", Scope.TOPICS_WRITE)
async def test_mirror(call: Call, params: MirrorPath) -> MirrorTest:
    """Post a line that says that it is a test, and answer what the robot's service says. It takes up to 15 s."""
    topic, mirror = await _known(call, params)
    channel = None if mirror.address is None else call.channels.by_name.get(mirror.address.channel)
    answer = await call.service.mirrors.test(topic, mirror, channel, link=call.settings.topic_link(topic))
    return MirrorTest(is_sent=isinstance(answer, Sent), reason=None if isinstance(answer, Sent) else answer.reason)


@operations.add("DELETE", "/topics/{topic_id}/mirrors/{mirror_uid}", Scope.TOPICS_WRITE)
async def remove_mirror(call: Call, params: MirrorPath) -> None:
    """Nothing is posted there any more, what waits neither, and the webhook is forgotten."""
    topic, mirror = await _known(call, params)
    await call.service.mirrors.remove(topic.id, mirror.uid)


async def _known(call: Call, params: MirrorPath) -> tuple[PushTopic, mirrors.Mirror]:
    topic = await known_topic(call, params)
    return topic, known(await call.service.mirrors.find(topic, params.mirror_uid))


def _shown(topic_id: int, mirror: mirrors.Mirror) -> Mirror:
    address = mirror.address
    return Mirror(
        uid=mirror.uid,
        topic_id=topic_id,
        channel=None if address is None else address.channel.value,
        name=mirror.name,
        address="" if address is None else address.label,
        created_at=mirror.created_at,
        last=None if mirror.last is None else _last(mirror.last),
    )


def _last(last: mirrors.LastPost) -> LastPost:
    return LastPost(message_id=last.message_id, state=last.state, reason=last.reason, sent_at=last.at)
