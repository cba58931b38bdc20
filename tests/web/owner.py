"""An owner in the console: an account with a session, and applications that are theirs, by rows in the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.web.login import as_operator
from tests.web.site import NOW
from watcher.core.push import App
from watcher.push.ids import hash_token, new_secret

_MICROSECONDS = int(NOW.timestamp() * 1_000_000)


def an_owner(database: Path, *apps: App) -> dict[str, str]:
    """Make an account to which these applications belong; return the headers of its owner's browser."""
    token = new_secret()
    with closing(sqlite3.connect(database)) as connection, connection:
        made = connection.execute(
            "INSERT INTO accounts (name, state, created_at) VALUES ('Ann', 'active', ?)", (_MICROSECONDS,)
        )
        connection.execute(
            "INSERT INTO sessions (account_id, token_hash, kind, created_at, seen_at, confirmed_at) "
            "VALUES (?, ?, 'Chrome', ?, ?, ?)",
            (made.lastrowid, hash_token(token), _MICROSECONDS, _MICROSECONDS, _MICROSECONDS),
        )
        for app in apps:
            connection.execute("UPDATE apps SET account_id = ? WHERE id = ?", (made.lastrowid, app.id))
    return as_operator(token)
