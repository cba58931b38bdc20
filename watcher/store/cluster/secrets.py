"""
Secrets of all servers of a cluster, such as the key that signs for Web Push: rows, sealed with a key that is not there.

The key comes from the environment (`WATCHER_SECRET_KEY`): 32 random bytes in base64, as `openssl rand -base64 32`
prints them. Whoever has the database without it, from a backup perhaps, has no secret. What is sealed is a Fernet
token: AES and an HMAC, so what was changed is noticed (github.com/fernet/spec); the secret's name is sealed with it, so
that one is not taken for another.

| to replace the key | |
|---|---|
| 1 | give all servers both, with a comma, the new one first: it seals, and either opens |
| 2 | `watcher database reseal`: `seal_anew` |
| 3 | take the old one away |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from watcher.errors import ConfigError, StoreError
from watcher.store.cluster.tables import secret
from watcher.store.postgresql.connections import changing
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER

VARIABLE: Final = "WATCHER_SECRET_KEY"
_HOW: Final = "make one with `openssl rand -base64 32`"
_URL_SAFE: Final = str.maketrans("+/", "-_")


class Sealer:
    """Seals secrets with the first of its keys, and opens those of any."""

    def __init__(self, keys: str) -> None:
        """
        Args:
            keys: as in the environment.

        Raises ConfigError: one of them is no key.
        """
        self._fernet = MultiFernet([_fernet(key, number) for number, key in enumerate(keys.split(","), start=1)])

    def seal(self, name: str, value: str) -> str:
        """Return a secret as it is kept."""
        return self._fernet.encrypt(f"{name}\n{value}".encode()).decode()

    def open(self, name: str, sealed: str) -> str:
        """Return a secret that is kept. Raises StoreError: it was sealed with another key, or is another one."""
        try:
            found, _, value = self._fernet.decrypt(sealed).decode().partition("\n")
        except InvalidToken:
            raise StoreError(
                f"the secret {name!r} in the database was sealed with another {VARIABLE}: give that one; "
                "to replace it, give both with a comma, the new one first"
            ) from None
        if found != name:
            raise StoreError(f"the secret {name!r} in the database is the one of {found!r}: restore that row")
        return value


def keep(connection: Connection, sealer: Sealer, name: str, value: str) -> None:
    """Keep a secret in the place of any that has this name; a name is one line."""
    row = {"name": name, "sealed": sealer.seal(name, value)}
    connection.execute(insert(secret).values(row).on_conflict_do_update(index_elements=["name"], set_=row))


def read(connection: Connection, sealer: Sealer, name: str) -> str | None:
    """Return a secret; None where there is none. Raises StoreError: it cannot be opened."""
    sealed = connection.scalar(select(secret.c.sealed).where(secret.c.name == name))
    return None if sealed is None else sealer.open(name, sealed)


def read_or_make(connection: Connection, sealer: Sealer, name: str, make: Callable[[], str]) -> str:
    """
    Return a secret; where there is none, one that is made now, the same for all who come at once.

    Raises StoreError: it cannot be opened.
    """
    found = read(connection, sealer, name)
    if found is not None:
        return found
    row = {"name": name, "sealed": sealer.seal(name, make())}
    connection.execute(insert(secret).values(row).on_conflict_do_nothing())
    sealed = connection.execute(select(secret.c.sealed).where(secret.c.name == name)).scalar_one()
    return sealer.open(name, sealed)


def common_secret(url: str, sealer: Sealer, name: str, make: Callable[[], str]) -> str:
    """Do `read_or_make` in the database at this URL. Raises ConfigError: it names none; StoreError."""
    with changing(parse(url), schema=CLUSTER) as connection:
        return read_or_make(connection, sealer, name, make)


def seal_anew(connection: Connection, sealer: Sealer) -> int:
    """
    Seal all secrets with the first key; return how many.

    Raises StoreError: one cannot be opened, and none is changed.
    """
    rows = connection.execute(select(secret.c.name, secret.c.sealed).with_for_update()).all()
    opened = {row.name: sealer.open(row.name, row.sealed) for row in rows}
    for name, value in opened.items():
        connection.execute(update(secret).where(secret.c.name == name).values(sealed=sealer.seal(name, value)))
    return len(opened)


def seal_all_anew(url: str, keys: str) -> int:
    """
    Do `seal_anew` in the database at this URL, where secrets were kept there.

    Args:
        keys: as in the environment.

    Raises ConfigError: it names none, or one of the keys is none; StoreError.
    """
    parsed, sealer = parse(url), Sealer(keys)
    with changing(parsed, schema=CLUSTER) as connection:
        if not connection.dialect.has_table(connection, secret.name, schema=secret.schema):
            return 0
        return seal_anew(connection, sealer)


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key.strip().translate(_URL_SAFE))
    except ValueError:
        which = "is no key" if number == 1 else f"has no key in place {number}"
        raise ConfigError(f"{VARIABLE} {which}: {_HOW}") from None
