"""A site to watch and a command to run, fresh for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.site import Site, serve_site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An empty site."""
    async with serve_site() as served:
        yield served


@pytest.fixture
def watcher(tmp_path: Path) -> Command:
    """The command in an empty directory."""
    return Command(tmp_path)
