"""
Every route × credential × origin, and every method: who is let in, and what a GET leaves behind.

| role      | who is let in                                   | a page of another site | anybody else            |
|-----------|-------------------------------------------------|------------------------|-------------------------|
| public    | everybody                                       | 403 where it changes   | –                       |
| open      | everybody                                       | as without one         | –                       |
| device    | who has a device's cookie                       | 403 where it changes   | 401, 1002, or to `/`    |
| app token | who names an application's token                | as without one         | 1001                    |
| spt       | who names a simple push token                   | as without one         | 1001                    |
| bearer    | who has a token with the scope, for that thing  | as without one         | 401, 403                |
| signed    | who signs                                       | as without one         | 403                     |
| ntfy      | who names an application's token, or knows a secret name | as without one | 401, 403, or as nobody |
| account   | who is signed in to the console                 | 403 where it changes   | 401, or to the login    |
| operator  | who is signed in there as the operator          | 403 where it changes   | 401, or to the login    |
| monitor   | who asks from here by our name, or has the scope | as without one        | 401                     |

Whoever is let in may still be told that what it asks for is malformed, or is not there.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from tests.faults.tally import IS_FULL, Tally, sized
from tests.golden import FILES
from tests.push.emulators.robots import FEISHU
from tests.push.emulators.wechat import ACCOUNT, an_event
from tests.push.relays import Relay
from tests.web.api.v1.api import BODIES
from tests.web.site import NOW
from watcher.core.access import Scope
from watcher.core.accounts import Purpose, Registration
from watcher.core.channels import ChannelName
from watcher.core.push import App, AppProfile, NewSubscriber
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.core.webhooks import WebhookEvent
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.channels.places import read_place
from watcher.push.channels.wechat.account import WeChatAccount
from watcher.push.channels.wechat.api import WeChatApi
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.api.v1.operations import OPERATIONS
from watcher.web.app import build_app
from watcher.web.middleware.guard import Role, Route
from watcher.web.middleware.limits import LIMITER, Charge, Limiter
from watcher.web.routes import ROUTES
from watcher.web.sessions.account import ACCOUNT_COOKIE
from watcher.web.sessions.device import DEVICE_COOKIE
from watcher.web.transport.server import open_socket, start_server

_BASE: Final = "http://push.example"
_SESSION_COOKIE: Final = ACCOUNT_COOKIE.named(is_https=False)


class Verdict(StrEnum):
    """What became of a request."""

    IN = "let in"
    FORBIDDEN = "refused: a foreign site's, or what is not for owners"
    STRANGER = "not a known device"
    BAD_TOKEN = "not a good token"
    NO_SCOPE = "not in its scope"
    UNSIGNED = "not signed"
    NO_ROUTE = "no such route"
    BROKEN = "a failure of ours"


P, D, A, S, B, W = Role.PUBLIC, Role.DEVICE, Role.APP_TOKEN, Role.SPT, Role.BEARER, Role.SIGNED
C, O, M, N, Y = Role.ACCOUNT, Role.OPERATOR, Role.MONITOR, Role.OPEN, Role.NTFY  # noqa: E741  one letter each, for the table
READABLE: Final = frozenset({A, S, B, N, Y})
"""Roles whose answers pages of any site may read, for no cookie decides there."""

# Who may, by method and path: written by hand, apart from the code, so that a route cannot be opened unseen.
_FROZEN: Final = (FILES / "routes.txt").read_text(encoding="utf-8").splitlines()
EXPECTED: Final[Mapping[str, Role]] = {
    f"{method} {path}": Role(role) for path, method, role in (line.split(" · ") for line in _FROZEN)
}

# WxPusher's own routes for clients that can do nothing but GET; there is a token in each.
GETS_THAT_SEND: Final = frozenset({"GET /api/send/message", "GET /api/send/message/{spt:\\s*SPT_[^/]*}/{content:.+}"})
# It asks WeChat for a code, and how often strangers make us do so in a day is counted; nothing else may be another.
GET_THAT_COUNTS: Final = "GET /{kind:t|a}/{slug}/wechat.svg"
_COUNTS: Final = ('INSERT INTO "made" ', 'INSERT INTO "commits" ')
# When a device was seen is written a while later, beside whatever is asked then.
_SEEN_AT: Final = re.compile(r'(?<=^INSERT INTO "devices" )(?P<row>.*),(\d+|NULL)(?=,[01]\);$)')
SCOPES: Final = {f"{each.method} /api/v1{each.path}": each.scope for each in OPERATIONS}
GLOBAL: Final = {f"{each.method} /api/v1{each.path}" for each in OPERATIONS if each.is_global}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """
    What a request carries to say who sends it.

    Attributes:
        opens: the roles that it is good for.
        query, read_query: signed, for a POST and for a GET.
        scopes: of a bearer token.
    """

    name: str
    opens: frozenset[Role] = frozenset()
    headers: Mapping[str, str] | None = None
    app_token: str = ""
    spt: str = ""
    query: Mapping[str, str] | None = None
    read_query: Mapping[str, str] | None = None
    body: bytes | None = None
    scopes: frozenset[Scope] = frozenset()
    is_of_one_app: bool = False
    is_owners: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request says that it comes from."""

    name: str
    headers: Mapping[str, str]
    is_foreign: bool = False

    @property
    def is_passed_on(self) -> bool:
        """True when a proxy says that it asks for somebody else."""
        return not {"X-Forwarded-For", "Forwarded"}.isdisjoint(self.headers)

    @property
    def is_by_another_name(self) -> bool:
        """True when it asks for a host that is not ours."""
        return "Host" in self.headers


