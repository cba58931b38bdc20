from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.push.builders import NOON
from tests.push.prepared import place_tables
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    """A push service over a database of its own."""
    opened = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: NOON)
    yield opened
    await opened.close()
