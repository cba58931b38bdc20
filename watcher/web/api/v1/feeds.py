"""The feed of a topic: its secret links are shown, made anew and ended."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from watcher.core.access import Scope
from watcher.core.push import PushTopic
from watcher.web.api.v1.models import Response, example
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.topics import TopicPath, known_topic

operations: Final = Operations()
_LINK: Final = "{}; null without a feed, and to a token without the scope `messages:read`: the link opens messages."


class Feed(Response):
    """Whether a topic has a feed, and where."""

    model_config = example(
        has_feed=True,
        atom="https://push.example.org/feed/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F/atom.xml",
        json_feed="https://push.example.org/feed/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F/feed.json",
    )

    has_feed: bool
    atom: Annotated[str | None, Field(description=_LINK.format("The secret link of its Atom feed"))]
    json_feed: Annotated[str | None, Field(description=_LINK.format("The secret link of its JSON Feed"))]


@operations.add("GET", "/topics/{topic_id}/feed", Scope.TOPICS_READ)
async def show_feed(call: Call, params: TopicPath) -> Feed:
    """Whoever has a link of a feed reads the topic's newest messages, without a token."""
    return _feed(call, await known_topic(call, params))


@operations.add("POST", "/topics/{topic_id}/feed", Scope.TOPICS_WRITE)
async def make_feed(call: Call, params: TopicPath) -> Feed:
    """The links before it end."""
    topic = await known_topic(call, params)
    return _feed(call, await call.service.feeds.make(topic.id))


@operations.add("DELETE", "/topics/{topic_id}/feed", Scope.TOPICS_WRITE)
async def end_feed(call: Call, params: TopicPath) -> None:
    """Its links end. A topic without a feed stays as it is."""
    topic = await known_topic(call, params)
    await call.service.feeds.end(topic.id)


def _feed(call: Call, topic: PushTopic) -> Feed:
    atom = json_feed = None
    if topic.feed_slug is not None and Scope.MESSAGES_READ in call.caller.scopes:
        atom, json_feed = call.settings.feed_links(topic)
    return Feed(has_feed=topic.feed_slug is not None, atom=atom, json_feed=json_feed)
