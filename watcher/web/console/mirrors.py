"""Posting a topic into groups: which robots do, a new one, a test, and one less."""

from __future__ import annotations

from aiohttp import web

from watcher.core.channels import Sent
from watcher.core.mirrors import MAX_MIRRORS, Mirror
from watcher.core.push import App, PushTopic
from watcher.errors import InvalidRequestError, PushError, RefusedError
from watcher.push.channels.places import read_place
from watcher.web.addresses import known
from watcher.web.console.confirming import require_recent
from watcher.web.console.scope import own_topic
from watcher.web.console.shell import Said, done
from watcher.web.console.topic import MirrorForm, MirrorTest, topic_page
from watcher.web.console.topics import path_of
from watcher.web.forms import form_texts
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS
from watcher.web.pages.language import language_of


async def add_mirror(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/mirrors` `mirror_name=…&webhook=…&secret=…&keyword=…`: post it there too."""
    app, topic = await own_topic(request)
    await require_recent(request, back=path_of(topic))
    form = await form_texts(request)
    name, keyword = form.get("mirror_name", ""), form.get("keyword", "")
    try:
        place = read_place(
            form.get("webhook", ""),
            secret=form.get("secret", ""),
            keyword=keyword,
            schemes=request.app[CHANNELS].apprise,
        )
        lang = (topic.language or language_of(request)).value
        await request.app[SERVICE].mirrors.add(topic.id, place, name, lang=lang)
    except (InvalidRequestError, RefusedError) as error:
        field = "mirror_name" if error.field == "name" else error.field or "webhook"
        wrong = {field: await _wrong(request, topic, field, error)}
        return await topic_page(request, app, topic, mirror=MirrorForm(name=name, keyword=keyword, wrong=wrong))
    return done(path_of(topic), Said.MIRROR_MADE)


async def test_mirror(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/mirrors/{mirror}/test`: post a test there, and show what the robot says."""
    app, topic, mirror = await _own_mirror(request)
    channel = None if mirror.address is None else request.app[CHANNELS].by_name.get(mirror.address.channel)
    link = request.app[SETTINGS].topic_link(topic)
    answer = await request.app[SERVICE].mirrors.test(topic, mirror, channel, link=link)
    reason = "" if isinstance(answer, Sent) else answer.reason
    return await topic_page(request, app, topic, tested=MirrorTest(uid=mirror.uid, reason=reason))


async def remove_mirror(request: web.Request) -> web.Response:
    """`POST /console/topics/{topic}/mirrors/{mirror}/remove`: post nothing there any more."""
    _, topic, mirror = await _own_mirror(request)
    await request.app[SERVICE].mirrors.remove(topic.id, mirror.uid)
    return done(path_of(topic), Said.MIRROR_REMOVED)


async def _wrong(request: web.Request, topic: PushTopic, field: str, error: PushError) -> str:
    """Return the key of the words about what was typed into a field."""
    if field != "webhook" or isinstance(error, InvalidRequestError):
        return f"mirror_wrong_{field.removeprefix('mirror_')}"
    present = await request.app[SERVICE].mirrors.of(topic)
    return "mirror_full" if len(present) >= MAX_MIRRORS else "mirror_twice"


async def _own_mirror(request: web.Request) -> tuple[App, PushTopic, Mirror]:
    """Return the mirror that the address names (`{mirror}`), with its topic; HTTPNotFound for a foreign one."""
    app, topic = await own_topic(request)
    mirror = known(await request.app[SERVICE].mirrors.find(topic, request.match_info["mirror"]))
    return app, topic, mirror
