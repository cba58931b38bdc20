"""Following one's inbox with an app of ntfy's: the code that the app opens, and the secret name behind it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from markupsafe import Markup
from msgspec import Struct

from watcher.core.channels import Address, ChannelName
from watcher.core.ntfy import Followed
from watcher.core.settings import Settings
from watcher.core.urls import Url, read_base_url
from watcher.push.qr import qr_svg
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_caller
from watcher.web.ntfy.live import NTFY_HUBS
from watcher.web.pages.language import language_of
from watcher.web.pages.view import see_other


class Followable(Struct, frozen=True, kw_only=True):
    """
    An inbox as an app is told of it.

    Attributes:
        topic: its secret name.
        server: what the app asks for beside it.
        link: opens an app of ntfy's on Android; None where the server's address has a path, which such a link cannot.
        code: the link as a QR code.
    """

    topic: str
    server: str
    link: str | None
    code: Markup | None


def followable(addresses: Sequence[Address], settings: Settings) -> Followable | None:
    """Return the inbox that has this name among its addresses; None: it has none."""
    topic = next((each.value for each in addresses if each.channel is ChannelName.NTFY), None)
    if topic is None:
        return None
    link = app_link(settings.public_url, topic)
    code = None if link is None else Markup(qr_svg(link))  # noqa: S704 our own drawing
    return Followable(topic=topic, server=settings.public_url, link=link, code=code)


def app_link(server: str, topic: str) -> str | None:
    """
    Return the link that opens a topic in the app, https://docs.ntfy.sh/subscribe/phone/#ntfy-links.

    `ntfy://push.example:8400/inbox_…`; over plain http with `?secure=false`.
    """
    url = read_base_url(server)
    if not isinstance(url, Url) or url.path.strip("/"):
        return None
    return f"ntfy://{url.server}/{topic}" + ("" if url.scheme == "https" else "?secure=false")


async def begin_ntfy(request: web.Request) -> web.Response:
    """`POST /reach/ntfy`: give the inbox a name by which an app follows it; again is no error."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    _offered(request)
    await service.ntfy.follow(subscriber)
    await service.preferences.note_language(subscriber, language_of(request).value)
    return see_other("/reach#ntfy")


async def renew_ntfy(request: web.Request) -> web.Response:
    """`POST /reach/ntfy/renew`: another name; whoever knows the old one is told nothing any more."""
    _offered(request)
    await request.app[SERVICE].ntfy.renew(request[SUBSCRIBER])
    end_streams(request)
    return see_other("/reach?told=ntfy_renewed#ntfy")


def end_streams(request: web.Request) -> None:
    """End what apps hold to the inbox of who asks: the name that they know is none any more."""
    for seat in request.app[NTFY_HUBS][Followed.INBOXES].of(request[SUBSCRIBER].id):
        seat.close()


def _offered(request: web.Request) -> None:
    if request.app[CHANNELS].ntfy is None:
        raise web.HTTPNotFound
    count_caller(request, "ntfy", request[SUBSCRIBER].id, request.app[SETTINGS].address_calls)
