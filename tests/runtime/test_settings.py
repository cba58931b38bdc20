from __future__ import annotations

from pathlib import Path

import pytest

from watcher.core.settings import Settings
from watcher.runtime.settings import with_known_url

DEFAULT = Settings(data=Path()).public_url


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (None, DEFAULT),
        (b"https://watch.example\n", "https://watch.example"),
        (b"", DEFAULT),
        (b"\n", DEFAULT),
        (b"\xff\xfe", DEFAULT),
    ],
    ids=["none", "one", "empty", "blank", "no text"],
)
def test_links_lead_where_the_server_was_last_reached(tmp_path: Path, written: bytes | None, known: str) -> None:
    if written is not None:
        (tmp_path / "public_url").write_bytes(written)
    assert with_known_url(Settings(data=tmp_path)).public_url == known


def test_a_file_that_cannot_be_read_is_said_and_in_nobodys_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "public_url").mkdir()
    assert with_known_url(Settings(data=tmp_path)).public_url == DEFAULT
    assert "where the server is reached is not known" in caplog.text


def test_a_url_that_is_given_is_the_one(tmp_path: Path) -> None:
    (tmp_path / "public_url").write_text("https://watch.example")
    assert (
        with_known_url(Settings(data=tmp_path, base_url="https://other.example")).public_url == "https://other.example"
    )
