"""
What is whose in the console: each page that names an application, a topic or a message gets it here, or not at all.

To an owner what belongs to another account does not exist: 404, whether there is such a number or not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from aiohttp import web

from watcher.core.push import KEYS_WITHOUT_SENDERS, App, PushTopic, Slice, TopicFilter
from watcher.web.addresses import known, number, number_in
from watcher.web.keys import ACCOUNT, SERVICE

_MOST_OFFERED: Final = 200
"""Of a kind, in a list to choose from."""


async def own_app(request: web.Request, app_id: int | None = None) -> App:
    """Return the application that the address names (`{app}`), or the one given; HTTPNotFound for a foreign one."""
    return known(await find_own_app(request, number_in(request, "app") if app_id is None else app_id))


async def find_own_app(request: web.Request, app_id: int) -> App | None:
    """Return the application with this id; None for a foreign one."""
    app = await request.app[SERVICE].apps.of_id(app_id)
    return app if app is not None and request[ACCOUNT].owns(app.account_id) else None


async def asked_app(request: web.Request) -> App | None:
    """Return the application that `?app=` names; None without it. HTTPNotFound for a foreign one."""
    given = request.query.get("app", "")
    return await own_app(request, known(number(given))) if given else None


async def offered_apps(request: web.Request, chosen: App | None = None) -> Sequence[App]:
    """Return applications of the account to choose from: the ones made last, and the one that is chosen."""
    newest = await newest_apps(request, _MOST_OFFERED)
    return newest if chosen is None or chosen in newest else [*newest, chosen]


async def offered_senders(request: web.Request, chosen: App | None = None) -> Sequence[App]:
    """Return those of the offered applications that somebody sends by."""
    return [app for app in await offered_apps(request, chosen) if app.has_senders]


async def has_several_senders(request: web.Request) -> bool:
    """Return whether there are two applications or more of the account that somebody sends by."""
    newest = await newest_apps(request, 2 + len(KEYS_WITHOUT_SENDERS))
    return sum(app.has_senders for app in newest) > 1


async def newest_apps(request: web.Request, limit: int) -> Sequence[App]:
    """Return so many applications of the account, those made last."""
    cut = Slice(limit=limit, is_newest_first=True)
    return await request.app[SERVICE].apps.page(cut, account_id=request[ACCOUNT].id)


async def offered_topics(request: web.Request, app: App, chosen: Collection[int] = ()) -> Sequence[PushTopic]:
    """Return topics of an application to choose from: the ones made last, and those that are chosen, by their ids."""
    topics = request.app[SERVICE].topics
    newest = await topics.page(TopicFilter(app_id=app.id), Slice(limit=_MOST_OFFERED, is_newest_first=True))
    offered = {topic.id for topic in newest}
    others = [await topics.of_id(topic_id, app_id=app.id) for topic_id in chosen if topic_id not in offered]
    return [*newest, *(topic for topic in others if topic is not None)]


async def own_topic(request: web.Request) -> tuple[App, PushTopic]:
    """Return the topic that the address names (`{topic}`), with its application; HTTPNotFound for a foreign one."""
    topic = known(await request.app[SERVICE].topics.of_id(number_in(request, "topic")))
    return await own_app(request, topic.app_id), topic
