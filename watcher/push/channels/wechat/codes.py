"""
The QR codes of scenes, as WeChat makes them: asked for when somebody looks, kept for a day, good for 30.

However many look at once, WeChat is asked once for each scene. After a failure it is left alone for a minute: pages
show no code meanwhile, and the log says why once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from watcher.push.channels.wechat.answers import Failure, Trouble
from watcher.push.channels.wechat.api import LONGEST_CODE, WeChatApi
from watcher.push.channels.wechat.scenes import Scene, sign_scene

KEPT_FOR: Final = timedelta(days=1)
REST: Final = timedelta(minutes=1)
_ASK_SECONDS: Final = 10.0
"""For a code and, where it is needed, the access token before it."""
_MOST: Final = 10_000
_log = logging.getLogger(__name__)


class SceneCodes:
    """The codes of one account. One for a process: it keeps them. Used from one event loop."""

    def __init__(
        self,
        api: WeChatApi,
        key: bytes,
        *,
        now: Callable[[], datetime],
        ask_seconds: float = _ASK_SECONDS,
        most: int = _MOST,
    ) -> None:
        """
        Args:
            key: signs the scenes.
            now: the wall clock.
            most: codes that are kept; the oldest makes room.
        """
        self._api = api
        self._key = key
        self._now = now
        self._ask_seconds = ask_seconds
        self._most = most
        self._kept: dict[str, tuple[str, datetime]] = {}
        self._asking: dict[Scene, asyncio.Task[str | None]] = {}
        self._rested_at: datetime | None = None

    def known(self, scene: Scene) -> str | None:
        """Return the link of the scene's code if it is kept: it costs nothing."""
        link, made_at = self._kept.get(sign_scene(scene, self._key), (None, self._now()))
        # One from the future is of a clock that was wrong.
        return link if timedelta(0) <= self._now() - made_at < KEPT_FOR else None

    async def link(self, scene: Scene) -> str | None:
        """Return the link to draw the scene's code from, within 10 s; None while WeChat makes none."""
        if known := self.known(scene):
            return known
        if self._is_resting():
            return None
        asking = self._asking.get(scene)
        if asking is None:
            asking = self._asking[scene] = asyncio.create_task(self._ask(scene), name="ask WeChat for a code")
        # Who goes away takes nothing from those who wait too.
        return await asyncio.shield(asking)

    async def link_once(self, scene: Scene, *, lasts: timedelta) -> str | None:
        """Return as `link` does the link of a code that works for so long, and keep nothing."""
        if self._is_resting():
            return None
        return await self._made(sign_scene(scene, self._key), lasts)

    async def _ask(self, scene: Scene) -> str | None:
        text = sign_scene(scene, self._key)
        try:
            link = await self._made(text, LONGEST_CODE)
        finally:
            del self._asking[scene]
        if link is not None:
            self._keep(text, link)
        return link

    def _keep(self, text: str, link: str) -> None:
        self._kept.pop(text, None)  # so that the oldest stays first
        self._kept[text] = (link, self._now())
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    async def _made(self, text: str, lasts: timedelta) -> str | None:
        try:
            async with asyncio.timeout(self._ask_seconds):
                code = await self._api.create_code(text, lasts=lasts)
        except TimeoutError:
            code = Failure(trouble=Trouble.UNREACHABLE, reason=f"no answer within {self._ask_seconds:g} s")
        if isinstance(code, Failure):
            self._rested_at = self._now()
            _log.warning("no QR code from WeChat, trying again in a minute: %s", code.reason)
            return None
        return code.url

    def _is_resting(self) -> bool:
        # A clock that was set back must not make it a long rest.
        return self._rested_at is not None and timedelta(0) <= self._now() - self._rested_at < REST
