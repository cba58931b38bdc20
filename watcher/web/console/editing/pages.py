"""
The pages on which watches are made and changed. The operator's.

What reads files of watches and pages is imported when it is first asked for: a server alone has no use for it.
"""

from __future__ import annotations

from aiohttp import web


async def show_new_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/new?url=&as=yaml`: which page? Or the YAML of a new watch."""
    from watcher.web.console.editing import desk

    return await desk.show_new(request)


async def show_watch_edit(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/edit`: a watch as its file has it."""
    from watcher.web.console.editing import desk

    return await desk.show_edit(request)


async def edit_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/new` and `…/{watch}/edit`: the next step, by the button that was pressed."""
    from watcher.web.console.editing import desk

    return await desk.work(request)


async def check_watch_text(request: web.Request) -> web.Response:
    """`POST /console/watches/check`: what is wrong with YAML, while it is typed."""
    from watcher.web.console.editing import desk

    return await desk.check(request)


async def ask_to_remove_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/remove`: what would change."""
    from watcher.web.console.editing import desk

    return await desk.ask_to_remove(request)


async def remove_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/remove`: take it out of its file."""
    from watcher.web.console.editing import desk

    return await desk.remove(request)


async def show_saved_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/saved/{edit}`: what was written, and the button that takes it back."""
    from watcher.web.console.editing import desk

    return await desk.show_saved(request)


async def undo_watch_edit(request: web.Request) -> web.Response:
    """`POST /console/watches/saved/{edit}`: put back what was there before, unless somebody wrote since."""
    from watcher.web.console.editing import desk

    return await desk.undo(request)
