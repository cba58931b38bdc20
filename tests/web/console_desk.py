"""Somebody at the console: an owner or the operator, who looks at pages and sends forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from aiohttp import ClientResponse

from tests.web.login import FORM, as_operator
from tests.web.places import run
from tests.web.site import NOW, Site
from watcher.core.push import App
from watcher.push.ids import hash_token, new_secret

_MICROSECONDS: Final = int(NOW.timestamp() * 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A signed-in browser. `account_id`: None is the operator's."""

    site: Site
    session: str
    account_id: int | None

    async def get(self, path: str, language: str = "en") -> ClientResponse:
        return await self.site.get(path, headers=as_operator(self.session) | {"Accept-Language": language})

    async def page(self, path: str, language: str = "en") -> str:
        answer = await self.get(path, language)
        assert answer.status == 200, f"{path}: {answer.status}"
        return await answer.text()

    async def send(self, path: str, fields: Mapping[str, str] | None = None, language: str = "en") -> ClientResponse:
        headers = FORM | as_operator(self.session) | {"Accept-Language": language}
        return await self.site.post(path, body=urlencode(fields or {}).encode(), headers=headers)

    async def done(self, path: str, fields: Mapping[str, str] | None = None) -> str:
        """Return where a form that was carried out leads."""
        answer = await self.send(path, fields)
        assert answer.status == 303, f"{path}: {answer.status} {shown(await answer.text())[:500]}"
        return answer.headers["Location"]


async def page_of(site: Site, path: str, headers: Mapping[str, str], *, status: int = 200, language: str = "en") -> str:
    """Return the HTML that a browser with these headers is shown."""
    answer = await site.get(path, headers={**headers, "Accept-Language": language})
    assert answer.status == status, path
    return await answer.text()


async def send_form(site: Site, path: str, headers: Mapping[str, str], **fields: str) -> ClientResponse:
    """Return what a browser with these headers is answered to a form."""
    return await site.post(path, body=urlencode(fields).encode(), headers={**FORM, **headers})


def shown(html: str) -> str:
    """Return what a page says, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


async def desk_of_operator(site: Site, directory: Path) -> Desk:
    return Desk(site=site, session=session_of(directory / "push.sqlite3"), account_id=None)


async def desk_of_owner(site: Site, directory: Path, name: str = "Lin", *apps: App) -> Desk:
    """An owner of a new account, to which these applications belong."""
    database = directory / "push.sqlite3"
    account_id = an_owner(database, *apps, name=name)
    return Desk(site=site, session=session_of(database, account_id), account_id=account_id)


def an_owner(database: Path, *apps: App, name: str = "Ann") -> int:
    """Make an account to which these applications belong; return its number."""
    [(made,)] = run(
        database,
        "INSERT INTO accounts (name, state, created_at) VALUES (?, 'active', ?) RETURNING id",
        name,
        _MICROSECONDS,
    )
    for app in apps:
        run(database, "UPDATE apps SET account_id = ? WHERE id = ?", made, app.id)
    number: int = made
    return number


def session_of(database: Path, account_id: int | None = None, *, at: datetime = NOW) -> str:
    """Sign somebody in, None is the operator, as if just now; return the token. A password costs 40 ms each time."""
    token = new_secret()
    run(
        database,
        "INSERT INTO sessions (account_id, token_hash, kind, created_at, seen_at, confirmed_at) "
        "VALUES (?, ?, 'Chrome · Linux', ?, ?, ?)",
        account_id,
        hash_token(token),
        *[int(at.timestamp() * 1_000_000)] * 3,
    )
    return token
