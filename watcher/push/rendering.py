"""
HTML and markdown made safe HTML, once a message, where nobody waits for it: in processes that can be killed.

| a content | is |
|---|---|
| text, and what is short | rendered where it is, by `make_draft` |
| longer | rendered in a process of the pool |
| longer, and takes over LIMIT of processor time, or too much memory | shown as it was written, for good |
| that waited for a process over LONGEST_WAIT | sent all the same, and rendered at the first look |
| over 65,535 bytes as HTML | refused, or shown as it was written when it was sent before it was known |

The limit is of processor time, so that a busy machine decides nothing. Two lanes, of one process each: whoever's last
content took over QUICK waits for those of whom the same is so, and for nobody else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from watcher.background.pool import EndedError, LostError, Pool, TooSlowError
from watcher.core.files import ADVICE, is_out_of_files
from watcher.core.push import ContentType, Draft
from watcher.errors import RefusedError
from watcher.push.draft import Rendering, as_text, finished, rendering_of, rough_head

LIMIT: Final = timedelta(seconds=2)
QUICK: Final = timedelta(seconds=0.2)
LONGEST_WAIT: Final = timedelta(seconds=5)
MEMORY_BYTES: Final = 512 * 1024**2
_MOST_KNOWN: Final = 10_000
_log = logging.getLogger(__name__)


class Renderer:
    """Renders what is not cheap to render. Its processes start when that comes first; close it after use."""

    def __init__(self, *, limit: timedelta = LIMIT, longest_wait: timedelta = LONGEST_WAIT) -> None:
        self._limit = limit
        self._longest_wait = longest_wait
        self._pool = Pool(
            processes=2, memory_bytes=MEMORY_BYTES, preload="watcher.push.fork_server", by_processor_time=True
        )
        self._quick_lane, self._slow_lane = asyncio.Semaphore(1), asyncio.Semaphore(1)
        self._slow: OrderedDict[str, None] = OrderedDict()

    async def finish(self, draft: Draft, who: str) -> Draft:
        """
        Return the draft rendered, if it can be now; else it has a summary at least.

        Args:
            who: sends it.

        Raises:
            RefusedError: it is too long as HTML.
        """
        if draft.rendered is not None or draft.content_type is ContentType.TEXT:
            return draft
        rendering = await self._rendering(draft, who)
        if rendering is None:
            return draft if draft.summary else replace(draft, summary=rough_head(draft.content))
        return finished(draft, rendering)

    async def html_of(self, draft: Draft) -> str | None:
        """Return the HTML that an older release's message is shown as from now on; None: it cannot be rendered now."""
        try:
            rendering = await self._rendering(draft, "who looks")
        except RefusedError:
            rendering = as_text(draft.content)
        return None if rendering is None else rendering.html

    async def close(self) -> None:
        """End the processes."""
        await self._pool.close()

    async def _rendering(self, draft: Draft, who: str) -> Rendering | None:
        """Return the rendered content; None when it cannot be rendered now."""
        try:
            async with self._turn(who):
                seconds, rendering = await self._pool.run(
                    self._limit, timed_rendering, draft.content, draft.content_type
                )
        except TimeoutError:
            _log.info("a message waited too long for others to be rendered; it is at the first look")
            return None
        except LostError as error:
            _log.warning("a message is rendered at the first look: what renders it %s", error.why)
            return None
        except OSError as error:
            if not is_out_of_files(error):
                raise
            _log.warning("a message is rendered at the first look: this process can open no more files; %s", ADVICE)
            return None
        except (TooSlowError, EndedError, RuntimeError) as error:
            _log.info("a message is shown as it was written, for it is too laborious: %r", error)
            self._note(who, is_slow=True)
            return as_text(draft.content)
        self._note(who, is_slow=seconds > QUICK.total_seconds())
        return rendering

    @asynccontextmanager
    async def _turn(self, who: str) -> AsyncIterator[None]:
        """Wait for the sender's lane. Raises TimeoutError after LONGEST_WAIT."""
        lane = self._slow_lane if who in self._slow else self._quick_lane
        async with asyncio.timeout(self._longest_wait.total_seconds()):
            await lane.acquire()
        try:
            yield
        finally:
            lane.release()

    def _note(self, who: str, *, is_slow: bool) -> None:
        self._slow.pop(who, None)
        if is_slow:
            self._slow[who] = None
            if len(self._slow) > _MOST_KNOWN:
                self._slow.popitem(last=False)


def timed_rendering(content: str, kind: ContentType) -> tuple[float, Rendering]:
    """Return how many seconds of processor time it took, and the rendered content. Raises RefusedError."""
    began = time.process_time()
    rendering = rendering_of(content, kind)
    return time.process_time() - began, rendering