ORIGINS: Final = (
    Origin(name="no browser", headers={}),
    Origin(name="same-origin", headers={"Sec-Fetch-Site": "same-origin"}),
    Origin(name="typed in", headers={"Sec-Fetch-Site": "none"}),
    Origin(name="our origin", headers={"Origin": _BASE}),
    Origin(name="cross-site", headers={"Sec-Fetch-Site": "cross-site"}, is_foreign=True),
    Origin(name="same-site", headers={"Sec-Fetch-Site": "same-site"}, is_foreign=True),
    Origin(name="an unknown word", headers={"Sec-Fetch-Site": "Same-Origin, none"}, is_foreign=True),
    Origin(name="a foreign origin", headers={"Origin": "https://evil.example"}, is_foreign=True),
    Origin(name="origin null", headers={"Origin": "null"}, is_foreign=True),
    Origin(name="an empty origin", headers={"Origin": ""}, is_foreign=True),
    Origin(name="spoofed host", headers={"Host": "evil.example", "Sec-Fetch-Site": "cross-site"}, is_foreign=True),
    Origin(
        name="spoofed forwarded host",
        headers={"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
        is_foreign=True,
    ),
    Origin(name="through a proxy on this machine", headers={"X-Forwarded-For": "203.0.113.9"}),
    Origin(name="both, disagreeing", headers={"Sec-Fetch-Site": "cross-site", "Origin": _BASE}, is_foreign=True),
)
OTHER_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X")


class _Unlimited(Limiter):
    """Who asks thousands of times here is not to be told to wait."""

    def take(self, *charges: Charge) -> None:
        """Take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A server with two applications, each with a thing of every kind, and two readers."""

    service: PushService
    client: ClientSession
    database: Path
    app: App
    other: App
    credentials: Sequence[Credential]
    slugs: Mapping[str, str]
    own: Mapping[str, str]
    foreign: Mapping[str, str]
    reader: NewSubscriber

    def path(self, route: Route, *, things: Mapping[str, str] | None = None) -> str:
        """Return an address of the route: of things that are not there, unless some are named."""
        named = {
            "kind": "t",
            "format": "svg",
            "name": "app.css",
            "topics": "x",
            "form": "json",
            "act": "send",
            **self.slugs,
            **_MISSING,
            **(things or {}),
        }
        kind = "m" if route.path.startswith(("/m/", "/api/message/")) else "q" if route.path.startswith("/q/") else "t"
        named["slug"] = self.slugs[kind]
        return re.sub(r"{(\w+)(?::(?:[^{}]|{[^}]*})*)?}", lambda found: named[found[1]], route.path)

    def known(self) -> Mapping[str, Sequence[tuple[object, ...]]]:
        """Return who is known here, as it is stored."""
        with closing(sqlite3.connect(self.database)) as connection:
            return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in _KNOWN}

    def give_back(self, known: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
        """Let the operator be logged in, and the readers be known, as before."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            for table, rows in known.items():
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)


_KNOWN: Final = ("sessions", "subscribers", "devices")
_THAT_END: Final = frozenset({"POST /console/logout", "POST /console/logout/all", "POST /subscriptions/delete"})
"""After these, who asked is not known any more."""
_MISSING: Final = {
    "account": "999", "webhook_id": "999", "webhook": "999", "feed": "x" * 28,
    "app_id": "999", "topic_id": "999", "uid": "UID_x", "subscription_id": "999", "message_id": "999",
    "watch_id": "nothing", "id": "999", "token": "x" * 32, "code": "x" * 64, "send_record_id": "999", "content": "x",
    "spt": "SPT_x", "app": "999", "callback": "999", "access_token": "999", "message": "999", "entry": "999",
    "topic": "999", "watch": "nothing", "pick": "gone", "edit": "gone", "subscription": "999", "mirror": "BOT_x",
    "mirror_uid": "BOT_x",
}  # fmt: skip


@asynccontextmanager
async def a_town(directory: Path) -> AsyncIterator[Town]:
    """Serve one while the context lasts."""
    database = directory / "push.db"
    async with AsyncExitStack() as stack:
        service = await open_push_service(database, now=lambda: NOW)
        stack.push_async_callback(service.close)
        sessions = await stack.enter_async_context(Sessions(is_allowed=lambda _: False))
        account = WeChatAccount(ACCOUNT, WeChatApi(ACCOUNT, sessions, now=lambda: NOW), now=lambda: NOW)
        names = (ChannelName.EMAIL, ChannelName.WEB_PUSH)
        channels = Channels(by_name={name: Relay(name=name) for name in names}, wechat=account, push_key="x" * 87)
        settings = Settings(data=directory, base_url=_BASE, poll_every=timedelta(hours=1))
        app = build_app(service, settings, DiskWatchReader(settings.watches), channels)
        app[LIMITER] = _Unlimited()
        server = await start_server(app, open_socket("127.0.0.1", 0))
        stack.push_async_callback(server.stop)
        base = f"http://127.0.0.1:{server.port}"
        client = await stack.enter_async_context(
            ClientSession(base, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=20))
        )
        yield await _settled(service, client, database)


async def _settled(service: PushService, client: ClientSession, database: Path) -> Town:
    await service.topics.declare([Topic(key="demo", name="Price drops")])
    (shop, shop_token), (bank, bank_token) = [
        await service.apps.add(AppProfile(name=name)) for name in ("Shop", "Bank")
    ]
    own, foreign = [await _things(service, app) for app in (shop, bank)]
    owner_id, owner_session = await _an_owner(service)
    farm, _ = await service.apps.add(AppProfile(name="Farm"), account_id=owner_id)
    await _things(service, farm)
    topic = (await service.topics.all())[0]
    reader, other = [await service.subscribers.add(topic_ids=[topic.id]) for _ in range(2)]
    code = await service.codes.add(shop, "extra", seconds=3_600)
    [sent] = await service.messages.send(shop, make_draft("Hello"), uids=[(await service.subscribers.all())[0][0].uid])
    assert sent.message_id is not None
    message = next(item.message for item in await service.inbox.items((await service.subscribers.all())[0][0]))
    slugs = {"t": topic.slug, "m": message.slug, "q": code.slug}
    scoped = [
        Credential(
            name=f"bearer {scope}",
            opens=frozenset({B}),
            headers={"Authorization": f"Bearer {(await service.tokens.add(scope, [scope]))[1]}"},
            scopes=frozenset({scope}),
        )
        for scope in Scope
    ]
    of_shop = frozenset(Scope) - {Scope.WATCHES_READ, Scope.METRICS_READ}
    bound = (await service.tokens.add("bound", of_shop, app_id=shop.id))[1]
    of_owner = (await service.tokens.add("owner's", of_shop, app_id=farm.id, account_id=owner_id))[1]
    await service.operator.set_password("a password of many words")
    session = await service.operator.log_in("a password of many words")
    assert session is not None
    proof = an_event({}, at=NOW, nonce="proof")  # a signature is good for one thing
    event = an_event({"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1"}, at=NOW)
    credentials = [
        Credential(name="nothing"),
        Credential(name="a device", opens=frozenset({D}), headers=_cookie(reader.device_token)),
        Credential(name="another's device", opens=frozenset({D}), headers=_cookie(other.device_token)),
        Credential(name="a wrong cookie", headers=_cookie("x" * 32)),
        Credential(name="the operator", opens=frozenset({C, O}), headers={"Cookie": f"{_SESSION_COOKIE}={session}"}),
        Credential(
            name="an owner",
            opens=frozenset({C}),
            headers={"Cookie": f"{_SESSION_COOKIE}={owner_session}"},
            is_owners=True,
        ),
        Credential(
            name="an owner's bearer",
            opens=frozenset({B}),
            headers={"Authorization": f"Bearer {of_owner}"},
            scopes=of_shop,
            is_of_one_app=True,
            is_owners=True,
        ),
        Credential(name="a wrong session", headers={"Cookie": f"{_SESSION_COOKIE}={'x' * 32}"}),
        Credential(name="a session as device", headers=_cookie(session)),
        Credential(name="a token as cookie", headers=_cookie(shop_token)),
        Credential(name="an app token", opens=frozenset({A}), app_token=shop_token),
        Credential(name="another app's token", opens=frozenset({A}), app_token=bank_token),
        Credential(name="a wrong app token", app_token="AT_" + "x" * 32),
        Credential(name="an SPT as app token", app_token=reader.spt),
        Credential(name="an SPT", opens=frozenset({S}), spt=reader.spt),
        Credential(name="a wrong SPT", spt="SPT_" + "x" * 32),
        Credential(
            name="an app token as bearer",
            opens=frozenset({B, Y}),
            headers={"Authorization": f"Bearer {shop_token}"},
            scopes=frozenset({Scope.MESSAGES_SEND, Scope.MESSAGES_READ, Scope.TOPICS_READ, Scope.SUBSCRIBERS_READ}),
            is_of_one_app=True,
        ),
        Credential(
            name="a bearer of one app",
            opens=frozenset({B}),
            headers={"Authorization": f"Bearer {bound}"},
            scopes=of_shop,
            is_of_one_app=True,
        ),
        Credential(name="a wrong bearer", headers={"Authorization": "Bearer WT_" + "x" * 32}),
        Credential(name="a device as bearer", headers={"Authorization": f"Bearer {reader.device_token}"}),
        Credential(name="Basic", headers={"Authorization": "Basic YTpi"}),
        Credential(
            name="a signature", opens=frozenset({W}), query=event.query, read_query=proof.query, body=event.body
        ),
        Credential(
            name="a wrong signature",
            query={**event.query, "signature": "0" * 40},
            read_query={**proof.query, "signature": "0" * 40},
            body=event.body,
        ),
        *scoped,
    ]
    return Town(
        service=service, client=client, database=database, app=shop, other=bank, credentials=credentials,
        slugs=slugs, own=own, foreign=foreign, reader=reader,
    )  # fmt: skip


async def _an_owner(service: PushService) -> tuple[int, str]:
    """Let somebody register; return their account and their session."""
    code = await service.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    await service.registrations.register(code.code, "Grace", Registration.OPEN, kind="", replacing=None)
    session = await service.sign_ins.finish(code, kind="", replacing=None)
    [account] = await service.accounts.all()
    assert account.id is not None
    assert session is not None
    return account.id, session


async def _things(service: PushService, app: App) -> Mapping[str, str]:
    """Make one of everything that an application has; return their ids."""
    topic = await service.topics.add("News", app_id=app.id)
    reader = await service.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    [sent] = await service.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    [subscription, *_] = (await service.subscriptions.page(uid=reader.subscriber.uid)).subscriptions
    return {
        "app_id": str(app.id),
        "topic_id": str(topic.id),
        "uid": reader.subscriber.uid,
        "mirror_uid": (await service.mirrors.add(topic.id, read_place(FEISHU), "Buyers", lang="en")).uid,
        "subscription_id": str(subscription.id),
        "message_id": str(sent.message_id),
        "watch_id": "nothing",
        "webhook_id": str((await service.webhooks.add(app.id, "http://a.example/", [WebhookEvent.MESSAGE_SENT]))[0].id),
    }


def _cookie(value: str) -> Mapping[str, str]:
    return {"Cookie": f"{DEVICE_COOKIE}={value}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, without what differs each time."""

    status: int
    kind: str
    location: str
    body: bytes
    is_readable: bool = False

    def __str__(self) -> str:
        return f"{self.status} {self.kind} {self.location} {self.body[:150]!r}"

    @property
    def said(self) -> Mapping[str, object]:
        """The JSON object in it, empty where there is none."""
        if "json" not in self.kind or not self.body:  # which an answer to HEAD has not
            return {}
        found = json.loads(self.body)
        return found if isinstance(found, dict) else {}


async def _ask(
    town: Town,
    method: str,
    path: str,
    credential: Credential,
    origin: Origin = ORIGINS[0],
    fields: Mapping[str, object] | None = None,
) -> Answer:
    path = path.replace("/SPT_x/", f"/{credential.spt or 'SPT_x'}/")
    query = {"appToken": credential.app_token} if credential.app_token else {}
    body: bytes | None = None
    if method not in ("GET", "HEAD", "TRACE"):
        named = {"appToken": credential.app_token, "spt": credential.spt, "content": "x"}
        body = json.dumps(fields or {name: text for name, text in named.items() if text}).encode()
        if path == "/wechat" and credential.body is not None:
            body = credential.body
    headers = {"Accept": "*/*", "Content-Type": "application/json", **(credential.headers or {}), **origin.headers}
    signed = credential.read_query if method == "GET" else credential.query
    url = URL(path, encoded=True).update_query({**query, **(signed or {})})
    async with town.client.request(method, url, headers=headers, data=body, allow_redirects=False) as answer:
        is_endless = answer.content_type == "text/event-stream"
        return Answer(
            status=answer.status,
            kind=answer.content_type,
            location=answer.headers.get("Location", ""),
            body=b"" if is_endless else await answer.read(),
            is_readable="Access-Control-Allow-Origin" in answer.headers,
        )


def _verdict(role: Role, answer: Answer) -> Verdict:
    """Return what an answer of a route of this role means."""
    code = answer.said.get("code")
    if (answer.status >= 500 and answer.status != 503) or code in (1008, 1009):
        return Verdict.BROKEN
    if code == 1004 or answer.status == 405:
        return Verdict.NO_ROUTE
    match role:
        case Role.PUBLIC | Role.DEVICE | Role.ACCOUNT | Role.OPERATOR if (
            answer.status == 403 or answer.said.get("msg") == "Forbidden"
        ):
            return Verdict.FORBIDDEN
        case Role.DEVICE if answer.status == 401 or code == 1002 or (answer.status, answer.location) == (303, "/"):
            return Verdict.STRANGER
        case Role.ACCOUNT | Role.OPERATOR if answer.status == 401 or answer.location.startswith("/console/login?"):
            return Verdict.STRANGER
        case Role.MONITOR if answer.status == 401:
            return Verdict.BAD_TOKEN
        case Role.APP_TOKEN if answer.said.get("msg") == "appToken不正确":
            return Verdict.BAD_TOKEN
        case Role.SPT if code == 1001 and "spt" in str(answer.said["msg"]).lower():
            return Verdict.BAD_TOKEN
        case Role.BEARER if answer.status == 401:
            return Verdict.BAD_TOKEN
        case Role.BEARER if answer.status == 403:
            return Verdict.NO_SCOPE
        case Role.SIGNED if answer.status in (401, 403):
            return Verdict.UNSIGNED
        case Role.NTFY if answer.status in (401, 403) or answer.said.get("role") == "anonymous":
            return Verdict.BAD_TOKEN
        case _:
            return Verdict.IN


def _expected(name: str, role: Role, credential: Credential, origin: Origin) -> Verdict:
    """Return what the table at the head says."""
    if role in (P, D, C, O) and origin.is_foreign and not name.startswith("GET "):
        return Verdict.FORBIDDEN
    if role in (P, N):
        return Verdict.IN
    if role is M:
        may_read = not (origin.is_passed_on or origin.is_by_another_name) or credential.scopes == {Scope.METRICS_READ}
        return Verdict.IN if may_read else Verdict.BAD_TOKEN
    if role is O and credential.is_owners and role not in credential.opens and C in credential.opens:
        return Verdict.FORBIDDEN
    if role not in credential.opens:
        return {D: Verdict.STRANGER, C: Verdict.STRANGER, O: Verdict.STRANGER, W: Verdict.UNSIGNED}.get(
            role, Verdict.BAD_TOKEN
        )
    if role is B:
        has_scope = SCOPES[name] in credential.scopes
        return Verdict.IN if has_scope and not (credential.is_of_one_app and name in GLOBAL) else Verdict.NO_SCOPE
    return Verdict.IN


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_each_route_has_its_row_and_each_row_its_route() -> None:
    assert {_name(route): route.role for route in ROUTES} == EXPECTED


def _worth_trying(credentials: Sequence[Credential], route: Route, nth: int) -> Sequence[Credential]:
    """Return all that may matter to this route; without the full size some of them, others for each route."""
    scoped = [each for each in credentials if len(each.scopes) == 1]
    found = [each for each in credentials if route.role in (B, M) or each not in scoped[1:]]
    if IS_FULL:
        return found
    return [each for place, each in enumerate(found) if each.name == "nothing" or (place + nth) % 14 == 0]


def _digest(database: Path) -> str:
    """Return what is in the database but for counts and when devices were seen, as a digest."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        lines = (_SEEN_AT.sub(r"\g<row>", line) for line in connection.iterdump() if not line.startswith(_COUNTS))
        return sha256("\n".join(lines).encode()).hexdigest()


class _Commits:
    """Notices each commit to a database that writes more than what `_digest` passes over."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        self._connection = connection
        self._database = database
        self._seen, self._digest = self._version(), _digest(database)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def came(self) -> bool:
        """Return whether there was one since the last call."""
        before, self._seen = self._seen, self._version()
        if before == self._seen:  # to look at the content is dearer
            return False
        known, self._digest = self._digest, _digest(self._database)
        return known != self._digest


async def test_each_route_opens_to_those_it_is_for_and_no_get_changes_anything(tmp_path: Path, tally: Tally) -> None:
    tally.what = "routes × credentials × origins, each against what is written down"
    wrong: list[str] = []
    origins = sized((ORIGINS[0], ORIGINS[4]), ORIGINS)
    async with a_town(tmp_path) as town:
        with closing(sqlite3.connect(f"file:{town.database}?mode=ro", uri=True)) as connection:
            commits, digest = _Commits(connection, town.database), _digest(town.database)
            known = town.known()
            # Those that change nothing come first, for what is fanned out later comes by itself.
            for nth, route in enumerate(sorted(ROUTES, key=lambda route: route.method != "GET")):
                name, path = _name(route), town.path(route)
                for credential in _worth_trying(town.credentials, route, nth):
                    for origin in ORIGINS if route.role in (C, O, M) else origins:
                        answer = await _ask(town, route.method, path, credential, origin)
                        found, meant = _verdict(route.role, answer), _expected(name, EXPECTED[name], credential, origin)
                        tally.tried += 1
                        if found is not meant:
                            wrong.append(f"{name}, {credential.name}, {origin.name}: {found}, not {meant}: {answer}")
                        if answer.is_readable != (EXPECTED[name] in READABLE):
                            wrong.append(f"{name}, {credential.name}, {origin.name}: to foreign pages {answer}")
                        is_read = route.method == "GET" and name not in GETS_THAT_SEND
                        has_written = commits.came() and name != GET_THAT_COUNTS
                        if has_written and (is_read or meant is not Verdict.IN):
                            wrong.append(f"{name}, {credential.name}, {origin.name}: wrote to the database")
                        if name in _THAT_END and meant is Verdict.IN:
                            town.give_back(known)
                            commits.came()
                if (
                    IS_FULL
                    and route.method == "GET"
                    and name not in GETS_THAT_SEND
                    and _digest(town.database) != digest
                ):
                    wrong.append(f"{name}: the database is another")
                if name in GETS_THAT_SEND:
                    digest = _digest(town.database)
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:50])


