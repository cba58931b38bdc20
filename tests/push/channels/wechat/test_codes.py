"""Asking WeChat for codes. What pages make of it: `tests/web/test_wechat.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

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
async def codes_of(wechat: WeChat, *, seconds: float = 10.0) -> AsyncIterator[SceneCodes]:
    async with Sessions() as sessions:
        api = WeChatApi(wechat.settings, sessions, now=lambda: NOON)
        yield SceneCodes(api, KEY, now=lambda: NOON, ask_seconds=seconds)


async def test_each_scene_has_a_code_of_its_own(wechat: WeChat) -> None:
    async with codes_of(wechat) as codes:
        links = [await codes.link(scene) for scene in (SCENE, OTHER, SCENE)]
    assert links == [f"http://weixin.qq.com/q/{sign_scene(scene, KEY)}" for scene in (SCENE, OTHER, SCENE)]
    assert len(wechat.scenes) == 2


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
