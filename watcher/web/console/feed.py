"""The feed of a topic: its secret link is made, made anew, and ended."""

from __future__ import annotations

from aiohttp import web

from watcher.translations import text
from watcher.web.console.confirming import require_recent
from watcher.web.console.scope import own_topic
from watcher.web.console.shell import Room, Said, ask, done
from watcher.web.console.topics import path_of, shown_name
from watcher.web.keys import SERVICE
from watcher.web.pages.language import language_of


async def ask_for_feed(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/feed`: whether it is to have a feed, or a new link of it."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/feed")
    language, has_one = language_of(request), topic.feed_slug is not None
    return ask(
        request,
        Room.TOPICS,
        question=text(language, "feed_renew_question" if has_one else "feed_make_question", name=shown_name(topic)),
        what=[text(language, "feed_old_ends")]
        if has_one
        else [text(language, "feed_opens"), text(language, "feed_can_end")],
        label=text(language, "feed_renew" if has_one else "feed_make"),
        back=f"{path_of(topic)}#feed",
        is_final=has_one,
    )


async def make_feed(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/feed`: a feed at a new link; the link before it ends."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/feed")
    await request.app[SERVICE].feeds.make(topic.id)
    return done(path_of(topic), Said.FEED_MADE)


async def ask_to_end_feed(request: web.Request) -> web.Response:
    """`GET /console/topics/{topic}/feed/end`: whether it is to end."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/feed/end")
    language = language_of(request)
    return ask(
        request,
        Room.TOPICS,
        question=text(language, "feed_end_question", name=shown_name(topic)),
        what=[text(language, "feed_old_ends")],
        label=text(language, "feed_end"),
        back=f"{path_of(topic)}#feed",
    )


async def end_feed(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/feed/end`: nobody reads it any more."""
    _, topic = await own_topic(request)
    await require_recent(request, back=f"{path_of(topic)}/feed/end")
    await request.app[SERVICE].feeds.end(topic.id)
    return done(path_of(topic), Said.FEED_ENDED)