@pytest.mark.faults
async def test_a_method_without_a_route_does_nothing(tmp_path: Path, tally: Tally) -> None:
    tally.what = "addresses × methods that they do not have × credentials"
    wrong: list[str] = []
    known = {(route.method, route.path) for route in ROUTES}
    paths = {route.path: route for route in ROUTES}
    async with a_town(tmp_path) as town:
        chosen = [each for each in town.credentials if each.opens or each.name == "nothing"]
        digest = _digest(town.database)
        for path, route in paths.items():
            for method in OTHER_METHODS:
                if (method, path) in known or _is_of_another(method, path):
                    continue
                # HEAD is a GET without its body; public pages have it, for those who check links.
                is_head = method == "HEAD" and EXPECTED.get(f"GET {path}") in (P, N)
                # OPTIONS is asked by browsers for pages of other sites, and says what those may ask; at the root, where
                # ntfy's apps look, it would answer for pages of ours.
                is_at_root = path == "/" or path.startswith("/{topic")
                has_readable = any(role in READABLE for name, role in EXPECTED.items() if name.endswith(f" {path}"))
                is_preflight = method == "OPTIONS" and has_readable and not is_at_root
                for credential in chosen if IS_FULL else chosen[tally.tried % len(chosen) :][:1]:
                    answer = await _ask(town, method, town.path(route), credential)
                    tally.tried += 1
                    if is_preflight:
                        is_right = (answer.status, answer.is_readable) == (204, True)
                    elif is_head:
                        is_right = answer.status < 400 or answer.status in (404, 410)
                    else:
                        is_right = _is_refused(method, answer)
                    if not is_right:
                        wrong.append(f"{method} {path}, {credential.name}: {answer}")
        if _digest(town.database) != digest:
            wrong.append("the database is another")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:50])


