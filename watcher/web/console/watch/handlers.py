"""
What is done on pages below that of a watch.

What reads files of watches is imported when it is first asked for: a server alone has no use for it.
"""

from __future__ import annotations

from aiohttp import web


async def show_proposal(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/proposal`: where each lost value may be now."""
    from watcher.web.console.watch import proposal

    return await proposal.show_proposal(request)


async def show_change(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/proposal`: what would change in the file, and what the watch would show then."""
    from watcher.web.console.watch import proposal

    return await proposal.show_change(request)


async def take_proposal(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/proposal/take`: write that; the watch takes a new baseline with its next check."""
    from watcher.web.console.watch import proposal

    return await proposal.take_proposal(request)


async def show_replay(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/replay`: the form, with the entries that there are."""
    from watcher.web.console.watch import replay

    return await replay.show_replay(request)


async def replay_rules(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/replay`: what these entries would have told."""
    from watcher.web.console.watch import replay

    return await replay.replay(request)
