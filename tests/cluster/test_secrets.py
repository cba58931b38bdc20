"""The secrets of a cluster in a real database: what is there without the key is worth nothing."""

from __future__ import annotations

import asyncio
import base64
import secrets
import subprocess
from collections.abc import Iterator

import pytest
import sqlalchemy
from sqlalchemy import text

from watcher.errors import ConfigError, StoreError
from watcher.store.cluster.secrets import Sealer, keep, read, read_or_make, seal_anew
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse


@pytest.fixture
def engine(cluster_url: str) -> Iterator[sqlalchemy.Engine]:
    opened = open_engine(parse(cluster_url), schema="watcher", connections=5, are_reading=False)
    yield opened
    opened.dispose()


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def test_a_secret_is_read_as_it_was_kept_and_nothing_of_it_is_in_the_database(engine: sqlalchemy.Engine) -> None:
    sealer = Sealer(new_key())
    with engine.begin() as connection:
        keep(connection, sealer, "vapid", "first elephants")
        keep(connection, sealer, "vapid", "two\nelephants")
        assert read(connection, sealer, "vapid") == "two\nelephants"
        assert read(connection, sealer, "signing") is None
        rows = connection.execute(text("SELECT * FROM watcher.secret")).all()
    assert len(rows) == 1
    assert "elephants" not in str(rows)


def test_another_key_is_refused_in_one_line(engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        keep(connection, Sealer(new_key()), "vapid", "elephants")
        with pytest.raises(StoreError, match="'vapid' in the database was sealed with another WATCHER_SECRET_KEY"):
            read(connection, Sealer(new_key()), "vapid")


def test_a_key_is_replaced_while_servers_have_both(engine: sqlalchemy.Engine) -> None:
    old, new = new_key(), new_key()
    with engine.begin() as connection:
        for name in ("vapid", "signing"):
            keep(connection, Sealer(old), name, name.upper())
        both = Sealer(f"{new}, {old}")
        assert read(connection, both, "vapid") == "VAPID"
        assert seal_anew(connection, both) == 2
        assert read(connection, Sealer(new), "signing") == "SIGNING"
        with pytest.raises(StoreError):
            read(connection, Sealer(old), "vapid")


def test_a_row_in_the_place_of_another_is_refused(engine: sqlalchemy.Engine) -> None:
    sealer = Sealer(new_key())
    with engine.begin() as connection:
        keep(connection, sealer, "vapid", "elephants")
        connection.execute(text("UPDATE watcher.secret SET name = 'signing'"))
        with pytest.raises(StoreError, match="the secret 'signing' in the database is the one of 'vapid'"):
            read(connection, sealer, "signing")


async def test_servers_that_start_at_once_share_one_secret(engine: sqlalchemy.Engine) -> None:
    sealer = Sealer(new_key())

    def start() -> str:
        with engine.begin() as connection:
            return read_or_make(connection, sealer, "vapid", new_key)

    found = await asyncio.gather(*(asyncio.to_thread(start) for _ in range(5)))
    assert len(set(found)) == 1


@pytest.mark.parametrize("keys", ["", "elephants", "{key},", ",{key}"])
def test_what_is_no_key_is_refused_and_not_quoted(keys: str) -> None:
    key = new_key()
    with pytest.raises(ConfigError, match=r"^WATCHER_SECRET_KEY .* `openssl rand -base64 32`$") as refused:
        Sealer(keys.format(key=key))
    assert key not in str(refused.value)
    assert "elephants" not in str(refused.value)


def test_what_openssl_prints_is_a_key() -> None:
    for _ in range(5):  # with + and / in it, sooner or later
        printed = subprocess.run(
            ["openssl", "rand", "-base64", "32"], capture_output=True, text=True, check=True
        ).stdout
        Sealer(printed)