def _is_of_another(method: str, path: str) -> bool:
    """Return whether an address without parameters is one of a route that has one: of a watch that is called so."""
    if "{" in path:
        return False
    patterns = [each.path for each in ROUTES if each.method == method and "{" in each.path and ":" not in each.path]
    return any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path) for each in patterns)


def _is_refused(method: str, answer: Answer) -> bool:
    # Of an answer to HEAD there is no body to look into; an envelope is 200 even then.
    return answer.status in (400, 404, 405) or answer.said.get("code") in (1004, 1005) or method == "HEAD"


async def test_what_is_anothers_is_answered_as_if_it_were_not_there(tmp_path: Path, tally: Tally) -> None:
    tally.what = "things of another application or subscriber, asked for beside things that are not there"
    wrong: list[str] = []
    async with a_town(tmp_path) as town:
        bearers = [each for each in town.credentials if each.name in ("a bearer of one app", "an owner's bearer")]
        sender = next(each for each in town.credentials if each.name == "an app token")
        for route in ROUTES:
            name = _name(route)
            things = re.findall(r"{(\w+_id|uid)}", route.path)
            if route.role is not B or not things or name in GLOBAL or SCOPES[name] not in bearers[0].scopes:
                continue
            body = BODIES.get(route.path.removeprefix("/api/v1")) if route.method in ("POST", "PATCH") else None
            for bearer in bearers:
                before = _digest(town.database)
                foreign, missing = [
                    await _ask(town, route.method, town.path(route, things=each), bearer, fields=body)
                    for each in (town.foreign, _MISSING)
                ]
                tally.tried += 1
                if (foreign.status, foreign != missing) != (404, False) or _digest(town.database) != before:
                    wrong.append(f"{name}, {bearer.name}: {foreign}, but {missing}")
        for method, path, thing in (
            ("DELETE", "/api/send/message?messageContentId={}", "message_id"),
            ("DELETE", "/api/fun/remove?id={}", "subscription_id"),
            ("PUT", "/api/fun/reject?reject=true&id={}", "subscription_id"),
        ):
            before = _digest(town.database)
            foreign, missing = [
                await _ask(town, method, path.format(things[thing]), sender) for things in (town.foreign, _MISSING)
            ]
            tally.tried += 1
            if (
                _without(town.foreign[thing], foreign) != _without(_MISSING[thing], missing)
                or _digest(town.database) != before
            ):
                wrong.append(f"{method} {path}: {foreign}, but {missing}")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:50])
    assert tally.tried > 10


