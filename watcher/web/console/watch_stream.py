"""
`GET /console/live/watches`: the rows of a page of the table, each again when it has changed, as server-sent events.

The page that the address asks for decides which rows they are. A stream looks every second which of them have another
state, and every five seconds at what time alone changes, such as the end of a pause. It checks every five seconds, and
before it writes a row, that the session is still open: a browser that was signed out receives nothing. It reads no file
before a row has changed. Every 15 seconds a comment keeps the connection open.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TypeAlias
from zlib import crc32

from aiohttp import web

from watcher.core.check import WatchState
from watcher.core.live import Live
from watcher.core.standing import Standing
from watcher.core.watch import Watch
from watcher.errors import StoreError
from watcher.web.addresses import id_in
from watcher.web.console.watch_list import Known, asked_of, known_of, known_watches, listing, topic_names
from watcher.web.console.watch_rows import WatchRow, due, rows_in, version_of
from watcher.web.keys import LIVE, LOCAL, LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import templates, words_in
from watcher.web.sessions.account import CONSOLE, signed_in
from watcher.web.transport.event_writing import EVENT_HEADERS, write_event

LIVE_PATH: Final = f"{CONSOLE}/live/watches"
"""Not below the page of all watches: a watch may be called `live`."""
TICK_SECONDS: Final = 1
_TICKS_OF_A_LOOK: Final = 5
"""At all of each row: a hundred of them take a millisecond."""
_TICKS_OF_A_SESSION: Final = 5
_TICKS_OF_A_HEARTBEAT: Final = 15
_MOST: Final = 40
"""Open at once, for each of them costs a little all the time."""
_FULL_SECONDS: Final = 30
_Sent: TypeAlias = tuple[Watch | None, WatchState, Standing, tuple[bool, int]]
_log = logging.getLogger(__name__)


def version_of_page(versions: Sequence[int]) -> int:
    """Return a number that is another when any row of the page is."""
    return crc32(repr(versions).encode())


class WatchStreams:
    """The streams that are open. `is_closed`: they were ended, for the server stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """True when no more may be opened."""
        return len(self._tasks) >= _MOST

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Count the stream that the present task serves."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in one
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def close(self) -> None:
        """End them all: the server stops."""
        self.is_closed = True
        for task in self._tasks:
            task.cancel()


STREAMS: Final = web.AppKey("watch_streams", WatchStreams)


async def stream_watches(request: web.Request) -> web.StreamResponse:
    """`GET /console/live/watches`; 503 while too many are open, and where no watcher runs in this process."""
    local = request.app.get(LOCAL)
    if local is None or request.app[STREAMS].is_full:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": str(_FULL_SECONDS)})
    now = datetime.now(UTC)
    found = listing(await known_watches(request.app, now=now), asked_of(request.query), topic_names(request.app))
    page = _Page(request, local, [known.id for known in found.shown])
    stream = web.StreamResponse(headers=EVENT_HEADERS)
    with request.app[STREAMS].opened():
        try:
            await stream.prepare(request)
            await _serve(request, stream, page)
        except ConnectionError:
            pass  # the reader left
        except asyncio.CancelledError:
            if not request.app[STREAMS].is_closed:
                raise
        except StoreError as error:
            # The answer has begun, so it can only end; the page asks again.
            _log.warning("a live table of watches ends: %s", error)
    return stream


async def _serve(request: web.Request, stream: web.StreamResponse, page: _Page) -> None:
    """Write what is new until the reader leaves or is signed out."""
    await write_event(request, stream, b"retry: 2000\n\n" + await page.missed(id_in(request.query.get("version", ""))))
    while True:
        for tick in range(_TICKS_OF_A_HEARTBEAT):
            await asyncio.sleep(TICK_SECONDS)
            if request.transport is None or request.transport.is_closing():
                return
            event = await page.news()
            if (event or tick % _TICKS_OF_A_SESSION == 0) and await signed_in(request) is None:
                await write_event(request, stream, b"event: over\ndata: {}\n\n")
                return
            if event:
                await write_event(request, stream, event)
        await write_event(request, stream, b": still here\n\n")


class _Page:
    """The rows of a page, and what was sent of them."""

    def __init__(self, request: web.Request, local: LocalWatcher, watches: Sequence[str]) -> None:
        self._request = request
        self._local = local
        self._watches = watches
        self._sent: dict[str, _Sent] = {}
        self._states: dict[str, WatchState] = {}
        self._ticks = 0

    async def missed(self, version: int) -> bytes:
        """Return all rows, when the page that was loaded has another version of any."""
        now, live = datetime.now(UTC), self._request.app[LIVE]()
        known = list(self._known(self._watches, live, now))
        self._sent = {each.id: _sent(each, live) for each in known}
        versions = [version_of(each, live.get(each.id)) for each in known]
        return b"" if version_of_page(versions) == version else await self._events(known)

    async def news(self) -> bytes:
        """Return the rows that have changed since they were sent."""
        self._ticks += 1
        await self._local.refresh(self._watches)
        looked_at = self._watches if self._ticks % _TICKS_OF_A_LOOK == 0 else self._with_another_state()
        if not looked_at:
            return b""
        now, live = datetime.now(UTC), self._request.app[LIVE]()
        changed = []
        for known in self._known(looked_at, live, now):
            now_is = _sent(known, live)
            if now_is != self._sent.get(known.id):
                self._sent[known.id] = now_is
                changed.append(known)
        return await self._events(changed) if changed else b""

    def _with_another_state(self) -> Sequence[str]:
        state, known = self._local.state, self._states
        return [one for one in self._watches if state(one) is not known.get(one)]

    def _known(self, watches: Sequence[str], live: Live, now: datetime) -> Iterator[Known]:
        for one in watches:
            self._states[one] = self._local.state(one)
            if (watch := self._local.watches.get(one)) is not None:
                yield known_of(watch, self._local, live, now=now)

    async def _events(self, known: Sequence[Known]) -> bytes:
        rows = await rows_in(self._request, known)
        return b"".join(_event(row, words_in(language_of(self._request))) for row in rows)


def _sent(known: Known, live: Live) -> _Sent:
    """Return what a row is made of; of what stayed the very objects, which are equal at a glance."""
    return known.watch, known.state, known.standing, due(live.get(known.id))


def _event(row: WatchRow, t: Callable[..., str]) -> bytes:
    html = str(templates().get_template("console/_watch_row.html").module.watch_row(t, row, is_here=True))  # type: ignore[attr-defined]
    return f"event: row\ndata: {json.dumps({'id': row.id, 'html': html})}\n\n".encode()
