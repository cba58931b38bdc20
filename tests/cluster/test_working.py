"""The parts of a worker, opened and not at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.core.page import Validators
from watcher.core.settings import Settings
from watcher.core.watch import Request
from watcher.errors import LeaseLostError
from watcher.runtime.workers.working import working


async def test_a_worker_asks_no_host_whose_lease_it_has_not(cluster_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database=cluster_url)
    async with working(settings, cluster_url, None) as (parts, _):
        with pytest.raises(LeaseLostError):
            await parts.checker.fetcher.fetch(Request(url="http://127.0.0.1:1/", allow_private=True), Validators())