def _without(number: str, answer: Answer) -> Answer:
    """Return the answer without the number that was asked for, which it may say again."""
    return replace(answer, body=answer.body.replace(b"[%b]" % number.encode(), b"[]"))


async def test_to_an_owner_what_is_another_s_is_not_there_on_any_page(tmp_path: Path, tally: Tally) -> None:
    tally.what = (
        "things of the operator on pages of the console, asked for by an owner beside things that are not there"
    )
    wrong: list[str] = []
    async with a_town(tmp_path) as town:
        owner = next(each for each in town.credentials if each.name == "an owner")
        foreign = await _of_the_operator(town)
        for route in ROUTES:
            things = re.findall(r"{(\w+)", route.path)
            if route.role is not C or not things:
                continue
            assert foreign.keys() >= set(things), f"say in _of_the_operator what is foreign: {route.path}"
            before = _digest(town.database)
            paths = [town.path(route, things={**_MISSING, **each}) for each in (foreign, {})]
            found, missing = [
                replace(answer, body=answer.body.replace(path.encode(), b""))
                for path in paths
                for answer in [await _ask(town, route.method, path, owner)]
            ]
            tally.tried += 1
            if (found.status, found != missing) != (404, False) or _digest(town.database) != before:
                wrong.append(f"{_name(route)}: {found}, but {missing}")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:50])
    assert tally.tried > 20


async def _of_the_operator(town: Town) -> Mapping[str, str]:
    """Return one of everything that stands in the paths of owners' pages, none of it an owner's."""
    service, foreign = town.service, town.foreign
    await service.apps.edit(town.other.id, callback_url="http://bank.example/")
    await service.callbacks.send_test(town.other.id)
    [callback, *_] = await service.callbacks.newest(town.other.id, limit=1)
    token, _ = await service.tokens.add("foreign", [Scope.APPS_READ])
    [session, *_] = await service.sessions.of_account(None)
    return {
        "app": foreign["app_id"],
        "topic": foreign["topic_id"],
        "message": foreign["message_id"],
        "subscription": foreign["subscription_id"],
        "uid": foreign["uid"],
        "callback": str(callback.id),
        "webhook": foreign["webhook_id"],
        "mirror": foreign["mirror_uid"],
        "access_token": str(token.id),
        "id": str(session.id),
    }
