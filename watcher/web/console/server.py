"""The server, for the operator: how it is set up, what waits, and on request what the doctor finds. Read-only."""

from __future__ import annotations

import platform
from collections import Counter

from aiohttp import web

import watcher
from watcher.core.channels import ChannelName
from watcher.core.findings import State
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import LOOK, SERVICE


async def show_server(request: web.Request) -> web.Response:
    """`GET /console/server?look=`: with it the doctor looks, which takes up to 5 seconds."""
    is_asked = bool(request.query.get("look"))
    findings = await request.app[LOOK]() if is_asked else ()
    return render_room(
        request,
        "server.html",
        Room.SERVER,
        has_looked=is_asked,
        # What needs somebody comes first.
        findings=sorted(findings, key=lambda found: _URGENCY[found.state]),
        counts=Counter(found.state for found in findings),
        all_channels=[name for name in ChannelName if name is not ChannelName.INBOX],
        queues=await request.app[SERVICE].queues(),
        version=watcher.__version__,
        python=platform.python_version(),
    )


_URGENCY = {State.ERROR: 0, State.WARNING: 1, State.SKIPPED: 2, State.OK: 3}
