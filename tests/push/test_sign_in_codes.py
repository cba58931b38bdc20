"""A browser that waits for what becomes of its code."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.push.builders import NOON
from tests.push.prepared import place_tables
from tests.push.relays import SECONDS
from watcher.core.accounts import Purpose, SignInState
from watcher.push.opening import open_push_service


async def test_a_browser_hears_that_its_code_was_answered_at_another_server(tmp_path: Path) -> None:
    path = await place_tables(tmp_path / "push.db")
    here, there = [await open_push_service(path, now=lambda: NOON) for _ in range(2)]
    code = await here.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    waiting = asyncio.create_task(here.sign_in_codes.change(code, seconds=10 * SECONDS))
    await there.sign_ins.refuse(code.code)
    async with asyncio.timeout(SECONDS):
        while not waiting.done():
            await here.foreign_commit()
        found = await waiting
    assert found is not None
    assert found.state is SignInState.REFUSED
    for service in (here, there):
        await service.close()
