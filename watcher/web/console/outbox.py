"""The outbox in the console: what watches told that nobody has yet, and what waits for channels. The operator's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.acts import Act
from watcher.core.check import OutboxAct, OutboxEntry
from watcher.errors import StoreError, UnansweredError
from watcher.web.addresses import number_in
from watcher.web.console.confirming import require_recent
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.keys import OUTBOX, SERVICE, WATCHES
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in
from watcher.web.sessions.account import CONSOLE

_PATH: Final = f"{CONSOLE}/outbox"
_SHOWN: Final = 50
_log = logging.getLogger(__name__)


class _Outbox(Struct, frozen=True, kw_only=True):
    """What is in the outbox: the oldest of what waits, the newest of what was given up, and how many there are."""

    waiting: Sequence[OutboxEntry]
    waiting_count: int
    dead: Sequence[OutboxEntry]
    dead_count: int


def nobody(act: OutboxAct, messages: Sequence[str]) -> Sequence[str]:
    """Stand for a watcher where none can be asked. Raises UnansweredError."""
    raise UnansweredError(f"nobody can be asked to {act} {len(messages)} messages")


async def show_outbox(request: web.Request) -> web.Response:
    """`GET /console/outbox`."""
    try:
        outbox = _split(await asyncio.to_thread(request.app[WATCHES].outbox))
    except StoreError as error:
        _log.warning("the console cannot show the outbox: %s", error)
        outbox = None
    troubles = await request.app[SERVICE].message_log.troubles()
    return render_room(request, "outbox.html", Room.OUTBOX, outbox=outbox, troubles=troubles, shown=_SHOWN)


async def try_again(request: web.Request) -> web.Response:
    """`POST /console/outbox/{entry}/try`: it is due now; what was given up is tried for three more days."""
    return await _do(request, OutboxAct.TRY, Act.OUTBOX_TRIED, Said.OUTBOX_TRIED)


async def ask_to_drop(request: web.Request) -> web.Response:
    """`GET /console/outbox/{entry}/drop`: what that means."""
    entry = await _entry(request)
    if entry is None:
        return done(_PATH, Said.OUTBOX_GONE)
    await require_recent(request, back=request.path)
    t = words_in(language_of(request))
    return ask(
        request,
        Room.OUTBOX,
        question=t("outbox_drop_title", summary=entry.message.summary),
        what=[t("outbox_drop_text", topic=entry.message.topic)],
        label=t("outbox_drop"),
        back=_PATH,
    )


async def drop(request: web.Request) -> web.Response:
    """`POST /console/outbox/{entry}/drop`: nobody gets it."""
    await require_recent(request, back=request.path)
    return await _do(request, OutboxAct.DROP, Act.OUTBOX_DROPPED, Said.OUTBOX_DROPPED)


async def _do(request: web.Request, act: OutboxAct, noted: Act, said: Said) -> web.Response:
    entry = await _entry(request)
    if entry is None:
        return done(_PATH, Said.OUTBOX_GONE)
    try:
        ids = await asyncio.to_thread(request.app[OUTBOX], act, [entry.message.id])
    except (UnansweredError, StoreError) as error:
        _log.warning("the console could not %s message %s of the outbox: %s", act, entry.message.id, error)
        return done(_PATH, Said.OUTBOX_UNANSWERED)
    if not ids:
        return done(_PATH, Said.OUTBOX_GONE)
    await request.app[SERVICE].acts.note(noted, f"{entry.message.summary} ({entry.message.topic})")
    return done(_PATH, said)


async def _entry(request: web.Request) -> OutboxEntry | None:
    """Return the entry whose place the address names; None when it left the outbox."""
    try:
        outbox = await asyncio.to_thread(request.app[WATCHES].outbox)
    except StoreError as error:
        raise web.HTTPServiceUnavailable from error
    order = number_in(request, "entry")
    return next((entry for entry in outbox if entry.order == order), None)


def _split(entries: Sequence[OutboxEntry]) -> _Outbox:
    dead = [entry for entry in entries if entry.dead is not None]
    waiting = [entry for entry in entries if entry.dead is None]
    return _Outbox(
        waiting=waiting[:_SHOWN],
        waiting_count=len(waiting),
        dead=dead[: -_SHOWN - 1 : -1],
        dead_count=len(dead),
    )
