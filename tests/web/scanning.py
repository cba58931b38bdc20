"""Browsers and phones at a server, each with cookies of its own, for tests of who signs in by scanning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar
from msgspec.structs import replace

from tests.clock import Clock
from tests.push.prepared import place_tables
from tests.web.login import COOKIE, behind_proxy
from tests.web.site import Site
from watcher.core.accounts import Registration
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.ids import new_secret
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.push.sessions import begin_session
from watcher.store.push.store import open_push_store
from watcher.web.sessions.device import device_name

CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"
PHONE = "Mozilla/5.0 (iPhone) Safari/605.1"


@dataclass(slots=True)
class Browser:
    """A browser with cookies of its own, which follows no redirect by itself."""

    client: ClientSession
    agent: str = CHROME
    address: str = "203.0.113.1"
    answers: list[ClientResponse] = field(default_factory=list)

    @property
    def _headers(self) -> dict[str, str]:
        return {"User-Agent": self.agent, "X-Forwarded-For": self.address}

    async def get(self, path: str) -> str:
        answer = await self.client.get(path, headers=self._headers, allow_redirects=False)
        self.answers.append(answer)
        return await answer.text()

    async def post(self, path: str, **fields: str) -> ClientResponse:
        answer = await self.client.post(path, data=fields, headers=self._headers, allow_redirects=False)
        self.answers.append(answer)
        return answer

    @property
    def status(self) -> int:
        return self.answers[-1].status

    def cookie(self, name: str) -> str | None:
        found = [each.value for each in self.client.cookie_jar if each.key == name]
        return found[0] if found else None

    def keep(self, cookie: str, value: str) -> None:
        """Hold a cookie, as if the server had given it."""
        self.client.cookie_jar.update_cookies({cookie: value})

    async def show_code(self) -> str:
        """Show a code; return the path that its picture holds."""
        answer = await self.post("/console/code", next="/console/me")
        assert answer.status == 303, await answer.text()
        code = self.cookie("watcher_code")
        assert code is not None
        return f"/console/in/{code[:32]}"

    async def state(self) -> str:
        answer = await self.client.get("/console/code/state", headers=self._headers)
        return str((await answer.json())["state"])

    async def is_in(self) -> bool:
        await self.get("/console/me")
        return self.status == 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A server behind a proxy, which is believed what it says of where browsers are."""

    push: PushService
    site: Site
    database: Path
    clock: Clock
    stack: AsyncExitStack

    async def browser(self, agent: str = CHROME, address: str = "203.0.113.1") -> Browser:
        jar = CookieJar(unsafe=True)
        client = ClientSession(self.site.base, cookie_jar=jar, timeout=ClientTimeout(total=30))
        return Browser(await self.stack.enter_async_context(client), agent, address)

    async def phone(self, address: str = "203.0.113.1") -> Browser:
        return await self.browser(PHONE, address)

    async def sign_in(self, browser: Browser, account_id: int | None = None) -> None:
        """Sign a browser in, without a login, which takes an Argon2id; account None is the operator's."""
        token, kind = new_secret(), device_name(browser.agent)
        store = await open_push_store(self.database)
        await store.write(lambda tx: begin_session(tx, account_id, token, kind=kind, replacing=None, now=self.clock()))
        await store.close()
        browser.keep(COOKIE, token)

    async def approving_phone(self) -> Browser:
        """The operator's, signed in."""
        phone = await self.phone()
        await self.sign_in(phone)
        token = await self.push.approvers.let_approve(None, kind=device_name(PHONE), replacing=None)
        phone.keep("watcher_approver", token)
        return phone


@asynccontextmanager
async def a_scene(
    directory: Path, settings: Settings, clock: Clock, registration: Registration = Registration.CLOSED
) -> AsyncIterator[Scene]:
    """Serve one while the context lasts."""
    database = directory / "push.sqlite3"
    async with AsyncExitStack() as stack:
        push = await open_push_service(await place_tables(database), now=clock)
        stack.push_async_callback(push.close)
        await push.topics.declare([Topic(key="demo", name="Price drops"), Topic(key="admin", name="Alerts")])
        settings = replace(settings, registration=registration, operator_name="Ada's shop")
        site = await stack.enter_async_context(behind_proxy(push, settings))
        yield Scene(push=push, site=site, database=database, clock=clock, stack=stack)
