from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from watcher.core.page import Response, Validators
from watcher.fetch import HttpFetcher, Lanes
from watcher.net import Sessions

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def fetcher_of(sessions: Sessions, lanes: Lanes | None = None) -> HttpFetcher:
    """Return a fetcher whose clock stands still and whose back-off waits no time."""
    return HttpFetcher(sessions, lanes or Lanes(monotonic=time.monotonic, random=lambda: 0.0), now=lambda: NOW)


def response(wire: bytes, *codings: str, charset: str | None = None) -> Response:
    """Return a page as it came, in these content codings."""
    return Response(
        url="https://x.example/",
        wire=wire,
        digest="",
        content_encoding=codings,
        media_type="text/html",
        charset=charset,
        validators=Validators(),
    )


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with Sessions() as sessions:
        yield fetcher_of(sessions)
