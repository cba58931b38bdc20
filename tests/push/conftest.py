from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.clock import Clock
from tests.push.builders import NOON
from watcher.core.databases import DatabasePlace
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
async def service(place: DatabasePlace) -> AsyncIterator[PushService]:
    """A push service over a database of its own."""
    opened = await open_push_service(place, now=lambda: NOON)
    yield opened
    await opened.close()
