"""Somebody at the console: an owner or the operator, who looks at pages and sends forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import ClientResponse

from tests.web.login import FORM, as_operator
from tests.web.site import NOW, Site
from watcher.core.accounts import AccountState
from watcher.push.ids import new_secret
from watcher.push.sessions import begin_session
from watcher.store.push.store import Transaction, open_push_store


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

    async def send(self, path: str, fields: Mapping[str, str] | None = None) -> ClientResponse:
        return await self.site.post(
            path, body=urlencode(fields or {}).encode(), headers=FORM | as_operator(self.session)
        )

    async def done(self, path: str, fields: Mapping[str, str] | None = None) -> str:
        """Return where a form that was carried out leads."""
        answer = await self.send(path, fields)
        assert answer.status == 303, f"{path}: {answer.status} {shown(await answer.text())[:500]}"
        return answer.headers["Location"]


def shown(html: str) -> str:
    """Return what a page says, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


async def desk_of_operator(site: Site, directory: Path) -> Desk:
    return await _desk(site, directory, account_id=None)


async def desk_of_owner(site: Site, directory: Path, name: str = "Lin") -> Desk:
    """An owner of a new account."""
    store = await open_push_store(directory / "push.sqlite3")
    account = await store.write(lambda tx: tx.accounts.add(name=name, state=AccountState.ACTIVE, at=NOW))
    await store.close()
    return await _desk(site, directory, account_id=account.id)


async def _desk(site: Site, directory: Path, *, account_id: int | None) -> Desk:
    session = new_secret()

    def work(tx: Transaction) -> None:
        begin_session(tx, account_id, session, kind="Chrome · Linux", replacing=None, now=NOW)

    store = await open_push_store(directory / "push.sqlite3")
    await store.write(work)
    await store.close()
    return Desk(site=site, session=session, account_id=account_id)
