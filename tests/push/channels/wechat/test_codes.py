"""Asking WeChat for codes. What pages make of it: `tests/web/test_wechat.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from tests.push.builders import NOON
from tests.push.emulators.wechat import Scripted, WeChat, a_wechat
from watcher.net import Sessions
from watcher.push.channels.wechat.api import WeChatApi
from watcher.push.channels.wechat.codes import SceneCodes
from watcher.push.channels.wechat.scenes import Scene, SceneKind, sign_scene

KEY = b"key"
SCENE = Scene(kind=SceneKind.TOPIC, slug="a" * 28)
OTHER = Scene(kind=SceneKind.APP, slug="a" * 28)


@pytest.fixture
async def wechat() -> AsyncIterator[WeChat]:
    async with a_wechat() as running:
        yield running


@asynccontextmanager
async def codes_of(
    wechat: WeChat, *, seconds: float = 10.0, now: Callable[[], datetime] = lambda: NOON, most: int = 10
) -> AsyncIterator[SceneCodes]:
    async with Sessions() as sessions:
        api = WeChatApi(wechat.settings, sessions, now=lambda: NOON)
        yield SceneCodes(api, KEY, now=now, ask_seconds=seconds, most=most)


async def test_each_scene_has_a_code_of_its_own(wechat: WeChat) -> None:
    async with codes_of(wechat) as codes:
        links = [await codes.link(scene) for scene in (SCENE, OTHER, SCENE)]
    assert links == [f"http://weixin.qq.com/q/{sign_scene(scene, KEY)}" for scene in (SCENE, OTHER, SCENE)]
    assert len(wechat.scenes) == 2


async def test_a_code_is_kept_for_a_day_and_not_by_a_clock_that_was_wrong(wechat: WeChat) -> None:
    at = [NOON]
    async with codes_of(wechat, now=lambda: at[0]) as codes:
        link = await codes.link(SCENE)
        kept = {}
        for hours in (0, 23, 24, -1):
            at[0] = NOON + timedelta(hours=hours)
            kept[hours] = codes.known(SCENE)
    assert kept == {0: link, 23: link, 24: None, -1: None}


async def test_the_oldest_code_makes_room(wechat: WeChat) -> None:
    scenes = [Scene(kind=SceneKind.TOPIC, slug=letter * 28) for letter in "abc"]
    async with codes_of(wechat, most=2) as codes:
        for scene in scenes:
            await codes.link(scene)
        assert [codes.known(scene) is None for scene in scenes] == [True, False, False]


async def test_a_code_that_is_used_once_is_not_kept(wechat: WeChat) -> None:
    async with codes_of(wechat) as codes:
        assert await codes.link_once(SCENE, lasts=timedelta(minutes=10)) is not None
        assert codes.known(SCENE) is None


async def test_who_goes_away_takes_nothing_from_those_who_wait(wechat: WeChat) -> None:
    async with codes_of(wechat) as codes:
        wechat.gate.clear()
        first, second = asyncio.create_task(codes.link(SCENE)), asyncio.create_task(codes.link(SCENE))
        await asyncio.sleep(0)
        first.cancel()
        wechat.gate.set()
        assert await second is not None
        assert first.cancelled()
    assert len(wechat.scenes) == 1


async def test_a_silent_wechat_is_waited_for_so_long_and_no_longer(
    wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    wechat.scripts.append(Scripted(is_silent=True))
    async with codes_of(wechat, seconds=0.2) as codes:
        async with asyncio.timeout(5):
            assert await codes.link(SCENE) is None
        assert await codes.link(OTHER) is None
    assert len(wechat.calls) == 1
    assert "no answer within 0.2 s" in caplog.text
