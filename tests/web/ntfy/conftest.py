from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.ntfy.inboxes import Inboxes, inboxes_in, settings_in


@pytest.fixture
async def inboxes(tmp_path: Path) -> AsyncIterator[Inboxes]:
    async with inboxes_in(tmp_path, settings_in(tmp_path)) as served:
        yield served
