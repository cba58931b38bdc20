"""The demo's three pages, each as a shop, a university or a box office might make it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import xxhash
from aiohttp import ETag, web
from jinja2 import Environment, PackageLoader, StrictUndefined

from watcher.web.demo.timetable import Scene, scene_at

_PAGES = {"/books/dune": "book.html", "/courses": "courses.html", "/tickets": "tickets.html"}


def build_demo_site(tick: Callable[[], int]) -> web.Application:
    """
    Return the site; it may stand alone or below a path of another application.

    Args:
        tick: the number of the tick that it is now; `timetable.TICK` long, from 0.
    """
    templates = Environment(
        loader=PackageLoader("watcher.web.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    site = web.Application()
    for path, name in _PAGES.items():
        site.router.add_get(path, _page(templates, name, tick))
    site.router.add_get("/style.css", _style(templates))
    return site


def _page(
    templates: Environment, name: str, tick: Callable[[], int]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    template = templates.get_template(name)

    async def show(request: web.Request) -> web.StreamResponse:
        scene: Scene = scene_at(tick())
        html = template.render(scene=scene)
        tag = ETag(xxhash.xxh3_64_hexdigest(html.encode()))
        headers = {"Cache-Control": "no-cache"}
        response: web.StreamResponse
        if tag in (request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            response = web.Response(text=html, content_type="text/html", charset="utf-8", headers=headers)
        response.etag = tag
        return response

    return show


def _style(templates: Environment) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    style = templates.get_template("style.css").render()

    async def show(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=style, content_type="text/css", charset="utf-8")

    return show
