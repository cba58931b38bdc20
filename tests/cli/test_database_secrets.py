"""`watcher database reseal`: the key that seals the secrets of a cluster is replaced."""

from __future__ import annotations

import base64
import secrets

import pytest

from tests.cli.command import Command
from watcher.errors import StoreError
from watcher.store.cluster.secrets import Sealer, common_secret
from watcher.store.cluster.tables import metadata
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER


@pytest.fixture
def secret_url(postgresql_url: str) -> str:
    """Where a database is that servers may keep secrets in."""
    engine = open_engine(parse(postgresql_url), schema=CLUSTER, connections=1, are_reading=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {CLUSTER}")
        metadata.create_all(connection)
    engine.dispose()
    return postgresql_url


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def unmade() -> str:
    """Be no secret: there is one."""
    raise AssertionError


async def test_a_key_is_replaced_and_the_old_one_opens_nothing(watcher: Command, secret_url: str) -> None:
    old, new = new_key(), new_key()
    common_secret(secret_url, Sealer(old), "vapid.pem", lambda: "elephants")
    done = await watcher("database", "reseal", WATCHER_DATABASE=secret_url, WATCHER_SECRET_KEY=f"{new},{old}")
    assert (done.status, done.out) == (0, "sealed with the first key: 1 secret\n"), done.err
    assert common_secret(secret_url, Sealer(new), "vapid.pem", unmade) == "elephants"
    with pytest.raises(StoreError, match="was sealed with another WATCHER_SECRET_KEY"):
        common_secret(secret_url, Sealer(old), "vapid.pem", unmade)


async def test_a_wrong_key_or_none_changes_nothing_and_is_one_line(watcher: Command, secret_url: str) -> None:
    key = new_key()
    common_secret(secret_url, Sealer(key), "vapid.pem", lambda: "elephants")
    command = ("database", "reseal", "--database", secret_url)
    refused = [
        await watcher(*command, WATCHER_SECRET_KEY=new_key()),
        await watcher(*command, WATCHER_SECRET_KEY="elephants"),
        await watcher(*command),
        await watcher("database", "reseal", WATCHER_SECRET_KEY=key),
    ]
    assert [(each.status, len(each.err.splitlines())) for each in refused] == [(1, 1), (2, 1), (2, 1), (2, 1)]
    assert "give both with a comma, the new one first" in refused[0].err
    assert "is no key: make one with `openssl rand -base64 32`" in refused[1].err
    assert "is not set" in refused[2].err
    assert "name the database" in refused[3].err
    assert common_secret(secret_url, Sealer(key), "vapid.pem", unmade) == "elephants"


async def test_a_database_without_secrets_says_so(watcher: Command, postgresql_url: str) -> None:
    done = await watcher("database", "reseal", WATCHER_DATABASE=postgresql_url, WATCHER_SECRET_KEY=new_key())
    assert (done.status, "no secrets are kept there" in done.out) == (0, True), done.err
