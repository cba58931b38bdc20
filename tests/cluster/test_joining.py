"""What servers of one database have in common: the key for Web Push, and the URL that leads to all of them."""

from __future__ import annotations

import asyncio
import base64
import secrets
from pathlib import Path

import pytest

from tests import postgresql
from watcher.core.settings import Settings
from watcher.errors import ConfigError, UsageError
from watcher.push.channels.webpush.keys import keys_of
from watcher.runtime.cluster.joining import join_cluster, require_one_url
from watcher.store.files import make_private_directory

URL = "https://push.example.org"


def _settings(database: str, data: Path, *, base_url: str | None = URL) -> Settings:
    make_private_directory(data)
    return Settings(data=data, database=database, base_url=base_url)


def _environ() -> dict[str, str]:
    return {"WATCHER_SECRET_KEY": base64.b64encode(secrets.token_bytes(32)).decode()}


async def test_servers_that_start_at_once_sign_with_one_key(postgresql_url: str, tmp_path: Path) -> None:
    environ = _environ()
    several = [_settings(postgresql_url, tmp_path / str(number)) for number in range(4)]
    await asyncio.gather(*(join_cluster(settings, environ) for settings in several))
    assert len({keys_of(settings.data).public for settings in several}) == 1


async def test_the_key_that_browsers_know_becomes_the_one_of_all(
    postgresql_server: postgresql.Server, postgresql_url: str, tmp_path: Path
) -> None:
    first, second = [_settings(postgresql_url, tmp_path / name) for name in ("first", "second")]
    before, environ = keys_of(first.data).public, _environ()
    await join_cluster(first, environ)
    await join_cluster(second, environ)
    assert {keys_of(settings.data).public for settings in (first, second)} == {before}
    rows = postgresql_server.ask("SELECT * FROM watcher.secret", database=postgresql_url.rpartition("/")[2])
    assert len(rows) == 1
    assert "PRIVATE KEY" not in str(rows)


async def test_a_directory_with_another_key_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    first, second = [_settings(postgresql_url, tmp_path / name) for name in ("first", "second")]
    keys, environ = keys_of(second.data).public, _environ()
    await join_cluster(first, environ)
    with pytest.raises(ConfigError, match=r"vapid\.pem is another key than the one that the servers"):
        await join_cluster(second, environ)
    assert keys_of(second.data).public == keys, "it is never overwritten"


async def test_without_what_seals_it_no_server_has_a_key(postgresql_url: str, tmp_path: Path) -> None:
    settings = _settings(postgresql_url, tmp_path / "one")
    with pytest.raises(ConfigError, match=r"the same WATCHER_SECRET_KEY, made with `openssl rand -base64 32`$"):
        await join_cluster(settings, {})
    with pytest.raises(ConfigError, match="WATCHER_SECRET_KEY is no key"):
        await join_cluster(settings, {"WATCHER_SECRET_KEY": "elephants"})
    await join_cluster(_settings(postgresql_url, tmp_path / "two", base_url="http://push.example.org"), {})


@pytest.mark.parametrize(
    ("host", "base_url", "database", "is_fine"),
    [
        ("0.0.0.0", None, "postgresql://host/name", False),
        ("0.0.0.0", URL, "postgresql://host/name", True),
        ("127.0.0.1", None, "postgresql://host/name", True),
        ("0.0.0.0", None, None, True),
    ],
    ids=["everywhere", "named", "loopback", "a file"],
)
def test_servers_that_others_reach_need_one_url(
    host: str, base_url: str | None, database: str | None, *, is_fine: bool, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, database=database, host=host, port=0, base_url=base_url)
    if is_fine:
        require_one_url(settings)
    else:
        with pytest.raises(UsageError, match="need the --base-url that leads to all of them"):
            require_one_url(settings)
