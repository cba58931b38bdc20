from __future__ import annotations

from pathlib import Path

import pytest

from watcher.core.settings import Settings


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8400"),
        ("::", "http://127.0.0.1:8400"),
        ("::1", "http://[::1]:8400"),
        ("192.0.2.1", "http://192.0.2.1:8400"),
    ],
)
def test_this_machine_reaches_the_server_where_it_listens(host: str, url: str) -> None:
    assert Settings(data=Path(), host=host).local_url == url
