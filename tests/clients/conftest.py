"""One push server for the tests of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cli.command import Command
from tests.clients.server import PushServer, serving_a_sender


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PushServer]:
    """A running server; it answers 1,000 calls in 10 s."""
    async with serving_a_sender(Command(tmp_path_factory.mktemp("server"))) as running:
        yield running
